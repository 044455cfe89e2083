/**
 * Processes the first key of a card that came by post. Right after a key of the old card it takes the new one
 * into use. After anything else it begins a wait, and notices are sent immediately: a stolen letter and a
 * known password, or another factor, must not be enough without the person noticing.
 */
import type { ProofBeforeNewCard } from '../../../domain/card/cardLife.ts';
import type { AtRelyingParty } from '../../../domain/securityEvent.ts';
import { includesKinds, kindsOf, POSSESSION } from '../../../domain/signIn/levels.ts';
import type { SignInOutcome } from '../../../domain/signIn/signIn.ts';
import type { Queryable } from '../../../db/database.ts';
import { lockIdentity } from '../../../db/cards/cardSets.ts';
import { spendFirstKeyOfCard } from '../../../db/cards/keyCards.ts';
import type { AttemptResult } from '../../../db/signIn/attempts.ts';
import { markPasswordProven } from '../../../db/signIn/passwordsWithoutKey.ts';
import {
  findSignIn,
  findSignInInTransaction,
  recordSignInOutcome,
  skipNewCard,
  type StoredSignIn,
} from '../../../db/signIn/signIns.ts';
import { applyCardCommandInTransaction } from '../../identity/index.ts';
import {
  BUSY,
  hashHolder,
  isSameHash,
  isHeldByBrowser,
  makeSignInMac,
  type FormResult,
  type SubmittedForm,
} from '../holder/holder.ts';
import {
  composeKeyOutcome,
  findRequestedKey,
  handleWrongKey,
  type KeyToVerify,
  prepareKeyAttempt,
  type SubmittedCardKey,
  verifyAndRecordKey,
} from '../../authentication/index.ts';
import { isHeldByForm } from '../holder/moveHolder.ts';
import { hasMatchingSession } from '../stepUpSession.ts';
import { readInteractionExpiry, hashInteractionId, isSignInOver, type AppContext } from '../../appContext.ts';

export interface SubmittedNewCardKey extends SubmittedCardKey {
  readonly interactionId: string;
  readonly at: AtRelyingParty;
  /** The session that a step-up raised in this browser; null without one. */
  readonly sessionUid: string | null;
  readonly sent: SubmittedForm;
  /** The secret of the holder's cookie, if this browser has one. */
  readonly secret: string | null;
}

/** A concurrent request won, or the card went out of use in the meantime: the transaction is rolled back. */
class StaleNewCardKeyError extends Error {}

export type NewCardKeyResult = FormResult<'processed'>;

const NOT_APPLICABLE = { kind: 'processed', holds: false } as const;

/** `busy`: nodes of the previous version are verifying five keys of this person; nothing was counted. */
export async function submitNewCardKey(
  context: AppContext,
  submitted: SubmittedNewCardKey,
): Promise<NewCardKeyResult> {
  const { database, clock } = context;
  const { interactionId, sent, secret } = submitted;
  const interaction = hashInteractionId(context, interactionId);

  const stored = await findSignIn(database, interaction);
  if (stored && isSameHash(stored.holder, sent.holder)) return { kind: 'again', holds: true };
  if (stored?.isAnswered) return { kind: 'again', holds: false };
  if (!stored?.identity || stored.comingCard?.state !== 'sent') return NOT_APPLICABLE;
  const now = new Date(stored.now.getTime() + clock.offsetMs);
  if (isSignInOver(stored.stepAt, now) || !isHeldByBrowser(context, interactionId, secret, stored))
    return NOT_APPLICABLE;
  if (!hasMatchingSession(stored, submitted.sessionUid)) return NOT_APPLICABLE;
  const outcomeRecord = {
    typedNameSealed: null,
    now,
    expiresAt: readInteractionExpiry(now),
    formerHolder: secret === null ? null : hashHolder(context, interactionId, secret),
    holder: sent.holder,
    mac: makeSignInMac(context, interactionId, stored.facts, sent.holder),
  };
  const recordOutcome = async (outcome: SignInOutcome | null) => {
    const holds = await recordSignInOutcome(database, interaction, { ...outcomeRecord, outcome });
    return { kind: 'processed', holds } as const;
  };
  const asked = findRequestedKey(context, stored.comingCard, submitted);
  // With a card in use, its key or another factor comes first.
  if (!asked || (stored.card && readProof(stored) === 'password'))
    return await recordOutcome({ kind: 'stale_key' });
  const identityId = stored.identity.id;
  const currentAttempts = { ...stored.keyTries, now: stored.now };
  const key = await prepareKeyAttempt(
    context,
    { identityId, asked, key: submitted.key, form: sent.form, step: 'new_card', at: submitted.at },
    currentAttempts,
  );
  if (key === 'busy') return BUSY;
  if ('kind' in key) return await recordOutcome(key);
  try {
    const result = await database.transaction(async (db) => {
      const attempt = await verifyAndRecordKey(db, key);
      if (attempt.verdict === 'right') {
        await spendNewCardKey(context, db, interaction, key);
        const holds = await recordSignInOutcome(db, interaction, { ...outcomeRecord, outcome: null });
        if (!holds) throw new StaleNewCardKeyError('another browser holds the sign-in');
      }
      return attempt;
    });
    if (result.verdict === 'right')
      context.report({ kind: 'step_accepted', step: 'new_card', identityId, ...submitted.at });
    return await recordNewCardOutcome(context, {
      key,
      result,
      recordOutcome,
      isHeld: () => isHeldByForm(context, interactionId, sent),
    });
  } catch (error) {
    if (!(error instanceof StaleNewCardKeyError)) throw error;
    return await recordOutcome({ kind: 'stale_key' });
  }
}

