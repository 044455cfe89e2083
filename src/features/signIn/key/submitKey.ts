/**
 * Processes a key: read, prepare, compare, record (docs/decisions/0017-the-sign-in.md). A reply to a number
 * that is no longer the challenge is neither verified nor counted. Everything that a right key results in is
 * prepared for every reply to the current challenge, and saved by the statement that records it.
 */
import { setTimeout } from 'node:timers/promises';
import { countKeysLeft } from '../../../domain/card/keyCard.ts';
import { listCountingKeys } from '../../../domain/factors/securityKey.ts';
import { isTwoFactor, kindsOf } from '../../../domain/signIn/levels.ts';
import type { AtRelyingParty } from '../../../domain/securityEvent.ts';
import type { SignInOutcome } from '../../../domain/signIn/signIn.ts';
import { DatabaseUnavailable, type Queryable } from '../../../db/database.ts';
import { invalidatePendingKey } from '../../../db/cards/keyCards.ts';
import { recordKeyAttempt, type KeyAttemptResult, type KeyAttempt } from '../../../db/signIn/keyAttempts.ts';
import type { SealedResponse } from '../../../db/signIn/completion.ts';
import { findSignIn, recordSignInOutcome, type StoredSignIn } from '../../../db/signIn/signIns.ts';
import { applyCardCommand, applyCardCommandInTransaction, BY_SYSTEM } from '../../identity/index.ts';
import {
  blockExhaustedCard,
  findRequestedKey,
  isKeyRight,
  type KeyToVerify,
  prepareKeyAttempt,
  recordSignInFailure,
  reportAttempt,
  type SubmittedCardKey,
} from '../../authentication/index.ts';
import { readInteractionExpiry, hashInteractionId, isSignInOver, type AppContext } from '../../appContext.ts';

import {
  BUSY,
  hashHolder,
  isSameHash,
  isHeldByBrowser,
  makeSignInMac,
  type FormResult,
} from '../holder/holder.ts';
import {
  composeCompletionOfFactor,
  type PrepareResponse,
  type SubmittedFactor,
} from '../completionOfFactor.ts';
import { isHeldByForm } from '../holder/moveHolder.ts';
import { hasMatchingSession } from '../stepUpSession.ts';

export interface SubmittedKey extends SubmittedCardKey, SubmittedFactor {
  /** The session that a step-up raises in this browser; null without one. */
  readonly sessionUid: string | null;
  readonly at: AtRelyingParty;
  readonly prepare: PrepareResponse;
}

/**
 * `answered`: the prepared response is committed. `signed_in`: something else is asked. `busy`: nodes of the
 * previous version are verifying five keys of this person; nothing was counted.
 */
export type KeySubmissionResult = FormResult<'processed' | 'signed_in' | 'answered'> & {
  /** When the browser became the person's own: the cookie values by which other persons know this browser. */
  readonly otherBrowsers?: readonly string[];
  /** The person could have given a code or a security key in its place. */
  readonly hadChoice?: boolean;
};

const NOT_APPLICABLE = { kind: 'processed', holds: false } as const;

export async function submitKey(context: AppContext, submitted: SubmittedKey): Promise<KeySubmissionResult> {
  const { database, clock } = context;
  const { interactionId, sent, secret } = submitted;
  const interaction = hashInteractionId(context, interactionId);

  const stored = await findSignIn(database, interaction);
  if (stored && isSameHash(stored.holder, sent.holder)) return { kind: 'again', holds: true };
  if (stored?.isAnswered) return { kind: 'again', holds: false };
  if (!stored?.identity || isTwoFactor(kindsOf(stored.factors))) return NOT_APPLICABLE;
  const now = new Date(stored.now.getTime() + clock.offsetMs);
  if (isSignInOver(stored.stepAt, now) || !isHeldByBrowser(context, interactionId, secret, stored))
    return NOT_APPLICABLE;
  if (!hasMatchingSession(stored, submitted.sessionUid)) return NOT_APPLICABLE;
  const recordOutcome = async (outcome: SignInOutcome) => {
    const holds = await recordSignInOutcome(database, interaction, {
      outcome,
      typedNameSealed: null,
      now,
      expiresAt: readInteractionExpiry(now),
      formerHolder: secret === null ? null : hashHolder(context, interactionId, secret),
      holder: sent.holder,
      mac: makeSignInMac(context, interactionId, stored.facts, sent.holder),
    });
    return { kind: 'processed', holds } as const;
  };
  const asked = stored.card && findRequestedKey(context, stored.card, submitted);
  if (!asked) return await recordOutcome({ kind: 'stale_key' });
  const identityId = stored.identity.id;
  const currentAttempts = { ...stored.keyTries, now: stored.now };
  const key = await prepareKeyAttempt(
    context,
    { identityId, asked, key: submitted.key, form: sent.form, at: submitted.at },
    currentAttempts,
  );
  if (key === 'busy') return BUSY;
  if ('kind' in key) return await recordOutcome(key);

  const answer = await submitted.prepare({ stored, signedInAt: stored.now, factor: 'card_key' });
  if (answer && 'refusal' in answer) return NOT_APPLICABLE;
  const attempt = composeKeyAttempt(context, submitted, { stored, key, answer, now });
  const result = await recordOrInvalidateKey(context, attempt, stored, key);
  if (result === 'invalidated') return { kind: 'again', holds: false };
  reportAttempt(context, key.step, result, key.attempt.lockoutPolicy);
  if (result.verdict === 'again')
    return { kind: 'again', holds: await isHeldByForm(context, interactionId, sent) };
  if (result.verdict === 'busy') return BUSY;
  const holds = result.isOutcomeRecorded;
  if (result.spent) {
    context.report({ kind: 'step_accepted', step: 'key', identityId, ...submitted.at });
    const otherBrowsers = submitted.browsers.filter((_, i) =>
      result.otherBrowsers.some((other) => attempt.browsers[i]?.equals(other)),
    );
    const hadChoice = stored.codeToken !== null || listCountingKeys(stored.securityKeys, now).length > 0;
    return { kind: answer ? 'answered' : 'signed_in', holds, otherBrowsers, hadChoice };
  }
  if (result.verdict === 'wrong') recordSignInFailure(context, identityId, key.failure);
  const maxInARow = key.attempt.lockoutPolicy.inARow ?? Number.POSITIVE_INFINITY;
  if (result.verdict === 'wrong' && result.inARow >= maxInARow)
    await blockExhaustedCard(context, identityId, asked.card);
  return { kind: 'processed', holds };
}

