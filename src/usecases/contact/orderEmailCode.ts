/**
 * A code is ordered for the e-mail address that waits for one. It leaves by sendEmailCodes.ts. How many leave
 * is bounded for the mailbox, over all who ask, for the ID and for the network: nobody fills a stranger's
 * inbox by way of us.
 */
import { emailCodeBudgets, emailCodeUntil, mailboxOf } from '../../core/contact/emailCode.ts';
import { customerNetworkOf } from '../../core/network/networks.ts';
import { appendEvent } from '../../store/auditLog.ts';
import { lockOwner } from '../../store/cardLife.ts';
import { lockEmails } from '../../store/contact/confirmedEmails.ts';
import { findEmailRequest, orderEmailCode as saveCode } from '../../store/contact/emailRequests.ts';
import { takeFromBuckets } from '../../store/contact/mailBudgets.ts';
import type { Queryable } from '../../store/database.ts';
import type { World } from '../world.ts';
import { isEmailConfirmed } from './confirmedEmail.ts';
import { emailCodeKey, readEmailCode } from './emailCode.ts';
import { findEmailWaiting, giveEmail, openRequestedEmail } from './giveEmail.ts';
import { openEmail } from './sealedContact.ts';

/** `limit`: no more for now. `none`: there is no address that waits for one. */
export type EmailCodeOrdered = 'ordered' | 'limit' | 'none';

/** Nothing of the transaction is kept. */
class Limit extends Error {}

/**
 * @param address the network address from which it is asked for.
 * @param isFirst only where none was asked for yet.
 */
export async function orderEmailCode(
  world: World,
  identityId: string,
  { address, isFirst = false }: { readonly address: string; readonly isFirst?: boolean },
): Promise<EmailCodeOrdered> {
  try {
    return await world.database.transaction(async (db) => {
      if (!(await lockOwner(db, identityId))) return 'none';
      return await order(world, db, identityId, { address, isFirst });
    });
  } catch (error) {
    if (!(error instanceof Limit)) throw error;
    return 'limit';
  }
}

/** The same, for the address in use, which is from before and has not answered. */
export async function orderCodeForEmailInUse(
  world: World,
  identityId: string,
  { address }: { readonly address: string },
): Promise<EmailCodeOrdered> {
  const { database, clock } = world;
  const waiting = await findEmailWaiting(world, identityId);
  if (!waiting) {
    await database.transaction(async (db) => {
      if (!(await lockOwner(db, identityId)) || (await findEmailRequest(db, identityId))) return;
      const emails = await lockEmails(db, identityId, clock.now());
      if (!emails?.emailSealed) return;
      if (isEmailConfirmed(world, emails.personId, emails.emailSealed, emails.confirmedEmails)) return;
      const email = openEmail(world, emails.personId, emails.emailSealed);
      await giveEmail(world, db, identityId, { email, kind: 'kept' });
    });
  }
  return await orderEmailCode(world, identityId, { address });
}

/** @throws Limit */
async function order(
  world: World,
  db: Queryable,
  identityId: string,
  { address, isFirst }: { address: string; isFirst: boolean },
): Promise<EmailCodeOrdered> {
  const { keyring, clock, dice, rules } = world;
  const request = await findEmailRequest(db, identityId);
  if (!request) return 'none';
  if (isFirst && request.codeId !== null) return 'ordered';
  const budgets = emailCodeBudgets(rules);
  const subject = (text: string) => keyring.hmac('attempts', `email codes v1 ${text}`);
  const buckets = [
    { subject: subject(`to ${mailboxOf(openRequestedEmail(world, request))}`), budget: budgets.mailbox },
    { subject: subject(`of identity ${identityId}`), budget: budgets.identity },
    { subject: subject(`from network ${customerNetworkOf(address)}`), budget: budgets.network },
  ];
  if (!(await takeFromBuckets(db, buckets, clock.offsetMs))) throw new Limit('no more codes for now');
  const id = dice.uuid();
  const hash = emailCodeKey(world, request.id, readEmailCode(world, id));
  const until = emailCodeUntil(clock.now(), rules);
  if (await saveCode(db, request, { id, hash, until })) {
    await appendEvent(db, { kind: 'email_code_ordered', identityId, details: {} });
  }
  return 'ordered';
}
