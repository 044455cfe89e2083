/**
 * Gives legacy rows their MAC in batches, while people sign in: a row that is locked is left for the next
 * round. In mode `require` no row gets its first MAC here, because a row without one was changed without the
 * keys.
 */
import type { RowMac, BoundRowKind } from '../../domain/rowMac.ts';
import type { LetterKind } from '../../domain/letter.ts';
import { listConsentFacts } from '../oidc/consents.ts';
import { sql, type Database, type Queryable, type Statement } from '../database.ts';
import { listFirstPartySessionFacts } from '../oidc/firstPartySessions.ts';
import { readApplicationMac } from '../people/applications.ts';
import { listLetterFacts } from '../cards/letters.ts';
import { ACTIVATION_MAC_COLUMNS, readActivationMac, type ActivationMacColumns } from './activationMac.ts';
import { IDENTITY_MAC_COLUMNS, readIdentityMac, type IdentityMacColumns } from './identityMac.ts';
import {
  REGISTRATION_MAC_COLUMNS,
  readRegistrationMac,
  type RegistrationMacColumns,
} from './registrationMac.ts';

export interface MacBackfillReport {
  readonly row: BoundRowKind;
  readonly seen: number;
  /** Rows that got a MAC, or one under the newest key. */
  readonly bound: number;
  /** Rows that still have no valid MAC, and the keys of the first of them. */
  readonly wrong: number;
  readonly examples: readonly string[];
}

type RowKey = readonly string[];

interface BoundTable {
  readonly row: BoundRowKind;
  /** The key that sorts before the first row. */
  readonly start: RowKey;
  /** Lists the keys after `$1...`, the next `$n`, and locks them; skips rows that are locked. */
  readonly lock: Statement;
  /** The same list without a lock. */
  readonly list: Statement;
  readonly read: (db: Queryable, key: RowKey) => Promise<RowMac | null>;
  readonly write: Statement;
}

const ZERO_UUID = '00000000-0000-0000-0000-000000000000';
const LOCK_SKIPPING = { part: 'FOR NO KEY UPDATE SKIP LOCKED' };

function createMacReader<Row>(statement: Statement, toRowMac: (row: Row) => RowMac) {
  return async (db: Queryable, key: RowKey): Promise<RowMac | null> => {
    const row = (await db.query<Row>(statement, key)).rows[0];
    return row ? toRowMac(row) : null;
  };
}

const IDENTITIES = {
  part: 'SELECT ARRAY[id::text] AS key FROM identities WHERE id > $1::uuid ORDER BY id LIMIT $2',
};
// The letters that are still to be sent, and all whose password may be entered. A used password is still
// looked up, to report that it was used.
const LETTERS = {
  part: `SELECT ARRAY[id::text] AS key FROM letters
    WHERE id > $1::uuid AND kind <> 'notice' AND state <> 'cancelled' AND (state <> 'sent' OR kind = 'password')
    ORDER BY id LIMIT $2`,
};
const FIRST_PARTY_SESSIONS = {
  part: `SELECT ARRAY[encode(id, 'hex')] AS key FROM own_sessions WHERE id > decode($1, 'hex') ORDER BY id LIMIT $2`,
};
const CONSENTS = {
  part: `SELECT ARRAY[identity_id::text, client_id] AS key FROM consents
    WHERE (identity_id, client_id) > ($1::uuid, $2) ORDER BY identity_id, client_id LIMIT $3`,
};
const RELYING_PARTIES = {
  part: 'SELECT ARRAY[client_id] AS key FROM relying_parties WHERE client_id > $1 ORDER BY client_id LIMIT $2',
};

interface LetterMacRow {
  id: string;
  kind: LetterKind;
  identity_id: string;
  card_id: string | null;
  to_former_address: boolean;
  password_hash: string | null;
  mac: Buffer | null;
}

interface FirstPartySessionMacRow {
  id: Buffer;
  client_id: string;
  identity_id: string;
  session_uid: string;
  key_at: Date | null;
  mac: Buffer | null;
}

const ACTIVATIONS = {
  part: `SELECT ARRAY[encode(id, 'hex')] AS key FROM activations
    WHERE id > decode($1, 'hex') AND identity_id IS NOT NULL ORDER BY id LIMIT $2`,
};

