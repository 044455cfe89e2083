/** Where a person is signed in, which relying parties have access, and how each of these is ended. */
import { appendEvent } from '../../db/auditLog.ts';
import { endSessionOf } from '../../db/oidc/backchannelLogouts.ts';
import { endClientAccess, listClientAccess, withdrawScopes, type ClientAccess } from './access.queries.ts';
import { listSessions } from '../../db/oidc/sessions.ts';
import {
  listSessionsOfPerson,
  revokeSessionsOfPerson,
  type SessionDeps,
  type SessionView,
} from '../sessions/index.ts';
import type { AppContext } from '../appContext.ts';

export type { ClientAccess };

export interface AccessView {
  readonly sessions: readonly SessionView[];
  readonly services: readonly ClientAccess[];
}

interface SessionOwner {
  readonly identityId: string;
  /** The session in which the request is made. */
  readonly sessionUid: string;
}

export async function readAccessOverview(deps: SessionDeps, identityId: string): Promise<AccessView> {
  const [sessions, services] = await Promise.all([
    listSessionsOfPerson(deps, identityId),
    listClientAccess(deps.context.database, identityId),
  ]);
  return { sessions, services };
}

/** Idempotent. Returns false when the session is over or belongs to another person. */
export async function endSessionByPerson(
  { database, report }: AppContext,
  { identityId }: SessionOwner,
  uid: string,
): Promise<boolean> {
  const isEnded = await database.transaction(async (db) => await endSessionOf(db, { uid, identityId }));
  if (isEnded) report({ kind: 'session_revoked', identityId, by: 'person' });
  return isEnded;
}

/** Idempotent. Returns false when there was no access. */
export async function removeClientAccess(
  { database }: AppContext,
  { identityId }: SessionOwner,
  clientId: string,
): Promise<boolean> {
  return await database.transaction(async (db) => {
    if (!(await endClientAccess(db, identityId, clientId))) return false;
    await appendEvent(db, { kind: 'access_ended', identityId, details: { clientId } });
    return true;
  });
}

/** Withdraws one scope. Idempotent. Returns false when it was not agreed to. */
export async function removeScopeAccess(
  { database }: AppContext,
  { identityId }: SessionOwner,
  { clientId, scope }: { readonly clientId: string; readonly scope: string },
): Promise<boolean> {
  const scopes = [scope];
  return await database.transaction(async (db) => {
    if (!(await withdrawScopes(db, { identityId, clientId, scopes }))) return false;
    await appendEvent(db, { kind: 'consent_withdrawn', identityId, details: { clientId, scopes } });
    return true;
  });
}

/** Ends every session but the one of the request. Access without a session stays. @returns how many ended */
export async function endOtherSessions(
  { database, report }: AppContext,
  { identityId, sessionUid }: SessionOwner,
): Promise<number> {
  const many = await database.transaction(async (db) => {
    const others = (await listSessions(db, identityId)).filter(({ uid }) => uid !== sessionUid);
    let ended = 0;
    // Sorted, so that two such requests lock the sessions in the same order.
    for (const { uid } of others.toSorted((a, b) => (a.uid < b.uid ? -1 : 1)))
      if (await endSessionOf(db, { uid, identityId })) ended += 1;
    return ended;
  });
  if (many > 0) report({ kind: 'session_revoked', identityId, by: 'person' });
  return many;
}

export async function endAllSessions(
  context: AppContext,
  { identityId, sessionUid }: SessionOwner,
): Promise<void> {
  await revokeSessionsOfPerson(context, { identityId, uid: sessionUid });
}
