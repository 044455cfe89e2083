/**
 * Rows of before get their MAC, a batch at a time, while people sign in: a row that somebody holds is left
 * for the next round. Where every row has to have one, nothing is given one here: a row without is one that
 * somebody has changed.
 */
import type { Bond, BoundRow } from '../../core/binding/rowMac.ts';
import type { LetterKind } from '../../core/letter.ts';
import { factsOfConsent } from '../consents.ts';
import { sql, type Database, type Queryable, type Statement } from '../database.ts';
import { factsOfOwnSession } from '../ownSite/ownSessions.ts';
import { readApplicationBond } from '../issuing/applications.ts';
import { factsOfLetter } from '../letters.ts';
import { ACTIVATION_BOND, activationBondFromRow, type ActivationBondColumns } from './activationBond.ts';
import { BOND_COLUMNS, bondFromRow, type BondColumns } from './identityBond.ts';
import {
  REGISTRATION_BOND,
  registrationBondFromRow,
  type RegistrationBondColumns,
} from './registrationBond.ts';

/** What a round over a table has found. */
export interface FillReport {
  readonly row: BoundRow;
  readonly seen: number;
  /** They got a MAC, or one under the newest key. */
  readonly bound: number;
  /** Without the right MAC still; the first of them by their keys. */
  readonly wrong: number;
  readonly examples: readonly string[];
}

type Key = readonly string[];

interface BoundTable {
  readonly row: BoundRow;
  /** Before the first. */
  readonly start: Key;
  /** Keys after `$1...`, the next `$n`: locked, but for those that somebody holds. */
  readonly lock: Statement;
  /** The same without a lock. */
  readonly list: Statement;
  readonly read: (db: Queryable, key: Key) => Promise<Bond | null>;
  readonly write: Statement;
}

const NO_UUID = '00000000-0000-0000-0000-000000000000';
const HOLD = { part: 'FOR NO KEY UPDATE SKIP LOCKED' };

/** Of the row that one statement gives for a key. */
function reader<Row>(statement: Statement, toBond: (row: Row) => Bond) {
  return async (db: Queryable, key: Key): Promise<Bond | null> => {
    const row = (await db.query<Row>(statement, key)).rows[0];
    return row ? toBond(row) : null;
  };
}

const IDENTITIES = {
  part: 'SELECT ARRAY[id::text] AS key FROM identities WHERE id > $1::uuid ORDER BY id LIMIT $2',
};
// Those that are still to be sent, and all whose password may be entered: a used one is found, to be told so.
const LETTERS = {
  part: `SELECT ARRAY[id::text] AS key FROM letters
    WHERE id > $1::uuid AND kind <> 'notice' AND state <> 'cancelled' AND (state <> 'sent' OR kind = 'password')
    ORDER BY id LIMIT $2`,
};
const OWN_SESSIONS = {
  part: `SELECT ARRAY[encode(id, 'hex')] AS key FROM own_sessions WHERE id > decode($1, 'hex') ORDER BY id LIMIT $2`,
};
const CONSENTS = {
  part: `SELECT ARRAY[identity_id::text, client_id] AS key FROM consents
    WHERE (identity_id, client_id) > ($1::uuid, $2) ORDER BY identity_id, client_id LIMIT $3`,
};
const RELYING_PARTIES = {
  part: 'SELECT ARRAY[client_id] AS key FROM relying_parties WHERE client_id > $1 ORDER BY client_id LIMIT $2',
};

interface LetterRow {
  id: string;
  kind: LetterKind;
  identity_id: string;
  card_id: string | null;
  to_former_address: boolean;
  password_hash: string | null;
  mac: Buffer | null;
}

interface OwnSessionRow {
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
    lock: sql`${RELYING_PARTIES} ${HOLD}`,
    list: sql`${RELYING_PARTIES}`,
    read: reader<RegistrationBondColumns>(
      sql`SELECT ${REGISTRATION_BOND} FROM relying_parties WHERE client_id = $1`,
      registrationBondFromRow,
    ),
    write: sql`UPDATE relying_parties SET mac = $2 WHERE client_id = $1`,
  },
  {
    row: 'identity',
    start: [NO_UUID],
    lock: sql`${IDENTITIES} ${HOLD}`,
    list: sql`${IDENTITIES}`,
    read: reader<BondColumns>(
      sql`SELECT ${BOND_COLUMNS} FROM identities i JOIN people o ON o.id = i.person_id WHERE i.id = $1`,
      bondFromRow,
    ),
    write: sql`UPDATE identities SET mac = $2 WHERE id = $1`,
  },
  {
    row: 'letter',
    start: [NO_UUID],
    lock: sql`${LETTERS} ${HOLD}`,
    list: sql`${LETTERS}`,
    read: reader<LetterRow>(
      sql`SELECT id, kind, identity_id, card_id, to_former_address, password_hash, mac FROM letters WHERE id = $1`,
      ({ mac, password_hash: hash, ...row }) => {
        const {
          id,
          kind,
          identity_id: identityId,
          card_id: cardId,
          to_former_address: toFormerAddress,
        } = row;
        return { mac, facts: factsOfLetter({ id, kind, identityId, cardId, toFormerAddress }, hash) };
      },
    ),
    write: sql`UPDATE letters SET mac = $2 WHERE id = $1`,
  },
  {
    row: 'application',
    start: [NO_UUID],
    lock: sql`${APPLICATIONS} ${HOLD}`,
    list: sql`${APPLICATIONS}`,
    read: readApplicationBond,
    write: sql`UPDATE applications SET mac = $2 WHERE id = $1`,
  },
  {
    row: 'activation',
    start: [''],
    lock: sql`${ACTIVATIONS} ${HOLD}`,
    list: sql`${ACTIVATIONS}`,
    read: reader<ActivationBondColumns>(
      sql`SELECT ${ACTIVATION_BOND} FROM activations a WHERE a.id = decode($1, 'hex')`,
      activationBondFromRow,
    ),
    write: sql`UPDATE activations SET mac = $2 WHERE id = decode($1, 'hex')`,
  },
  {
    row: 'own session',
    start: [''],
    lock: sql`${OWN_SESSIONS} ${HOLD}`,
    list: sql`${OWN_SESSIONS}`,
    read: reader<OwnSessionRow>(
      sql`SELECT id, client_id, identity_id, session_uid, key_at, mac FROM own_sessions WHERE id = decode($1, 'hex')`,
      ({ id, client_id: clientId, identity_id: identityId, session_uid: sessionUid, key_at: keyAt, mac }) => {
        return { mac, facts: factsOfOwnSession({ id, clientId, identityId, sessionUid, keyAt }) };
      },
    ),
    write: sql`UPDATE own_sessions SET mac = $2 WHERE id = decode($1, 'hex')`,
  },
  {
    row: 'consent',
    start: [NO_UUID, ''],
    lock: sql`${CONSENTS} ${HOLD}`,
    list: sql`${CONSENTS}`,
    read: reader<{ identity_id: string; client_id: string; scopes: string[]; mac: Buffer | null }>(
      sql`SELECT identity_id, client_id, scopes, mac FROM consents WHERE identity_id = $1 AND client_id = $2`,
      ({ identity_id: identityId, client_id: clientId, scopes, mac }) => {
        return { mac, facts: factsOfConsent(identityId, clientId, scopes) };
      },
    ),
    write: sql`UPDATE consents SET mac = $3 WHERE identity_id = $1 AND client_id = $2`,
  },
];

