/** Codes that open the sign-in to an unknown browser. Each is stored as a keyed hash and used once. */
import type { CodeDelivery } from '../../../domain/signIn/signInCode.ts';
import { sql, type Queryable } from '../../../db/database.ts';

const FIND_LAST = sql`
  SELECT max(ordered_at) FILTER (WHERE way = 'email') AS email, max(ordered_at) FILTER (WHERE way = 'letter') AS letter
  FROM door_codes WHERE identity_id = $1`;

/** Returns when the last code was ordered, by e-mail and by letter. */
export async function findLastSignInCodes(
  db: Queryable,
  identityId: string,
): Promise<Readonly<Record<CodeDelivery, Date | null>>> {
  const [last] = (await db.query<Record<CodeDelivery, Date | null>>(FIND_LAST, [identityId])).rows;
  return last ?? { email: null, letter: null };
}

const INSERT = sql`
  INSERT INTO door_codes (id, identity_id, code, way, ordered_at, valid_until, tries)
  VALUES ($1, $2, $3, $4, $5, $6, $7)`;

export interface NewSignInCode {
  readonly id: string;
  readonly identityId: string;
  /** The keyed hash. */
  readonly code: Buffer;
  readonly way: CodeDelivery;
  readonly orderedAt: Date;
  readonly validUntil: Date;
  /** The subject of the attempts that the code opens. */
  readonly tries: Buffer;
}

/** Within a transaction that has locked the owner of the identity. */
export async function insertSignInCode(db: Queryable, code: NewSignInCode): Promise<void> {
  const { id, identityId, way, orderedAt, validUntil, tries } = code;
  await db.query(INSERT, [id, identityId, code.code, way, orderedAt, validUntil, tries]);
}

const FIND = sql`
  SELECT id FROM door_codes
  WHERE identity_id = $1 AND code = $2 AND valid_until > $3 AND (used_by IS NULL OR used_by = $4)`;

/** Returns null for a code that is unknown, used or expired, and for an unknown name. */
export async function findSignInCode(
  db: Queryable,
  {
    identityId,
    code,
    interaction,
    now,
  }: { identityId: string | null; code: Buffer; interaction: Buffer; now: Date },
): Promise<string | null> {
  const { rows } = await db.query<{ id: string }>(FIND, [identityId, code, now, interaction]);
  return rows[0]?.id ?? null;
}

const CONSUME = sql`
  UPDATE door_codes SET used_by = $2 WHERE id = $1 AND valid_until > $3 AND (used_by IS NULL OR used_by = $2)`;

/** Returns true for exactly one sign-in, which may use the code. */
export async function consumeSignInCode(
  db: Queryable,
  id: string,
  interaction: Buffer,
  now: Date,
): Promise<boolean> {
  return (await db.query(CONSUME, [id, interaction, now])).rowCount === 1;
}
