/**
 * Keeps the status line in memory, so that a page costs no statement for it, and the pages of a database that
 * is away show it too: then the line that was read last stays.
 */
import type { Localized } from '../domain/language/language.ts';
import { isStatusShown, type StatusLine } from '../domain/statusLine.ts';
import { DatabaseUnavailable } from '../db/database.ts';
import { findStatusLine } from '../db/statusLine.ts';
import type { AppContext } from '../features/appContext.ts';

/** A change is on the pages of every node within this time. */
const READ_EVERY_MS = 2_000;

export class StatusLineWatcher {
  readonly #context: AppContext;
  #line: StatusLine | null = null;

  constructor(context: AppContext) {
    this.#context = context;
  }

  start(): void {
    const { background, database } = this.#context;
    background.every(READ_EVERY_MS, 'the status line could not be read', async () => {
      try {
        this.#line = await findStatusLine(database);
      } catch (error) {
        // That the database is away is in the log already.
        if (!(error instanceof DatabaseUnavailable)) throw error;
      }
    });
  }

  /** What is shown now, by language. */
  readonly find = (): Localized | null =>
    this.#line && isStatusShown(this.#line, this.#context.clock.now()) ? this.#line.texts : null;
}
