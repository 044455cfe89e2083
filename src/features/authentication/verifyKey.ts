/**
 * Verifies a key from a card: reads the attempts, compares the key, and records the attempt together with its
 * consequences, which the caller supplies. Wrong keys count for the identity, regardless of the card.
 */
import { isRightKey, parseKey, type KeyCard } from '../../domain/card/keyCard.ts';
import {
  isFollowUpPending,
  readLockoutPolicies,
  readLockStatus,
  type Attempts,
  type LockoutPolicy,
  type FailureCounts,
} from '../../domain/signIn/lockout.ts';
import type { AtRelyingParty, FailedStep } from '../../domain/securityEvent.ts';
import type { FailureKind } from '../../domain/signIn/failure.ts';
import type { SignInOutcome } from '../../domain/signIn/signIn.ts';
import type { Queryable } from '../../db/database.ts';
import {
  recordAttempt,
  readAttempts,
  type AttemptResult,
  type LockNotice,
  type AttemptToRecord,
} from '../../db/signIn/attempts.ts';
import { blockTarget } from '../factors/index.ts';
import { BY_SYSTEM, readKeyAt, readKeyNumberAt } from '../identity/index.ts';
import type { AppContext } from '../appContext.ts';
import { recordSignInFailure } from './failures.ts';
import { reportAttempt, reportFailedStep, type AttemptedStep } from './reportAttempt.ts';
import { hashKeySubject } from './attemptSubjectHashes.ts';

/** The card number and key number as the page showed them, and what was typed. */
export interface SubmittedCardKey {
  readonly cardNumber: string;
  readonly keyNumber: string;
  readonly key: string;
}

export interface RequestedKey {
  readonly card: KeyCard;
  readonly position: number;
  readonly key: string;
}

/** Returns the requested key, or null when the submitted page did not show the current challenge. */
export function findRequestedKey(
  context: AppContext,
  card: KeyCard,
  submitted: SubmittedCardKey,
): RequestedKey | null {
  const { challenge: position } = card;
  if (position === null || submitted.cardNumber !== card.cardNumber) return null;
  if (submitted.keyNumber !== readKeyNumberAt(context, card, position)) return null;
  return { card, position, key: readKeyAt(context, card, position) };
}

/** Everything that the verification needs. The comparison itself comes last. */
export interface KeyToVerify {
  readonly identityId: string;
  readonly asked: RequestedKey;
  readonly typed: string;
  readonly attempt: Omit<AttemptToRecord, 'isRight'>;
  readonly notice: LockNotice;
  /** The kind under which a wrong key is counted. */
  readonly failure: FailureKind;
  readonly step: AttemptedStep;
}

interface KeySubmission {
  readonly identityId: string;
  readonly asked: RequestedKey;
  readonly key: string;
  readonly form: Buffer;
  readonly failure?: FailureKind;
  /** As which it is reported, where that is not the kind of failure. */
  readonly step?: FailedStep;
  readonly at?: AtRelyingParty;
}

/** An attempt at a key or a code, which count together. */
export type SharedAttempt = Omit<KeyToVerify, 'asked' | 'typed'>;

interface SharedSubmission {
  readonly identityId: string;
  /** The card in use, if any. */
  readonly card: KeyCard | null;
  /** As in `prepareKeyAttempt`. */
  readonly form: Buffer;
  readonly failure: FailureKind;
  readonly step: FailedStep;
  readonly at?: AtRelyingParty | undefined;
}

interface LoadedAttempts {
  readonly subject: Buffer | null;
  readonly attempts: Attempts | null;
  readonly now: Date;
}

/**
 * Reads the attempts, before anything is compared.
 * @returns an outcome when nothing may be compared; `busy` while nodes of the previous version have all
 *   attempts in flight
 */
