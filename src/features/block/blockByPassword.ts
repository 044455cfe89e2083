/**
 * Blocks with user ID and password only, also while sign-in is locked, on separate counters. Right, wrong and
 * unknown get the same response, in bytes and in time.
 *
 * Attempts count for a name and a network, so that a thief who tries all day keeps no one from blocking. A
 * wide bucket over all networks limits what many networks can guess.
 */
import { readBlockBudget, readLockoutPolicies, readLockStatus } from '../../domain/signIn/lockout.ts';
import { findNarrowestNetwork } from '../../domain/network/networks.ts';
import { cleanTypedPassword } from '../../domain/signIn/password.ts';
import type { BlockTarget } from '../../domain/factors/heldFactors.ts';
import { foldName } from '../../domain/person/userId.ts';
import { enqueueMissedLogouts } from '../../db/oidc/backchannelLogouts.ts';
import type { Queryable } from '../../db/database.ts';
import { findCredentials, type StoredCredentials } from '../../db/people/identities.ts';
import { saveReplayId } from '../../db/oidc/oidcRecords.ts';
import {
  toFullOrThrow,
  recordPublicFormAttempt,
  readPublicFormAttempts,
} from '../../db/signIn/publicFormAttempts.ts';
import type { AttemptVerdict } from '../../db/signIn/attempts.ts';
import { queueWrongAttempt } from '../../db/signIn/networkLevels.ts';
import { blockInTransaction } from '../factors/index.ts';
import { verifyPassword } from '../identity/index.ts';
import {
  composeCounterOwner,
  composePublicFormCounters,
  type PublicFormCounters,
  hashBrowsers,
  hashKnownNetwork,
  isAnyBucketFull,
  recordSignInFailure,
  reportFailedStep,
  runInNetworkTurn,
  toBusyWhenFull,
} from '../authentication/index.ts';
import { respondOnFixedTick } from '../../platform/fixedTick.ts';
import type { AppContext } from '../appContext.ts';

export interface BlockRequest {
  readonly typedName: string;
  readonly password: string;
  readonly what: BlockTarget;
  readonly address: string;
  /** Values of the known-browser cookies. */
  readonly browsers: readonly string[];
  /** Drawn at random by the page for this form: a double-click sends it twice and blocks once. */
  readonly form: string | null;
  /** Aborted when the connection is closed. */
  readonly signal?: AbortSignal;
}

/** A block writes more than a wrong password does. Responses on a fixed tick hide the difference. */
const RESPONSE_TICK_MS = 400;
const DAY_MS = 24 * 3_600_000;

/**
 * `received`: if the password was right, the block holds on every node. `slowed`: too many attempts at this
 * name or from this network; nothing else is revealed. `busy`: nothing was verified or counted.
 */
export type BlockResult = 'received' | 'slowed' | 'busy';

export async function blockByPassword(context: AppContext, request: BlockRequest): Promise<BlockResult> {
  return await respondOnFixedTick(RESPONSE_TICK_MS, () =>
    runInNetworkTurn(context, request, () => verifyAndBlock(context, request)),
  );
}

async function verifyAndBlock(context: AppContext, request: BlockRequest): Promise<BlockResult> {
  const { database, keyring, clock, rules } = context;
  const { offsetMs } = clock;
  const name = foldName(request.typedName);
  const credentials = await findCredentials(
    database,
    name,
    hashBrowsers(context, request.browsers),
    clock.now(),
    hashKnownNetwork(context, request.address),
  );
  const counters = composePublicFormCounters(context, {
    form: 'block',
    budget: readBlockBudget(rules),
    address: request.address,
    foldedName: name,
    credentials,
  });
  const { subject, overall, networks } = counters;

  const buckets = overall ? [overall, ...networks] : networks;
  const { attempts, levels, now } = await readPublicFormAttempts(database, { subject, buckets, offsetMs });
  const state = readLockStatus(attempts, readLockoutPolicies(rules).block, now);
  if (state.kind === 'busy') return 'busy';
  if (state.kind !== 'open' || isAnyBucketFull(buckets, levels)) return 'slowed';

  const password = cleanTypedPassword(request.password, credentials?.isTemporary ?? false);
  const isKnown = (credentials?.knownBrowser ?? null) !== null;
  const stored = {
    identityId: credentials?.identityId ?? null,
    stored: credentials?.passwordHash ?? null,
    isOfLetter: credentials?.isTemporary ?? false,
  };
  const isRight = await toBusyWhenFull(
    verifyPassword(context, stored, password, {
      // Separate from the sign-in's queue: strangers who try there keep no one from blocking.
      identity: keyring
        .hmac('attempts', `block of ${composeCounterOwner(credentials, name)}`)
        .toString('base64url'),
      network: isKnown ? null : findNarrowestNetwork(request.address),
      isKnown,
      signal: request.signal,
    }),
  );
  if (isRight === 'busy') return 'busy';

  const verdict = await recordAndBlock(context, request, counters, isRight ? credentials : null);
  if (verdict === 'busy') return 'busy';
  if (verdict !== 'wrong' && verdict !== 'again') return 'slowed';
  if (isRight && credentials) await enqueueMissedLogouts(database, credentials.identityId);
  if (verdict === 'wrong' && !isRight) {
    const identityId = credentials?.identityId ?? null;
    recordSignInFailure(context, identityId, 'block_password');
    reportFailedStep(context, { step: 'block_password', identityId }, 'wrong');
  }
  // Right passwords count here like wrong ones: otherwise the counters would reveal which was right.
  if (verdict === 'wrong') queueWrongAttempt(database, networks, offsetMs);
  return 'received';
}

/**
 * Records the attempt and blocks, in one transaction. The attempt is always recorded as wrong: the counters
 * must not reveal a right one.
 */
async function recordAndBlock(
  context: AppContext,
  request: BlockRequest,
  { subject, overall }: PublicFormCounters,
  owner: StoredCredentials | null,
): Promise<AttemptVerdict | 'full'> {
  const { database, clock, rules } = context;
  const attempt = {
    subject,
    lockoutPolicy: readLockoutPolicies(rules).block,
    isRight: false,
    form: hashBlockForm(context, request),
    offsetMs: clock.offsetMs,
  };
  const result = database.transaction(async (db) => {
    const verdict = await recordPublicFormAttempt(db, attempt, overall);
    if (verdict !== 'wrong' || !owner || !(await isFirstSubmission(context, db, request))) return verdict;
    const notice = { kind: 'id_blocked', details: { by: 'person' } } as const;
    await blockInTransaction(context, db, owner.identityId, request.what, { by: 'person' }, { notice });
    return verdict;
  });
  return await result.catch(toFullOrThrow);
}

/**
 * Returns false for the second half of a double-click, which would otherwise block the card that is on the
 * way.
 */
async function isFirstSubmission(
  { keyring, clock }: AppContext,
  db: Queryable,
  { form, what }: BlockRequest,
): Promise<boolean> {
  if (form === null) return true;
  const id = keyring.hmac('records', `block form ${form} for ${what}`);
  return await saveReplayId(db, id, new Date(clock.now().getTime() + DAY_MS));
}

/** The same form with the same content, sent again, is one attempt. */
function hashBlockForm(
  { keyring, random }: AppContext,
  { form, typedName, password, what }: BlockRequest,
): Buffer {
  if (form === null) return random.bytes(16);
  const typed = JSON.stringify([form, what, typedName, password]);
  return keyring.hmac('records', `block form v1 ${typed}`).subarray(0, 16);
}
