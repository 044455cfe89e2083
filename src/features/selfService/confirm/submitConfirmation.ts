/**
 * A key confirms a change. The key is spent and the change made in one transaction, under the owner's lock,
 * and what else confirmed it is used up there too: a rejected change spends nothing, unless the rejection
 * reveals something about other people's IDs. Exactly one of concurrent answers succeeds.
 */
import type { ConfirmationOutcome } from './confirmation.rules.ts';
import {
  ordersCard,
  refusalSpendsKey,
  revokesOtherSessions,
  takesSecondWay,
  type SelfServiceRefusal,
  type SelfServiceAction,
} from '../../../domain/selfServiceAction.ts';
import type { RequestSource } from '../../../domain/clientContext.ts';
import { appendEvent } from '../../../db/auditLog.ts';
import { enqueueBackchannelLogouts, enqueueMissedLogouts } from '../../../db/oidc/backchannelLogouts.ts';
import { endIdentity, lockIdentity } from '../../../db/cards/cardSets.ts';
import { DatabaseUnavailable, type Queryable } from '../../../db/database.ts';
import { invalidatePendingKey } from '../../../db/cards/keyCards.ts';
import { keepOwnSession } from '../../../db/oidc/firstPartySessions.ts';
import {
  findConfirmation,
  recordConfirmationOutcome,
  recordConfirmationRefusal,
  spendKeyForAction,
  type ConfirmationOwner,
} from './confirmations.queries.ts';
import { applyCardCommand, applyCardCommandInTransaction, BY_SYSTEM } from '../../identity/index.ts';
import { recordAttempt, resetPasswordAttempts } from '../../../db/signIn/attempts.ts';
import {
  backfillAllUserIdForms,
  findRequestedKey,
  handleWrongKey,
  hashPasswordSubject,
  isKeyRight,
  type KeyToVerify,
  prepareKeyAttempt,
  type RequestedKey,
  sealClientContext,
  type SealedClientContext,
  type SubmittedCardKey,
  verifyAndRecordKey,
} from '../../authentication/index.ts';
import type { AppContext } from '../../appContext.ts';
import { nextConfirmationStep } from './confirmation.rules.ts';
import { lowerAttemptsLeft, prepareConfirmationAttempt } from './confirmationAttempts.ts';
import { executeAction } from './executeAction.ts';
import { openRequestedAction } from './requestConfirmation.ts';
import {
  readConfirmingWay,
  isWrongCode,
  readSecondWay,
  useSecondWay,
  type SecondWay,
  type SubmittedSecondWay,
} from './secondWay.ts';

/** A concurrent request won, or the session has ended: the transaction is rolled back. */
class StaleConfirmationError extends Error {}

/** The second way was used elsewhere, or has ended: the transaction is rolled back, and nothing is spent. */
class SecondWayUsedError extends Error {
  readonly outcome: ConfirmationOutcome;
  constructor(outcome: ConfirmationOutcome) {
    super(outcome.kind);
    this.outcome = outcome;
  }
}

/** The action is impossible in the present state: the transaction is rolled back, and no key is spent. */
class ActionRefusedError extends Error {
  readonly why: SelfServiceRefusal;
  constructor(why: SelfServiceRefusal) {
    super(why);
    this.why = why;
  }
}

interface ConfirmationToExecute {
  readonly id: string;
  readonly owner: ConfirmationOwner;
  readonly action: SelfServiceAction;
  readonly requestedKey: RequestedKey;
  readonly way: SecondWay | null;
  readonly seen: SealedClientContext;
}

export interface SubmittedConfirmation extends SubmittedCardKey {
  /** Null where the page asks for none. */
  readonly secondWay: SubmittedSecondWay | null;
  readonly requestSource: RequestSource;
  /** Nonce of the page: its form, sent twice, is one attempt. Null for a page of the previous version. */
  readonly nonce: string | null;
}

