/** What happened to an ID, and which letters were ordered, for staff who help its person. */
import { sql, type Queryable } from '../../../db/database.ts';
import type { LetterKind } from '../../../domain/letter.ts';
import type { Actor } from '../../../domain/notice.ts';

const FIND_SUBJECTS = sql`SELECT password_tries AS password, key_tries AS key FROM identities WHERE id = $1`;

/** The subjects of the person's attempts; null where no node has filled them in. */
export async function findAttemptSubjects(
  db: Queryable,
  identityId: string,
): Promise<{ password: Buffer | null; key: Buffer | null }> {
  const { rows } = await db.query<{ password: Buffer | null; key: Buffer | null }>(FIND_SUBJECTS, [
    identityId,
  ]);
  return rows[0] ?? { password: null, key: null };
}

const FIND_LAST_SIGN_IN = sql`
  SELECT at FROM audit_events WHERE identity_id = $1 AND kind = 'signed_in' ORDER BY id DESC LIMIT 1`;

export async function findLastSignIn(db: Queryable, identityId: string): Promise<Date | null> {
  return (await db.query<{ at: Date }>(FIND_LAST_SIGN_IN, [identityId])).rows[0]?.at ?? null;
}

// By the number: "id" alone would be the text beside it, where 9 is after 10.
const LIST_HISTORY = sql`
  SELECT e.id::text, e.at, e.kind, e.details->>'by' AS by, e.details->>'reason' AS reason FROM audit_events e
  WHERE e.identity_id = $1 AND e.kind = ANY($2::text[]) ORDER BY e.id DESC LIMIT $3`;

export interface StoredHistoryEntry {
  readonly id: string;
  readonly at: Date;
  readonly kind: string;
  readonly by: Actor | null;
  readonly reason: string | null;
}

/** Lists the events of these kinds, the newest first. */
export async function listHistory(
  db: Queryable,
  identityId: string,
  { kinds, limit }: { kinds: readonly string[]; limit: number },
): Promise<StoredHistoryEntry[]> {
  return (await db.query<StoredHistoryEntry>(LIST_HISTORY, [identityId, kinds, limit])).rows;
}

const LIST_LETTERS = sql`
  SELECT id, kind, state, ordered_at AS "orderedAt", post_on::text AS "postOn" FROM letters
  WHERE identity_id = $1 AND state <> 'cancelled' AND kind = ANY($2::text[])
  ORDER BY ordered_at DESC, id LIMIT $3`;

export interface StoredLetterState {
  readonly id: string;
  readonly kind: LetterKind;
  readonly state: 'waiting' | 'sent' | 'set_aside';
  readonly orderedAt: Date;
  readonly postOn: string | null;
}

/** Lists the letters of these kinds, the newest first. */
export async function listLetterStates(
  db: Queryable,
  identityId: string,
  { kinds, limit }: { kinds: readonly LetterKind[]; limit: number },
): Promise<StoredLetterState[]> {
  return (await db.query<StoredLetterState>(LIST_LETTERS, [identityId, kinds, limit])).rows;
}
