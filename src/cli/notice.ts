/** The commands `notice …`: the status line on every page. */
import type { App } from '../app.ts';
import { LANGUAGES, type Language } from '../domain/language/language.ts';
import {
  MAX_STATUS_LENGTH,
  readStatusLine,
  type StatusLine,
  type StatusLineFault,
} from '../domain/statusLine.ts';
import { clearStatusLine, findStatusLine, saveStatusLine } from '../db/statusLine.ts';
import type { CommandOutcome } from './keys.ts';
import type { RecordCommand } from './operator.ts';

export interface NoticeOptions extends Readonly<Partial<Record<Language, string>>> {
  readonly until?: string | undefined;
}

/** @returns null when the arguments are wrong */
export async function runNoticeCommand(
  { context: { database, clock } }: App,
  [action, ...more]: string[],
  options: NoticeOptions,
  record: RecordCommand,
): Promise<CommandOutcome | null> {
  if (more.length > 0) return null;
  switch (action) {
    case 'set': {
      const line = readStatusLine(options, options.until, clock.now());
      if ('fault' in line) throw new Error(describeFault(line));
      await database.transaction(async (db) => {
        await saveStatusLine(db, line);
        await record(db, { ...line });
      });
      return describeLine(line);
    }
    case 'clear': {
      const wasThere = await database.transaction(async (db) => {
        const cleared = await clearStatusLine(db);
        await record(db, { cleared });
        return cleared;
      });
      return { text: wasThere ? 'no page shows it any more' : 'there was none', json: { cleared: wasThere } };
    }
    case 'show': {
      const line = await findStatusLine(database);
      return line ? describeLine(line) : { text: 'none', json: { texts: null } };
    }
    default:
      return null;
  }
}

function describeLine(line: StatusLine): CommandOutcome {
  const until = line.until ? `until ${line.until.toISOString()}` : 'until it is cleared';
  const texts = LANGUAGES.map((language) => `${language}: ${line.texts[language]}`);
  return { text: [...texts, until].join('\n'), json: line };
}

function describeFault(fault: StatusLineFault): string {
  switch (fault.fault) {
    case 'until':
      return '--until must be a time to come, with its offset: 2026-12-01T06:00+01:00';
    case 'missing':
      return `--${fault.language} is missing: the line is shown in ${LANGUAGES.join(' and ')}`;
    case 'too_long':
      return `--${fault.language} has more than ${MAX_STATUS_LENGTH} characters`;
    case 'markup':
      return `--${fault.language} must be plain text, without tags, entities or links`;
    case 'unreadable':
      return `--${fault.language} has a character that no text has`;
  }
}
