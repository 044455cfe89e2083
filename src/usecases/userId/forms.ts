/** The forms of user IDs are kept beside them; those that a version without forms wrote are filled in. */
import { formOfUserId } from '../../core/input/userIdSigns.ts';
import { fillForms, findUnformed, type NewUserId } from '../../store/selfService/userIds.ts';
import type { World } from '../world.ts';

/** @param userId folded. */
export function withForm(userId: string): NewUserId {
  return { userId, form: formOfUserId(userId) };
}

const BATCH_SIZE = 500;

/** One round; true when there may be more. */
export async function fillUserIdForms({ database }: Pick<World, 'database'>): Promise<boolean> {
  const unformed = await findUnformed(database, BATCH_SIZE);
  if (unformed.length > 0) {
    await fillForms(
      database,
      unformed.map((one) => ({ ...one, form: one.userId === null ? null : formOfUserId(one.userId) })),
    );
  }
  return unformed.length === BATCH_SIZE;
}

/** What a request fills in by itself; more than that is left by a new version that has just begun. */
const MOST_ROUNDS = 10;

/**
 * Before a user ID is judged: a node of the version before may have written one since the last round.
 * @throws what says 503, while those of all people are being filled in
 */
export async function fillAllUserIdForms(world: Pick<World, 'database'>): Promise<void> {
  for (let round = 0; round < MOST_ROUNDS; round += 1) if (!(await fillUserIdForms(world))) return;
  throw Object.assign(new Error('user IDs from before have no forms yet'), { statusCode: 503 });
}
