/**
 * Confirms an e-mail address by the code that was sent to it. The address takes effect immediately, or after
 * the waiting time of a change.
 */
import { readTakeoverTime, type EmailCodeRefusal } from '../../domain/person/emailCode.ts';
import { foldSignInCode } from '../../domain/signIn/signInCode.ts';
import { appendEvent } from '../../db/auditLog.ts';
import { lockIdentity } from '../../db/cards/cardSets.ts';
import { lockEmailsOfPerson, markEmailConfirmed, saveEmail } from './confirmedEmails.queries.ts';
import {
  findEmailRequest,
  deleteEmailRequest,
  verifyEmailCode,
  type StoredEmailRequest,
} from './emailRequests.queries.ts';
import type { Queryable } from '../../db/database.ts';
import { planEmail } from './confirmedEmails.queries.ts';
import type { AppContext } from '../appContext.ts';
import { hashConfirmedEmail } from './confirmedEmail.ts';
import { hashEmailCode } from './emailCode.ts';
import { openRequestedEmail } from './submitEmail.ts';
import { openEmail, sealEmail } from './sealedContact.ts';

/** `none`: no address waits for a code. It was confirmed or cancelled before. */
export type EmailConfirmationResult = 'confirmed' | 'none' | Exclude<EmailCodeRefusal, 'limit'>;

export async function confirmEmail(
  context: AppContext,
  identityId: string,
  typed: string,
): Promise<EmailConfirmationResult> {
  const { database, clock, rules } = context;
  const folded = foldSignInCode(typed);
  if (folded === '') return 'incomplete';
  return await database.transaction(async (db) => {
    if (!(await lockIdentity(db, identityId))) return 'none';
    const request = await findEmailRequest(db, identityId);
    if (!request) return 'none';
    const now = clock.now();
    const hash = hashEmailCode(context, request.id, folded);
    const verdict = await verifyEmailCode(db, request, { hash, now, tries: rules.emailCode.tries });
    if (verdict !== 'right') return verdict;
    return (await activateConfirmedEmail(context, db, request, now)) ? 'confirmed' : 'none';
  });
}

/** Returns false when a node of the previous version has put another address into use in the meantime. */
async function activateConfirmedEmail(
  context: AppContext,
  db: Queryable,
  request: StoredEmailRequest,
  now: Date,
): Promise<boolean> {
  const { identityId, kind, givenAt } = request;
  const emails = await lockEmailsOfPerson(db, identityId, now);
  if (!emails) throw new Error('the identity has no person');
  const { personId, emailSealed: before } = emails;
  const email = openRequestedEmail(context, request);
  const confirmed = hashConfirmedEmail(context, personId, email);
  const sealed = sealEmail(context, personId, email);
  await deleteEmailRequest(db, identityId);
  if (kind === 'given' && before !== null) return false;
  let from = now;
  if (kind === 'kept') {
    if (before === null || openEmail(context, personId, before) !== email) return false;
    await markEmailConfirmed(db, personId, confirmed);
  } else {
    from = readTakeoverTime(kind, givenAt, now);
    if (from > now) await planEmail(db, identityId, { emailSealed: sealed, confirmed, now, from });
    else await saveEmail(db, personId, { sealed, confirmed });
  }
  const details = { from: from > now ? from.toISOString() : null };
  await appendEvent(db, { kind: 'email_confirmed', identityId, details });
  return true;
}
