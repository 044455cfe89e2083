/**
 * What operators do with signing keys. A key signs only after everybody who has to verify may have seen it: nodes
 * that publish, and relying parties that keep what was published for as long as they were told that they may.
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
import { generateSigningKey, SIGNING_ALGORITHMS } from './signingKeys.ts';

/** How long a node may still publish the keys of before: it looks once a second (oidc/keyFollower). */
const WATCH_SECONDS = 2;

export interface SigningKeyRotationDeps {
  readonly database: Database;
  readonly keyring: Keyring;
  /** How long relying parties may keep what they were shown. */
  readonly cachedSeconds: number;
}

/** A key as operators see it: nothing secret. */
export interface ListedSigningKey {
  readonly kid: string;
  readonly alg: SigningKeyAlgorithm;
  readonly state: StoredSigningKey['state'];
  readonly since: Date;
  /** Of a `next`: from when it may sign. */
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

/** From then on everybody knows it. */
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
  /** @property riskUntil when the new keys were not yet known everywhere: until when sign-ins may fail for it. */
  | { readonly kind: 'rotated'; readonly keys: readonly RotatedSigningKey[]; readonly riskUntil: Date | null }
  | { readonly kind: 'too_early'; readonly from: Date }
  | { readonly kind: 'another_was_first' };

class ConcurrentRotationError extends Error {}

/**
 * Current keys retire, the next ones sign, new next ones are published: all of it or nothing. Of two rotations at
 * once the rows let one through.
 * @param now signs at once with keys that not everybody knows yet.
 * @param record writes down that it was done, in its transaction.
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
  // The age is the database's to tell: clocks of operators' machines differ.
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
        const isOurs =
          (await retireSigningKey(db, current.kid)) &&
          (await promoteSigningKey(db, next.kid)) &&
          (await insertSigningKey(db, 'next', made));
        if (!isOurs) throw new ConcurrentRotationError();
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

/** A retired key is deleted: nothing that it signed is believed any more. */
export async function withdrawRetiredSigningKey(
  database: Queryable,
  kid: string,
): Promise<SigningKeyWithdrawal> {
  if (await withdrawSigningKey(database, kid)) return { kind: 'withdrawn' };
  const state = (await listSigningKeys(database)).find((key) => key.kid === kid)?.state;
  return state === 'current' || state === 'next' ? { kind: 'not_retired', state } : { kind: 'unknown' };
}
