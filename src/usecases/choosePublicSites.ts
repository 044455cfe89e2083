/** The person's choice that their ID works on public sites. Switching off is felt everywhere from its commit on. */
import type { By } from '../core/auditEvent.ts';
import { publicSitesBar, type PublicSitesBar } from '../core/publicSites.ts';
import { appendEvent } from '../store/auditLog.ts';
import { queueBackchannelLogouts, queueMissedLogouts } from '../store/backchannelLogouts.ts';
import type { Queryable } from '../store/database.ts';
import { findIdentityWithPerson, setPublicSites } from '../store/identities.ts';
import { appendNotice } from '../store/notices.ts';
import type { World } from './world.ts';

/** Saying the same twice changes, records and tells nothing. @returns why it may not be switched on, if it may not. */
export async function choosePublicSites(
  world: World,
  identityId: string,
  on: boolean,
  by: By = { by: 'person' },
): Promise<PublicSitesBar | null> {
  const bar = on ? await findPublicSitesBar(world, world.database, identityId) : null;
  if (bar) return bar;
  await world.database.transaction((db) => setPublicSitesWithin(world, db, identityId, { on, by }));
  if (!on) await queueMissedLogouts(world.database, identityId, 'public');
  return null;
}

/** In a transaction of the caller's, who has looked whether it may be. */
export async function setPublicSitesWithin(
  { dice, clock }: World,
  db: Queryable,
  identityId: string,
  { on, by }: { on: boolean; by: By },
): Promise<void> {
  if (!(await setPublicSites(db, identityId, on))) return;
  await appendEvent(db, { kind: 'public_sites_changed', identityId, details: { on, ...by } });
  const kind = on ? 'public_sites_on' : 'public_sites_off';
  const notice = { kind, details: { by: by.by } } as const;
  await appendNotice(db, { id: dice.uuid(), identityId, notice }, clock.now());
  if (!on) await queueBackchannelLogouts(db, identityId, 'public');
}

export async function findPublicSitesBar(
  { clock }: World,
  db: Queryable,
  identityId: string,
): Promise<PublicSitesBar | null> {
  const found = await findIdentityWithPerson(db, identityId);
  return found && publicSitesBar(found.person, found.identity.hasCpr, clock.now());
}
