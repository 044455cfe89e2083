/**
 * Signing a person out everywhere, for staff: somebody phones who left a computer open, or comes. Card,
 * password and the ID stay as they are. Where somebody else may know those, a block is what helps.
 */
import type { AuditActor } from '../../../domain/auditEvent.ts';
import { appendEvent } from '../../../db/auditLog.ts';
import { enqueueBackchannelLogouts } from '../../../db/oidc/backchannelLogouts.ts';
import { endIdentity } from '../../../db/cards/cardSets.ts';
import type { Queryable } from '../../../db/database.ts';
import type { AppContext } from '../../appContext.ts';

/**
 * Every session, grant and token, on every node, from the commit on. In a transaction of the caller's, who
 * holds the owner and queues the missed log-outs after it.
 */
export async function signOutInTransaction(
  { clock }: AppContext,
  db: Queryable,
  identityId: string,
  { isBlocked }: { readonly isBlocked: boolean },
  by: AuditActor,
): Promise<'done' | 'id_blocked'> {
  if (isBlocked) return 'id_blocked';
  await endIdentity(db, identityId, { block: false, now: clock.now() });
  await appendEvent(db, { kind: 'signed_out_by_staff', identityId, details: by });
  await enqueueBackchannelLogouts(db, identityId);
  return 'done';
}