const APPLICATIONS = {
  part: 'SELECT ARRAY[id::text] AS key FROM applications WHERE id > $1::uuid ORDER BY id LIMIT $2',
};

const TABLES: readonly BoundTable[] = [
  {
    row: 'relying party',
    start: [''],
    lock: sql`${RELYING_PARTIES} ${LOCK_SKIPPING}`,
    list: sql`${RELYING_PARTIES}`,
    read: createMacReader<RegistrationMacColumns>(
      sql`SELECT ${REGISTRATION_MAC_COLUMNS} FROM relying_parties WHERE client_id = $1`,
      readRegistrationMac,
    ),
    write: sql`UPDATE relying_parties SET mac = $2 WHERE client_id = $1`,
  },
  {
    row: 'identity',
    start: [ZERO_UUID],
    lock: sql`${IDENTITIES} ${LOCK_SKIPPING}`,
    list: sql`${IDENTITIES}`,
    read: createMacReader<IdentityMacColumns>(
      sql`SELECT ${IDENTITY_MAC_COLUMNS} FROM identities i JOIN people o ON o.id = i.person_id WHERE i.id = $1`,
      readIdentityMac,
    ),
    write: sql`UPDATE identities SET mac = $2 WHERE id = $1`,
  },
  {
    row: 'letter',
    start: [ZERO_UUID],
    lock: sql`${LETTERS} ${LOCK_SKIPPING}`,
    list: sql`${LETTERS}`,
    read: createMacReader<LetterMacRow>(
      sql`SELECT id, kind, identity_id, card_id, to_former_address, password_hash, mac FROM letters WHERE id = $1`,
      ({ mac, password_hash: hash, ...row }) => {
        const {
          id,
          kind,
          identity_id: identityId,
          card_id: cardId,
          to_former_address: toFormerAddress,
        } = row;
        return { mac, facts: listLetterFacts({ id, kind, identityId, cardId, toFormerAddress }, hash) };
      },
    ),
    write: sql`UPDATE letters SET mac = $2 WHERE id = $1`,
  },
  {
    row: 'application',
    start: [ZERO_UUID],
    lock: sql`${APPLICATIONS} ${LOCK_SKIPPING}`,
    list: sql`${APPLICATIONS}`,
    read: readApplicationMac,
    write: sql`UPDATE applications SET mac = $2 WHERE id = $1`,
  },
  {
    row: 'activation',
    start: [''],
    lock: sql`${ACTIVATIONS} ${LOCK_SKIPPING}`,
    list: sql`${ACTIVATIONS}`,
    read: createMacReader<ActivationMacColumns>(
      sql`SELECT ${ACTIVATION_MAC_COLUMNS} FROM activations a WHERE a.id = decode($1, 'hex')`,
      readActivationMac,
    ),
    write: sql`UPDATE activations SET mac = $2 WHERE id = decode($1, 'hex')`,
  },
  {
    row: 'own session',
    start: [''],
    lock: sql`${FIRST_PARTY_SESSIONS} ${LOCK_SKIPPING}`,
    list: sql`${FIRST_PARTY_SESSIONS}`,
    read: createMacReader<FirstPartySessionMacRow>(
      sql`SELECT id, client_id, identity_id, session_uid, key_at, mac FROM own_sessions WHERE id = decode($1, 'hex')`,
      ({ id, client_id: clientId, identity_id: identityId, session_uid: sessionUid, key_at: keyAt, mac }) => {
        return { mac, facts: listFirstPartySessionFacts({ id, clientId, identityId, sessionUid, keyAt }) };
      },
    ),
    write: sql`UPDATE own_sessions SET mac = $2 WHERE id = decode($1, 'hex')`,
  },
  {
    row: 'consent',
    start: [ZERO_UUID, ''],
    lock: sql`${CONSENTS} ${LOCK_SKIPPING}`,
    list: sql`${CONSENTS}`,
    read: createMacReader<{ identity_id: string; client_id: string; scopes: string[]; mac: Buffer | null }>(
      sql`SELECT identity_id, client_id, scopes, mac FROM consents WHERE identity_id = $1 AND client_id = $2`,
      ({ identity_id: identityId, client_id: clientId, scopes, mac }) => {
        return { mac, facts: listConsentFacts(identityId, clientId, scopes) };
      },
    ),
    write: sql`UPDATE consents SET mac = $3 WHERE identity_id = $1 AND client_id = $2`,
  },
];

