/**
 * What binds a relying party: kind, state, metadata, and what operators allowed. Its JSON is bound as the
 * database writes it, by its digest.
 */
import { createHash } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import { assertBound, textOf, WrongRow, type Bond } from '../../core/binding/rowMac.ts';
import { sql, sqlPart, type Queryable } from '../database.ts';
import { within } from './identityBond.ts';

export const REGISTRATION_BOND = sqlPart`
    client_id AS bond_id, kind AS bond_kind, state AS bond_state, version AS bond_version, mac AS bond_mac,
    encode(sha256(convert_to(metadata::text, 'UTF8')), 'hex') AS bond_metadata,
    encode(sha256(convert_to(policy::text, 'UTF8')), 'hex') AS bond_policy,
    encode(sha256(convert_to(proposed::text, 'UTF8')), 'hex') AS bond_proposed,
    encode(sha256(convert_to(seen_jwks::text, 'UTF8')), 'hex') AS bond_jwks, management AS bond_management`;

export interface RegistrationBondColumns {
  bond_id: string;
  bond_kind: string;
  bond_state: string;
  bond_version: number;
  bond_mac: Buffer | null;
  bond_metadata: string;
  bond_policy: string | null;
  bond_proposed: string | null;
  bond_jwks: string | null;
  bond_management: Buffer | null;
}

export function registrationBondFromRow(row: RegistrationBondColumns): Bond {
  return {
    mac: row.bond_mac,
    facts: [
      row.bond_id,
      row.bond_kind,
      row.bond_state,
      row.bond_version,
      row.bond_metadata,
      row.bond_policy,
      row.bond_proposed,
      row.bond_jwks,
      textOf(row.bond_management),
    ],
  };
}

/** As the database digests it. */
export function digestOf(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

/** @throws WrongRow */
export function assertRegistrationBound(db: Queryable, row: RegistrationBondColumns): void {
  assertBound(db.macs, 'relying party', registrationBondFromRow(row));
}

const LOCK = sql`SELECT FROM relying_parties WHERE client_id = $1 FOR NO KEY UPDATE`;
const READ = sql`
  SELECT kind, state, version, metadata::text, policy::text, proposed::text, seen_jwks::text, management, mac
  FROM relying_parties WHERE client_id = $1`;
const BIND = sql`UPDATE relying_parties SET mac = $2 WHERE client_id = $1`;

interface Row {
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

type Json = Readonly<Record<string, unknown>>;

/** With its JSON read: numbers, texts and lists of those. */
export interface RegistrationFacts {
  readonly kind: string;
  readonly state: string;
  readonly version: number;
  readonly metadata: Json;
  readonly policy: Json | null;
  readonly proposed: Json | null;
  readonly seenJwks: Json | null;
  readonly management: string | null;
}

/** What came with the token of a registration, whose policy stands elsewhere; and what may be kept or forgotten. */
export const ANY = Symbol('any');
export const KEPT_OR_NONE = Symbol('kept or none');

/** What a change makes of a relying party. */
export type MeantRegistration = {
  readonly [Name in keyof RegistrationFacts]?: RegistrationFacts[Name] | typeof ANY | typeof KEPT_OR_NONE;
};

const NEW: RegistrationFacts = {
  kind: '',
  state: 'active',
  version: 1,
  metadata: {},
  policy: null,
  proposed: null,
  seenJwks: null,
  management: null,
};

function factsFromRow(row: Row): RegistrationFacts {
  const read = (text: string | null) => (text === null ? null : (JSON.parse(text) as Json));
  return {
    kind: row.kind,
    state: row.state,
    version: row.version,
    metadata: JSON.parse(row.metadata) as Json,
    policy: read(row.policy),
    proposed: read(row.proposed),
    seenJwks: read(row.seen_jwks),
    management: textOf(row.management),
  };
}

function bondFromText(clientId: string, row: Row): Bond {
  const digest = (text: string | null) => (text === null ? null : digestOf(text));
  const json = [row.metadata, row.policy, row.proposed, row.seen_jwks].map(digest);
  return {
    mac: row.mac,
    facts: [clientId, row.kind, row.state, row.version, ...json, textOf(row.management)],
  };
}

function isAsMeant(
  before: RegistrationFacts | null,
  meant: MeantRegistration,
  after: RegistrationFacts,
): boolean {
  if (isDeepStrictEqual(before, after)) return true;
  const former = before ?? NEW;
  return (Object.keys(after) as (keyof RegistrationFacts)[]).every((name) => {
    const to = name in meant ? meant[name] : former[name];
    if (to === ANY) return true;
    if (to === KEPT_OR_NONE) return after[name] === null || isDeepStrictEqual(former[name], after[name]);
    return isDeepStrictEqual(to, after[name]);
  });
}

/** As the database reads it again. */
export function asJson(value: object): Json {
  return JSON.parse(JSON.stringify(value)) as Json;
}

/**
 * Every change of a relying party goes through here, as those of people do (identityBond.ts).
 * @param meant what the change makes of what stood there; null where it is new @throws WrongRow
 */
export async function changeRegistration<T>(
  db: Queryable,
  clientId: string,
  meant: (before: RegistrationFacts | null) => MeantRegistration,
  change: (db: Queryable) => Promise<T>,
): Promise<T> {
  if (db.macs.mode === 'read') return await change(db);
  return await within(db, async (inner) => {
    await inner.query(LOCK, [clientId]);
    const before = (await inner.query<Row>(READ, [clientId])).rows[0];
    if (before) assertBound(inner.macs, 'relying party', bondFromText(clientId, before));
    const result = await change(inner);
    const after = (await inner.query<Row>(READ, [clientId])).rows[0];
    if (!after) return result;
    const former = before ? factsFromRow(before) : null;
    const isRight = inner.macs.mode !== 'require' || isAsMeant(former, meant(former), factsFromRow(after));
    if (!isRight) throw new WrongRow('relying party', clientId);
    await inner.query(BIND, [
      clientId,
      inner.macs.make('relying party', bondFromText(clientId, after).facts),
    ]);
    return result;
  });
}
