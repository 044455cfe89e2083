/**
 * An e-mail address that was given and does not count yet never does: called off by the person, who heard of
 * it at the address of before, or by staff whom they phoned. Also the wish to get letters in place of mail.
 */
import type { By } from '../../core/auditEvent.ts';
import { appendEvent } from '../../store/auditLog.ts';
import { lockOwner } from '../../store/cardLife.ts';
import { callOffNextEmail } from '../../store/contact/confirmedEmails.ts';
import { forgetEmailRequest } from '../../store/contact/emailRequests.ts';
import type { Queryable } from '../../store/database.ts';
import { appendNotice } from '../../store/notices.ts';
import type { World } from '../world.ts';

/** `not_waiting`: nothing waited; it was called off before, or it counts already. */
export async function callOffEmail(
  world: World,
  identityId: string,
  by: By,
): Promise<'done' | 'not_waiting'> {
  return await world.database.transaction(async (db) => {
    await lockOwner(db, identityId);
    return await callOffEmailWithin(world, db, identityId, by);
  });
}

/** The same where another notice says what happened. Within a transaction that has locked the owner. */
export async function dropEmailChange(
  { clock }: World,
  db: Queryable,
  identityId: string,
  by: By,
): Promise<void> {
  const wasAsked = await forgetEmailRequest(db, identityId, ['change']);
  const wasNext = await callOffNextEmail(db, identityId, clock.now());
  if (wasAsked || wasNext) await appendEvent(db, { kind: 'email_called_off', identityId, details: by });
}

/** Within a transaction that has locked the owner. */
export async function callOffEmailWithin(
  { clock, dice }: World,
  db: Queryable,
  identityId: string,
  by: By,
): Promise<'done' | 'not_waiting'> {
  const now = clock.now();
  const wasGiven = await forgetEmailRequest(db, identityId, ['given']);
  const wasAsked = await forgetEmailRequest(db, identityId, ['change']);
  const wasNext = await callOffNextEmail(db, identityId, now);
  if (!wasGiven && !wasAsked && !wasNext) return 'not_waiting';
  await appendEvent(db, { kind: 'email_called_off', identityId, details: by });
  // A person who would rather have letters than give the code of their application need not hear of it in
  // one.
  if (!wasAsked && !wasNext && by.by === 'person') return 'done';
  const notice = { kind: 'email_called_off', details: { by: by.by } } as const;
  await appendNotice(db, { id: dice.uuid(), identityId, notice }, now);
  return 'done';
}
