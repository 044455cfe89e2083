/** People who may be the applicant, as much of them as the one who decides has to see: no number, no address. */
import { standingOf, type Standing } from '../../core/desk.ts';
import type { LookReason } from '../../core/desk/lookReasons.ts';
import type { Staff } from '../../core/staff.ts';
import { appendEvent } from '../../store/auditLog.ts';
import { isLookNoted, isNoted } from '../../store/desk/searches.ts';
import { findAtDesk } from '../../store/desk/people.ts';
import type { World } from '../world.ts';
import { derivedUuid } from './uuids.ts';

export interface Lookalike {
  readonly identityId: string;
  readonly name: string;
  readonly birthdate: string;
  readonly standing: Standing;
}

export async function findLookalikes(
  { database, clock }: World,
  identityIds: readonly string[],
): Promise<Lookalike[]> {
  const rows = await Promise.all(identityIds.map((id) => findAtDesk(database, id, clock.now())));
  return rows.flatMap((row) => {
    if (!row) return [];
    const { identityId, name, birthdate, blockedAt } = row;
    return [{ identityId, name, birthdate, standing: standingOf({ ...row, isBlocked: blockedAt !== null }) }];
  });
}

/**
 * In the log of everybody who is on the page of an order: once for each officer and order, however often it is opened.
 * That somebody of their name orders an ID is not their business, and does not stand there.
 */
export async function noteShownWithOrder(
  { database }: World,
  { staffId, role }: Staff,
  identityIds: readonly string[],
  applicationId: string,
): Promise<void> {
  const details = { staffId, role, reasonCode: 'no_second_id', shown: true, applicationId } as const;
  await database.transaction(async (db) => {
    for (const identityId of identityIds) {
      if (await isNoted(db, identityId, { staffId, applicationId })) continue;
      await appendEvent(db, { kind: 'searched_by_staff', identityId, details });
    }
  });
}

/** In the log of everybody whom a name and a birth date brought up. */
export async function noteShown(
  { database }: World,
  { staffId, role }: Staff,
  identityIds: readonly string[],
  { reason, shown }: { reason: string; shown: boolean },
): Promise<void> {
  const details = { staffId, role, reason, shown };
  await database.transaction(async (db) => {
    for (const identityId of identityIds) {
      await appendEvent(db, { kind: 'searched_by_staff', identityId, details });
    }
  });
}

/**
 * In the log of people whom a list brings up, or a page beside another person: once for each who looks and
 * what it is about, however often the page is opened.
 */
export async function noteShownOnce(
  world: World,
  { staffId, role }: Staff,
  identityIds: readonly string[],
  { reasonCode, about }: { reasonCode: LookReason; about: string },
): Promise<void> {
  const look = derivedUuid(world, 'desk list look', [staffId, about]);
  await world.database.transaction(async (db) => {
    for (const identityId of new Set(identityIds)) {
      if (identityId === staffId || (await isLookNoted(db, identityId, look))) continue;
      const details = { staffId, role, reasonCode, shown: true, look };
      await appendEvent(db, { kind: 'searched_by_staff', identityId, details });
    }
  });
}
