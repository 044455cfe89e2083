/**
 * A key given for a new password. A right one is spent together with the order of a letter to the registered
 * address; nothing else follows, and the password that the person has stays as it is. Right, wrong and
 * unknown get the same response, in bytes and in time.
 *
 * Wrong keys count here only: they touch neither the keys of a sign-in nor the card.
 */
import { foldName } from '../../domain/person/userId.ts';
import { isRightKey, parseKey } from '../../domain/card/keyCard.ts';
import type { RequestSource } from '../../domain/clientContext.ts';
import { findNarrowestNetwork } from '../../domain/network/networks.ts';
import { readLockoutPolicies, readLockStatus, readNewPasswordBudget } from '../../domain/signIn/lockout.ts';
import type { Queryable } from '../../db/database.ts';
import { findCredentials, type StoredCredentials } from '../../db/people/identities.ts';
import type { AttemptVerdict } from '../../db/signIn/attempts.ts';
import { queueWrongAttempt } from '../../db/signIn/networkLevels.ts';
import {
  isFormDecided,
  readPublicFormAttempts,
  recordPublicFormAttempt,
  toFullOrThrow,
} from '../../db/signIn/publicFormAttempts.ts';
import {
  composeCounterOwner,
  composePublicFormCounters,
  hashBrowsers,
  hashKnownNetwork,
  isAnyBucketFull,
  recordSignInFailure,
  reportFailedStep,
  runInNetworkTurn,
  toBusyWhenFull,
  type PublicFormCounters,
} from '../authentication/index.ts';
import { preparePasswordLetter } from '../identity/index.ts';
import { respondOnFixedTick } from '../../platform/fixedTick.ts';
import type { AppContext } from '../appContext.ts';
import { findNewPasswordKey } from './findNewPasswordKey.ts';
import { countLook } from './lookBudget.ts';
import { orderNewPassword } from './orderNewPassword.ts';

export interface SubmittedNewPasswordKey {
  readonly typedName: string;
  /** The key number as the page showed it. */
  readonly keyNumber: string;
  readonly key: string;
  readonly source: RequestSource;
  /** Values of the known-browser cookies. */
  readonly browsers: readonly string[];
  /** Drawn at random by the page for this form: sent twice, it is one attempt. */
  readonly form: string | null;
  /** Aborted when the connection is closed. */
  readonly signal?: AbortSignal;
}

/**
 * `received`: if the key was right, a letter is ordered. `slowed`: too many wrong keys for this name or from
 * this network. `busy`: nothing was compared or counted. `malformed`, `stale`: nothing was compared either,
 * and the page asks for this key.
 */
export type NewPasswordResult =
  | 'received'
  | 'slowed'
  | 'busy'
  | { readonly error: 'malformed' | 'stale'; readonly keyNumber: string };

/** An order writes more than a wrong key does. Responses on a fixed tick hide the difference. */
const RESPONSE_TICK_MS = 400;

/** @throws DatabaseUnavailable: the same form may be sent again, and is decided once */
export async function submitNewPasswordKey(
  context: AppContext,
  submitted: SubmittedNewPasswordKey,
): Promise<NewPasswordResult> {
  const { source, signal } = submitted;
  const turn = { address: source.address, ...(signal && { signal }) };
  return await respondOnFixedTick(RESPONSE_TICK_MS, () =>
    runInNetworkTurn(context, turn, () => verifyKeyAndOrder(context, submitted)),
  );
}

