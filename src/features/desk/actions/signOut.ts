/**
 * Signing a person out everywhere, for staff: a person phones or comes in because they left a computer signed
 * in. Card, password and ID stay valid; where another person may know those, a block is the remedy.
 */
import type { AuditActor } from '../../../domain/auditEvent.ts';
import { appendEvent } from '../../../db/auditLog.ts';
import { enqueueBackchannelLogouts } from '../../../db/oidc/backchannelLogouts.ts';
import { endIdentity } from '../../../db/cards/cardSets.ts';
import type { Queryable } from '../../../db/database.ts';
import type { AppContext } from '../../appContext.ts';

/**
 * Ends every session, grant and token, on every node, from the commit on. Runs in the caller's transaction;
 * the caller holds the owner's lock and queues the missed log-outs after the commit.
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
