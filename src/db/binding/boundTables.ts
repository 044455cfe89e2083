/**
 * The tables whose rows have a MAC, in the order in which the commands go through them: how their rows are
 * listed, read and given another MAC.
 */
import type { RowMac, BoundRowKind } from '../../domain/rowMac.ts';
import type { LetterKind } from '../../domain/letter.ts';
import { listConsentFacts } from '../oidc/consents.ts';
import { sql, type Queryable, type Statement } from '../database.ts';
import { listFirstPartySessionFacts } from '../oidc/firstPartySessions.ts';
import { readApplicationMac } from '../people/applications.ts';
import { listLetterFacts } from '../cards/letters.ts';
import {
  CODE_TOKEN_COLUMNS,
  listCodeTokenFacts,
  readCodeToken,
  type CodeTokenJson,
} from '../factors/codeTokens.ts';
import { readSecurityKeyMac } from '../factors/securityKeyLife.ts';
import { ACTIVATION_MAC_COLUMNS, readActivationMac, type ActivationMacColumns } from './activationMac.ts';
import { IDENTITY_MAC_COLUMNS, readIdentityMac, type IdentityMacColumns } from './identityMac.ts';
import {
  REGISTRATION_MAC_COLUMNS,
  readRegistrationMac,
  type RegistrationMacColumns,
} from './registrationMac.ts';

export type RowKey = readonly string[];

export interface BoundTable {
  readonly row: BoundRowKind;
  readonly table: string;
  /** The key that sorts before the first row. */
  readonly start: RowKey;
  /**
   * Lists the keys after `$1...`, the next `$n`, with the first bytes of the MAC, and locks them; skips rows
   * that are locked.
   */
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
  part: 'SELECT ARRAY[id::text] AS key, substring(mac FROM 1 FOR 17) AS head FROM identities WHERE id > $1::uuid ORDER BY id LIMIT $2',
};
// The letters that are still to be sent, and all whose password may be entered. A used password is still
// looked up, to report that it was used.
const LETTERS = {
  part: `SELECT ARRAY[id::text] AS key, substring(mac FROM 1 FOR 17) AS head FROM letters
    WHERE id > $1::uuid AND kind <> 'notice' AND state <> 'cancelled' AND (state <> 'sent' OR kind = 'password')
    ORDER BY id LIMIT $2`,
};
const FIRST_PARTY_SESSIONS = {
  part: `SELECT ARRAY[encode(id, 'hex')] AS key, substring(mac FROM 1 FOR 17) AS head FROM own_sessions WHERE id > decode($1, 'hex') ORDER BY id LIMIT $2`,
};
const CONSENTS = {
  part: `SELECT ARRAY[identity_id::text, client_id] AS key, substring(mac FROM 1 FOR 17) AS head FROM consents
    WHERE (identity_id, client_id) > ($1::uuid, $2) ORDER BY identity_id, client_id LIMIT $3`,
};
const RELYING_PARTIES = {
  part: 'SELECT ARRAY[client_id] AS key, substring(mac FROM 1 FOR 17) AS head FROM relying_parties WHERE client_id > $1 ORDER BY client_id LIMIT $2',
};

// A device that has ended has no MAC: nothing revives it.
const CODE_TOKENS = {
  part: `SELECT ARRAY[id::text] AS key, substring(mac FROM 1 FOR 17) AS head FROM code_tokens
    WHERE id > $1::uuid AND ended_at IS NULL ORDER BY id LIMIT $2`,
};

interface LetterMacRow {
  id: string;
  kind: LetterKind;
  identity_id: string;
  card_id: string | null;
  to_former_address: boolean;
  token_id: string | null;
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
  part: `SELECT ARRAY[encode(id, 'hex')] AS key, substring(mac FROM 1 FOR 17) AS head FROM activations
    WHERE id > decode($1, 'hex') AND identity_id IS NOT NULL ORDER BY id LIMIT $2`,
};

const APPLICATIONS = {
  part: 'SELECT ARRAY[id::text] AS key, substring(mac FROM 1 FOR 17) AS head FROM applications WHERE id > $1::uuid ORDER BY id LIMIT $2',
};

// One that has ended has another MAC, or none.
const SECURITY_KEYS = {
  part: `SELECT ARRAY[id::text] AS key, substring(mac FROM 1 FOR 17) AS head FROM security_keys
    WHERE id > $1::uuid AND (ended_at IS NULL OR mac IS NOT NULL) ORDER BY id LIMIT $2`,
};

export const BOUND_TABLES: readonly BoundTable[] = [
  {
    row: 'relying party',
    table: 'relying_parties',
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
    table: 'identities',
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
    table: 'letters',
    start: [ZERO_UUID],
    lock: sql`${LETTERS} ${LOCK_SKIPPING}`,
    list: sql`${LETTERS}`,
    read: createMacReader<LetterMacRow>(
      sql`SELECT id, kind, identity_id, card_id, to_former_address, token_id, password_hash, mac FROM letters WHERE id = $1`,
      ({ mac, password_hash: hash, ...row }) => {
        const {
          id,
          kind,
          identity_id: identityId,
          card_id: cardId,
          to_former_address: toFormerAddress,
          token_id: tokenId,
        } = row;
        const letter = { id, kind, identityId, cardId, tokenId, toFormerAddress };
        return { mac, facts: listLetterFacts(letter, hash) };
      },
    ),
    write: sql`UPDATE letters SET mac = $2 WHERE id = $1`,
  },
  {
    row: 'application',
    table: 'applications',
    start: [ZERO_UUID],
    lock: sql`${APPLICATIONS} ${LOCK_SKIPPING}`,
    list: sql`${APPLICATIONS}`,
    read: readApplicationMac,
    write: sql`UPDATE applications SET mac = $2 WHERE id = $1`,
  },
  {
    row: 'activation',
    table: 'activations',
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
    table: 'own_sessions',
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
    table: 'consents',
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
  {
    row: 'code token',
    table: 'code_tokens',
    start: [ZERO_UUID],
    lock: sql`${CODE_TOKENS} ${LOCK_SKIPPING}`,
    list: sql`${CODE_TOKENS}`,
    read: createMacReader<CodeTokenJson>(
      sql`SELECT ${CODE_TOKEN_COLUMNS} FROM code_tokens k WHERE k.id = $1`,
      (row) => {
        const token = readCodeToken(row);
        // In stock it belongs to no one.
        return { mac: token.mac, facts: listCodeTokenFacts({ ...token, identityId: row.identity_id }) };
      },
    ),
    write: sql`UPDATE code_tokens SET mac = $2 WHERE id = $1`,
  },
  {
    row: 'security key',
    table: 'security_keys',
    start: [ZERO_UUID],
    lock: sql`${SECURITY_KEYS} ${LOCK_SKIPPING}`,
    list: sql`${SECURITY_KEYS}`,
    read: readSecurityKeyMac,
    write: sql`UPDATE security_keys SET mac = $2 WHERE id = $1`,
  },
];

export interface ListedRow {
  readonly key: RowKey;
  /** The first bytes of the MAC, with the id of its key; null for a row that has none. */
  readonly head: Buffer | null;
}

/** @param statement `lock` or `list` of the table */
export async function listBoundRows(
  db: Queryable,
  statement: Statement,
  after: RowKey,
  limit: number,
): Promise<readonly ListedRow[]> {
  return (await db.query<ListedRow>(statement, [...after, limit])).rows;
}