async function verifyKeyAndOrder(
  context: AppContext,
  submitted: SubmittedNewPasswordKey,
): Promise<NewPasswordResult> {
  const { database, clock, random, rules } = context;
  const { offsetMs } = clock;
  const { address } = submitted.source;
  const foldedName = foldName(submitted.typedName);
  const asked = await findNewPasswordKey(context, foldedName);
  const { keyNumber } = asked;
  const typed = parseKey(submitted.key);
  const isStale = submitted.keyNumber !== keyNumber;
  // The page shows a number that was not on the one that was sent: a look, as with a name.
  if (isStale && !(await countLook(context, address))) return 'slowed';
  if (typed === null) return { error: 'malformed', keyNumber };
  if (isStale) return { error: 'stale', keyNumber };

  const credentials = await findOwner(context, submitted, foldedName);
  const budget = readNewPasswordBudget(rules);
  const owner = { address, foldedName, credentials };
  const counters = composePublicFormCounters(context, { form: 'new password', budget, ...owner });
  const { subject, overall, networks } = counters;
  const buckets = overall ? [overall, ...networks] : networks;
  const { attempts, levels, now } = await readPublicFormAttempts(database, { subject, buckets, offsetMs });
  const state = readLockStatus(attempts, readLockoutPolicies(rules).newPassword, now);
  if (state.kind === 'busy') return 'busy';
  const formHash = hashForm(context, submitted);
  if (state.kind !== 'open' || isAnyBucketFull(buckets, levels))
    return (await isFormDecided(database, subject, formHash)) ? 'received' : 'slowed';

  // Prepared for every name and every key: a hash takes the longest of all that a right one leads to.
  const isKnown = (credentials?.knownBrowser ?? null) !== null;
  const letter = await toBusyWhenFull(
    preparePasswordLetter(context, asked.of?.card.identityId ?? random.uuid(), {
      identity: hashOwner(context, credentials, foldedName),
      network: isKnown ? null : findNarrowestNetwork(address),
      isKnown,
      signal: submitted.signal,
    }),
  );
  if (letter === 'busy') return 'busy';

  const isRight = isRightKey(typed, asked.key) && asked.of !== null;
  const verdict = await recordAndOrder(context, formHash, counters, async (db) => {
    if (isRight && asked.of)
      await orderNewPassword(context, db, { ...asked.of, letter, source: submitted.source });
  });
  if (verdict === 'busy') return 'busy';
  if (verdict !== 'wrong' && verdict !== 'again') return 'slowed';
  if (verdict === 'wrong') {
    // Right keys count like wrong ones: otherwise the counters would reveal which was right.
    queueWrongAttempt(database, networks, offsetMs);
    if (!isRight) reportWrongKey(context, credentials?.identityId ?? null);
  }
  return 'received';
}

async function findOwner(
  context: AppContext,
  { browsers, source }: SubmittedNewPasswordKey,
  foldedName: string,
): Promise<StoredCredentials | null> {
  const { database, clock } = context;
  const network = hashKnownNetwork(context, source.address);
  return await findCredentials(database, foldedName, hashBrowsers(context, browsers), clock.now(), network);
}

/** Separate from the sign-in's queue: strangers who try there keep no one from this page. */
function hashOwner({ keyring }: AppContext, credentials: StoredCredentials | null, foldedName: string) {
  const owner = composeCounterOwner(credentials, foldedName);
  return keyring.hmac('attempts', `new password of ${owner}`).toString('base64url');
}

/** Records the attempt, always as a wrong one, and what follows, in one transaction. */
async function recordAndOrder(
  context: AppContext,
  form: Buffer,
  { subject, overall }: PublicFormCounters,
  order: (db: Queryable) => Promise<void>,
): Promise<AttemptVerdict | 'full'> {
  const { database, clock, rules } = context;
  const attempt = {
    subject,
    lockoutPolicy: readLockoutPolicies(rules).newPassword,
    isRight: false,
    form,
    offsetMs: clock.offsetMs,
  };
  const result = database.transaction(async (db) => {
    const verdict = await recordPublicFormAttempt(db, attempt, overall);
    if (verdict === 'wrong') await order(db);
    return verdict;
  });
  return await result.catch(toFullOrThrow);
}

/** The same form with the same content, sent again, is one attempt. */
function hashForm({ keyring, random }: AppContext, submitted: SubmittedNewPasswordKey): Buffer {
  const { form, typedName, keyNumber, key } = submitted;
  if (form === null) return random.bytes(16);
  const typed = JSON.stringify([form, typedName, keyNumber, key]);
  return keyring.hmac('records', `new password form v1 ${typed}`).subarray(0, 16);
}

/**
 * Counted as a wrong key for the person's log: the version before, which may run beside this one or after it,
 * cannot write a log with `new_password_key`. The next version may count it as that.
 */
function reportWrongKey(context: AppContext, identityId: string | null): void {
  recordSignInFailure(context, identityId, 'key');
  reportFailedStep(context, { step: 'new_password_key', identityId }, 'wrong');
}
