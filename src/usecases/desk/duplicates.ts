/** Two IDs of one person by the word of the register: an officer looks at both, and blocks the one that is not to be used. */
import { isPermitted, type Staff } from '../../core/staff.ts';
import { findDuplicatesOf, listOpenDuplicates } from '../../store/issuing/duplicates.ts';
import type { World } from '../world.ts';
import { findLookalikes, noteShownOnce, type Lookalike } from './lookalikes.ts';
import { countLook, type OverLimit } from './lookUps.ts';
import { searchKnown } from './search.ts';
import { UUID } from './uuids.ts';

export interface DuplicateSeen {
  readonly at: Date;
  readonly people: readonly Lookalike[];
}

/** Those that are still to be looked at. */
export async function listDuplicates(world: World, staff: Staff): Promise<DuplicateSeen[]> {
  if (!isPermitted(staff, 'judge_likeness')) return [];
  const pairs = await listOpenDuplicates(world.database);
  const everybody = pairs.flatMap(({ identityIds }) => identityIds);
  await noteShownOnce(world, staff, everybody, { reasonCode: 'two_ids_by_register', about: 'duplicates' });
  return await Promise.all(
    pairs.map(async ({ identityIds, foundAt }) => {
      return { at: foundAt, people: await findLookalikes(world, identityIds) };
    }),
  );
}

/** @returns the search under which one of such a pair is looked at; null where the register says no such thing. */
export async function openDuplicate(
  world: World,
  staff: Staff,
  { identityId, form }: { identityId: string; form: string },
): Promise<string | OverLimit | null> {
  if (!UUID.test(identityId) || !isPermitted(staff, 'judge_likeness')) return null;
  const others = await findDuplicatesOf(world.database, identityId);
  if (others.length === 0) return null;
  const over = await countLook(world, staff, {
    what: 'judge_likeness',
    identityId,
    parts: [identityId, form],
  });
  return (
    over ??
    (await searchKnown(world, staff, { identityId, why: { reasonCode: 'two_ids_by_register' }, form }))
  );
}
