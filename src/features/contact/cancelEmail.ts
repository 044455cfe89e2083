/**
 * Cancels an e-mail address that has not taken effect: one that waits for its code, or one that takes over
 * later. The person cancels it, after a notice at the previous address, or staff at the person's phone call.
 * A planned change from e-mail to letters is cancelled the same way.
 */
import type { AuditActor } from '../../domain/auditEvent.ts';
import { appendEvent } from '../../db/auditLog.ts';
import { lockIdentity } from '../../db/cards/cardSets.ts';
import { cancelNextEmail } from './confirmedEmails.queries.ts';
import { deleteEmailRequest } from './emailRequests.queries.ts';
import type { Queryable } from '../../db/database.ts';
import { enqueueNotice } from '../../db/cards/notices.ts';
import type { AppContext } from '../appContext.ts';

/** `not_waiting`: nothing waited. It was cancelled before, or has taken effect. */
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

/**
 * Cancels a change for a caller whose own notice states what happened. Within a transaction that has locked
 * the owner.
 */
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
  // A person who prefers letters to entering the code of their application needs no letter about that choice.
  if (!wasAsked && !wasNext && by.by === 'person') return 'done';
  const notice = { kind: 'email_called_off', details: { by: by.by } } as const;
  await enqueueNotice(db, { id: random.uuid(), identityId, notice }, now);
  return 'done';
}
