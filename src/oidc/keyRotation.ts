/**
 * What operators do with signing keys. A key signs only after everybody who has to verify may have seen it: nodes
 * that publish, and relying parties that keep what was published for as long as they were told that they may.
 */
import type { Keyring } from '../platform/keyring.ts';
import type { Database, Queryable } from '../store/database.ts';
import {
  insertSigningKey,
  listSigningKeys,
  promoteSigningKey,
  retireSigningKey,
  withdrawSigningKey,
  type SigningAlgorithm,
  type StoredSigningKey,
} from '../store/signingKeys.ts';
import { makeSigningKey, SIGNING_ALGORITHMS } from './signingKeys.ts';

/** How long a node may still publish the keys of before: it looks once a second (oidc/keyFollower). */
const FOLLOW_SECONDS = 2;

export interface RotationGround {
  readonly database: Database;
  readonly keyring: Keyring;
  /** How long relying parties may keep what they were shown. */
  readonly cachedSeconds: number;
}

/** A key as operators see it: nothing secret. */
export interface ListedSigningKey {
  readonly kid: string;
  readonly alg: SigningAlgorithm;
  readonly state: StoredSigningKey['state'];
  readonly since: Date;
  /** Of a `next`: from when it may sign. */
  readonly maySignFrom: Date | null;
}

export async function showSigningKeys({
  database,
  cachedSeconds,
}: Omit<RotationGround, 'keyring'>): Promise<ListedSigningKey[]> {
  return (await listSigningKeys(database)).map((key) => {
    const { kid, alg, state, since } = key;
    return { kid, alg, state, since, maySignFrom: state === 'next' ? knownFrom(key, cachedSeconds) : null };
  });
}

/** From then on everybody knows it. */
function knownFrom({ since }: StoredSigningKey, cachedSeconds: number): Date {
  return new Date(since.getTime() + (cachedSeconds + FOLLOW_SECONDS) * 1000);
}

export interface Rotated {
  readonly alg: SigningAlgorithm;
  readonly retired: string;
  readonly current: string;
  readonly next: string;
}

export type Rotation =
  /** @property riskUntil when the new keys were not yet known everywhere: until when sign-ins may fail for it. */
  | { readonly kind: 'rotated'; readonly keys: readonly Rotated[]; readonly riskUntil: Date | null }
  | { readonly kind: 'too_early'; readonly from: Date }
  | { readonly kind: 'another_was_first' };

class AnotherWasFirst extends Error {}

/**
 * Current keys retire, the next ones sign, new next ones are published: all of it or nothing. Of two rotations at
 * once the rows let one through.
 * @param now signs at once with keys that not everybody knows yet.
 * @param record writes down that it was done, in its transaction.
 */
export async function rotateSigningKeys(
  { database, keyring, cachedSeconds }: RotationGround,
  { now, record }: { now: boolean; record?: (db: Queryable, keys: object) => Promise<void> },
): Promise<Rotation> {
  const stored = await listSigningKeys(database);
  const pairs = SIGNING_ALGORITHMS.map((alg) => ({
    alg,
    current: find(stored, alg, 'current'),
    next: find(stored, alg, 'next'),
  }));
  // The age is the database's to tell: clocks of operators' machines differ.
  const unknown = pairs.filter(({ next }) => next.ageSeconds < cachedSeconds + FOLLOW_SECONDS);
  const knownAt = unknown.map(({ next }) => knownFrom(next, cachedSeconds));
  const from = knownAt.length > 0 ? new Date(Math.max(...knownAt.map(Number))) : null;
  if (from && !now) return { kind: 'too_early', from };

  const steps = await Promise.all(
    pairs.map(async (pair) => ({ ...pair, made: await makeSigningKey(keyring, pair.alg) })),
  );
  try {
    await database.transaction(async (db) => {
      for (const { current, next, made } of steps) {
        const isOurs =
          (await retireSigningKey(db, current.kid)) &&
          (await promoteSigningKey(db, next.kid)) &&
          (await insertSigningKey(db, 'next', made));
        if (!isOurs) throw new AnotherWasFirst();
      }
      await record?.(db, { now, current: steps.map(({ next }) => next.kid) });
    });
  } catch (error) {
    if (error instanceof AnotherWasFirst) return { kind: 'another_was_first' };
    throw error;
  }
  const keys = steps.map(({ alg, current, next, made }) => {
    return { alg, retired: current.kid, current: next.kid, next: made.kid };
  });
  return { kind: 'rotated', keys, riskUntil: from };
}

function find(
  keys: readonly StoredSigningKey[],
  alg: SigningAlgorithm,
  state: StoredSigningKey['state'],
): StoredSigningKey {
  const found = keys.find((key) => key.alg === alg && key.state === state);
  if (!found) throw new Error(`there is no ${state} signing key for ${alg}`);
  return found;
}

export type Withdrawal =
  | { readonly kind: 'withdrawn' }
  | { readonly kind: 'not_retired'; readonly state: 'current' | 'next' }
  | { readonly kind: 'unknown' };

/** A retired key is deleted: nothing that it signed is believed any more. */
export async function withdrawKey(database: Queryable, kid: string): Promise<Withdrawal> {
  if (await withdrawSigningKey(database, kid)) return { kind: 'withdrawn' };
  const state = (await listSigningKeys(database)).find((key) => key.kid === kid)?.state;
  return state === 'current' || state === 'next' ? { kind: 'not_retired', state } : { kind: 'unknown' };
}
