/**
 * The person's choice that their ID works on public sites. Switching off takes effect on every node from its
 * commit.
 */
import type { AuditActor } from '../../domain/auditEvent.ts';
import { findPublicSitesBlocker, type PublicSitesBlocker } from '../../domain/signIn/publicSites.ts';
import { appendEvent } from '../../db/auditLog.ts';
import { enqueueBackchannelLogouts, enqueueMissedLogouts } from '../../db/oidc/backchannelLogouts.ts';
import type { Queryable } from '../../db/database.ts';
import { findIdentityWithPerson, setPublicSites } from '../../db/people/identities.ts';
import { enqueueNotice } from '../../db/cards/notices.ts';
import type { AppContext } from '../appContext.ts';

/**
 * Choosing the same twice changes, records and notifies nothing.
 * @returns the reason why public sites may not be switched on; null when the choice is saved
 */
export async function choosePublicSites(
  context: AppContext,
  identityId: string,
  on: boolean,
  by: AuditActor = { by: 'person' },
): Promise<PublicSitesBlocker | null> {
  const blocker = on ? await findBlockerOfIdentity(context, context.database, identityId) : null;
  if (blocker) return blocker;
  await context.database.transaction((db) =>
    setPublicSitesInTransaction(context, db, identityId, { on, by }),
  );
  if (!on) await enqueueMissedLogouts(context.database, identityId, 'public');
  return null;
}

/** Saves the choice in the caller's transaction. The caller has checked that it is allowed. */
export async function setPublicSitesInTransaction(
  { random, clock }: AppContext,
  db: Queryable,
  identityId: string,
  { on, by }: { on: boolean; by: AuditActor },
): Promise<void> {
  if (!(await setPublicSites(db, identityId, on))) return;
  await appendEvent(db, { kind: 'public_sites_changed', identityId, details: { on, ...by } });
  const kind = on ? 'public_sites_on' : 'public_sites_off';
  const notice = { kind, details: { by: by.by } } as const;
  await enqueueNotice(db, { id: random.uuid(), identityId, notice }, clock.now());
  if (!on) await enqueueBackchannelLogouts(db, identityId, 'public');
}

export async function findBlockerOfIdentity(
  { clock }: AppContext,
  db: Queryable,
  identityId: string,
): Promise<PublicSitesBlocker | null> {
  const found = await findIdentityWithPerson(db, identityId);
  return found && findPublicSitesBlocker(found.person, found.identity.hasCpr, clock.now());
}
