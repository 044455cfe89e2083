/**
 * The last step of an activation, where the application named an e-mail address: its code, another address,
 * or none. The ID is in use by then, and its person was told of that by letter: a thief of the letters who
 * sits there cannot have the word of it sent to an address of their own.
 */
import { parseEmail } from '../../core/email.ts';
import type { EmailCodeFault } from '../../core/contact/emailCode.ts';
import { lockOwner } from '../../store/cardLife.ts';
import { findEmailRequest } from '../../store/contact/emailRequests.ts';
import { callOffEmail } from '../contact/callOffEmail.ts';
import { confirmEmail } from '../contact/confirmEmail.ts';
import { giveEmail } from '../contact/giveEmail.ts';
import { orderEmailCode } from '../contact/orderEmailCode.ts';
import type { World } from '../world.ts';
import { showActivation } from './showActivation.ts';

export type EmailAnswer =
  | { readonly do: 'code'; readonly code: string }
  | { readonly do: 'again' }
  | { readonly do: 'another'; readonly email: string }
  | { readonly do: 'without' };

export type EmailAnswerFault = EmailCodeFault | 'email_incomplete' | 'email_malformed';

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
  if (shown.page !== 'done' || !shown.waiting) return null;
  const identityId = shown.identity.id;
  switch (answer.do) {
    case 'code': {
      const came = await confirmEmail(world, identityId, answer.code);
      return came === 'confirmed' || came === 'none' ? null : came;
    }
    case 'again':
      return await order(world, identityId, address);
    case 'another': {
      const email = parseEmail(answer.email);
      if (email === null) return answer.email.trim() === '' ? 'email_incomplete' : 'email_malformed';
      if (email !== shown.waiting.email) await replace(world, identityId, email);
      return await order(world, identityId, address);
    }
    case 'without':
      await callOffEmail(world, identityId, { by: 'person' });
      return null;
  }
}

/** Where the one of the application still waits. */
async function replace(world: World, identityId: string, email: string): Promise<void> {
  await world.database.transaction(async (db) => {
    await lockOwner(db, identityId);
    if ((await findEmailRequest(db, identityId))?.kind !== 'given') return;
    await giveEmail(world, db, identityId, { email, kind: 'given' });
  });
}

async function order(world: World, identityId: string, address: string): Promise<'limit' | null> {
  return (await orderEmailCode(world, identityId, { address })) === 'limit' ? 'limit' : null;
}
