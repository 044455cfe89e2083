/**
 * Commands of operators on signing keys. A key signs only after every verifier may have seen it: the nodes,
 * which publish it, and the relying parties, which may use a cached key set for as long as its
 * `Cache-Control` allows.
 */
import type { Keyring } from '../../platform/keyring.ts';
import type { Database, Queryable } from '../../db/database.ts';
import {
  insertSigningKey,
  listSigningKeys,
  promoteSigningKey,
  retireSigningKey,
  withdrawSigningKey,
  type SigningKeyAlgorithm,
  type StoredSigningKey,
} from './signingKeys.queries.ts';
import { assertSigningKeyOpens, generateSigningKey, SIGNING_ALGORITHMS } from './signingKeys.ts';

/**
 * The longest time for which a node may still publish the previous keys: it checks once a second
 * (oidc/keys/signingKeyWatcher.ts).
 */
const WATCH_SECONDS = 2;

export interface SigningKeyRotationDeps {
  readonly database: Database;
  readonly keyring: Keyring;
  /** How long relying parties may cache the published key set. */
  readonly cachedSeconds: number;
}

/** A signing key as operators see it. It contains nothing secret. */
export interface ListedSigningKey {
  readonly kid: string;
  readonly alg: SigningKeyAlgorithm;
  readonly state: StoredSigningKey['state'];
  readonly since: Date;
  /** When a `next` key may begin to sign; null in the other states. */
  readonly maySignFrom: Date | null;
}

export async function listSigningKeysForOperators({
  database,
  cachedSeconds,
}: Omit<SigningKeyRotationDeps, 'keyring'>): Promise<ListedSigningKey[]> {
  return (await listSigningKeys(database)).map((key) => {
    const { kid, alg, state, since } = key;
    return {
      kid,
      alg,
      state,
      since,
      maySignFrom: state === 'next' ? readPublicationTime(key, cachedSeconds) : null,
    };
  });
}

/** The time from which every node and relying party knows the key. */
function readPublicationTime({ since }: StoredSigningKey, cachedSeconds: number): Date {
  return new Date(since.getTime() + (cachedSeconds + WATCH_SECONDS) * 1000);
}

export interface RotatedSigningKey {
  readonly alg: SigningKeyAlgorithm;
  readonly retired: string;
  readonly current: string;
  readonly next: string;
}

export type SigningKeyRotation =
  /**
   * @property riskUntil set when the new keys were not yet known everywhere: sign-ins may fail until then.
   */
  | { readonly kind: 'rotated'; readonly keys: readonly RotatedSigningKey[]; readonly riskUntil: Date | null }
  | { readonly kind: 'too_early'; readonly from: Date }
  | { readonly kind: 'another_was_first' };

class ConcurrentRotationError extends Error {}

/**
 * Retires the current keys, promotes the next ones and publishes new next ones, in one transaction. When two
 * rotations run concurrently, the affected rows let exactly one through.
 * @param now signs immediately, also with keys that are not known everywhere yet.
 * @param record writes the audit record of the rotation, in the same transaction.
 * @throws Error when an algorithm has no `current` or no `next` key, or a `next` key is damaged
 */
export async function rotateSigningKeys(
  { database, keyring, cachedSeconds }: SigningKeyRotationDeps,
  { now, record }: { now: boolean; record?: (db: Queryable, keys: object) => Promise<void> },
): Promise<SigningKeyRotation> {
  const stored = await listSigningKeys(database);
  const pairs = SIGNING_ALGORITHMS.map((alg) => ({
    alg,
    current: findSigningKey(stored, alg, 'current'),
    next: findSigningKey(stored, alg, 'next'),
  }));
  // A key that no node could sign with must not become the current one.
  for (const { next } of pairs) assertSigningKeyOpens(keyring, next);
  // The database measures the age, because the clocks of operators' machines differ.
  const unknown = pairs.filter(({ next }) => next.ageSeconds < cachedSeconds + WATCH_SECONDS);
  const knownAt = unknown.map(({ next }) => readPublicationTime(next, cachedSeconds));
  const from = knownAt.length > 0 ? new Date(Math.max(...knownAt.map(Number))) : null;
  if (from && !now) return { kind: 'too_early', from };

  const steps = await Promise.all(
    pairs.map(async (pair) => ({ ...pair, made: await generateSigningKey(keyring, pair.alg) })),
  );
  try {
    await database.transaction(async (db) => {
      for (const { current, next, made } of steps) {
        const isWinner =
          (await retireSigningKey(db, current.kid)) &&
          (await promoteSigningKey(db, next.kid)) &&
          (await insertSigningKey(db, 'next', made));
        if (!isWinner) throw new ConcurrentRotationError();
      }
      await record?.(db, { now, current: steps.map(({ next }) => next.kid) });
    });
  } catch (error) {
    if (error instanceof ConcurrentRotationError) return { kind: 'another_was_first' };
    throw error;
  }
  const keys = steps.map(({ alg, current, next, made }) => {
    return { alg, retired: current.kid, current: next.kid, next: made.kid };
  });
  return { kind: 'rotated', keys, riskUntil: from };
}

function findSigningKey(
  keys: readonly StoredSigningKey[],
  alg: SigningKeyAlgorithm,
  state: StoredSigningKey['state'],
): StoredSigningKey {
  const found = keys.find((key) => key.alg === alg && key.state === state);
  if (!found) throw new Error(`there is no ${state} signing key for ${alg}`);
  return found;
}

export type SigningKeyWithdrawal =
  | { readonly kind: 'withdrawn' }
  | { readonly kind: 'not_retired'; readonly state: 'current' | 'next' }
  | { readonly kind: 'unknown' };

/** Deletes a retired key. What it signed no longer verifies. */
export async function withdrawRetiredSigningKey(
  database: Queryable,
  kid: string,
): Promise<SigningKeyWithdrawal> {
  if (await withdrawSigningKey(database, kid)) return { kind: 'withdrawn' };
  const state = (await listSigningKeys(database)).find((key) => key.kid === kid)?.state;
  return state === 'current' || state === 'next' ? { kind: 'not_retired', state } : { kind: 'unknown' };
}
