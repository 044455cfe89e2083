/**
 * The key rings of a node and its database: what they bind there, and whether they are those that it was
 * made with.
 */
import type { Rules } from '../domain/rules.ts';
import { KeyedRowAuthenticator } from '../platform/keyedRowAuthenticator.ts';
import { RING_KEY_USES, type Keyring } from '../platform/keyring.ts';
import { Database } from '../db/database.ts';
import { findBindingMode, saveBindingMode, saveKeyChecks } from '../db/installation.ts';

interface DatabaseConnectionSettings {
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
export function openBoundDatabase(
  { databaseUrl, databasePool: poolSize, databaseTimeoutMs: timeoutMs, rules }: DatabaseConnectionSettings,
  keyring: Keyring,
  onLost: (error: Error) => void,
): { readonly database: Database; readonly begin: () => Promise<void> } {
  const rowAuthenticator = new KeyedRowAuthenticator(keyring, rules.binding ?? 'read');
  const database = new Database(databaseUrl, { poolSize, timeoutMs, onLost, rowAuthenticator });
  const begin = async () => {
    await database.assertConnectionSettings();
    await assertKeysMatchData(database, keyring);
    if (rules.binding === undefined) rowAuthenticator.mode = await findBindingMode(database);
    else await saveBindingMode(database, rules.binding);
    // Where rows have to be bound, no node of a version is left that cannot open such seals.
    keyring.drawsSealingKeys = rowAuthenticator.mode === 'require';
  };
  return { database, begin };
}

/** The keys do not belong to the data: said at start, before anything is answered with them. */
export class WrongKeysError extends Error {}

/** @throws WrongKeysError, DatabaseUnavailable */
async function assertKeysMatchData(database: Database, keyring: Keyring): Promise<void> {
  const checks = Object.fromEntries(
    RING_KEY_USES.map((use) => [
      use,
      keyring.hmac(use, 'key check v1', keyring.oldestKid(use)).toString('base64url'),
    ]),
  );
  const made = await saveKeyChecks(database, checks);
  const wrong = RING_KEY_USES.filter((use) => made[use] !== checks[use]);
  if (wrong.length > 0) {
    throw new WrongKeysError(
      `the keys for ${wrong.join(', ')} are not those that this database was made with`,
    );
  }
}
