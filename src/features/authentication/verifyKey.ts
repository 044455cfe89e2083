/**
 * A key as an answer: the row of tries is read, the key compared, and then judged with what comes of it, by the caller. Wrong
 * keys count for the identity, whichever card they were read from.
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
import { blockTarget, BY_SYSTEM, readKeyAt, readKeyNumberAt } from '../identity/index.ts';
import type { AppContext } from '../appContext.ts';
import { recordSignInFailure } from './failures.ts';
import { hashKeySubject } from './attemptSubjectHashes.ts';

/** A card and key number as a page showed them, and what was typed. */
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

/** The key that must be given, if the page that was answered showed the challenge that stands; else null. */
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

/** Everything that the judging takes, but for the comparison, which comes last of all. */
export interface KeyToVerify {
  readonly identityId: string;
  readonly asked: RequestedKey;
  /** Six digits. */
  readonly typed: string;
  readonly attempt: Omit<AttemptToRecord, 'isRight'>;
  readonly notice: LockNotice;
  /** As what a wrong one is counted. */
  readonly failure: FailureKind;
}

interface KeySubmission {
  readonly identityId: string;
  readonly asked: RequestedKey;
  readonly key: string;
  readonly form: Buffer;
  readonly failure?: FailureKind;
}

/**
 * @param form 16 bytes that only this form leads to; a form that cannot be sent twice draws them.
 * @returns an outcome where nothing is to be compared; `busy` while nodes of the version before have all tries in flight.
 */
export async function prepareKeyAttempt(
  context: AppContext,
  { identityId, asked, key, form, failure = 'key' }: KeySubmission,
  known?: { subject: Buffer | null; attempts: Attempts | null; now: Date },
): Promise<KeyToVerify | SignInOutcome | 'busy'> {
  const { database, clock, random } = context;
  const typed = parseKey(key);
  if (typed === null) return { kind: 'malformed_key' };
  const lockoutPolicy = readLockoutPolicies(context.rules).key;
  const subject = known?.subject ?? hashKeySubject(context, identityId);
  const read = known?.subject ? known : await readAttempts(database, subject);
  const now = new Date(read.now.getTime() + clock.offsetMs);
  const state = readLockStatus(read.attempts, lockoutPolicy, now);
  switch (state.kind) {
    case 'open':
      return {
        identityId,
        asked,
        typed,
        attempt: { subject, lockoutPolicy, form, offsetMs: clock.offsetMs },
        notice: { identityId, noticeId: random.uuid(), locked: 'keys_locked', exhausted: null },
        failure,
      };
    case 'busy':
      return 'busy';
    case 'locked':
      return { kind: 'locked', step: 'key', opensAt: state.opensAt };
    case 'worn_out':
      // The node of the answer that wore it out did not live to block the card.
      if (isFollowUpPending(read.attempts, lockoutPolicy, now))
        await blockExhaustedCard(context, identityId, asked.card);
      return { kind: 'card_blocked' };
  }
}

export function isKeyRight({ asked, typed }: KeyToVerify): boolean {
  return isRightKey(typed, asked.key);
}

/** Within the transaction of what a right key leads to: its first statement. */
export async function verifyAndRecordKey(db: Queryable, key: KeyToVerify): Promise<AttemptResult> {
  return await recordAttempt(db, { ...key.attempt, isRight: isKeyRight(key) }, key.notice);
}

/** What a judged key that was not right leads to. `again`: it was judged before, and says what it said then. */
export async function handleWrongKey(
  context: AppContext,
  { identityId, asked, attempt: { lockoutPolicy }, failure }: KeyToVerify,
  result: AttemptResult,
): Promise<SignInOutcome | 'busy' | 'again'> {
  const { verdict } = result;
  if (verdict === 'busy' || verdict === 'again') return verdict;
  if (verdict === 'wrong') recordSignInFailure(context, identityId, failure);
  const outcome = composeKeyOutcome(result, lockoutPolicy);
  if (outcome.kind === 'card_blocked' && verdict === 'wrong')
    await blockExhaustedCard(context, identityId, asked.card);
  return outcome;
}

/** How the row stands: what is mentioned of a form that was judged before, too. */
export function composeKeyOutcome(
  { wrong, inARow, opensAt }: FailureCounts,
  { limit, inARow: most }: LockoutPolicy,
): SignInOutcome {
  if (most !== null && inARow >= most) return { kind: 'card_blocked' };
  if (wrong >= limit) return { kind: 'locked', step: 'key', opensAt };
  const left = Math.min(limit - wrong, (most ?? Number.POSITIVE_INFINITY) - inARow);
  return { kind: 'wrong_key', left, isLastRung: most !== null && inARow + left >= most };
}

/** Too many in a row. Of all who find that, one blocks the card. */
export async function blockExhaustedCard(
  context: AppContext,
  identityId: string,
  card: KeyCard,
): Promise<void> {
  await blockTarget(context, identityId, 'card', BY_SYSTEM, {
    cardId: card.id,
    subject: hashKeySubject(context, identityId),
    lockoutPolicy: readLockoutPolicies(context.rules).key,
  });
}
