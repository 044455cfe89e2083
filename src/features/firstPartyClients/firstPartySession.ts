/**
 * A session at a first-party client: created from the proof of a sign-in, looked up at each request, and
 * ended.
 */
import { drawSecret } from '../../domain/random.ts';
import { markHostBound } from './hostBound.rules.ts';
import {
  FIRST_PARTY_SESSION_HOURS,
  KEY_PROOF_MINUTES,
  type FirstPartyClient,
} from '../../domain/relyingParty/firstPartyClient.ts';
import {
  deleteFirstPartySession,
  findFirstPartySession,
  findFirstPartySessionOwner,
  insertFirstPartySession,
  readSessionSecondsLeft,
} from '../../db/oidc/firstPartySessions.ts';
import type { AppContext } from '../appContext.ts';

/** The person who is signed in at a first-party client. */
export interface FirstPartyUser {
  readonly identityId: string;
  /** The session at Nøgle that this one depends on. */
  readonly sessionUid: string;
  readonly name: string;
  /** A key was given for this client at most `KEY_PROOF_MINUTES` ago. */
  readonly hasRecentKey: boolean;
  /** The keyed hash under which the session is stored. */
  readonly session: Buffer;
  /** The CSRF token for the forms of this session, and of no other. */
  readonly csrf: string;
}

/** @returns the value of the cookie: random, new at each sign-in, and never stored; only its keyed hash is */
export async function createFirstPartySession(
  context: AppContext,
  site: FirstPartyClient,
  signInProof: { identityId: string; sessionUid: string; loginAt: Date; keyAt: Date | null },
): Promise<string> {
  const content = markHostBound(drawSecret(context.random));
  const { clientId } = site;
  await insertFirstPartySession(
    context.database,
    { id: hashFirstPartySession(context, site, content), clientId, ...signInProof },
    context.clock.now(),
  );
  return content;
}

/**
 * Returns null when the session is over: idle or in use for too long, signed out, logged out of Nøgle
 * anywhere, or blocked.
 */
export async function findFirstPartyUser(
  context: AppContext,
  site: FirstPartyClient,
  content: string,
): Promise<FirstPartyUser | null> {
  const id = hashFirstPartySession(context, site, content);
  const found = await findUserBySession(context, site, id);
  return found && { ...found, session: id, csrf: csrfOfSession(context, id) };
}

/** Checks again, for a response that took long to prepare. */
export async function isKeyStillRecent(
  context: AppContext,
  site: FirstPartyClient,
  { session }: Pick<FirstPartyUser, 'session'>,
): Promise<boolean> {
  return (await findUserBySession(context, site, session))?.hasRecentKey ?? false;
}

async function findUserBySession(
  { database, clock }: AppContext,
  { clientId, idleMinutes }: FirstPartyClient,
  id: Buffer,
) {
  const limits = { idleMinutes, hours: FIRST_PARTY_SESSION_HOURS, proofMinutes: KEY_PROOF_MINUTES };
  return await findFirstPartySession(database, { id, clientId }, { now: clock.now(), ...limits });
}

/**
 * Finds the person who wants to sign out, also after the session was idle for too long: the session at Nøgle
 * below it may live longer. Returns null when it was signed out before.
 */
export async function findUserSigningOut(
  context: AppContext,
  site: FirstPartyClient,
  content: string,
): Promise<Pick<FirstPartyUser, 'identityId' | 'sessionUid' | 'csrf'> | null> {
  const id = hashFirstPartySession(context, site, content);
  const owner = await findFirstPartySessionOwner(context.database, { id, clientId: site.clientId });
  return owner && { ...owner, csrf: csrfOfSession(context, id) };
}

/** Returns the CSRF token of the session that this cookie names, whether or not the session exists. */
export function readCsrfOfSession(context: AppContext, site: FirstPartyClient, content: string): string {
  return csrfOfSession(context, hashFirstPartySession(context, site, content));
}

function csrfOfSession({ keyring }: AppContext, id: Buffer): string {
  return keyring.csrfToken(`own session ${id.toString('base64url')}`);
}

/** For an open page: the seconds until the idle session ends. Does not prolong it. */
export async function readSessionTimeLeft(
  context: AppContext,
  site: FirstPartyClient,
  content: string,
): Promise<number> {
  const { database, clock } = context;
  const { clientId, idleMinutes } = site;
  const id = hashFirstPartySession(context, site, content);
  const limits = { now: clock.now(), idleMinutes, hours: FIRST_PARTY_SESSION_HOURS };
  return await readSessionSecondsLeft(database, { id, clientId }, limits);
}

export async function endFirstPartySession(
  context: AppContext,
  site: FirstPartyClient,
  content: string,
): Promise<void> {
  await deleteFirstPartySession(context.database, hashFirstPartySession(context, site, content));
}

/** Uses the oldest key, which all nodes have while a newer one is being distributed. */
function hashFirstPartySession(
  { keyring }: AppContext,
  { clientId }: FirstPartyClient,
  content: string,
): Buffer {
  return keyring.hmac('records', `own session ${clientId} ${content}`, keyring.oldestKid('records'));
}
