/**
 * An e-mail address that was given and does not count yet never does: called off by the person, who heard of
 * it at the address of before, or by staff whom they phoned. Also the wish to get letters in place of mail.
 */
import type { AuditActor } from '../../domain/auditEvent.ts';
import { appendEvent } from '../../db/auditLog.ts';
import { lockIdentity } from '../../db/cards/cardSets.ts';
import { cancelNextEmail } from './confirmedEmails.queries.ts';
import { deleteEmailRequest } from './emailRequests.queries.ts';
import type { Queryable } from '../../db/database.ts';
import { enqueueNotice } from '../../db/cards/notices.ts';
import type { AppContext } from '../appContext.ts';

/** `not_waiting`: nothing waited; it was called off before, or it counts already. */
export async function cancelEmail(
  context: AppContext,
  identityId: string,
  by: AuditActor,
): Promise<'done' | 'not_waiting'> {
  return await context.database.transaction(async (db) => {
    await lockIdentity(db, identityId);
    return await cancelEmailInTransaction(context, db, identityId, by);
  });
}

/** The same where another notice says what happened. Within a transaction that has locked the owner. */
export async function dropEmailChange(
  { clock }: AppContext,
  db: Queryable,
  identityId: string,
  by: AuditActor,
): Promise<void> {
  const wasAsked = await deleteEmailRequest(db, identityId, ['change']);
  const wasNext = await cancelNextEmail(db, identityId, clock.now());
  if (wasAsked || wasNext) await appendEvent(db, { kind: 'email_called_off', identityId, details: by });
}

/** Within a transaction that has locked the owner. */
export async function cancelEmailInTransaction(
  { clock, random }: AppContext,
  db: Queryable,
  identityId: string,
  by: AuditActor,
): Promise<'done' | 'not_waiting'> {
  const now = clock.now();
  const wasGiven = await deleteEmailRequest(db, identityId, ['given']);
  const wasAsked = await deleteEmailRequest(db, identityId, ['change']);
  const wasNext = await cancelNextEmail(db, identityId, now);
  if (!wasGiven && !wasAsked && !wasNext) return 'not_waiting';
  await appendEvent(db, { kind: 'email_called_off', identityId, details: by });
  // A person who would rather have letters than give the code of their application need not hear of it in
  // one.
  if (!wasAsked && !wasNext && by.by === 'person') return 'done';
  const notice = { kind: 'email_called_off', details: { by: by.by } } as const;
  await enqueueNotice(db, { id: random.uuid(), identityId, notice }, now);
  return 'done';
}
