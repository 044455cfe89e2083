/**
 * The last step of an activation, where the application named an e-mail address: its code, another address,
 * or none. The ID is in use by then, and its person was told of that by letter: a thief of the letters who
 * sits there cannot have the word of it sent to an address of their own. Another address is a change like one
 * in self-service, told of by letter, and only while the person who took the ID into use sits there.
 */
import { parseEmail } from '../../core/email.ts';
import { CHANGES_AT_ACTIVATION, isSameEmail, type EmailCodeFault } from '../../core/contact/emailCode.ts';
import { isJustDone, isOfActivation } from '../../core/issuing/activation.ts';
import { lockOwner } from '../../store/cardLife.ts';
import { findEmailRequest } from '../../store/contact/emailRequests.ts';
import { takeFromBuckets } from '../../store/contact/mailBudgets.ts';
import { findIdentityWithPerson } from '../../store/identities.ts';
import { callOffEmailWithin } from '../contact/callOffEmail.ts';
import { changeEmailWithin } from '../contact/changeEmail.ts';
import { confirmEmail } from '../contact/confirmEmail.ts';
import { openRequestedEmail } from '../contact/giveEmail.ts';
import { orderEmailCode } from '../contact/orderEmailCode.ts';
import type { World } from '../world.ts';
import { showActivation, type ActivationShown } from './showActivation.ts';

export type EmailAnswer =
  | { readonly do: 'code'; readonly code: string }
  | { readonly do: 'again' }
  | { readonly do: 'another'; readonly email: string }
  | { readonly do: 'without' };

/** `another_over`: no other address can be given here any more; in self-service it can. */
export type EmailAnswerFault = EmailCodeFault | 'email_incomplete' | 'email_malformed' | 'another_over';

/** The first code is sent when the ID is taken into use. @param address the network address. */
export async function sendFirstEmailCode(world: World, activation: string, address: string): Promise<void> {
  const shown = await showActivation(world, activation);
  if (shown.page !== 'done' || shown.waiting?.code !== 'none') return;
  await orderEmailCode(world, shown.identity.id, { address, isFirst: true });
}

/** Null when the page that follows says how things stand. */
export async function answerForEmail(
  world: World,
  activation: string,
  answer: EmailAnswer,
  address: string,
): Promise<EmailAnswerFault | null> {
  const shown = await showActivation(world, activation);
  if (shown.page !== 'done') return null;
  if (!shown.waiting) return answer.do === 'another' ? 'another_over' : null;
  const identityId = shown.identity.id;
  switch (answer.do) {
    case 'code': {
      const came = await confirmEmail(world, identityId, answer.code);
      return came === 'confirmed' || came === 'none' ? null : came;
    }
    case 'again':
      return await order(world, identityId, { address });
    case 'another':
      return await giveAnother(world, shown, answer.email, address);
    case 'without':
      await goWithout(world, shown);
      return null;
  }
}

type Done = Extract<ActivationShown, { page: 'done' }>;

async function giveAnother(
  world: World,
  shown: Done,
  typed: string,
  address: string,
): Promise<EmailAnswerFault | null> {
  // First of all, and of the same address too: nobody tries out here which one is behind the mask.
  if (!shown.isFresh) return 'another_over';
  const email = parseEmail(typed);
  if (email === null) return typed.trim() === '' ? 'email_incomplete' : 'email_malformed';
  if ((await changeTo(world, shown, email)) === 'over') return 'another_over';
  return await order(world, shown.identity.id, { address, isFirst: true });
}

/** Not of a change that was made elsewhere in the same moment. */
async function goWithout(world: World, { identity, doneAt }: Done): Promise<void> {
  await world.database.transaction(async (db) => {
    await lockOwner(db, identity.id);
    const request = await findEmailRequest(db, identity.id);
    if (!request || !isOfActivation(request, doneAt)) return;
    await callOffEmailWithin(world, db, identity.id, { by: 'person' });
  });
}

/** Judged under the lock: of many at once each that changes something is told of, and no other one. */
async function changeTo(
  world: World,
  { identity, doneAt }: Done,
  email: string,
): Promise<'changed' | 'as_before' | 'over'> {
  const { database, clock, keyring } = world;
  return await database.transaction(async (db) => {
    await lockOwner(db, identity.id);
    const request = await findEmailRequest(db, identity.id);
    if (!request || !isOfActivation(request, doneAt)) return 'over';
    if (isSameEmail(openRequestedEmail(world, request), email)) return 'as_before';
    if ((await findIdentityWithPerson(db, identity.id))?.identity.isBlocked !== false) return 'over';
    if (!isJustDone(doneAt, clock.now())) return 'over';
    const subject = keyring.hmac('attempts', `email changes at activation v1 of identity ${identity.id}`);
    const buckets = [{ subject, budget: CHANGES_AT_ACTIVATION }];
    if (!(await takeFromBuckets(db, buckets, clock.offsetMs))) return 'over';
    await changeEmailWithin(world, db, identity.id, email);
    return 'changed';
  });
}

async function order(
  world: World,
  identityId: string,
  options: { readonly address: string; readonly isFirst?: boolean },
): Promise<'limit' | null> {
  return (await orderEmailCode(world, identityId, options)) === 'limit' ? 'limit' : null;
}
