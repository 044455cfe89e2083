/**
 * Checks whether a member of staff may do one more action of a kind, and counts it before it is performed;
 * the count is shared by all nodes.
 */
import {
  readStaffLimit,
  readLimitEnd,
  readWindowStart,
  type LimitReached,
  type StaffCountKind,
} from './limits.rules.ts';
import type { Staff } from '../../domain/staff/staff.ts';
import type { Queryable } from '../../db/database.ts';
import { countStaffActionOnce, readStaffCount, revertStaffCount } from './staff/staffCounts.queries.ts';
import type { AppContext } from '../appContext.ts';

/** `again`: this form is counted already. */
export type StaffCountResult = 'counted' | 'again' | LimitReached;

/**
 * Counts one action.
 *
 * @param counted.form id generated with the form, or derived from its content.
 */
export async function countStaffAction(
  { clock, rules }: AppContext,
  db: Queryable,
  { staffId }: Pick<Staff, 'staffId'>,
  { kind, form }: { readonly kind: StaffCountKind; readonly form: string },
): Promise<StaffCountResult> {
  const at = clock.now();
  const { most } = readStaffLimit(rules, kind);
  const since = readWindowStart(kind, at);
  if (await countStaffActionOnce(db, { staffId, kind, form, at, since, most })) return 'counted';
  const { isCounted, oldest } = await readStaffCount(db, { staffId, kind, form, since });
  return isCounted ? 'again' : { kind, most, opensAt: readLimitEnd(kind, oldest ?? at, at) };
}

/** Reverts the count of an action that was refused or not performed. */
export async function revertStaffAction(
  { database }: AppContext,
  { staffId }: Pick<Staff, 'staffId'>,
  counted: { readonly kind: StaffCountKind; readonly form: string },
): Promise<void> {
  await revertStaffCount(database, { staffId, ...counted });
}
