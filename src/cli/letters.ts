/** The commands `letters …`. */
import type { App } from '../app.ts';
import type { CommandOutcome } from './keys.ts';
import type { RecordCommand } from './operator.ts';
import { reportLetters, retryAllLetters, retryLetter } from '../db/cards/letters.ts';

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** @returns null when the arguments are wrong */
export async function runLettersCommand(
  { context: { database } }: App,
  [action, id]: string[],
  record: RecordCommand,
): Promise<CommandOutcome | null> {
  if (action === undefined) return await reportLettersByCommand(database, record);
  if (action !== 'retry') return null;
  if (id === 'all') {
    const count = await database.transaction(async (db) => {
      const retried = await retryAllLetters(db);
      await record(db, { again: retried });
      return retried;
    });
    return { text: `${count} are sent again`, json: { again: count } };
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
  const report = await reportLetters(database);
  const counts = Object.entries(report.counts).map(([state, count]) => `${state}: ${count}`);
  const setAsideLines = report.setAside.map(
    ({ id: letterId, kind, orderedAt, tries, fault }) =>
      `${letterId}  ${kind}, ordered ${orderedAt.toISOString()}, ${tries} tries: ${fault}`,
  );
  return { text: [...counts, ...setAsideLines].join('\n') || 'no letters', json: report };
}
