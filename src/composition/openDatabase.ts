/**
 * Opens the database of a node with its key rings: sets the row MAC mode, and verifies that the key rings are
 * those that the database was made with.
 */
import type { AuditEvent } from '../domain/auditEvent.ts';
import type { BindingMode } from '../domain/rowMac.ts';
import type { Rules } from '../domain/rules.ts';
import { KeyedRowAuthenticator } from '../platform/keyedRowAuthenticator.ts';
import { RING_KEY_USES, type Keyring } from '../platform/keyring.ts';
import { Database, DatabaseUnavailable } from '../db/database.ts';
import { findBindingMode, saveBindingMode, saveKeyChecks } from '../db/installation.ts';
import { listKeyIdsInUse, type KeyIdInUse } from '../db/keyIds.ts';

interface DatabaseConnectionSettings {
  readonly databaseUrl: string;
  readonly databasePool: number;
  readonly databaseTimeoutMs: number;
  readonly pooler?: 'transaction' | null;
  readonly rules: Rules;
}

/**
 * Opens the database, whose rows are authenticated by MACs under the key rings.
 * @returns `begin`, to be called before the first query: it verifies the keys and sets the row MAC mode
 */
export function openBoundDatabase(
  settings: DatabaseConnectionSettings,
  keyring: Keyring,
  listeners: {
    readonly onLost: (error: Error) => void;
    readonly onAudited: (event: AuditEvent) => void;
  },
): { readonly database: Database; readonly begin: () => Promise<void> } {
  const {
    databaseUrl,
    databasePool: poolSize,
    databaseTimeoutMs: timeoutMs,
    rules,
    pooler = null,
  } = settings;
  const rowAuthenticator = new KeyedRowAuthenticator(keyring, rules.binding ?? 'read');
  const database = new Database(databaseUrl, { poolSize, timeoutMs, pooler, rowAuthenticator, ...listeners });
  const begin = async () => {
    await database.assertConnectionSettings();
    const mode = rules.binding ?? (await findBindingMode(database));
    await assertKeysMatchData(database, keyring, mode);
    if (rules.binding === undefined) rowAuthenticator.mode = mode;
    else await saveBindingMode(database, mode);
    // Once every row must have a MAC, no node of a version is left that cannot open such seals.
    keyring.drawsSealingKeys = rowAuthenticator.mode === 'require';
  };
  return { database, begin };
}

/** The keys do not belong to the data. Thrown at start, before a request is answered with them. */
export class WrongKeysError extends Error {}

/**
 * Fewer rows than this that name a key which is not there were damaged: those rows fail when they are read,
 * and all others work.
 */
const ROWS_OF_A_LOST_KEY = 3;

/** @throws WrongKeysError, DatabaseUnavailable */
async function assertKeysMatchData(database: Database, keyring: Keyring, mode: BindingMode): Promise<void> {
  const checks = Object.fromEntries(
    RING_KEY_USES.map((use) => [use, keyring.makeKeyCheck(use, keyring.oldestKid(use))]),
  );
  const stored = await saveKeyChecks(database, checks);
  // The key that is checked becomes an old one, and is taken out after another one is checked in its place.
  const wrong = RING_KEY_USES.filter((use) => !keyring.hasKeyOfCheck(use, stored[use] ?? ''));
  // A sample that takes too long is no reason not to start.
  const inUse = await listKeyIdsInUse(database, mode).catch((error: unknown) => {
    if (error instanceof DatabaseUnavailable) return [];
    throw error;
  });
  if (wrong.length > 0) {
    throw new WrongKeysError(
      `the keys for ${wrong.join(', ')} are not those that this database was made with. ` +
        describeNeededKeys(keyring, inUse),
    );
  }
  const isThere = ({ ring, kid, isPassword }: KeyIdInUse) =>
    isPassword ? keyring.derivePasswordKey(kid) !== null : keyring.hasKey(ring, kid);
  const isLost = (one: KeyIdInUse) => one.many >= ROWS_OF_A_LOST_KEY && !isThere(one);
  if (inUse.some(isLost)) {
    const lost = inUse
      .filter(isLost)
      .map(({ ring, kid, isPassword }) => `${ring} ${kid}${isPassword ? ' (of passwords)' : ''}`);
    throw new WrongKeysError(
      `keys that the data needs are missing: ${[...new Set(lost)].join(', ')}. ${describeNeededKeys(keyring, inUse)}`,
    );
  }
}

/** Ids only. A ring may have a key of the right id that is another key. */
function describeNeededKeys(keyring: Keyring, inUse: readonly KeyIdInUse[]): string {
  const rings = (['cards', 'seal', 'tokens'] as const).map((ring) => {
    const needed = [...new Set(inUse.filter((one) => one.ring === ring).map(({ kid }) => kid))];
    return `${ring}: the data needs ${needed.sort().join(', ') || 'none'}, the file has ${keyring.listKids(ring).join(', ')}`;
  });
  return `Keys by their ids: ${rings.join('; ')}`;
}
