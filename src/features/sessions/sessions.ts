/** Where a person is signed in, and how all sessions are ended. */
import { isTwoFactor, type FactorKinds } from '../../domain/signIn/levels.ts';
import { appendEvent } from '../../db/auditLog.ts';
import { enqueueBackchannelLogouts, enqueueMissedLogouts } from '../../db/oidc/backchannelLogouts.ts';
import { revokeAllSessions, listSessions, type ListedSession } from '../../db/oidc/sessions.ts';
import type { AppContext } from '../appContext.ts';

export interface SignedInSessions {
  /** The session of this browser. */
  readonly here: ListedSession;
  /**
   * The sessions of other browsers; empty for a session with only a password, which may not see the others.
   */
  readonly elsewhere: readonly ListedSession[];
}

/** Returns null when this session has ended. */
export async function findSignedInSessions(
  { database }: AppContext,
  { identityId, uid, kinds }: { identityId: string; uid: string; kinds: FactorKinds },
): Promise<SignedInSessions | null> {
  const sessions = await listSessions(database, identityId);
  const here = sessions.find((one) => one.uid === uid);
  return here ? { here, elsewhere: isTwoFactor(kinds) ? sessions.filter((one) => one !== here) : [] } : null;
}

/**
 * Ends every session, grant and token of this identity, on every node from the commit; the ID itself stays
 * open. Idempotent for one session.
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
  // Skipped for the second of two clicks: sessions that began in the meantime have not ended.
  if (isDone) await enqueueMissedLogouts(database, identityId);
}
