/** The forms of user IDs are kept beside them; those that a version without forms wrote are filled in. */
import { foldUserIdForm } from '../../domain/person/userIdSigns.ts';
import { saveUserIdForms, findUserIdsWithoutForm, type NewUserId } from '../../db/people/userIds.ts';
import type { AppContext } from '../appContext.ts';

/** @param userId folded. */
export function composeUserIdWithForm(userId: string): NewUserId {
  return { userId, form: foldUserIdForm(userId) };
}

const BATCH_SIZE = 500;

/** One round; true when there may be more. */
export async function backfillUserIdForms({ database }: Pick<AppContext, 'database'>): Promise<boolean> {
  const unformed = await findUserIdsWithoutForm(database, BATCH_SIZE);
  if (unformed.length > 0) {
    await saveUserIdForms(
      database,
      unformed.map((one) => ({ ...one, form: one.userId === null ? null : foldUserIdForm(one.userId) })),
    );
  }
  return unformed.length === BATCH_SIZE;
}

/** What a request fills in by itself; more than that is left by a new version that has just begun. */
const MAX_ROUNDS = 10;

/**
 * Before a user ID is judged: a node of the version before may have written one since the last round.
 * @throws what says 503, while those of all people are being filled in
 */
export async function backfillAllUserIdForms(context: Pick<AppContext, 'database'>): Promise<void> {
  for (let round = 0; round < MAX_ROUNDS; round += 1) if (!(await backfillUserIdForms(context))) return;
  throw Object.assign(new Error('user IDs from before have no forms yet'), { statusCode: 503 });
}
