/** A session at a site of our own: begun with what a sign-in stands on, found at each request, ended. */
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

/** Whoever is signed in at a site of our own. */
export interface FirstPartyUser {
  readonly identityId: string;
  /** Of the session of Nøgle that this one stands on. */
  readonly sessionUid: string;
  readonly name: string;
  /** A key was given at this site at most `KEY_PROOF_MINUTES` ago. */
  readonly hasRecentKey: boolean;
  /** The keyed hash by which the session is kept. */
  readonly session: Buffer;
  /** For the forms of this session, and of no other. */
  readonly csrf: string;
}

/** @returns what the cookie holds: random, new at each sign-in, and kept nowhere; only its keyed hash is. */
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

/** Null when it is over: idle, too long, signed out, logged out of Nøgle anywhere, blocked. */
export async function findFirstPartyUser(
  context: AppContext,
  site: FirstPartyClient,
  content: string,
): Promise<FirstPartyUser | null> {
  const id = hashFirstPartySession(context, site, content);
  const found = await findUserBySession(context, site, id);
  return found && { ...found, session: id, csrf: csrfOfSession(context, id) };
}

/** Judged again, as for an answer that was long in the making. */
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
 * A person who wants to sign out, also of a session that was idle for too long meanwhile: the one of Nøgle
 * below it may live longer. Null when it was signed out before.
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

/** The token of the forms of the session that this cookie names, whether or not there is one. */
export function readCsrfOfSession(context: AppContext, site: FirstPartyClient, content: string): string {
  return csrfOfSession(context, hashFirstPartySession(context, site, content));
}

function csrfOfSession({ keyring }: AppContext, id: Buffer): string {
  return keyring.csrfToken(`own session ${id.toString('base64url')}`);
}

/** For a page that lies open: how long its session lasts untouched, in seconds. Does not prolong it. */
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

/** Under the oldest key, which all nodes have while a newer one is on its way to them. */
function hashFirstPartySession(
  { keyring }: AppContext,
  { clientId }: FirstPartyClient,
  content: string,
): Buffer {
  return keyring.hmac('records', `own session ${clientId} ${content}`, keyring.oldestKid('records'));
}
