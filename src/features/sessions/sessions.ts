/** Where a person is signed in, and how all sessions are ended. */
import { isTwoFactor, type FactorKinds } from '../../domain/signIn/levels.ts';
import { appendEvent } from '../../db/auditLog.ts';
import { enqueueBackchannelLogouts, enqueueMissedLogouts } from '../../db/oidc/backchannelLogouts.ts';
import { revokeAllSessions, listSessions, type ListedSession } from '../../db/oidc/sessions.ts';
import type { ClientContext } from '../../domain/clientContext.ts';
import type { AppContext } from '../appContext.ts';
import type { FeatureDeps } from '../feature.ts';

/** What reading the sessions of a person takes. */
export type SessionDeps = Pick<FeatureDeps, 'context' | 'sessions'>;

/** A session as its person sees it. */
export interface SessionView extends ListedSession {
  /** The browser and network of the latest use that was recorded; null where none was. */
  readonly client: ClientContext | null;
  readonly usedAt: Date | null;
}

/** Lists the live sessions, the most recently used first. */
export async function listSessionsOfPerson(
  { context, sessions }: SessionDeps,
  identityId: string,
): Promise<SessionView[]> {
  const stored = await listSessions(context.database, identityId);
  // Sessions are recorded in real time; what people read has the time of the rules.
  const toRulesTime = (at: Date) => new Date(at.getTime() + context.clock.offsetMs);
  const views = stored.map(({ id, payload, usedHereAt, ...session }): SessionView => {
    const use = sessions.readUse({ id, payload });
    const client = use && { browser: use.browser, system: use.system, network: use.network };
    const startedAt = toRulesTime(session.startedAt);
    const usedAt = findLatest([startedAt, use && toRulesTime(use.at), usedHereAt]);
    return { ...session, startedAt, client, usedAt };
  });
  return views.toSorted((a, b) => Number(b.usedAt) - Number(a.usedAt));
}

function findLatest(times: readonly (Date | null | undefined)[]): Date | null {
  const known = times.filter((one) => one instanceof Date).map(Number);
  return known.length === 0 ? null : new Date(Math.max(...known));
}

export interface SignedInSessions {
  /** The session of this browser. */
  readonly here: SessionView;
  /**
   * The sessions of other browsers; empty for a session with only a password, which may not see the others.
   */
  readonly elsewhere: readonly SessionView[];
}

/** Returns null when this session has ended. */
export async function findSignedInSessions(
  deps: SessionDeps,
  { identityId, uid, kinds }: { identityId: string; uid: string; kinds: FactorKinds },
): Promise<SignedInSessions | null> {
  const sessions = await listSessionsOfPerson(deps, identityId);
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
