/**
 * A key is given for a change. It is spent, and the change is made, in one transaction under the lock of the
 * owner: a change that is refused has spent no key, unless the refusal says what others have. Of all that
 * answer at once one does it.
 */
import type { ConfirmationOutcome } from './confirmation.rules.ts';
import {
  refusalSpendsKey,
  revokesOtherSessions,
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
import { resetPasswordAttempts } from '../../../db/signIn/attempts.ts';
import {
  backfillAllUserIdForms,
  findRequestedKey,
  handleWrongKey,
  hashPasswordSubject,
  prepareKeyAttempt,
  type RequestedKey,
  sealClientContext,
  type SealedClientContext,
  type SubmittedCardKey,
  verifyAndRecordKey,
} from '../../authentication/index.ts';
import type { AppContext } from '../../appContext.ts';
import { nextConfirmationStep } from './confirmation.rules.ts';
import { executeAction } from './executeAction.ts';
import { openRequestedAction } from './requestConfirmation.ts';

/** Somebody was first, or the session is over: nothing of the transaction is kept. */
class StaleConfirmationError extends Error {}

/** The deed cannot be done as things stand: nothing of the transaction is kept, the key neither. */
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
  readonly asked: RequestedKey;
  readonly seen: SealedClientContext;
}

export interface SubmittedConfirmation extends SubmittedCardKey {
  readonly requestSource: RequestSource;
  /** Of the page: its form, sent twice, is one try. Null of a page of the version before. */
  readonly nonce: string | null;
}

/** `busy`: five answers of this person are being judged right now; nothing was counted. */
export async function submitConfirmation(
  context: AppContext,
  id: string,
  owner: ConfirmationOwner,
  submitted: SubmittedConfirmation,
): Promise<'judged' | 'busy'> {
  const { database, clock, keyring } = context;
  const note = async (outcome: ConfirmationOutcome) => {
    await recordConfirmationOutcome(database, id, owner, outcome);
    return 'judged' as const;
  };
  const stored = await findConfirmation(database, id, owner);
  const step = nextConfirmationStep(stored, clock.now());
  if (step.page !== 'key' || !stored?.actionSealed) return 'judged';
  const asked = findRequestedKey(context, step.card, submitted);
  if (!asked) return await note({ kind: 'stale_key' });

  const { identityId } = owner;
  const action = openRequestedAction(context, id, owner, stored.actionSealed);
  const key = await prepareKeyAttempt(context, {
    identityId,
    asked,
    key: submitted.key,
    form: hashConfirmationForm(context, id, submitted),
    failure: 'confirmation_key',
  });
  if (key === 'busy') return 'busy';
  if ('kind' in key) return await note(key);
  if (action.kind === 'change_user_id') await backfillAllUserIdForms(context);
  try {
    const clientContext = sealClientContext(keyring, stored.logSalt, submitted.requestSource);
    const result = await database.transaction(async (db) => {
      const tried = await verifyAndRecordKey(db, key);
      if (tried.verdict !== 'right') return tried;
      if (action.kind === 'change_password') {
        const unfilled = hashPasswordSubject(context, `identity ${identityId}`);
        await resetPasswordAttempts(db, identityId, { unfilled, offsetMs: context.clock.offsetMs });
      }
      await spendKeyAndExecute(context, db, { id, owner, action, asked, seen: clientContext });
      return tried;
    });
    if (result.verdict !== 'right') {
      const after = await handleWrongKey(context, key, result);
      if (after === 'again') return 'judged';
      return after === 'busy' ? 'busy' : await note(after);
    }
  } catch (error) {
    if (error instanceof DatabaseUnavailable && error.isUnknown)
      return await invalidateConfirmationKey(context, identityId, asked);
    return await note(toConfirmationOutcome(error));
  }
  if (revokesOtherSessions(action.kind) || action.kind === 'close_id')
    await enqueueMissedLogouts(database, identityId);
  return 'judged';
}

function hashConfirmationForm(
  { keyring, random }: AppContext,
  id: string,
  { nonce, ...submitted }: SubmittedConfirmation,
): Buffer {
  if (nonce === null) return random.bytes(16);
  const typed = JSON.stringify([id, nonce, submitted.cardNumber, submitted.keyNumber, submitted.key]);
  return keyring.hmac('records', `confirmation form v1 ${typed}`).subarray(0, 16);
}

/** @throws what is not an outcome. */
function toConfirmationOutcome(error: unknown): ConfirmationOutcome {
  if (error instanceof ActionRefusedError) return { kind: 'deed_refused', why: error.why };
  if (error instanceof StaleConfirmationError) return { kind: 'stale_key' };
  throw error;
}

/** @throws Stale, Refused */
async function spendKeyAndExecute(
  context: AppContext,
  db: Queryable,
  { id, owner, action, asked, seen: clientContext }: ConfirmationToExecute,
): Promise<void> {
  const { identityId, session } = owner;
  const { card, position } = asked;
  const now = context.clock.now();
  await lockIdentity(db, identityId);
  const isSpent = await spendKeyForAction(db, id, owner, { cardId: card.id, position, now });
  if (!isSpent) throw new StaleConfirmationError('the key is not asked for any more');
  const details = { deed: action.kind, cardNumber: card.cardNumber, ...clientContext };
  await appendEvent(db, { kind: 'deed_confirmed', identityId, details });
  // A key less may order a new card, as everywhere; after the deed where that asks for one, or it would find one on the way.
  const count = async () => {
    const counted = await applyCardCommandInTransaction(
      context,
      db,
      identityId,
      { kind: 'key_spent' },
      BY_SYSTEM,
    );
    if (counted !== 'done') throw new StaleConfirmationError(counted);
  };
  const ordersItself = action.kind === 'order_card';
  if (!ordersItself) await count();
  const refused = await executeAction(context, db, identityId, action);
  if (refused && refusalSpendsKey(refused))
    return await recordConfirmationRefusal(db, id, owner, { kind: 'deed_refused', why: refused });
  if (refused) throw new ActionRefusedError(refused);
  if (ordersItself) await count();
  if (revokesOtherSessions(action.kind)) {
    await endIdentity(db, identityId, { block: false, now });
    await keepOwnSession(db, session, identityId);
    await enqueueBackchannelLogouts(db, identityId);
  }
}

/** A connection lost during the commit is neither yes nor no: a key still pending is burnt, and another is drawn. */
async function invalidateConfirmationKey(
  context: AppContext,
  identityId: string,
  { card, position }: RequestedKey,
): Promise<'judged'> {
  const event = { kind: 'key_burnt', details: { cardNumber: card.cardNumber } };
  await invalidatePendingKey(context.database, { cardId: card.id, position, event });
  await applyCardCommand(context, identityId, { kind: 'key_spent' }, BY_SYSTEM);
  return 'judged';
}
