/**
 * Look-ups of people by staff: each has a reason, counts under the limit of a day, and is written down with
 * whom it is about, before anything is looked up. Where the person has an ID it stands in their own log.
 */
import type { LimitReached } from '../../core/desk/limits.ts';
import type { LookedWhy } from '../../core/desk/lookReasons.ts';
import type { Action, Role, Staff } from '../../core/staff.ts';
import { appendEvent } from '../../store/auditLog.ts';
import type { Queryable } from '../../store/database.ts';
import { findSought } from '../../store/desk/people.ts';
import type { World } from '../world.ts';
import { countStaffAction } from './limits.ts';
import { noteRefusal } from './refusals.ts';
import { derivedUuid } from './uuids.ts';

export interface OverLimit {
  readonly kind: 'over_limit';
  readonly limit: LimitReached;
}

/** As it stands in events: the keyed hash by which people are found. */
export function subjectOfCpr({ keyring }: Pick<World, 'keyring'>, cpr: string): string {
  return keyring.hmac('cprLookup', cpr).toString('base64url');
}

export interface LookUp {
  readonly what: Action;
  readonly reason: string;
  /** Ten digits; null for a person without, who is looked up by `likeness`. */
  readonly cpr: string | null;
  /** Keyed hash of name and birth date. */
  readonly likeness: Buffer;
  /** What else makes it another look-up: each name that is tried at one number is one. */
  readonly parts: readonly string[];
}

/** In the population register, or among those who have an ID. @returns null when it may go on. */
export async function recordLookUp(world: World, staff: Staff, asked: LookUp): Promise<OverLimit | null> {
  const { cpr, likeness, reason, parts, what } = asked;
  const subject = cpr === null ? likeness.toString('base64url') : subjectOfCpr(world, cpr);
  const form = derivedUuid(world, 'desk look-up', [staff.staffId, ...parts, subject, reason]);
  const { counted, holders } = await world.database.transaction(async (db) => {
    const done = await countStaffAction(world, db, staff, { kind: 'look_up', form });
    if (done === 'again') return { counted: done, holders: [] };
    const found = await findHolders(world, db, cpr);
    if (done === 'counted') await noteLookUp(db, staff, { why: { reason }, subject, holders: found });
    return { counted: done, holders: found };
  });
  if (typeof counted === 'string') return null;
  await noteRefusal(world, staff, { what, why: 'over_limit', identityId: holders[0] ?? null, subject });
  return { kind: 'over_limit', limit: counted };
}

/**
 * Of a list that the work brings: an order, a proposal, two IDs of one person. @returns null when it may go
 * on.
 */
export async function countLook(
  world: World,
  staff: Staff,
  { what, identityId, parts }: { what: Action; identityId: string | null; parts: readonly string[] },
): Promise<OverLimit | null> {
  const form = derivedUuid(world, 'desk look', [staff.staffId, what, ...parts]);
  const counted = await countStaffAction(world, world.database, staff, { kind: 'look_up', form });
  if (typeof counted === 'string') return null;
  await noteRefusal(world, staff, { what, why: 'over_limit', identityId });
  return { kind: 'over_limit', limit: counted };
}

/** Nobody is signed in there; whom it was about is written down all the same. */
export async function noteLookUpByCommand(world: World, cpr: string): Promise<void> {
  const by = { staffId: null, role: 'operator' } as const;
  const holders = await findHolders(world, world.database, cpr);
  const why = { reasonCode: 'issued_by_command' } as const;
  await noteLookUp(world.database, by, { why, subject: subjectOfCpr(world, cpr), holders });
}

/** Whose number it is or was. */
async function findHolders({ keyring }: World, db: Queryable, cpr: string | null): Promise<string[]> {
  if (cpr === null) return [];
  const found = await findSought(db, { kind: 'cpr', lookup: keyring.hmac('cprLookup', cpr) });
  return found.map(({ identityId }) => identityId);
}

async function noteLookUp(
  db: Queryable,
  { staffId, role }: { readonly staffId: string | null; readonly role: Role },
  { why, subject, holders }: { why: LookedWhy; subject: string; holders: readonly string[] },
): Promise<void> {
  const details = { staffId, role, ...why, subject };
  for (const identityId of holders.length > 0 ? holders : [null]) {
    await appendEvent(db, { kind: 'register_looked_up', identityId, details });
  }
}
