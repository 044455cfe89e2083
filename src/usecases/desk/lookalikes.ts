/** People who may be the applicant, as much of them as the one who decides has to see: no number, no address. */
import { standingOf, type Standing } from '../../core/desk.ts';
import type { Staff } from '../../core/staff.ts';
import { appendEvent } from '../../store/auditLog.ts';
import { isNoted } from '../../store/desk/searches.ts';
import { findAtDesk } from '../../store/desk/people.ts';
import type { World } from '../world.ts';

export interface Lookalike {
  readonly identityId: string;
  readonly name: string;
  readonly birthdate: string;
  readonly standing: Standing;
}

/** The reason of a search that nobody typed. */
export const AT_ISSUING = 'Legitimation vist ved udstedelse af ID';
export const AT_ORDER = 'Kontrol af, at ingen får to ID’er';

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
  const details = { staffId, role, reason: AT_ORDER, shown: true, applicationId };
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
