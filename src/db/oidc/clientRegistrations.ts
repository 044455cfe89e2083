/**
 * The registrations of relying parties. Each change is one statement with its audit event, and increments the
 * version, by which every node detects the change.
 */
import { bytesToFact } from '../../domain/rowMac.ts';
import { policySchema, type ClientPolicy } from '../../domain/relyingParty/policy.ts';
import { readStoredRelyingParty, type RelyingParty } from '../../domain/relyingParty/relyingParty.ts';
import {
  ANY_VALUE,
  toJsonValue,
  assertRegistrationBound,
  changeRegistration,
  SAME_OR_NULL,
  REGISTRATION_MAC_COLUMNS,
  type IntendedRegistration,
  type RegistrationMacColumns,
  type RegistrationFacts,
} from '../binding/registrationMac.ts';
import { sql, type Queryable, type Statement } from '../database.ts';

export type ClientRegistrationState = 'pending' | 'active' | 'removed';

/** A relying party with everything that operators see of it. */
export interface ClientRegistration {
  readonly rp: RelyingParty;
  readonly state: ClientRegistrationState;
  readonly policy: ClientPolicy | null;
  /** A change that waits for an operator; `rp` stays in effect until then. */
  readonly proposed: RelyingParty | null;
  readonly version: number;
  readonly createdAt: Date;
}

interface ClientRegistrationRow {
  readonly metadata: unknown;
  readonly state: ClientRegistrationState;
  readonly policy: unknown;
  readonly proposed: unknown;
  readonly version: number;
  readonly created_at: Date;
}

function readRegistrationRow(row: ClientRegistrationRow): ClientRegistration {
  return {
    rp: readStoredRelyingParty(row.metadata),
    state: row.state,
    policy: row.policy === null ? null : policySchema.parse(row.policy),
    proposed: row.proposed === null ? null : readStoredRelyingParty(row.proposed),
    version: row.version,
    createdAt: row.created_at,
  };
}

const FIND = sql`
  SELECT metadata, state, policy, proposed, version, created_at, ${REGISTRATION_MAC_COLUMNS} FROM relying_parties
  WHERE client_id = $1 AND state <> 'removed'`;

export async function findClientRegistration(
  db: Queryable,
  clientId: string,
): Promise<ClientRegistration | null> {
  const { rows } = await db.query<ClientRegistrationRow & RegistrationMacColumns>(FIND, [clientId]);
  if (!rows[0]) return null;
  assertRegistrationBound(db, rows[0]);
  return readRegistrationRow(rows[0]);
}

/**
 * Runs a change of a registration with its row MAC.
 * @returns the number of affected rows
 * @throws RowMacMismatch
 */
async function runRegistrationChange(
  db: Queryable,
  clientId: string,
  intended: (before: RegistrationFacts | null) => IntendedRegistration,
  [statement, values]: readonly [Statement, readonly unknown[]],
): Promise<number> {
  return (await changeRegistration(db, clientId, intended, (inner) => inner.query(statement, values)))
    .rowCount;
}

const nextVersion = (before: RegistrationFacts | null) => ({ version: (before?.version ?? 0) + 1 });

const LIST = sql`
  SELECT metadata, state, policy, proposed, version, created_at FROM relying_parties
  WHERE state <> 'removed' ORDER BY state DESC, client_id LIMIT 10000`;

export async function listClientRegistrations(db: Queryable): Promise<ClientRegistration[]> {
  return (await db.query<ClientRegistrationRow>(LIST)).rows.map(readRegistrationRow);
}

const ADD = sql`
  WITH added AS (
    INSERT INTO relying_parties (client_id, kind, metadata) VALUES ($1, $2, $3::jsonb)
    ON CONFLICT DO NOTHING RETURNING client_id),
  noted AS (
    INSERT INTO audit_events (kind, identity_id, details)
    SELECT 'relying_party_added', NULL, jsonb_build_object('clientId', client_id) FROM added)
  SELECT client_id FROM added`;

/** Adds a relying party by an operator. @returns false if the id was ever in use */
export async function addRelyingParty(db: Queryable, rp: RelyingParty): Promise<boolean> {
  const values = [rp.client_id, rp.kind, JSON.stringify(rp)];
  const intended = { kind: rp.kind, metadata: toJsonValue(rp) };
  return (await runRegistrationChange(db, rp.client_id, () => intended, [ADD, values])) === 1;
}

