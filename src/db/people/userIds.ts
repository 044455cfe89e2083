/**
 * User IDs, each with its form (domain/person/userIdSigns.ts). A new user ID is saved only if no other
 * identity has one of the same form; of two concurrent ones the unique index admits one. A legacy user ID,
 * from before forms were stored, stays and blocks its form: there the form is followed by `|` and the
 * identity's id, and no form contains a `|`.
 */
import { changeIdentity } from '../binding/identityMac.ts';
import { sql, sqlFragment, type Queryable } from '../database.ts';
import { toUserIdTaken, UserIdTakenError } from './activations.ts';

export interface NewUserId {
  /** As `foldName` returns it. */
  readonly userId: string;
  readonly form: string;
}

/** True when the identity `o` has the form `$2`, also of a legacy user ID. */
const HAS_FORM = sqlFragment`(o.user_id_form = $2
      OR (o.user_id_form > $2 || '|' AND o.user_id_form < $2 || '}'))`;

const SAVE = sql`
  UPDATE identities i SET user_id = $3, user_id_form = $2, user_id_formed = $3
  WHERE i.id = $1 AND NOT EXISTS (SELECT FROM identities o WHERE o.id <> $1 AND ${HAS_FORM})`;

/**
 * The forms of all other user IDs must have been filled in before.
 * @throws UserIdTakenError, after a conflict of which the transaction cannot continue
 */
export async function saveUserId(
  db: Queryable,
  identityId: string,
  { userId, form }: NewUserId,
): Promise<void> {
  const save = () => db.query(SAVE, [identityId, form, userId]);
  const { rowCount } = await changeIdentity(db, identityId, { userId }, save).catch((error: unknown) => {
    throw toUserIdTaken(error);
  });
  if (rowCount !== 1) throw new UserIdTakenError('another identity has a user ID that looks like it');
}

const SAVEPOINT = sql`SAVEPOINT user_id`;
const ROLLBACK = sql`ROLLBACK TO SAVEPOINT user_id`;

/**
 * As `saveUserId`, but the transaction continues.
 * @returns false when another identity has the user ID, or one that looks like it
 */
export async function trySaveUserId(db: Queryable, identityId: string, userId: NewUserId): Promise<boolean> {
  await db.query(SAVEPOINT);
  try {
    await saveUserId(db, identityId, userId);
    return true;
  } catch (error) {
    if (!(error instanceof UserIdTakenError)) throw error;
    await db.query(ROLLBACK);
    return false;
  }
}

const COUNT_SIMILAR = sql`
  SELECT count(*)::int AS many FROM identities o WHERE o.id <> $1 AND ${HAS_FORM}`;

/** @returns true when other user IDs look like this identity's: all of them are legacy user IDs */
export async function hasSimilarUserIds(db: Queryable, identityId: string, form: string): Promise<boolean> {
  const { rows } = await db.query<{ many: number }>(COUNT_SIMILAR, [identityId, form]);
  return (rows[0]?.many ?? 0) > 0;
}

const FIND_WITHOUT_FORM = sql`
  SELECT id, user_id AS "userId" FROM identities
  WHERE user_id IS DISTINCT FROM user_id_formed ORDER BY id LIMIT $1`;

export interface UserIdWithoutForm {
  readonly id: string;
  readonly userId: string | null;
}

/** Finds the user IDs that an earlier version saved without a form. */
export async function findUserIdsWithoutForm(db: Queryable, limit: number): Promise<UserIdWithoutForm[]> {
  return (await db.query<UserIdWithoutForm>(FIND_WITHOUT_FORM, [limit])).rows;
}

const FILL = sql`
  UPDATE identities i SET user_id_form = t.form || '|' || i.id, user_id_formed = i.user_id
  FROM unnest($1::uuid[], $2::text[], $3::text[]) AS t (id, user_id, form)
  WHERE i.id = t.id AND i.user_id IS NOT DISTINCT FROM t.user_id
    AND i.user_id IS DISTINCT FROM i.user_id_formed`;

/** @param forms null where the identity has no user ID any longer */
export async function saveUserIdForms(
  db: Queryable,
  unformed: readonly (UserIdWithoutForm & { readonly form: string | null })[],
): Promise<void> {
  await db.query(FILL, [
    unformed.map(({ id }) => id),
    unformed.map(({ userId }) => userId),
    unformed.map(({ form }) => form),
  ]);
}