/** `busy`: five answers of this person are being verified now; nothing was counted. */
export async function submitConfirmation(
  context: AppContext,
  id: string,
  owner: ConfirmationOwner,
  submitted: SubmittedConfirmation,
): Promise<'processed' | 'busy'> {
  const { database, clock, keyring } = context;
  const recordOutcome = async (outcome: ConfirmationOutcome) => {
    await recordConfirmationOutcome(database, id, owner, outcome);
    return 'processed' as const;
  };
  const stored = await findConfirmation(database, id, owner);
  const step = nextConfirmationStep(stored, clock.now());
  if (step.page !== 'key' || !stored?.actionSealed) return 'processed';
  const requestedKey = findRequestedKey(context, step.card, submitted);
  if (!requestedKey) return await recordOutcome({ kind: 'stale_key' });

  const { identityId } = owner;
  const action = openRequestedAction(context, id, owner, stored.actionSealed);
  const form = hashConfirmationForm(context, id, submitted);
  const key = await prepareKeyAttempt(context, {
    identityId,
    asked: requestedKey,
    key: submitted.key,
    form,
    failure: 'confirmation_key',
  });
  if (key === 'busy') return 'busy';
  if ('kind' in key) return await recordOutcome(key);
  const own = await prepareConfirmationAttempt(context, identityId, form);
  if ('kind' in own) return await recordOutcome(own);
  const { nonce } = submitted;
  const secondWay = takesSecondWay(step.kind) ? submitted.secondWay : null;
  const way = secondWay && (await readSecondWay(context, stored, { id, owner, nonce }, secondWay));
  if (way && 'refused' in way) return await recordOutcome(way.refused);
  if (action.kind === 'change_user_id') await backfillAllUserIdForms(context);
  const wrongCode = way && isWrongCode(way) ? way : null;
  // Guessed at is the code, not the key: it does not count with keys that were wrong here.
  const isOnlyCodeWrong = wrongCode !== null && isKeyRight(key);
  try {
    const clientContext = sealClientContext(keyring, stored.logSalt, submitted.requestSource);
    const { attempt, here } = await database.transaction(async (db) => {
      const judged = await verifyAndRecordKey(db, key, wrongCode === null);
      const { verdict } = judged;
      if ((verdict !== 'right' && verdict !== 'wrong') || isOnlyCodeWrong)
        return { attempt: judged, here: null };
      const counted = await recordAttempt(db, { ...own, isRight: verdict === 'right' });
      if (verdict === 'wrong') return { attempt: judged, here: counted };
      if (counted.verdict !== 'right') throw new StaleConfirmationError('it was locked concurrently');
      if (action.kind === 'change_password') {
        const unfilled = hashPasswordSubject(context, `identity ${identityId}`);
        await resetPasswordAttempts(db, identityId, { unfilled, offsetMs: context.clock.offsetMs });
      }
      await spendKeyAndExecute(context, db, { id, owner, action, requestedKey, way, seen: clientContext });
      return { attempt: judged, here: counted };
    });
    if (attempt.verdict !== 'right') {
      const after = await handleWrongKey(context, isOnlyCodeWrong ? asCode(key) : key, attempt);
      if (after === 'again') return 'processed';
      if (after === 'busy') return 'busy';
      if (isOnlyCodeWrong && after.kind === 'wrong_key')
        return await recordOutcome({ ...after, kind: wrongCode.kind });
      return await recordOutcome(here ? lowerAttemptsLeft(after, here, own.lockoutPolicy.limit) : after);
    }
  } catch (error) {
    if (error instanceof DatabaseUnavailable && error.isUnknown)
      return await invalidateConfirmationKey(context, identityId, requestedKey);
    return await recordOutcome(toConfirmationOutcome(error));
  }
  if (revokesOtherSessions(action.kind) || action.kind === 'close_id')
    await enqueueMissedLogouts(database, identityId);
  return 'processed';
}

/** As which a wrong code is counted for the person's log, and reported. */
function asCode(key: KeyToVerify): KeyToVerify {
  return { ...key, failure: 'code_token', step: { ...key.step, step: 'code_token' } };
}

function hashConfirmationForm(
  { keyring, random }: AppContext,
  id: string,
  { nonce, secondWay, ...submitted }: SubmittedConfirmation,
): Buffer {
  if (nonce === null) return random.bytes(16);
  const { cardNumber, keyNumber, key } = submitted;
  const { credential, code } = secondWay ?? {};
  const typed = JSON.stringify([id, nonce, cardNumber, keyNumber, key, credential, code]);
  return keyring.hmac('records', `confirmation form v1 ${typed}`).subarray(0, 16);
}

/** @throws the error itself when it is not an outcome. */
function toConfirmationOutcome(error: unknown): ConfirmationOutcome {
  if (error instanceof ActionRefusedError) return { kind: 'deed_refused', why: error.why };
  if (error instanceof SecondWayUsedError) return error.outcome;
  if (error instanceof StaleConfirmationError) return { kind: 'stale_key' };
  throw error;
}

/** @throws StaleConfirmationError, SecondWayUsedError, ActionRefusedError */
async function spendKeyAndExecute(
  context: AppContext,
  db: Queryable,
  { id, owner, action, requestedKey, way, seen: clientContext }: ConfirmationToExecute,
): Promise<void> {
  const { identityId, session } = owner;
  const { card, position } = requestedKey;
  const now = context.clock.now();
  await lockIdentity(db, identityId);
  const noted = way && ({ kind: 'confirmed_twice' } as const);
  const isSpent = await spendKeyForAction(db, id, owner, { cardId: card.id, position, now, outcome: noted });
  if (!isSpent) throw new StaleConfirmationError('the key is no longer asked for');
  const used = await useSecondWay(db, way, now);
  if (used) throw new SecondWayUsedError(used);
  const details = { deed: action.kind, cardNumber: card.cardNumber, ...clientContext };
  await appendEvent(db, { kind: 'deed_confirmed', identityId, details });
  // One key less may order a new card, as at a sign-in. For an action that orders a card this comes
  // afterwards, or the action would find a card on its way.
  const countSpentKey = async () => {
    const outcome = await applyCardCommandInTransaction(
      context,
      db,
      identityId,
      { kind: 'key_spent' },
      BY_SYSTEM,
    );
    if (outcome !== 'done') throw new StaleConfirmationError(outcome);
  };
  const ordersItself = ordersCard(action);
  if (!ordersItself) await countSpentKey();
  const refused = await executeAction(context, db, identityId, action, readConfirmingWay(way));
  if (refused && refusalSpendsKey(refused))
    return await recordConfirmationRefusal(db, id, owner, { kind: 'deed_refused', why: refused });
  if (refused) throw new ActionRefusedError(refused);
  if (ordersItself) await countSpentKey();
  if (revokesOtherSessions(action.kind)) {
    await endIdentity(db, identityId, { block: false, now });
    await keepOwnSession(db, session, identityId);
    await enqueueBackchannelLogouts(db, identityId);
  }
}

/**
 * A connection lost during the commit leaves the outcome unknown: a key that is still pending is invalidated,
 * and another challenge is drawn.
 */
async function invalidateConfirmationKey(
  context: AppContext,
  identityId: string,
  { card, position }: RequestedKey,
): Promise<'processed'> {
  const event = { kind: 'key_burnt', details: { cardNumber: card.cardNumber } };
  await invalidatePendingKey(context.database, { cardId: card.id, position, event });
  await applyCardCommand(context, identityId, { kind: 'key_spent' }, BY_SYSTEM);
  return 'processed';
}