const REGISTER = sql`
  WITH used AS (
    UPDATE initial_access_tokens SET used_at = now(), client_id = $2
    WHERE id = $1 AND used_at IS NULL AND expires_at > now() RETURNING policy),
  added AS (
    INSERT INTO relying_parties (client_id, kind, metadata, policy, state)
    SELECT $2, $3, $4::jsonb, policy, $5 FROM used RETURNING client_id),
  noted AS (
    INSERT INTO audit_events (kind, identity_id, details)
    SELECT 'relying_party_registered', NULL, jsonb_build_object('clientId', client_id) FROM added)
  SELECT client_id FROM added`;

/**
 * Registers a relying party by its own request, and consumes its initial access token.
 * @returns false if the token was used before or has expired
 */
export async function registerRelyingParty(
  db: Queryable,
  tokenId: Buffer,
  rp: RelyingParty,
  state: 'pending' | 'active',
): Promise<boolean> {
  const values = [tokenId, rp.client_id, rp.kind, JSON.stringify(rp), state];
  const intended = { kind: rp.kind, metadata: toJsonValue(rp), policy: ANY_VALUE, state } as const;
  return (await runRegistrationChange(db, rp.client_id, () => intended, [REGISTER, values])) === 1;
}

const CHANGE = sql`
  WITH changed AS (
    UPDATE relying_parties SET
      metadata = $3::jsonb, kind = $3::jsonb ->> 'kind', proposed = $4::jsonb,
      policy = CASE WHEN policy IS NULL THEN NULL ELSE coalesce($5::jsonb, policy) END,
      seen_jwks = CASE WHEN metadata -> 'jwks_uri' IS NOT DISTINCT FROM $3::jsonb -> 'jwks_uri' THEN seen_jwks END,
      version = version + 1
    WHERE client_id = $1 AND version = $2 AND state <> 'removed' RETURNING client_id),
  noted AS (
    INSERT INTO audit_events (kind, identity_id, details)
    SELECT 'relying_party_changed', NULL, jsonb_build_object('clientId', client_id, 'proposed', $4::jsonb IS NOT NULL) FROM changed)
  SELECT client_id FROM changed`;

export interface ClientRegistrationChange {
  /** The registration from now on. */
  readonly rp: RelyingParty;
  /** The version that was read: exactly one of two concurrent changes succeeds. */
  readonly version: number;
  /** The change that waits for an operator; it replaces one that waited before. */
  readonly proposed: RelyingParty | null;
  /**
   * The new limits of the registration; null keeps them. Only for a relying party that manages its
   * registration itself.
   */
  readonly policy: ClientPolicy | null;
}

/** @returns false when the registration was changed concurrently */
export async function changeRelyingParty(db: Queryable, to: ClientRegistrationChange): Promise<boolean> {
  const { rp, version, proposed, policy } = to;
  const json = (value: object | null) => (value === null ? null : JSON.stringify(value));
  const values = [rp.client_id, version, json(rp), json(proposed), json(policy)];
  const intended = (before: RegistrationFacts | null): IntendedRegistration => ({
    ...nextVersion(before),
    kind: rp.kind,
    metadata: toJsonValue(rp),
    proposed: proposed && toJsonValue(proposed),
    seenJwks: SAME_OR_NULL,
    ...(policy && before?.policy ? { policy: toJsonValue(policy) } : {}),
  });
  return (await runRegistrationChange(db, rp.client_id, intended, [CHANGE, values])) === 1;
}

const APPROVE = sql`
  WITH approved AS (
    UPDATE relying_parties SET
      metadata = coalesce(proposed, metadata) || $3::jsonb, proposed = NULL, state = 'active', version = version + 1,
      seen_jwks = CASE WHEN metadata -> 'jwks_uri' IS NOT DISTINCT FROM coalesce(proposed, metadata) -> 'jwks_uri'
        THEN seen_jwks END
    WHERE client_id = $1 AND version = $2 AND (state = 'pending' OR proposed IS NOT NULL) RETURNING client_id),
  noted AS (
    INSERT INTO audit_events (kind, identity_id, details)
    SELECT 'relying_party_approved', NULL, jsonb_build_object('clientId', client_id, 'version', $2::integer) FROM approved)
  SELECT client_id FROM approved`;

/**
 * Approves what the registration proposes at that version only.
 * @param logo replaces the logo of the registration
 */
