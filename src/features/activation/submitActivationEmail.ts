/**
 * The last step of an activation whose application named an e-mail address: its code, another address, or
 * none. The ID is already activated, and its person was notified by letter: a thief of the letters cannot
 * have that notice sent to their own address. Another address is a change as in self-service, notified by
 * letter, and only possible while the person who activated the ID is present.
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

/** `another_over`: no other address can be given here any longer; in self-service it can. */
export type EmailSubmissionFault = EmailCodeRefusal | 'email_incomplete' | 'email_malformed' | 'another_over';

/**
 * Sends the first code when the ID is activated.
 * @param address the network address
 */
export async function sendFirstEmailCode(
  context: AppContext,
  activation: string,
  address: string,
): Promise<void> {
  const shown = await showActivation(context, activation);
  if (shown.page !== 'done' || shown.waiting?.code !== 'none') return;
  await orderEmailCode(context, shown.identity.id, { address, isFirst: true });
}

/** Returns null when the page that follows shows the state. */
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
  // Checked first, also for the same address: otherwise someone could test here which address is masked.
  if (!shown.isFresh) return 'another_over';
  const email = parseEmail(typed);
  if (email === null) return typed.trim() === '' ? 'email_incomplete' : 'email_malformed';
  if ((await changeEmailAtActivation(context, shown, email)) === 'over') return 'another_over';
  return await orderActivationEmailCode(context, shown.identity.id, { address, isFirst: true });
}

/** Skips a change that was made elsewhere at the same moment. */
async function declineEmail(context: AppContext, { identity, doneAt }: DoneStep): Promise<void> {
  await context.database.transaction(async (db) => {
    await lockIdentity(db, identity.id);
    const request = await findEmailRequest(db, identity.id);
    if (!request || !isEmailOfActivation(request, doneAt)) return;
    await cancelEmailInTransaction(context, db, identity.id, { by: 'person' });
  });
}

/** Decides under the lock: of concurrent requests, exactly those that change something are notified. */
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
