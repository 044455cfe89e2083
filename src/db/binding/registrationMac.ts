/**
 * The row MAC of a relying party: it covers kind, state, metadata, and what operators allowed. JSON columns
 * are covered by the digest of their text as the database prints it.
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

/** The digest that the database computes of a JSON column. */
export function hashText(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

/** Verifies the row's MAC. @throws RowMacMismatch */
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

/** The facts with their JSON parsed. */
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

/**
 * Stand for values that `intended` cannot know. `ANY_VALUE`: the policy of a new registration is copied from
 * its initial access token in the database. `SAME_OR_NULL`: the change keeps the value or clears it.
 */
export const ANY_VALUE = Symbol('any');
export const SAME_OR_NULL = Symbol('kept or none');

/** The facts of a relying party that a change sets, with their new values. */
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
  const previous = before ?? NEW_REGISTRATION_FACTS;
  return (Object.keys(after) as (keyof RegistrationFacts)[]).every((name) => {
    const expected = name in intended ? intended[name] : previous[name];
    if (expected === ANY_VALUE) return true;
    if (expected === SAME_OR_NULL)
      return after[name] === null || isDeepStrictEqual(previous[name], after[name]);
    return isDeepStrictEqual(expected, after[name]);
  });
}

/** The value as it is after a round trip through the database. */
export function toJsonValue(value: object): JsonValue {
  return JSON.parse(JSON.stringify(value)) as JsonValue;
}

/**
 * Changes a relying party; every change goes through here, as changes of identities do (identityMac.ts).
 * @param intended gets the facts before the change, null for a new relying party
 * @throws RowMacMismatch
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
    const previous = before ? readRegistrationFacts(before) : null;
    const isRight =
      inner.rowAuthenticator.mode !== 'require' ||
      isRegistrationAsIntended(previous, intended(previous), readRegistrationFacts(after));
    if (!isRight) throw new RowMacMismatch('relying party', clientId);
    await inner.query(BIND, [
      clientId,
      inner.rowAuthenticator.make('relying party', composeRegistrationMac(clientId, after).facts),
    ]);
    return result;
  });
}
