/** Thousands of rows of the population register, for what goes through large tables. */
import { composeEntryContext } from '../../src/db/people/populationRegister.ts';
import type { Nodes } from './nodes.ts';

export async function saveEntries({ context, database }: Nodes, many: number): Promise<void> {
  const rows = Array.from({ length: many }, (_, i) => {
    const lookup = context.keyring.hmac('cprLookup', `entry ${i}`);
    return { lookup, sealed: context.keyring.seal('seal', `{"entry":${i}}`, composeEntryContext(lookup)) };
  });
  await database.query(
    `INSERT INTO register_entries (cpr_lookup, entry_sealed, content, imported_at)
     SELECT lookup, sealed, lookup, now() FROM unnest($1::bytea[], $2::bytea[]) AS r (lookup, sealed)`,
    [rows.map(({ lookup }) => lookup), rows.map(({ sealed }) => sealed)],
  );
}
