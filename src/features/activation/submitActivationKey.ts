/**
 * Step 2: a key of the card in use; without one, of the card that was sent, which the key activates. Unlike
 * at a sign-in there is no wait: the temporary password came in another letter, on another day. The cookie is
 * renewed with the key: an earlier copy is no longer valid.
 */
import { nextActivationStep } from '../../domain/issuing/activation.ts';
import {
  findActivation,
  recordActivationOutcome,
  spendKeyAtActivation,
} from '../../db/people/activations.ts';
import { appendEvent } from '../../db/auditLog.ts';
import { lockIdentity } from '../../db/cards/cardSets.ts';
import { DatabaseUnavailable, type Queryable } from '../../db/database.ts';
import { invalidatePendingKey } from '../../db/cards/keyCards.ts';
import type { ActivationOutcome } from '../../domain/issuing/activation.ts';
import { applyCardCommand, applyCardCommandInTransaction, BY_SYSTEM } from '../identity/index.ts';
import {
  findRequestedKey,
  handleWrongKey,
  prepareKeyAttempt,
  type RequestedKey,
  type SubmittedCardKey,
  verifyAndRecordKey,
} from '../authentication/index.ts';
import type { AppContext } from '../appContext.ts';
import { hashActivationId, drawActivationId, renewActivationId } from './activationId.ts';

export interface SubmittedActivationKey extends SubmittedCardKey {
  readonly activation: string;
  /**
   * The nonce of the page that the key was typed on, whose form is one attempt; null on a page of the
   * previous version.
   */
  readonly nonce: string | null;
}

/** The new content of the cookie. */
interface NewActivationId {
  readonly renewed: string;
}

/**
 * The same form, sent again within this time, gets the same answer, because the first one may have been lost.
 */
const REPEAT_MS = 60_000;

/** A concurrent request won, or the activation was ended in the meantime: the transaction is rolled back. */
class StaleActivationKeyError extends Error {}

interface KeyToSpend {
  readonly id: Buffer;
  /** The id under which the activation continues. */
  readonly renewedId: Buffer;
  readonly identityId: string;
  readonly asked: RequestedKey;
  readonly isFirst: boolean;
}

/** `busy`: five keys of this person are being verified; nothing was counted. */
export async function submitActivationKey(
  context: AppContext,
  submitted: SubmittedActivationKey,
): Promise<'processed' | 'busy' | NewActivationId> {
  const { database, clock } = context;
  const now = clock.now();
  const id = hashActivationId(context, submitted.activation);
  const recordOutcome = async (outcome: ActivationOutcome) => {
    await recordActivationOutcome(database, id, { outcome, typedSealed: null, now });
    return 'processed' as const;
  };
  const step = nextActivationStep(await findActivation(database, id), now);
  if (step.page !== 'key') return (await findRepeatedSubmission(context, submitted)) ?? 'processed';
  const asked = findRequestedKey(context, step.card, submitted);
  if (!asked) return await recordOutcome({ kind: 'stale_key' });

  const identityId = step.identity.id;
  const renewed = renewIdByKey(context, submitted) ?? drawActivationId(context);
  const renewedId = hashActivationId(context, renewed);
  const form = renewedId.subarray(0, 16);
  const key = await prepareKeyAttempt(context, {
    identityId,
    asked,
    key: submitted.key,
    form,
    failure: 'activation_key',
  });
  if (key === 'busy') return 'busy';
  if ('kind' in key) return await recordOutcome(key);
  try {
    const result = await database.transaction(async (db) => {
      const attempt = await verifyAndRecordKey(db, key);
      const { isFirst } = step;
      if (attempt.verdict === 'right')
        await spendActivationKey(context, db, { id, renewedId, identityId, asked, isFirst });
      return attempt;
    });
    if (result.verdict === 'right') return { renewed };
    const outcome = await handleWrongKey(context, key, result);
    if (outcome === 'busy') return 'busy';
    if (outcome === 'again') return (await findRepeatedSubmission(context, submitted)) ?? 'processed';
    return await recordOutcome(outcome);
  } catch (error) {
    if (error instanceof DatabaseUnavailable && error.isUnknown) {
      await invalidateActivationKey(context, identityId, asked);
      return (await findActivation(database, renewedId)) ? { renewed } : 'processed';
    }
    if (!(error instanceof StaleActivationKeyError)) throw error;
    return (await findRepeatedSubmission(context, submitted)) ?? (await recordOutcome({ kind: 'stale_key' }));
  }
}

/**
 * Finds the answer to a form that was right before: its response was lost, or the button was pressed twice.
 */
export async function findRepeatedSubmission(
  context: AppContext,
  submitted: SubmittedActivationKey,
): Promise<NewActivationId | null> {
  const renewed = renewIdByKey(context, submitted);
  if (renewed === null) return null;
  const stored = await findActivation(context.database, hashActivationId(context, renewed));
  if (!stored?.keyGivenAt) return null;
  const sinceMs = context.clock.now().getTime() - stored.keyGivenAt.getTime();
  return sinceMs <= REPEAT_MS ? { renewed } : null;
}

function renewIdByKey(context: AppContext, submitted: SubmittedActivationKey): string | null {
  const { activation, nonce, cardNumber, keyNumber, key } = submitted;
  if (!nonce) return null;
  return renewActivationId(context, { activation, nonce, typed: [cardNumber, keyNumber, key] });
}

/**
 * Spends the key and saves what follows from it, in the caller's transaction.
 * @throws StaleActivationKeyError
 */
async function spendActivationKey(
  context: AppContext,
  db: Queryable,
  { id, renewedId, identityId, asked, isFirst }: KeyToSpend,
): Promise<void> {
  const now = context.clock.now();
  const { card, position } = asked;
  await lockIdentity(db, identityId);
  const state = isFirst ? 'sent' : 'active';
  const isSpent = await spendKeyAtActivation(db, id, { cardId: card.id, position, state, now, renewedId });
  if (!isSpent) throw new StaleActivationKeyError('the key is no longer the challenge');
  const details = { cardNumber: card.cardNumber };
  await appendEvent(db, { kind: 'activation_key_given', identityId, details });
  const done = isFirst
    ? await applyCardCommandInTransaction(
        context,
        db,
        identityId,
        { kind: 'first_key', after: 'old_key', opensAt: now },
        { by: 'person' },
      )
    : await applyCardCommandInTransaction(context, db, identityId, { kind: 'key_spent' }, BY_SYSTEM);
  if (done !== 'done') throw new StaleActivationKeyError(done);
}

/**
 * A connection that was lost during the commit leaves the outcome unknown: a key that is still pending is
 * invalidated, and another one is drawn.
 */
async function invalidateActivationKey(
  context: AppContext,
  identityId: string,
  { card, position }: RequestedKey,
): Promise<void> {
  const event = { kind: 'key_burnt', details: { cardNumber: card.cardNumber } };
  await invalidatePendingKey(context.database, { cardId: card.id, position, event });
  await applyCardCommand(context, identityId, { kind: 'key_spent' }, BY_SYSTEM);
}
