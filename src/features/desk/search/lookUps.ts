/**
 * Look-ups of people by staff. Each has a reason, counts towards the daily limit, and is recorded with the
 * person it is about, before anything is looked up. Where that person has an ID, it is recorded in their own
 * log.
 */
import type { LimitReached } from '../limits.rules.ts';
import type { LookedWhy } from '../../../domain/staff/lookReasons.ts';
import type { StaffAction, StaffRole, Staff } from '../../../domain/staff/staff.ts';
import { appendEvent } from '../../../db/auditLog.ts';
import type { Queryable } from '../../../db/database.ts';
import { findPeopleByQuery } from '../deskPeople.queries.ts';
import type { AppContext } from '../../appContext.ts';
import { countStaffAction } from '../staffLimits.ts';
import { recordDeskRefusal } from '../refusals/deskRefusals.ts';
import { deriveUuid } from '../uuids.ts';

export interface OverLimit {
  readonly kind: 'over_limit';
  readonly limit: LimitReached;
}

/** The subject in audit events: the keyed hash by which people are found. */
export function hashCprSubject({ keyring }: Pick<AppContext, 'keyring'>, cpr: string): string {
  return keyring.hmac('cprLookup', cpr).toString('base64url');
}

export interface LookUpRequest {
  readonly what: StaffAction;
  readonly reason: string;
  /** Ten digits; null for a person without a number, who is looked up by `nameBirthdateHash`. */
  readonly cpr: string | null;
  /** Keyed hash of name and birth date. */
  readonly nameBirthdateHash: Buffer;
  /** What else makes it a separate look-up: each name tried with one number is one. */
  readonly parts: readonly string[];
}

/**
 * Counts and records a look-up in the population register or among people who have an ID.
 *
 * @returns null when it may continue.
 */
export async function recordLookUp(
  context: AppContext,
  staff: Staff,
  request: LookUpRequest,
): Promise<OverLimit | null> {
  const { cpr, nameBirthdateHash, reason, parts, what } = request;
  const subject = cpr === null ? nameBirthdateHash.toString('base64url') : hashCprSubject(context, cpr);
  const form = deriveUuid(context, 'desk look-up', [staff.staffId, ...parts, subject, reason]);
  const { counted, owners } = await context.database.transaction(async (db) => {
    const outcome = await countStaffAction(context, db, staff, { kind: 'look_up', form });
    if (outcome === 'again') return { counted: outcome, owners: [] };
    const found = await findPeopleOfNumber(context, db, cpr);
    if (outcome === 'counted')
      await recordLookUpEvents(db, staff, { why: { reason }, subject, owners: found });
    return { counted: outcome, owners: found };
  });
  if (typeof counted === 'string') return null;
  await recordDeskRefusal(context, staff, {
    what,
    why: 'over_limit',
    identityId: owners[0] ?? null,
    subject,
  });
  return { kind: 'over_limit', limit: counted };
}

/**
 * Counts a view that a work list leads to: an order, a proposal, two IDs of one person.
 *
 * @returns null when it may continue.
 */
export async function countListView(
  context: AppContext,
  staff: Staff,
  { what, identityId, parts }: { what: StaffAction; identityId: string | null; parts: readonly string[] },
): Promise<OverLimit | null> {
  const form = deriveUuid(context, 'desk look', [staff.staffId, what, ...parts]);
  const counted = await countStaffAction(context, context.database, staff, { kind: 'look_up', form });
  if (typeof counted === 'string') return null;
  await recordDeskRefusal(context, staff, { what, why: 'over_limit', identityId });
  return { kind: 'over_limit', limit: counted };
}

/**
 * Records a look-up from the command line: no one is signed in there, but the person it is about is recorded.
 */
export async function recordLookUpByCommand(context: AppContext, cpr: string): Promise<void> {
  const by = { staffId: null, role: 'operator' } as const;
  const owners = await findPeopleOfNumber(context, context.database, cpr);
  const why = { reasonCode: 'issued_by_command' } as const;
  await recordLookUpEvents(context.database, by, { why, subject: hashCprSubject(context, cpr), owners });
}

/** The identities that have or had this number. */
async function findPeopleOfNumber(
  { keyring }: AppContext,
  db: Queryable,
  cpr: string | null,
): Promise<string[]> {
  if (cpr === null) return [];
  const found = await findPeopleByQuery(db, { kind: 'cpr', lookup: keyring.hmac('cprLookup', cpr) });
  return found.map(({ identityId }) => identityId);
}

async function recordLookUpEvents(
  db: Queryable,
  { staffId, role }: { readonly staffId: string | null; readonly role: StaffRole },
  { why, subject, owners }: { why: LookedWhy; subject: string; owners: readonly string[] },
): Promise<void> {
  const details = { staffId, role, ...why, subject };
  for (const identityId of owners.length > 0 ? owners : [null]) {
    await appendEvent(db, { kind: 'register_looked_up', identityId, details });
  }
}