interface KeyAttemptContext {
  readonly stored: StoredSignIn;
  readonly key: KeyToVerify;
  readonly answer: SealedResponse | null;
  readonly now: Date;
}

/** Composes all parameters of the statement; the comparison of the key comes last. */
function composeKeyAttempt(
  context: AppContext,
  submitted: SubmittedKey,
  { stored, key, answer, now }: KeyAttemptContext,
): KeyAttempt {
  const { card, position } = key.asked;
  const { identityId } = key;
  const details = { cardNumber: card.cardNumber };
  const completed = { identityId, stored, factor: 'card_key', answer, now, details } as const;
  return {
    ...key.attempt,
    ...composeCompletionOfFactor(context, submitted, completed),
    notice: key.notice,
    cardId: card.id,
    position,
    exhausted: { kind: 'card_blocked' },
    isRight: isKeyRight(key),
  };
}

/**
 * A connection that was lost during the commit leaves the outcome unknown, and nothing is sent again. A key
 * that is still pending is invalidated, so that it can never be given twice; if it had been spent, the same
 * form finds the response.
 */
async function recordOrInvalidateKey(
  context: AppContext,
  attempt: KeyAttempt,
  stored: StoredSignIn,
  { identityId, asked }: KeyToVerify,
): Promise<KeyAttemptResult | 'invalidated'> {
  const threshold = stored.identity?.threshold ?? 0;
  const isLow = countKeysLeft(asked.card.spent) - 1 <= threshold;
  try {
    const needsTransaction = isLow || (attempt.answer?.additionalStatements.length ?? 0) > 0;
    return await (needsTransaction
      ? recordKeyInTransaction(context, attempt)
      : recordKeyInOneStatement(context, attempt));
  } catch (error) {
    if (!(error instanceof DatabaseUnavailable && error.isUnknown)) throw error;
    const invalidation = invalidateSignInKey(
      context,
      identityId,
      asked.card.id,
      asked.position,
      asked.card.cardNumber,
    );
    return await Promise.race([invalidation, rejectAfter(INVALIDATE_TIMEOUT_MS, error)]);
  }
}

/** Uses one statement, for the common key after which nothing has to be ordered. */
async function recordKeyInOneStatement(context: AppContext, attempt: KeyAttempt): Promise<KeyAttemptResult> {
  const result = await recordKeyAttempt(context.database, attempt);
  // The threshold was raised concurrently: its consequence is applied now.
  if (hasFewKeysLeft(result)) {
    await applyCardCommand(context, attempt.identityId, { kind: 'key_spent' }, BY_SYSTEM);
  }
  return result;
}

function hasFewKeysLeft({ spent }: KeyAttemptResult): boolean {
  return spent !== null && spent.keysLeft !== null && spent.keysLeft <= spent.threshold;
}

/**
 * Spends the key with its consequences: the last key uses the card up, few keys order a new card, and another
 * person's session ends.
 */
async function recordKeyInTransaction(context: AppContext, attempt: KeyAttempt): Promise<KeyAttemptResult> {
  return await context.database.transaction(async (db: Queryable) => {
    const result = await recordKeyAttempt(db, attempt);
    if (hasFewKeysLeft(result)) {
      await applyCardCommandInTransaction(context, db, attempt.identityId, { kind: 'key_spent' }, BY_SYSTEM);
    }
    return result;
  });
}

/**
 * The person has already waited. An invalidation that takes longer still takes effect, but the person does
 * not wait.
 */
const INVALIDATE_TIMEOUT_MS = 400;

async function invalidateSignInKey(
  context: AppContext,
  identityId: string,
  cardId: string,
  position: number,
  cardNumber: string,
): Promise<'invalidated'> {
  await invalidatePendingKey(context.database, {
    cardId,
    position,
    event: { kind: 'key_burnt', details: { cardNumber } },
  });
  // An invalidated key is one key less: the last one uses the card up, and few order a new card.
  await applyCardCommand(context, identityId, { kind: 'key_spent' }, BY_SYSTEM);
  return 'invalidated';
}

async function rejectAfter(ms: number, error: Error): Promise<never> {
  await setTimeout(ms, undefined, { ref: false });
  throw error;
}
