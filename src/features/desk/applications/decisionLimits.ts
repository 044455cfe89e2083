/** Limits and refusals of the second officer's decisions: a decision is counted before it is made. */
import type { ActionOnCitizen, Staff } from '../../../domain/staff/staff.ts';
import type { DeskRefusalReason } from '../../../domain/staff/refusals.ts';
import type { StoredApplication } from '../../../db/people/applications.ts';
import type { AppContext } from '../../appContext.ts';
import { recordDeskRefusal } from '../refusals/deskRefusals.ts';
import type { OverLimit } from '../search/lookUps.ts';
import { countStaffAction, revertStaffAction } from '../staffLimits.ts';

export async function recordApplicationRefusal(
  context: AppContext,
  staff: Staff,
  { identityId, subject }: StoredApplication,
  refused: { readonly what: ActionOnCitizen; readonly why: DeskRefusalReason },
): Promise<void> {
  await recordDeskRefusal(context, staff, { ...refused, identityId, subject: subject.toString('base64url') });
}

/** Counts the decision before it is made. */
export async function countDecision(
  context: AppContext,
  staff: Staff,
  stored: StoredApplication,
  what: ActionOnCitizen,
): Promise<'counted' | 'again' | OverLimit> {
  const count = { kind: 'approve', form: stored.id } as const;
  const counted = await countStaffAction(context, context.database, staff, count);
  if (typeof counted === 'string') return counted;
  await recordApplicationRefusal(context, staff, stored, { what, why: 'over_limit' });
  return { kind: 'over_limit', limit: counted };
}

/**
 * Reverts the count of a decision that another officer made. What this form counted earlier stays counted.
 */
export async function revertDecisionCount(
  context: AppContext,
  staff: Staff,
  { id }: StoredApplication,
  counted: 'counted' | 'again',
): Promise<void> {
  if (counted === 'counted') await revertStaffAction(context, staff, { kind: 'approve', form: id });
}
