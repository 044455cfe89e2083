/**
 * Keeps the status line in memory, so that a page costs no statement for it, and the pages of a database that
 * is away show it too: then the line that was read last stays. In a rehearsal every page says so before it.
 */
import { localize, type Localized } from '../domain/language/language.ts';
import { isStatusShown, type StatusLine } from '../domain/statusLine.ts';
import { DatabaseUnavailable } from '../db/database.ts';
import { isRehearsal } from '../db/rehearsal.ts';
import { findStatusLine } from '../db/statusLine.ts';
import { TEXTS_BY_LANGUAGE } from '../ui/language.ts';
import type { AppContext } from '../features/appContext.ts';

/** A change is on the pages of every node within this time. */
const READ_EVERY_MS = 2_000;

export class StatusLineWatcher {
  readonly #context: AppContext;
  #line: StatusLine | null = null;
  #isRehearsal = false;

  constructor(context: AppContext) {
    this.#context = context;
  }

  /** Before the first page is shown. @throws DatabaseUnavailable */
  async load(): Promise<void> {
    this.#line = await findStatusLine(this.#context.database);
    this.#isRehearsal = await isRehearsal(this.#context.database);
  }

  start(): void {
    const { background } = this.#context;
    background.every(READ_EVERY_MS, 'the status line could not be read', async () => {
      try {
        await this.load();
      } catch (error) {
        // That the database is away is in the log already.
        if (!(error instanceof DatabaseUnavailable)) throw error;
      }
    });
  }

  /** What is shown now, by language. */
  readonly find = (): Localized | null => {
    const line = this.#line && isStatusShown(this.#line, this.#context.clock.now()) ? this.#line.texts : null;
    if (!this.#isRehearsal) return line;
    return localize((language) =>
      [TEXTS_BY_LANGUAGE[language].foot.rehearsal, line?.[language]].filter(Boolean).join(' '),
    );
  };
}
