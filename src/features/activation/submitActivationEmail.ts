/**
 * The last step of an activation, where the application named an e-mail address: its code, another address,
 * or none. The ID is in use by then, and its person was told of that by letter: a thief of the letters who
 * sits there cannot have the word of it sent to an address of their own. Another address is a change like one
 * in self-service, told of by letter, and only while the person who took the ID into use sits there.
 */
import { parseEmail } from '../../domain/person/email.ts';
import { CHANGES_AT_ACTIVATION, isSameEmail, type EmailCodeRefusal } from '../../domain/person/emailCode.ts';
import { isRecentlyDone, isEmailOfActivation } from '../../domain/issuing/activation.ts';
import { lockIdentity } from '../../db/cards/cardSets.ts';
import {
  cancelEmailInTransaction,
  changeEmailInTransaction,
  confirmEmail,
  consumeMailBudgets,
  findEmailRequest,
  openRequestedEmail,
  orderEmailCode,
} from '../contact/index.ts';
import { findIdentityWithPerson } from '../../db/people/identities.ts';
import type { AppContext } from '../appContext.ts';
import { showActivation, type ActivationView } from './showActivation.ts';

export type EmailSubmission =
  | { readonly do: 'code'; readonly code: string }
  | { readonly do: 'again' }
  | { readonly do: 'another'; readonly email: string }
  | { readonly do: 'without' };

/** `another_over`: no other address can be given here any more; in self-service it can. */
export type EmailSubmissionFault = EmailCodeRefusal | 'email_incomplete' | 'email_malformed' | 'another_over';

/** The first code is sent when the ID is taken into use. @param address the network address. */
export async function sendFirstEmailCode(
  context: AppContext,
  activation: string,
  address: string,
): Promise<void> {
  const shown = await showActivation(context, activation);
  if (shown.page !== 'done' || shown.waiting?.code !== 'none') return;
  await orderEmailCode(context, shown.identity.id, { address, isFirst: true });
}

/** Null when the page that follows says how things stand. */
export async function submitActivationEmail(
  context: AppContext,
  activation: string,
  answer: EmailSubmission,
  address: string,
): Promise<EmailSubmissionFault | null> {
  const shown = await showActivation(context, activation);
  if (shown.page !== 'done') return null;
  if (!shown.waiting) return answer.do === 'another' ? 'another_over' : null;
  const identityId = shown.identity.id;
  switch (answer.do) {
    case 'code': {
      const outcome = await confirmEmail(context, identityId, answer.code);
      return outcome === 'confirmed' || outcome === 'none' ? null : outcome;
    }
    case 'again':
      return await orderActivationEmailCode(context, identityId, { address });
    case 'another':
      return await replaceEmail(context, shown, answer.email, address);
    case 'without':
      await declineEmail(context, shown);
      return null;
  }
}

type DoneStep = Extract<ActivationView, { page: 'done' }>;

async function replaceEmail(
  context: AppContext,
  shown: DoneStep,
  typed: string,
  address: string,
): Promise<EmailSubmissionFault | null> {
  // First of all, and of the same address too: nobody tries out here which one is behind the mask.
  if (!shown.isFresh) return 'another_over';
  const email = parseEmail(typed);
  if (email === null) return typed.trim() === '' ? 'email_incomplete' : 'email_malformed';
  if ((await changeEmailAtActivation(context, shown, email)) === 'over') return 'another_over';
  return await orderActivationEmailCode(context, shown.identity.id, { address, isFirst: true });
}

/** Not of a change that was made elsewhere in the same moment. */
async function declineEmail(context: AppContext, { identity, doneAt }: DoneStep): Promise<void> {
  await context.database.transaction(async (db) => {
    await lockIdentity(db, identity.id);
    const request = await findEmailRequest(db, identity.id);
    if (!request || !isEmailOfActivation(request, doneAt)) return;
    await cancelEmailInTransaction(context, db, identity.id, { by: 'person' });
  });
}

/** Judged under the lock: of many at once each that changes something is told of, and no other one. */
async function changeEmailAtActivation(
  context: AppContext,
  { identity, doneAt }: DoneStep,
  email: string,
): Promise<'changed' | 'as_before' | 'over'> {
  const { database, clock, keyring } = context;
  return await database.transaction(async (db) => {
    await lockIdentity(db, identity.id);
    const request = await findEmailRequest(db, identity.id);
    if (!request || !isEmailOfActivation(request, doneAt)) return 'over';
    if (isSameEmail(openRequestedEmail(context, request), email)) return 'as_before';
    if ((await findIdentityWithPerson(db, identity.id))?.identity.isBlocked !== false) return 'over';
    if (!isRecentlyDone(doneAt, clock.now())) return 'over';
    const subject = keyring.hmac('attempts', `email changes at activation v1 of identity ${identity.id}`);
    const buckets = [{ subject, budget: CHANGES_AT_ACTIVATION }];
    if (!(await consumeMailBudgets(db, buckets, clock.offsetMs))) return 'over';
    await changeEmailInTransaction(context, db, identity.id, email);
    return 'changed';
  });
}

async function orderActivationEmailCode(
  context: AppContext,
  identityId: string,
  options: { readonly address: string; readonly isFirst?: boolean },
): Promise<'limit' | null> {
  return (await orderEmailCode(context, identityId, options)) === 'limit' ? 'limit' : null;
}
