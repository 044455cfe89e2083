/** Where a person is signed in and who has access to them, and the end of each. */
import { appendEvent } from '../../store/auditLog.ts';
import { endSessionOf } from '../../store/backchannelLogouts.ts';
import { endAccess, listAccess, withdrawAccess, type Access } from '../../store/selfService/access.ts';
import { listSessions, type ListedSession } from '../../store/sessions.ts';
import { signOutEverywhere } from '../sessions.ts';
import type { World } from '../world.ts';

export type { Access, ListedSession };

export interface AccessShown {
  readonly sessions: readonly ListedSession[];
  readonly services: readonly Access[];
}

interface Whose {
  readonly identityId: string;
  /** Of the session in which it is asked for. */
  readonly sessionUid: string;
}

export async function readAccess({ database }: World, identityId: string): Promise<AccessShown> {
  const [sessions, services] = await Promise.all([
    listSessions(database, identityId),
    listAccess(database, identityId),
  ]);
  return { sessions, services };
}

/** Asked twice, it is done once. False where it is over, or not theirs. */
export async function endSession({ database }: World, { identityId }: Whose, uid: string): Promise<boolean> {
  return await database.transaction(async (db) => await endSessionOf(db, { uid, identityId }));
}

/** Asked twice, it is done once. False where there was none. */
export async function removeAccess(
  { database }: World,
  { identityId }: Whose,
  clientId: string,
): Promise<boolean> {
  return await database.transaction(async (db) => {
    if (!(await endAccess(db, identityId, clientId))) return false;
    await appendEvent(db, { kind: 'access_ended', identityId, details: { clientId } });
    return true;
  });
}

/** One part of what was agreed to. Asked twice, it is done once. False where it was not agreed to. */
export async function removePartOfAccess(
  { database }: World,
  { identityId }: Whose,
  { clientId, scope }: { readonly clientId: string; readonly scope: string },
): Promise<boolean> {
  const scopes = [scope];
  return await database.transaction(async (db) => {
    if (!(await withdrawAccess(db, { identityId, clientId, scopes }))) return false;
    await appendEvent(db, { kind: 'consent_withdrawn', identityId, details: { clientId, scopes } });
    return true;
  });
}

export async function endEverySession(world: World, { identityId, sessionUid }: Whose): Promise<void> {
  await signOutEverywhere(world, { identityId, uid: sessionUid });
}