interface NewCardKeyAttempt {
  readonly key: KeyToVerify;
  readonly result: AttemptResult;
  readonly recordOutcome: (outcome: SignInOutcome | null) => Promise<NewCardKeyResult>;
  readonly isHeld: () => Promise<boolean>;
}

async function recordNewCardOutcome(
  context: AppContext,
  { key, result, recordOutcome, isHeld }: NewCardKeyAttempt,
): Promise<NewCardKeyResult> {
  if (result.verdict === 'right') return { kind: 'processed', holds: true };
  const outcome = await handleWrongKey(context, key, result);
  if (outcome === 'busy') return BUSY;
  if (outcome !== 'again') return await recordOutcome(outcome);
  // A concurrent request with the same form has verified it and may not have recorded the outcome yet: the
  // faster one does.
  if (await isHeld()) return { kind: 'again', holds: true };
  return await recordOutcome(result.wrong > 0 ? composeKeyOutcome(result, key.attempt.lockoutPolicy) : null);
}

/**
 * Spends the key and moves the card.
 * @throws StaleNewCardKeyError
 */
async function spendNewCardKey(
  context: AppContext,
  db: Queryable,
  interaction: Buffer,
  { identityId, asked }: KeyToVerify,
): Promise<void> {
  const { clock, rules } = context;
  const opensAt = new Date(clock.now().getTime() + rules.waitHours * 3_600_000);
  await lockIdentity(db, identityId);
  // Read again under the lock: a block that was acknowledged in the meantime has ended this sign-in.
  const current = await findSignInInTransaction(db, interaction);
  if (current?.identity?.id !== identityId || current.isAnswered)
    throw new StaleNewCardKeyError('the sign-in is over');
  const keyToSpend = { cardId: asked.card.id, identityId, position: asked.position };
  if (!(await spendFirstKeyOfCard(db, keyToSpend)))
    throw new StaleNewCardKeyError('the key is no longer the challenge');
  const command = { kind: 'first_key', after: readProof(current), opensAt } as const;
  const done = await applyCardCommandInTransaction(context, db, identityId, command, { by: 'person' });
  if (done !== 'done') throw new StaleNewCardKeyError(done);
  await markPasswordProven(db, interaction, identityId);
}

function readProof({ factors }: StoredSignIn): ProofBeforeNewCard {
  if (factors.has('card_key')) return 'old_key';
  return includesKinds(kindsOf(factors), POSSESSION) ? 'other_factor' : 'password';
}

/** The person continues without the new card. */
export async function skipNewCardStep(context: AppContext, interactionId: string): Promise<void> {
  const now = context.clock.now();
  const expiresAt = readInteractionExpiry(now);
  await skipNewCard(context.database, hashInteractionId(context, interactionId), { now, expiresAt });
}