const AT_ONCE = 50;
const MAX_EXAMPLES = 20;
/** Of a round, rows that somebody held are left for the next. */
const MAX_ROUNDS = 20;

/** @param options.onlyLook nothing is written. @param options.pause between two rounds */
export async function fillRows(
  database: Database,
  { onlyLook, pause }: { onlyLook: boolean; pause: () => Promise<void> },
): Promise<FillReport[]> {
  const reports: FillReport[] = [];
  for (const table of TABLES) {
    let bound = 0;
    let report = await look(database, table);
    const rounds = onlyLook ? 0 : MAX_ROUNDS;
    for (let round = 0; round < rounds && needsMore(report); round += 1) {
      if (round > 0) await pause();
      bound += await bindTable(database, table);
      report = await look(database, table);
    }
    reports.push({
      row: table.row,
      seen: report.seen,
      bound,
      wrong: report.wrong,
      examples: report.examples,
    });
  }
  return reports;
}

interface Looked {
  readonly seen: number;
  readonly wrong: number;
  readonly outdated: number;
  readonly examples: readonly string[];
  readonly mayBind: boolean;
}

function needsMore({ wrong, outdated, mayBind }: Looked): boolean {
  return outdated > 0 || (wrong > 0 && mayBind);
}

async function look(database: Database, table: BoundTable): Promise<Looked> {
  const { macs } = database;
  const examples: string[] = [];
  let [seen, wrong, outdated] = [0, 0, 0];
  for (let after = table.start; ; ) {
    const keys = await keysAfter(database, table.list, after);
    for (const key of keys) {
      const bond = await table.read(database, key);
      if (!bond) continue;
      seen += 1;
      if (!macs.fits(table.row, bond)) {
        wrong += 1;
        if (examples.length < MAX_EXAMPLES) examples.push(key.join(' '));
      } else if (bond.mac && !macs.isCurrent(bond.mac)) outdated += 1;
    }
    const last = keys.at(-1);
    if (!last) return { seen, wrong, outdated, examples, mayBind: macs.mode === 'write' };
    after = last;
  }
}

/** One round. @returns how many were bound */
async function bindTable(database: Database, table: BoundTable): Promise<number> {
  let bound = 0;
  for (let after = table.start; ; ) {
    const last = await database.transaction(async (db) => {
      const keys = await keysAfter(db, table.lock, after);
      for (const key of keys) bound += await bindRow(db, table, key);
      return keys.at(-1);
    });
    if (!last) return bound;
    after = last;
  }
}

async function bindRow(db: Queryable, table: BoundTable, key: Key): Promise<number> {
  const { macs } = db;
  const bond = await table.read(db, key);
  if (!bond) return 0;
  const fits = macs.fits(table.row, bond);
  if (fits ? bond.mac && macs.isCurrent(bond.mac) : macs.mode !== 'write') return 0;
  await db.query(table.write, [...key, macs.make(table.row, bond.facts)]);
  return 1;
}

async function keysAfter(db: Queryable, statement: Statement, after: Key): Promise<readonly Key[]> {
  const { rows } = await db.query<{ key: string[] }>(statement, [...after, AT_ONCE]);
  return rows.map(({ key }) => key);
}

/** One identity that an operator has looked at is bound as it stands. False where there is none. */
export async function acceptIdentity(database: Database, identityId: string): Promise<boolean> {
  const table = TABLES.find(({ row }) => row === 'identity');
  if (!table) throw new Error('identities are bound');
  return await database.transaction(async (db) => {
    const bond = await table.read(db, [identityId]);
    if (!bond) return false;
    await db.query(table.write, [identityId, db.macs.make('identity', bond.facts)]);
    return true;
  });
}
