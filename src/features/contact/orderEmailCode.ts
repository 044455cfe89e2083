/**
 * Orders a code for the e-mail address that waits for one. It is sent by the job sendEmailCodes.ts. Budgets
 * for the mailbox (over all persons), the ID and the network limit how many are sent: no one can flood a
 * stranger's inbox through Nøgle.
 */
import { readEmailCodeBudgets, readEmailCodeExpiry, foldMailbox } from '../../domain/person/emailCode.ts';
import { findCustomerNetwork } from '../../domain/network/networks.ts';
import { appendEvent } from '../../db/auditLog.ts';
import { lockIdentity } from '../../db/cards/cardSets.ts';
import { lockEmailsOfPerson } from './confirmedEmails.queries.ts';
import { findEmailRequest, orderEmailCode as saveCode } from './emailRequests.queries.ts';
import { consumeMailBudgets } from './mailBudgets.queries.ts';
import type { Queryable } from '../../db/database.ts';
import type { AppContext } from '../appContext.ts';
import { isEmailConfirmed } from './confirmedEmail.ts';
import { hashEmailCode, readEmailCode } from './emailCode.ts';
import { findUnconfirmedEmail, submitEmail, openRequestedEmail } from './submitEmail.ts';
import { openEmail } from './sealedContact.ts';

/** `limit`: the budget is exhausted for now. `none`: no address waits for a code. */
export type EmailCodeOrderResult = 'ordered' | 'limit' | 'none';

/** Rolls the transaction back. */
class EmailCodeLimitError extends Error {}

/**
 * @param options.address the network address of the request
 * @param options.isFirst order only when no code was ordered yet
 */
export async function orderEmailCode(
  context: AppContext,
  identityId: string,
  { address, isFirst = false }: { readonly address: string; readonly isFirst?: boolean },
): Promise<EmailCodeOrderResult> {
  try {
    return await context.database.transaction(async (db) => {
      if (!(await lockIdentity(db, identityId))) return 'none';
      return await saveEmailCodeOrder(context, db, identityId, { address, isFirst });
    });
  } catch (error) {
    if (!(error instanceof EmailCodeLimitError)) throw error;
    return 'limit';
  }
}

/**
 * Orders a code for the address in use when that one was never confirmed, because it is from a previous
 * version.
 */
export async function orderCodeForEmailInUse(
  context: AppContext,
  identityId: string,
  { address }: { readonly address: string },
): Promise<EmailCodeOrderResult> {
  const { database, clock } = context;
  const waiting = await findUnconfirmedEmail(context, identityId);
  if (!waiting) {
    await database.transaction(async (db) => {
      if (!(await lockIdentity(db, identityId)) || (await findEmailRequest(db, identityId))) return;
      const emails = await lockEmailsOfPerson(db, identityId, clock.now());
      if (!emails?.emailSealed) return;
      if (isEmailConfirmed(context, emails.personId, emails.emailSealed, emails.confirmedEmails)) return;
      const email = openEmail(context, emails.personId, emails.emailSealed);
      await submitEmail(context, db, identityId, { email, kind: 'kept' });
    });
  }
  return await orderEmailCode(context, identityId, { address });
}

/** @throws EmailCodeLimitError */
async function saveEmailCodeOrder(
  context: AppContext,
  db: Queryable,
  identityId: string,
  { address, isFirst }: { address: string; isFirst: boolean },
): Promise<EmailCodeOrderResult> {
  const { keyring, clock, random, rules } = context;
  const request = await findEmailRequest(db, identityId);
  if (!request) return 'none';
  if (isFirst && request.codeId !== null) return 'ordered';
  const budgets = readEmailCodeBudgets(rules);
  const subject = (text: string) => keyring.hmac('attempts', `email codes v1 ${text}`);
  const buckets = [
    { subject: subject(`to ${foldMailbox(openRequestedEmail(context, request))}`), budget: budgets.mailbox },
    { subject: subject(`of identity ${identityId}`), budget: budgets.identity },
    { subject: subject(`from network ${findCustomerNetwork(address)}`), budget: budgets.network },
  ];
  if (!(await consumeMailBudgets(db, buckets, clock.offsetMs)))
    throw new EmailCodeLimitError('the budget of codes is exhausted');
  const id = random.uuid();
  const hash = hashEmailCode(context, request.id, readEmailCode(context, id));
  const until = readEmailCodeExpiry(clock.now(), rules);
  if (await saveCode(db, request, { id, hash, until })) {
    await appendEvent(db, { kind: 'email_code_ordered', identityId, details: {} });
  }
  return 'ordered';
}