const BATCH_SIZE = 50;
const MAX_EXAMPLES = 20;
/** Limits the rounds: rows that are locked in one round are left for the next. */
const MAX_ROUNDS = 20;

/**
 * Gives rows their MAC, table by table.
 * @param options.onlyLook reports without writing
 * @param options.pause waits between two rounds
 */
export async function backfillRowMacs(
  database: Database,
  { onlyLook, pause }: { onlyLook: boolean; pause: () => Promise<void> },
): Promise<MacBackfillReport[]> {
  const reports: MacBackfillReport[] = [];
  for (const table of TABLES) {
    let bound = 0;
    let report = await scanTable(database, table);
    const rounds = onlyLook ? 0 : MAX_ROUNDS;
    for (let round = 0; round < rounds && hasRowsLeft(report); round += 1) {
      if (round > 0) await pause();
      bound += await bindTable(database, table);
      report = await scanTable(database, table);
    }
    const { seen, wrong, examples } = report;
    reports.push({ row: table.row, seen, bound, wrong, examples });
  }
  return reports;
}

interface TableScan {
  readonly seen: number;
  readonly wrong: number;
  readonly outdated: number;
  readonly examples: readonly string[];
  readonly mayBind: boolean;
}

function hasRowsLeft({ wrong, outdated, mayBind }: TableScan): boolean {
  return outdated > 0 || (wrong > 0 && mayBind);
}

async function scanTable(database: Database, table: BoundTable): Promise<TableScan> {
  const { rowAuthenticator } = database;
  const examples: string[] = [];
  let [seen, wrong, outdated] = [0, 0, 0];
  for (let after = table.start; ; ) {
    const keys = await listKeysAfter(database, table.list, after);
    for (const key of keys) {
      const rowMac = await table.read(database, key);
      if (!rowMac) continue;
      seen += 1;
      if (!rowAuthenticator.isValid(table.row, rowMac)) {
        wrong += 1;
        if (examples.length < MAX_EXAMPLES) examples.push(key.join(' '));
      } else if (rowMac.mac && !rowAuthenticator.isCurrent(rowMac.mac)) outdated += 1;
    }
    const last = keys.at(-1);
    if (!last) return { seen, wrong, outdated, examples, mayBind: rowAuthenticator.mode === 'write' };
    after = last;
  }
}

/** Runs one round over a table. @returns the number of rows that got a MAC */
async function bindTable(database: Database, table: BoundTable): Promise<number> {
  let bound = 0;
  for (let after = table.start; ; ) {
    const last = await database.transaction(async (db) => {
      const keys = await listKeysAfter(db, table.lock, after);
      for (const key of keys) bound += await bindNextRow(db, table, key);
      return keys.at(-1);
    });
    if (!last) return bound;
    after = last;
  }
}

async function bindNextRow(db: Queryable, table: BoundTable, key: RowKey): Promise<number> {
  const { rowAuthenticator } = db;
  const rowMac = await table.read(db, key);
  if (!rowMac) return 0;
  const fits = rowAuthenticator.isValid(table.row, rowMac);
  if (fits ? rowMac.mac && rowAuthenticator.isCurrent(rowMac.mac) : rowAuthenticator.mode !== 'write')
    return 0;
  await db.query(table.write, [...key, rowAuthenticator.make(table.row, rowMac.facts)]);
  return 1;
}

async function listKeysAfter(db: Queryable, statement: Statement, after: RowKey): Promise<readonly RowKey[]> {
  const { rows } = await db.query<{ key: string[] }>(statement, [...after, BATCH_SIZE]);
  return rows.map(({ key }) => key);
}

/**
 * Gives an identity that an operator has checked a valid MAC as it is.
 * @returns false when it does not exist
 */
export async function acceptIdentityRow(database: Database, identityId: string): Promise<boolean> {
  const table = TABLES.find(({ row }) => row === 'identity');
  if (!table) throw new Error('there is no row MAC for identities');
  return await database.transaction(async (db) => {
    const rowMac = await table.read(db, [identityId]);
    if (!rowMac) return false;
    await db.query(table.write, [identityId, db.rowAuthenticator.make('identity', rowMac.facts)]);
    return true;
  });
}
