/** Where a person is signed in, and the end of all of it at once. */
import { isTwoFactor, type FactorKinds } from '../../domain/signIn/levels.ts';
import { appendEvent } from '../../db/auditLog.ts';
import { enqueueBackchannelLogouts, enqueueMissedLogouts } from '../../db/oidc/backchannelLogouts.ts';
import { revokeAllSessions, listSessions, type ListedSession } from '../../db/oidc/sessions.ts';
import type { AppContext } from '../appContext.ts';

export interface SignedInSessions {
  /** Of this browser. */
  readonly here: ListedSession;
  /** Of other browsers; none for a session that has shown the password alone: it opens nothing else. */
  readonly elsewhere: readonly ListedSession[];
}

/** Null when this session is over by now. */
export async function findSignedInSessions(
  { database }: AppContext,
  { identityId, uid, kinds }: { identityId: string; uid: string; kinds: FactorKinds },
): Promise<SignedInSessions | null> {
  const sessions = await listSessions(database, identityId);
  const here = sessions.find((one) => one.uid === uid);
  return here ? { here, elsewhere: isTwoFactor(kinds) ? sessions.filter((one) => one !== here) : [] } : null;
}

/**
 * Every session, grant and token of this identity, on every node, from the commit on; the ID itself stays open. Asked
 * twice by one session, it is done once.
 */
export async function revokeSessionsOfPerson(
  { database }: AppContext,
  { identityId, uid }: { identityId: string; uid: string },
): Promise<void> {
  const isDone = await database.transaction(async (db) => {
    if (!(await revokeAllSessions(db, { identityId, uid }))) return false;
    await appendEvent(db, { kind: 'signed_out_everywhere', identityId, details: {} });
    await enqueueBackchannelLogouts(db, identityId);
    return true;
  });
  // Not for the second of two clicks: what was signed in meanwhile is not over.
  if (isDone) await enqueueMissedLogouts(database, identityId);
}
