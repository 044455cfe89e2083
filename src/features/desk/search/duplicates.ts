/**
 * Two IDs that the register says are one person's: an officer looks at both, and blocks the one that is not
 * to be used.
 */
import { isPermitted, type Staff } from '../../../domain/staff/staff.ts';
import { findDuplicatesOf, listOpenDuplicates } from '../../../db/people/duplicates.ts';
import type { AppContext } from '../../appContext.ts';
import { findSimilarPeople, recordViewsOnce, type SimilarPerson } from './similarPeople.ts';
import { countListView, type OverLimit } from './lookUps.ts';
import { searchKnownPerson } from './searchPeople.ts';
import { UUID_PATTERN } from '../uuids.ts';

export interface DuplicateView {
  readonly at: Date;
  readonly people: readonly SimilarPerson[];
}

/** Lists the pairs that are still to be decided. */
export async function listDuplicates(context: AppContext, staff: Staff): Promise<DuplicateView[]> {
  if (!isPermitted(staff, 'judge_likeness')) return [];
  const pairs = await listOpenDuplicates(context.database);
  const allIds = pairs.flatMap(({ identityIds }) => identityIds);
  await recordViewsOnce(context, staff, allIds, {
    reasonCode: 'two_ids_by_register',
    about: 'duplicates',
  });
  return await Promise.all(
    pairs.map(async ({ identityIds, foundAt }) => {
      return { at: foundAt, people: await findSimilarPeople(context, identityIds) };
    }),
  );
}

/**
 * @returns the id of the search under which one of such a pair is viewed; null where the register states no
 *   such pair.
 */
export async function openDuplicate(
  context: AppContext,
  staff: Staff,
  { identityId, form }: { identityId: string; form: string },
): Promise<string | OverLimit | null> {
  if (!UUID_PATTERN.test(identityId) || !isPermitted(staff, 'judge_likeness')) return null;
  const others = await findDuplicatesOf(context.database, identityId);
  if (others.length === 0) return null;
  const over = await countListView(context, staff, {
    what: 'judge_likeness',
    identityId,
    parts: [identityId, form],
  });
  return (
    over ??
    (await searchKnownPerson(context, staff, {
      identityId,
      why: { reasonCode: 'two_ids_by_register' },
      form,
    }))
  );
}
