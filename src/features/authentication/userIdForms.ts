/**
 * Stores the canonical form of each user ID next to it, and fills in those that a version without forms
 * wrote.
 */
import { foldUserIdForm } from '../../domain/person/userIdSigns.ts';
import { saveUserIdForms, findUserIdsWithoutForm, type NewUserId } from '../../db/people/userIds.ts';
import type { AppContext } from '../appContext.ts';

/** @param userId folded */
export function composeUserIdWithForm(userId: string): NewUserId {
  return { userId, form: foldUserIdForm(userId) };
}

const BATCH_SIZE = 500;

/**
 * Fills in one batch of 500.
 * @returns true when there may be more
 */
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

/** Batches that one request fills in. More than that is left only while a new version has just started. */
const MAX_ROUNDS = 10;

/**
 * Called before a user ID is compared with others: a node of the previous version may have written one since
 * the last batch.
 * @throws Error with `statusCode` 503 while the forms of all persons are being filled in
 */
export async function backfillAllUserIdForms(context: Pick<AppContext, 'database'>): Promise<void> {
  for (let round = 0; round < MAX_ROUNDS; round += 1) if (!(await backfillUserIdForms(context))) return;
  throw Object.assign(new Error('some user IDs have no canonical form yet'), { statusCode: 503 });
}
