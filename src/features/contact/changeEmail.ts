/**
 * Requests another place for notices: an e-mail address, or the post. The notice about it goes to the current
 * place, so that the person has a day to stop it. A new address also waits for its code; until that is
 * entered, only the code is sent there.
 */
import { EMAIL_WAIT_MS } from '../../domain/selfServiceAction.ts';
import { appendEvent } from '../../db/auditLog.ts';
import { cancelNextEmail } from './confirmedEmails.queries.ts';
import { deleteEmailRequest } from './emailRequests.queries.ts';
import type { Queryable } from '../../db/database.ts';
import { enqueueNotice } from '../../db/cards/notices.ts';
import { planEmail } from './confirmedEmails.queries.ts';
import type { AppContext } from '../appContext.ts';
import { sealEmailForLetter } from './emailInLetter.ts';
import { submitEmail } from './submitEmail.ts';

/**
 * Within a transaction that has locked the owner. Replaces an address that waits or is planned.
 * @param email null for letters
 */
export async function changeEmailInTransaction(
  context: AppContext,
  db: Queryable,
  identityId: string,
  email: string | null,
): Promise<void> {
  const now = context.clock.now();
  const until = new Date(now.getTime() + EMAIL_WAIT_MS);
  await deleteEmailRequest(db, identityId);
  if (email === null) {
    await planEmail(db, identityId, { emailSealed: null, confirmed: null, now, from: until });
  } else {
    await cancelNextEmail(db, identityId, now);
    await submitEmail(context, db, identityId, { email, kind: 'change' });
  }
  const from = until.toISOString();
  await appendEvent(db, { kind: 'email_changed', identityId, details: { from, removed: email === null } });
  const details = { from, byLetter: email === null, ...sealEmailForLetter(context, email) };
  const notice = { kind: 'email_changed', details } as const;
  await enqueueNotice(db, { id: context.random.uuid(), identityId, notice }, now);
}
