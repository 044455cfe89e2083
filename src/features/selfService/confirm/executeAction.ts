/** Executes an action of self-service, in the transaction that spends its key. */
import { findPublicSitesBlocker } from '../../../domain/signIn/publicSites.ts';
import {
  EMAIL_WAIT_MS,
  type SelfServiceRefusal,
  type SelfServiceAction,
  type SelfServiceActionOf,
} from '../../../domain/selfServiceAction.ts';
import { unpackSecurityKey, type ConfirmingWay } from '../../../domain/factors/securityKey.ts';
import type { Notice } from '../../../domain/notice.ts';
import { appendEvent } from '../../../db/auditLog.ts';
import { lockCardSet } from '../../../db/cards/cardSets.ts';
import type { Queryable } from '../../../db/database.ts';
import { findIdentityWithPerson } from '../../../db/people/identities.ts';
import { deleteKnownBrowsers } from '../../../db/signIn/knownBrowsers.ts';
import { cancelLettersTo } from '../../../db/cards/letters.ts';
import { enqueueNotice } from '../../../db/cards/notices.ts';
import { closeIdentity, setPassword } from '../accountDetails.queries.ts';
import { trySaveUserId } from '../../../db/people/userIds.ts';
import { voidPasswordLetters } from '../../../db/people/deskActions.ts';
import { blockInTransaction } from '../../factors/index.ts';
import {
  applyCardCommandInTransaction,
  changeCardFormatInTransaction,
  changeThresholdInTransaction,
  setPublicSitesInTransaction,
} from '../../identity/index.ts';
import { orderCodeToken, resyncInTransaction, startCodeTokenWait } from '../../codeTokens/index.ts';
import { changeEmailInTransaction } from '../../contact/index.ts';
import { addSecurityKeyInTransaction, type SecurityKeyToAdd } from '../../securityKeys/index.ts';
import { checkUserId } from '../../../domain/person/userId.ts';
import { composeUserIdWithForm } from '../../authentication/index.ts';
import type { AppContext } from '../../appContext.ts';

const BY_PERSON = { by: 'person' } as const;

/**
 * @param confirmedWith the second way that confirmed it beside the card's key; null without one
 * @returns why the action cannot be executed. The caller then rolls back the transaction, unless the answer
 *   itself costs a key.
 */
export async function executeAction(
  context: AppContext,
  db: Queryable,
  identityId: string,
  action: SelfServiceAction,
  confirmedWith: ConfirmingWay | null,
): Promise<SelfServiceRefusal | null> {
  const now = context.clock.now();
  const at = now.toISOString();
  const sendNotice = async (notice: Notice) =>
    await enqueueNotice(db, { id: context.random.uuid(), identityId, notice }, now);

  switch (action.kind) {
    case 'change_email':
      await changeEmailInTransaction(context, db, identityId, action.email);
      return null;
    case 'change_user_id':
      // A node of the previous version may have accepted it.
      if (checkUserId(action.userId)) return 'user_id_signs';
      if (!(await trySaveUserId(db, identityId, composeUserIdWithForm(action.userId)))) {
        await appendEvent(db, { kind: 'user_id_refused', identityId, details: {} });
        return 'user_id_taken';
      }
      await appendEvent(db, { kind: 'user_id_chosen', identityId, details: {} });
      await sendNotice({ kind: 'user_id_changed', details: { at } });
      return null;
    case 'change_password':
      await setPassword(db, identityId, action.passwordHash);
      // Known browsers belong to the previous password, and so does a temporary password that is still in a
      // letter.
      await deleteKnownBrowsers(db, identityId);
      await voidPasswordLetters(db, identityId, now);
      await appendEvent(db, { kind: 'password_chosen', identityId, details: {} });
      await sendNotice({ kind: 'password_changed', details: { at } });
      return null;
    case 'change_threshold': {
      const done = await changeThresholdInTransaction(context, db, identityId, action.threshold);
      return done === 'done' ? null : done;
    }
    case 'order_card': {
      const done = await applyCardCommandInTransaction(context, db, identityId, { kind: 'order' }, BY_PERSON);
      return done === 'done' ? null : done;
    }
    case 'change_card_format': {
      await changeCardFormatInTransaction(context, db, identityId, action.format, BY_PERSON);
      if (!action.order) return null;
      const done = await applyCardCommandInTransaction(context, db, identityId, { kind: 'order' }, BY_PERSON);
      return done === 'done' ? null : done;
    }
    case 'order_code_token': {
      const cardSet = await lockCardSet(db, identityId);
      if (!cardSet || cardSet.isBlocked) return 'id_blocked';
      return await orderCodeToken(context, db, identityId, cardSet);
    }
    case 'activate_code_token':
      return await startCodeTokenWait(context, db, identityId, action);
    case 'adjust_code_token':
      return await resyncInTransaction(context, db, identityId, { ...action, by: BY_PERSON });
    case 'public_sites_on': {
      const found = await findIdentityWithPerson(db, identityId);
      const blocker = found && findPublicSitesBlocker(found.person, found.identity.hasCpr, now);
      if (blocker) return blocker;
      await setPublicSitesInTransaction(context, db, identityId, { on: true, by: BY_PERSON });
      return null;
    }
    case 'add_security_key': {
      const toAdd = readKeyToAdd(action, confirmedWith);
      return await addSecurityKeyInTransaction(context, db, identityId, toAdd, BY_PERSON);
    }
    case 'close_id':
      return await closeId(context, db, identityId, sendNotice);
  }
}

function readKeyToAdd(
  { kind: _kind, name, ...packed }: SelfServiceActionOf<'add_security_key'>,
  confirmedWith: ConfirmingWay | null,
): SecurityKeyToAdd {
  const added = { key: unpackSecurityKey(packed), name, place: 'self_service' } as const;
  return confirmedWith ? { ...added, isConfirmed: true, confirmedWith } : { ...added, isConfirmed: false };
}

type SendNotice = (notice: Notice) => Promise<void>;

async function closeId(
  context: AppContext,
  db: Queryable,
  identityId: string,
  sendNotice: SendNotice,
): Promise<SelfServiceRefusal | null> {
  const now = context.clock.now();
  // Before the block, which sends nothing either: a card that the last key ordered is not sent.
  await cancelLettersTo(db, identityId);
  const done = await blockInTransaction(context, db, identityId, 'identity', BY_PERSON, { notice: null });
  if (done !== 'done') return done;
  await voidPasswordLetters(db, identityId, now);
  const emailUntil = new Date(now.getTime() + EMAIL_WAIT_MS);
  if (!(await closeIdentity(db, identityId, { now, emailUntil }))) return 'already_blocked';
  await appendEvent(db, { kind: 'identity_closed', identityId, details: {} });
  await sendNotice({ kind: 'id_closed', details: { at: now.toISOString() } });
  return null;
}
