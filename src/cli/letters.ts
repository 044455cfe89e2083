/** The part of the commands that is about letters. */
import type { App } from '../app.ts';
import type { CommandOutcome } from './keys.ts';
import type { RecordCommand } from './operator.ts';
import { reportLetters, retryAllLetters, retryLetter } from '../db/cards/letters.ts';

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** @returns null where the command is written wrongly */
export async function runLettersCommand(
  { context: { database } }: App,
  [action, id]: string[],
  record: RecordCommand,
): Promise<CommandOutcome | null> {
  if (action === undefined) return await reportLettersByCommand(database, record);
  if (action !== 'retry') return null;
  if (id === 'all') {
    const many = await database.transaction(async (db) => {
      const again = await retryAllLetters(db);
      await record(db, { again });
      return again;
    });
    return { text: `${many} are sent again`, json: { again: many } };
  }
  if (!id || !UUID.test(id)) return null;
  await database.transaction(async (db) => {
    if (!(await retryLetter(db, id))) throw new Error(`no letter ${id} was set aside`);
    await record(db, { letterId: id });
  });
  return { text: `letter ${id} is sent again`, json: { id } };
}

async function reportLettersByCommand(
  database: App['context']['database'],
  record: RecordCommand,
): Promise<CommandOutcome> {
  await record(database);
  const shown = await reportLetters(database);
  const counts = Object.entries(shown.counts).map(([state, many]) => `${state}: ${many}`);
  const aside = shown.setAside.map(
    ({ id: letterId, kind, orderedAt, tries, fault }) =>
      `${letterId}  ${kind}, ordered ${orderedAt.toISOString()}, ${tries} tries: ${fault}`,
  );
  return { text: [...counts, ...aside].join('\n') || 'no letters', json: shown };
}
