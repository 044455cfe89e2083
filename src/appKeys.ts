/**
 * The key rings of a node and its database: what they bind there, and whether they are those that it was
 * made with.
 */
import type { Rules } from './core/rules.ts';
import { KeyedRowMacs } from './platform/binding/rowMacs.ts';
import { KEY_USES, type Keyring } from './platform/keyring.ts';
import { Database } from './store/database.ts';
import { findBinding, keepBinding, keepKeyChecks } from './store/installation.ts';

interface DatabaseSettings {
  readonly databaseUrl: string;
  readonly databasePool: number;
  readonly databaseTimeoutMs: number;
  readonly rules: Rules;
}

/**
 * The database, whose rows are bound by the key rings.
 * @returns `begin`, before which nothing is asked of it: the keys are judged, and how far the binding has
 * come is known
 */
export function openDatabase(
  { databaseUrl, databasePool: poolSize, databaseTimeoutMs: timeoutMs, rules }: DatabaseSettings,
  keyring: Keyring,
  onLost: (error: Error) => void,
): { readonly database: Database; readonly begin: () => Promise<void> } {
  const macs = new KeyedRowMacs(keyring, rules.binding ?? 'read');
  const database = new Database(databaseUrl, { poolSize, timeoutMs, onLost, macs });
  const begin = async () => {
    await database.assertFit();
    await checkKeys(database, keyring);
    if (rules.binding === undefined) macs.mode = await findBinding(database);
    else await keepBinding(database, rules.binding);
    // Where rows have to be bound, no node of a version is left that cannot open such seals.
    keyring.drawsSealingKeys = macs.mode === 'require';
  };
  return { database, begin };
}

/** The keys do not belong to the data: said at start, before anything is answered with them. */
export class WrongKeys extends Error {}

/** @throws WrongKeys, DatabaseAway */
async function checkKeys(database: Database, keyring: Keyring): Promise<void> {
  const checks = Object.fromEntries(
    KEY_USES.map((use) => [
      use,
      keyring.hmac(use, 'key check v1', keyring.oldestKid(use)).toString('base64url'),
    ]),
  );
  const made = await keepKeyChecks(database, checks);
  const wrong = KEY_USES.filter((use) => made[use] !== checks[use]);
  if (wrong.length > 0) {
    throw new WrongKeys(`the keys for ${wrong.join(', ')} are not those that this database was made with`);
  }
}
