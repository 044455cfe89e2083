/** The person's choice that their ID works on public sites. Switching off is felt everywhere from its commit on. */
import { appendEvent } from '../store/auditLog.ts';
import { setPublicSites } from '../store/identities.ts';
import type { World } from './world.ts';

/** Saying the same twice changes and records nothing. */
export async function choosePublicSites(world: World, identityId: string, on: boolean): Promise<void> {
  await world.database.transaction(async (db) => {
    if (!(await setPublicSites(db, identityId, on))) return;
    await appendEvent(db, { kind: 'public_sites_changed', identityId, details: { on } });
  });
}
