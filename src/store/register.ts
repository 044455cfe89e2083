/** stand-in until the population register is merged */
import type { PopulationRegister, RegisterEntry } from '../core/issuing/register.ts';
import { sql, type Queryable } from './database.ts';

interface Keys {
  hmac(use: 'cprLookup', text: string): Buffer;
  open(use: 'seal', sealed: Buffer, context: string): string;
}

export function databaseRegister(db: Queryable, keyring: Keys): PopulationRegister {
  return {
    find: async (cpr) => {
      const lookup = keyring.hmac('cprLookup', cpr);
      const { rows } = await db.query<{ entry_sealed: Buffer }>(
        sql`SELECT entry_sealed FROM register_entries WHERE cpr_lookup = $1`,
        [lookup],
      );
      const sealed = rows[0]?.entry_sealed;
      return sealed
        ? (JSON.parse(keyring.open('seal', sealed, lookup.toString('hex'))) as RegisterEntry)
        : null;
    },
  };
}
