/**
 * The browsers that a person called their own, and the end of each. A browser that was taken back is one that
 * nobody knows, on every node from the next form on: what is asked is the row. Who is signed in in it stays
 * so.
 */
import type { Seen, Visit } from '../../core/selfService/seen.ts';
import { appendEvent } from '../../store/auditLog.ts';
import { lockOwner } from '../../store/cardLife.ts';
import type { Queryable } from '../../store/database.ts';
import { findIdentityWithPerson } from '../../store/identities.ts';
import { forgetBrowsers, forgetNamedBrowser, listKnownBrowsers } from '../../store/knownBrowsers.ts';
import { appendNotice } from '../../store/notices.ts';
import { openSeen, sealSeen } from '../seen.ts';
import type { World } from '../world.ts';

export interface OwnBrowser {
  /** By which it is taken back. */
  readonly name: string;
  readonly firstAt: Date;
  /** Of the last sign-in with a key; null where none was written down. */
  readonly lastAt: Date | null;
  /** Null where it was not written down, or erased. */
  readonly seen: Seen | null;
}

/** The one that was used last comes first. */
export async function readOwnBrowsers(
  { database, keyring }: World,
  identityId: string,
): Promise<OwnBrowser[]> {
  const found = await findIdentityWithPerson(database, identityId);
  if (!found) return [];
  const stored = await listKnownBrowsers(database, identityId);
  return stored.map(({ seen, ...rest }) => {
    return { ...rest, seen: seen === null ? null : openSeen(keyring, found.logSalt, seen) };
  });
}

/** Asked twice, it is done once. False where it was not known any more, or is not theirs. */
export async function takeBackBrowser(
  world: World,
  identityId: string,
  { name, visit }: { name: string; visit: Visit },
): Promise<boolean> {
  const forget = async (db: Queryable) => ((await forgetNamedBrowser(db, identityId, name)) ? 1 : 0);
  return (await takeBack(world, identityId, { visit, forget })) > 0;
}

/** @returns how many there were. */
export async function takeBackBrowsers(world: World, identityId: string, visit: Visit): Promise<number> {
  const forget = async (db: Queryable) => await forgetBrowsers(db, identityId);
  return await takeBack(world, identityId, { visit, forget });
}

async function takeBack(
  world: World,
  identityId: string,
  { visit, forget }: { visit: Visit; forget: (db: Queryable) => Promise<number> },
): Promise<number> {
  const { database, dice, clock, keyring } = world;
  return await database.transaction(async (db) => {
    await lockOwner(db, identityId);
    const many = await forget(db);
    if (many === 0) return 0;
    const logSalt = (await findIdentityWithPerson(db, identityId))?.logSalt ?? null;
    const details = { many, ...sealSeen(keyring, logSalt, visit) };
    await appendEvent(db, { kind: 'browsers_taken_back', identityId, details });
    const now = clock.now();
    const notice = { kind: 'browsers_taken_back', details: { many, at: now.toISOString() } } as const;
    await appendNotice(db, { id: dice.uuid(), identityId, notice }, now);
    return many;
  });
}