export async function prepareSharedAttempt(
  context: AppContext,
  { identityId, card, form, failure, step: named, at }: SharedSubmission,
  loaded?: LoadedAttempts,
): Promise<SharedAttempt | Extract<SignInOutcome, { kind: 'locked' | 'card_blocked' }> | 'busy'> {
  const { database, clock, random } = context;
  const step = { step: named, identityId, at };
  const lockoutPolicy = readLockoutPolicies(context.rules).key;
  const subject = loaded?.subject ?? hashKeySubject(context, identityId);
  const current = loaded?.subject ? loaded : await readAttempts(database, subject);
  const now = new Date(current.now.getTime() + clock.offsetMs);
  const state = readLockStatus(current.attempts, lockoutPolicy, now);
  switch (state.kind) {
    case 'open':
      return {
        identityId,
        attempt: { subject, lockoutPolicy, form, offsetMs: clock.offsetMs },
        notice: { identityId, noticeId: random.uuid(), locked: 'keys_locked', exhausted: null },
        failure,
        step,
      };
    case 'busy':
      reportFailedStep(context, step, 'refused');
      return 'busy';
    case 'locked':
      reportFailedStep(context, step, 'locked');
      return { kind: 'locked', step: 'key', opensAt: state.opensAt };
    case 'worn_out':
      reportFailedStep(context, step, 'locked');
      // The node whose response exhausted the attempts stopped before it blocked the card.
      if (isFollowUpPending(current.attempts, lockoutPolicy, now))
        await blockExhaustedCard(context, identityId, card);
      return { kind: 'card_blocked' };
  }
}

/**
 * @param form 16 bytes that only this form results in; a caller whose form cannot be sent twice draws them at
 * random
 * @returns an outcome when there is nothing to compare; `busy` while nodes of the previous version have all
 * attempts in flight
 */
export async function prepareKeyAttempt(
  context: AppContext,
  { identityId, asked, key, form, failure = 'key', step: named = failure, at }: KeySubmission,
  loaded?: LoadedAttempts,
): Promise<KeyToVerify | SignInOutcome | 'busy'> {
  const typed = parseKey(key);
  if (typed === null) return { kind: 'malformed_key' };
  const submission = { identityId, card: asked.card, form, failure, step: named, at };
  const prepared = await prepareSharedAttempt(context, submission, loaded);
  return prepared === 'busy' || 'kind' in prepared ? prepared : { ...prepared, asked, typed };
}

export function isKeyRight({ asked, typed }: KeyToVerify): boolean {
  return isRightKey(typed, asked.key);
}

/**
 * Must be the first statement of the transaction that saves what a right key results in.
 * @param isRestRight false where something else that was given with the key, and counts with it, is wrong
 */
export async function verifyAndRecordKey(
  db: Queryable,
  key: KeyToVerify,
  isRestRight = true,
): Promise<AttemptResult> {
  return await recordAttempt(db, { ...key.attempt, isRight: isKeyRight(key) && isRestRight }, key.notice);
}

/**
 * Processes a key that was not right. `again`: the same form was processed before, and its outcome stands.
 */
export async function handleWrongKey(
  context: AppContext,
  { identityId, asked, attempt: { lockoutPolicy }, failure, step }: KeyToVerify,
  result: AttemptResult,
): Promise<SignInOutcome | 'busy' | 'again'> {
  const { verdict } = result;
  reportAttempt(context, step, result, lockoutPolicy);
  if (verdict === 'busy' || verdict === 'again') return verdict;
  if (verdict === 'wrong') recordSignInFailure(context, identityId, failure);
  const outcome = composeKeyOutcome(result, lockoutPolicy);
  if (outcome.kind === 'card_blocked' && verdict === 'wrong')
    await blockExhaustedCard(context, identityId, asked.card);
  return outcome;
}

/** Composes the outcome from the counters, also for a form that was processed before. */
export function composeKeyOutcome(
  { wrong, inARow, opensAt }: FailureCounts,
  { limit, inARow: maxInARow }: LockoutPolicy,
): SignInOutcome {
  if (maxInARow !== null && inARow >= maxInARow) return { kind: 'card_blocked' };
  if (wrong >= limit) return { kind: 'locked', step: 'key', opensAt };
  const left = Math.min(limit - wrong, (maxInARow ?? Number.POSITIVE_INFINITY) - inARow);
  return { kind: 'wrong_key', left, isLastRung: maxInARow !== null && inARow + left >= maxInARow };
}

/**
 * Blocks the card in use and the code token after too many wrong keys and codes in a row, which count
 * together. Exactly one of the concurrent callers blocks them.
 */
export async function blockExhaustedCard(
  context: AppContext,
  identityId: string,
  card: KeyCard | null,
): Promise<void> {
  await blockTarget(context, identityId, 'card', BY_SYSTEM, {
    cardId: card?.id ?? null,
    subject: hashKeySubject(context, identityId),
    lockoutPolicy: readLockoutPolicies(context.rules).key,
  });
}
