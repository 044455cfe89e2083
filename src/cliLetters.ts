/** The part of the commands that is about letters. */
import type { App } from './app.ts';
import type { Outcome } from './cliKeys.ts';
import type { RecordCommand } from './cliOperator.ts';
import { reportLetters, tryAllAgain, tryLetterAgain } from './store/letters.ts';

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** @returns null where the command is written wrongly */
export async function letters(
  { world: { database } }: App,
  [action, id]: string[],
  record: RecordCommand,
): Promise<Outcome | null> {
  if (action === undefined) return await report(database, record);
  if (action !== 'retry') return null;
  if (id === 'all') {
    const many = await database.transaction(async (db) => {
      const again = await tryAllAgain(db);
      await record(db, { again });
      return again;
    });
    return { text: `${many} are sent again`, json: { again: many } };
  }
  if (!id || !UUID.test(id)) return null;
  await database.transaction(async (db) => {
    if (!(await tryLetterAgain(db, id))) throw new Error(`no letter ${id} was set aside`);
    await record(db, { letterId: id });
  });
  return { text: `letter ${id} is sent again`, json: { id } };
}

async function report(database: App['world']['database'], record: RecordCommand): Promise<Outcome> {
  await record(database);
  const shown = await reportLetters(database);
  const counts = Object.entries(shown.counts).map(([state, many]) => `${state}: ${many}`);
  const aside = shown.setAside.map(
    ({ id: letterId, kind, orderedAt, tries, fault }) =>
      `${letterId}  ${kind}, ordered ${orderedAt.toISOString()}, ${tries} tries: ${fault}`,
  );
  return { text: [...counts, ...aside].join('\n') || 'no letters', json: shown };
}
