/** People who may be the applicant, with the data that the decision needs: no number and no address. */
import { readAccountStatus, type AccountStatus } from '../../../domain/staff/desk.ts';
import type { LookReason } from '../../../domain/staff/lookReasons.ts';
import type { Staff } from '../../../domain/staff/staff.ts';
import { appendEvent } from '../../../db/auditLog.ts';
import { isLookRecorded, isViewRecorded } from './searches.queries.ts';
import { findDeskPerson } from '../deskPeople.queries.ts';
import type { AppContext } from '../../appContext.ts';
import { deriveUuid } from '../uuids.ts';

export interface SimilarPerson {
  readonly identityId: string;
  readonly name: string;
  readonly birthdate: string;
  readonly status: AccountStatus;
}

export async function findSimilarPeople(
  { database, clock }: AppContext,
  identityIds: readonly string[],
): Promise<SimilarPerson[]> {
  const rows = await Promise.all(identityIds.map((id) => findDeskPerson(database, id, clock.now())));
  return rows.flatMap((row) => {
    if (!row) return [];
    const { identityId, name, birthdate, blockedAt } = row;
    return [
      { identityId, name, birthdate, status: readAccountStatus({ ...row, isBlocked: blockedAt !== null }) },
    ];
  });
}

/**
 * Records the view in the log of everyone shown on the page of an order: once for each officer and order,
 * regardless of how often it is opened. The log does not say that a person of their name orders an ID: that
 * is not their business.
 */
export async function recordViewsWithOrder(
  { database }: AppContext,
  { staffId, role }: Staff,
  identityIds: readonly string[],
  applicationId: string,
): Promise<void> {
  const details = { staffId, role, reasonCode: 'no_second_id', shown: true, applicationId } as const;
  await database.transaction(async (db) => {
    for (const identityId of identityIds) {
      if (await isViewRecorded(db, identityId, { staffId, applicationId })) continue;
      await appendEvent(db, { kind: 'searched_by_staff', identityId, details });
    }
  });
}

/**
 * Records the view in the log of everyone with a matching name and birth date: once for each officer,
 * application and reason, regardless of how often the form is checked and sent.
 */
export async function recordViews(
  context: AppContext,
  { staffId, role }: Staff,
  identityIds: readonly string[],
  { submission, reason, shown }: { submission: { readonly id: string }; reason: string; shown: boolean },
): Promise<void> {
  const parts = [staffId, submission.id, reason, shown ? 'shown' : 'not shown'];
  const details = { staffId, role, reason, shown, look: deriveUuid(context, 'desk issue look', parts) };
  await context.database.transaction(async (db) => {
    for (const identityId of identityIds) {
      if (await isLookRecorded(db, identityId, details.look)) continue;
      await appendEvent(db, { kind: 'searched_by_staff', identityId, details });
    }
  });
}

/**
 * Records the view in the log of people shown in a list or with another person: once for each viewer and
 * subject, regardless of how often the page is opened.
 */
export async function recordViewsOnce(
  context: AppContext,
  { staffId, role }: Staff,
  identityIds: readonly string[],
  { reasonCode, about }: { reasonCode: LookReason; about: string },
): Promise<void> {
  const look = deriveUuid(context, 'desk list look', [staffId, about]);
  await context.database.transaction(async (db) => {
    for (const identityId of new Set(identityIds)) {
      if (identityId === staffId || (await isLookRecorded(db, identityId, look))) continue;
      const details = { staffId, role, reasonCode, shown: true, look };
      await appendEvent(db, { kind: 'searched_by_staff', identityId, details });
    }
  });
}
