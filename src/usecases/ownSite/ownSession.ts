/** A session at a site of our own: begun with what a sign-in stands on, found at each request, ended. */
import { drawSecret } from '../../core/dice.ts';
import { markHostBound } from '../../core/carried/hostBound.ts';
import { OWN_SESSION_HOURS, PROOF_MINUTES, type OwnSite } from '../../core/ownSite.ts';
import {
  deleteOwnSession,
  findOwnSession,
  findOwnSessionOwner,
  insertOwnSession,
  readSecondsLeft,
} from '../../store/ownSite/ownSessions.ts';
import type { World } from '../world.ts';

/** Whoever is signed in at a site of our own. */
export interface Visitor {
  readonly identityId: string;
  /** Of the session of Nøgle that this one stands on. */
  readonly sessionUid: string;
  readonly name: string;
  /** A key was given at this site at most `PROOF_MINUTES` ago. */
  readonly isProven: boolean;
  /** The keyed hash by which the session is kept. */
  readonly session: Buffer;
  /** For the forms of this session, and of no other. */
  readonly csrf: string;
}

/** @returns what the cookie holds: random, new at each sign-in, and kept nowhere; only its keyed hash is. */
export async function beginOwnSession(
  world: World,
  site: OwnSite,
  standing: { identityId: string; sessionUid: string; loginAt: Date; keyAt: Date | null },
): Promise<string> {
  const content = markHostBound(drawSecret(world.dice));
  const { clientId } = site;
  await insertOwnSession(
    world.database,
    { id: sessionKey(world, site, content), clientId, ...standing },
    world.clock.now(),
  );
  return content;
}

/** Null when it is over: idle, too long, signed out, logged out of Nøgle anywhere, blocked. */
export async function findVisitor(world: World, site: OwnSite, content: string): Promise<Visitor | null> {
  const id = sessionKey(world, site, content);
  const found = await findById(world, site, id);
  return found && { ...found, session: id, csrf: csrfOfSession(world, id) };
}

/** Judged again, as for an answer that was long in the making. */
export async function isProvenNow(
  world: World,
  site: OwnSite,
  { session }: Pick<Visitor, 'session'>,
): Promise<boolean> {
  return (await findById(world, site, session))?.isProven ?? false;
}

async function findById({ database, clock }: World, { clientId, idleMinutes }: OwnSite, id: Buffer) {
  const limits = { idleMinutes, hours: OWN_SESSION_HOURS, proofMinutes: PROOF_MINUTES };
  return await findOwnSession(database, { id, clientId }, { now: clock.now(), ...limits });
}

/**
 * A person who wants to sign out, also of a session that was idle for too long meanwhile: the one of Nøgle
 * below it may live longer. Null when it was signed out before.
 */
export async function findLeaving(
  world: World,
  site: OwnSite,
  content: string,
): Promise<Pick<Visitor, 'identityId' | 'sessionUid' | 'csrf'> | null> {
  const id = sessionKey(world, site, content);
  const owner = await findOwnSessionOwner(world.database, { id, clientId: site.clientId });
  return owner && { ...owner, csrf: csrfOfSession(world, id) };
}

/** The token of the forms of the session that this cookie names, whether or not there is one. */
export function csrfOf(world: World, site: OwnSite, content: string): string {
  return csrfOfSession(world, sessionKey(world, site, content));
}

function csrfOfSession({ keyring }: World, id: Buffer): string {
  return keyring.csrfToken(`own session ${id.toString('base64url')}`);
}

/** For a page that lies open: how long its session lasts untouched, in seconds. Does not prolong it. */
export async function readTimeLeft(world: World, site: OwnSite, content: string): Promise<number> {
  const { database, clock } = world;
  const { clientId, idleMinutes } = site;
  const id = sessionKey(world, site, content);
  const limits = { now: clock.now(), idleMinutes, hours: OWN_SESSION_HOURS };
  return await readSecondsLeft(database, { id, clientId }, limits);
}

export async function endOwnSession(world: World, site: OwnSite, content: string): Promise<void> {
  await deleteOwnSession(world.database, sessionKey(world, site, content));
}

/** Under the oldest key, which all nodes have while a newer one is on its way to them. */
function sessionKey({ keyring }: World, { clientId }: OwnSite, content: string): Buffer {
  return keyring.hmac('records', `own session ${clientId} ${content}`, keyring.oldestKid('records'));
}