export async function approveRelyingParty(
  db: Queryable,
  clientId: string,
  version: number,
  logo: string | null,
): Promise<boolean> {
  const added = logo === null ? {} : { logo };
  const intended = (before: RegistrationFacts | null): IntendedRegistration => ({
    ...nextVersion(before),
    metadata: { ...(before?.proposed ?? before?.metadata), ...added },
    proposed: null,
    state: 'active',
    seenJwks: SAME_OR_NULL,
  });
  return (
    (await runRegistrationChange(db, clientId, intended, [
      APPROVE,
      [clientId, version, JSON.stringify(added)],
    ])) === 1
  );
}

const ROTATE_SECRET = sql`
  WITH rotated AS (
    UPDATE relying_parties SET
      metadata = metadata || jsonb_build_object('client_secret', $2::text),
      proposed = CASE WHEN proposed ? 'client_secret'
        THEN proposed || jsonb_build_object('client_secret', $2::text) ELSE proposed END,
      version = version + 1
    WHERE client_id = $1 AND metadata ? 'client_secret' AND state <> 'removed' AND kind <> 'internal'
    RETURNING client_id),
  noted AS (
    INSERT INTO audit_events (kind, identity_id, details)
    SELECT 'relying_party_secret_rotated', NULL, jsonb_build_object('clientId', client_id) FROM rotated)
  SELECT client_id FROM rotated`;

/**
 * Replaces the client secret; the old one is no longer valid.
 * @returns false if the relying party has none, or is a first-party client
 */
export async function rotateClientSecret(
  db: Queryable,
  clientId: string,
  secretHash: string,
): Promise<boolean> {
  const secret = { client_secret: secretHash };
  const intended = (before: RegistrationFacts | null): IntendedRegistration => {
    const proposed = before?.proposed ?? null;
    return {
      ...nextVersion(before),
      metadata: { ...before?.metadata, ...secret },
      proposed: proposed && 'client_secret' in proposed ? { ...proposed, ...secret } : proposed,
    };
  };
  return (await runRegistrationChange(db, clientId, intended, [ROTATE_SECRET, [clientId, secretHash]])) === 1;
}

const REMOVE = sql`
  WITH removed AS (
    UPDATE relying_parties SET
      state = 'removed', metadata = metadata - 'client_secret' - 'jwks' - 'jwks_uri', proposed = NULL,
      management = NULL, seen_jwks = NULL, version = version + 1
    WHERE client_id = $1 AND state <> 'removed' AND kind <> 'internal' RETURNING client_id),
  ended AS (
    UPDATE oidc_records r SET ended_at = now() FROM removed
    WHERE r.client_id = removed.client_id AND r.ended_at IS NULL AND r.model <> 'Session'),
  noted AS (
    INSERT INTO audit_events (kind, identity_id, details)
    SELECT 'relying_party_removed', NULL, jsonb_build_object('clientId', client_id) FROM removed)
  SELECT client_id FROM removed`;

/**
 * Removes a relying party with its grants and tokens. Its row stays, without secrets: people's logs name it,
 * and its id is never given to another.
 */
export async function removeRelyingParty(db: Queryable, clientId: string): Promise<boolean> {
  const intended = (before: RegistrationFacts | null): IntendedRegistration => {
    const { client_secret: _secret, jwks: _jwks, jwks_uri: _uri, ...metadata } = { ...before?.metadata };
    const nothing = { proposed: null, management: null, seenJwks: null };
    return { ...nextVersion(before), ...nothing, metadata, state: 'removed' };
  };
  return (await runRegistrationChange(db, clientId, intended, [REMOVE, [clientId]])) === 1;
}

const SAVE_MANAGEMENT = sql`
  UPDATE relying_parties SET management = $2 WHERE client_id = $1 AND state <> 'removed'`;

export async function saveManagementToken(
  db: Queryable,
  clientId: string,
  management: Buffer,
): Promise<void> {
  const intended = { management: bytesToFact(management) };
  await runRegistrationChange(db, clientId, () => intended, [SAVE_MANAGEMENT, [clientId, management]]);
}

const FIND_MANAGED = sql`SELECT client_id FROM relying_parties WHERE management = $1 AND state <> 'removed'`;

/** Finds the relying party whose registration this management token manages. */
export async function findManagedClient(db: Queryable, management: Buffer): Promise<string | null> {
  const { rows } = await db.query<{ client_id: string }>(FIND_MANAGED, [management]);
  return rows[0]?.client_id ?? null;
}
