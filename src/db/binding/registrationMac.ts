/**
 * What binds a relying party: kind, state, metadata, and what operators allowed. Its JSON is bound as the
 * database writes it, by its digest.
 */
import { createHash } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import { assertBound, bytesToFact, RowMacMismatch, type RowMac } from '../../domain/rowMac.ts';
import { sql, sqlFragment, type Queryable } from '../database.ts';
import { runInTransaction } from './identityMac.ts';

export const REGISTRATION_MAC_COLUMNS = sqlFragment`
    client_id AS row_id, kind AS row_kind, state AS row_state, version AS row_version, mac AS row_mac,
    encode(sha256(convert_to(metadata::text, 'UTF8')), 'hex') AS row_metadata,
    encode(sha256(convert_to(policy::text, 'UTF8')), 'hex') AS row_policy,
    encode(sha256(convert_to(proposed::text, 'UTF8')), 'hex') AS row_proposed,
    encode(sha256(convert_to(seen_jwks::text, 'UTF8')), 'hex') AS row_jwks, management AS row_management`;

export interface RegistrationMacColumns {
  row_id: string;
  row_kind: string;
  row_state: string;
  row_version: number;
  row_mac: Buffer | null;
  row_metadata: string;
  row_policy: string | null;
  row_proposed: string | null;
  row_jwks: string | null;
  row_management: Buffer | null;
}

export function readRegistrationMac(row: RegistrationMacColumns): RowMac {
  return {
    mac: row.row_mac,
    facts: [
      row.row_id,
      row.row_kind,
      row.row_state,
      row.row_version,
      row.row_metadata,
      row.row_policy,
      row.row_proposed,
      row.row_jwks,
      bytesToFact(row.row_management),
    ],
  };
}

/** As the database digests it. */
export function hashText(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

/** @throws RowMacMismatch */
export function assertRegistrationBound(db: Queryable, row: RegistrationMacColumns): void {
  assertBound(db.rowAuthenticator, 'relying party', readRegistrationMac(row));
}

const LOCK = sql`SELECT FROM relying_parties WHERE client_id = $1 FOR NO KEY UPDATE`;
const READ = sql`
  SELECT kind, state, version, metadata::text, policy::text, proposed::text, seen_jwks::text, management, mac
  FROM relying_parties WHERE client_id = $1`;
const BIND = sql`UPDATE relying_parties SET mac = $2 WHERE client_id = $1`;

interface RegistrationFactsRow {
  readonly kind: string;
  readonly state: string;
  readonly version: number;
  readonly metadata: string;
  readonly policy: string | null;
  readonly proposed: string | null;
  readonly seen_jwks: string | null;
  readonly management: Buffer | null;
  readonly mac: Buffer | null;
}

type JsonValue = Readonly<Record<string, unknown>>;

/** With its JSON read: numbers, texts and lists of those. */
export interface RegistrationFacts {
  readonly kind: string;
  readonly state: string;
  readonly version: number;
  readonly metadata: JsonValue;
  readonly policy: JsonValue | null;
  readonly proposed: JsonValue | null;
  readonly seenJwks: JsonValue | null;
  readonly management: string | null;
}

/** What came with the token of a registration, whose policy stands elsewhere; and what may be kept or forgotten. */
export const ANY_VALUE = Symbol('any');
export const SAME_OR_NULL = Symbol('kept or none');

/** What a change makes of a relying party. */
export type IntendedRegistration = {
  readonly [Name in keyof RegistrationFacts]?:
    | RegistrationFacts[Name]
    | typeof ANY_VALUE
    | typeof SAME_OR_NULL;
};

const NEW_REGISTRATION_FACTS: RegistrationFacts = {
  kind: '',
  state: 'active',
  version: 1,
  metadata: {},
  policy: null,
  proposed: null,
  seenJwks: null,
  management: null,
};

function readRegistrationFacts(row: RegistrationFactsRow): RegistrationFacts {
  const read = (text: string | null) => (text === null ? null : (JSON.parse(text) as JsonValue));
  return {
    kind: row.kind,
    state: row.state,
    version: row.version,
    metadata: JSON.parse(row.metadata) as JsonValue,
    policy: read(row.policy),
    proposed: read(row.proposed),
    seenJwks: read(row.seen_jwks),
    management: bytesToFact(row.management),
  };
}

function composeRegistrationMac(clientId: string, row: RegistrationFactsRow): RowMac {
  const digest = (text: string | null) => (text === null ? null : hashText(text));
  const json = [row.metadata, row.policy, row.proposed, row.seen_jwks].map(digest);
  return {
    mac: row.mac,
    facts: [clientId, row.kind, row.state, row.version, ...json, bytesToFact(row.management)],
  };
}

function isRegistrationAsIntended(
  before: RegistrationFacts | null,
  intended: IntendedRegistration,
  after: RegistrationFacts,
): boolean {
  if (isDeepStrictEqual(before, after)) return true;
  const former = before ?? NEW_REGISTRATION_FACTS;
  return (Object.keys(after) as (keyof RegistrationFacts)[]).every((name) => {
    const to = name in intended ? intended[name] : former[name];
    if (to === ANY_VALUE) return true;
    if (to === SAME_OR_NULL) return after[name] === null || isDeepStrictEqual(former[name], after[name]);
    return isDeepStrictEqual(to, after[name]);
  });
}

/** As the database reads it again. */
export function toJsonValue(value: object): JsonValue {
  return JSON.parse(JSON.stringify(value)) as JsonValue;
}

/**
 * Every change of a relying party goes through here, as those of people do (identityBond.ts).
 * @param intended what the change makes of what stood there; null where it is new @throws RowMacMismatch
 */
export async function changeRegistration<T>(
  db: Queryable,
  clientId: string,
  intended: (before: RegistrationFacts | null) => IntendedRegistration,
  change: (db: Queryable) => Promise<T>,
): Promise<T> {
  if (db.rowAuthenticator.mode === 'read') return await change(db);
  return await runInTransaction(db, async (inner) => {
    await inner.query(LOCK, [clientId]);
    const before = (await inner.query<RegistrationFactsRow>(READ, [clientId])).rows[0];
    if (before)
      assertBound(inner.rowAuthenticator, 'relying party', composeRegistrationMac(clientId, before));
    const result = await change(inner);
    const after = (await inner.query<RegistrationFactsRow>(READ, [clientId])).rows[0];
    if (!after) return result;
    const former = before ? readRegistrationFacts(before) : null;
    const isRight =
      inner.rowAuthenticator.mode !== 'require' ||
      isRegistrationAsIntended(former, intended(former), readRegistrationFacts(after));
    if (!isRight) throw new RowMacMismatch('relying party', clientId);
    await inner.query(BIND, [
      clientId,
      inner.rowAuthenticator.make('relying party', composeRegistrationMac(clientId, after).facts),
    ]);
    return result;
  });
}
