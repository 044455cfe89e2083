/**
 * Whether a member of staff may do one more of a kind, and the count of it: before it is done, on whichever
 * node.
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

/** @param form drawn with the form, or derived from what it asks. */
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

/** It was refused, and nothing was done. */
export async function revertStaffAction(
  { database }: AppContext,
  { staffId }: Pick<Staff, 'staffId'>,
  counted: { readonly kind: StaffCountKind; readonly form: string },
): Promise<void> {
  await revertStaffCount(database, { staffId, ...counted });
}
