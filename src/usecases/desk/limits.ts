/**
 * Whether a member of staff may do one more of a kind, and the count of it: before it is done, on whichever
 * node.
 */
import {
  limitOf,
  limitOpensAt,
  windowStart,
  type LimitReached,
  type StaffCountKind,
} from '../../core/desk/limits.ts';
import type { Staff } from '../../core/staff.ts';
import type { Queryable } from '../../store/database.ts';
import { countOnce, findCounted, takeBackCount } from '../../store/desk/staffCounts.ts';
import type { World } from '../world.ts';

/** `again`: this form is counted already. */
export type Counted = 'counted' | 'again' | LimitReached;

/** @param form drawn with the form, or derived from what it asks. */
export async function countStaffAction(
  { clock, rules }: World,
  db: Queryable,
  { staffId }: Pick<Staff, 'staffId'>,
  { kind, form }: { readonly kind: StaffCountKind; readonly form: string },
): Promise<Counted> {
  const at = clock.now();
  const { most } = limitOf(rules, kind);
  const since = windowStart(kind, at);
  if (await countOnce(db, { staffId, kind, form, at, since, most })) return 'counted';
  const { isCounted, oldest } = await findCounted(db, { staffId, kind, form, since });
  return isCounted ? 'again' : { kind, most, opensAt: limitOpensAt(kind, oldest ?? at, at) };
}

/** It was refused, and nothing was done. */
export async function takeBackStaffAction(
  { database }: World,
  { staffId }: Pick<Staff, 'staffId'>,
  counted: { readonly kind: StaffCountKind; readonly form: string },
): Promise<void> {
  await takeBackCount(database, { staffId, ...counted });
}
