/** Notices that wait for a shared letter: one letter for each person and business day. */
import type { Day } from '../domain/calendar.ts';
import { AT_ONCE, type Notice } from '../domain/notice.ts';
import { sql, type Queryable } from '../db/database.ts';

const ADD_NOTICE = sql`
  INSERT INTO gathered_notices (id, identity_id, notice, at, letter_on) VALUES ($1, $2, $3::jsonb, $4, $5)`;

/** @param letterOn the day of the letter that will contain it. */
export async function addToDailyLetter(
  db: Queryable,
  entry: { id: string; identityId: string; notice: Notice; at: Date; letterOn: Day },
): Promise<void> {
  const { id, identityId, notice, at, letterOn } = entry;
  await db.query(ADD_NOTICE, [id, identityId, JSON.stringify(notice), at, letterOn]);
}

// A letter that has not been sent yet, or is posted on the same day: the next one comes after it.
const HAS_ANOTHER = {
  part: `EXISTS (
    SELECT FROM letters l WHERE l.identity_id = g.identity_id AND l.kind = 'notice' AND l.notice ? 'ofTheDay'
      AND (l.state = 'waiting' OR (l.state = 'sent' AND l.post_on >= $1::date)))`,
};

// A notice that cannot wait, which no other letter holds up.
const IS_URGENT = {
  part: `EXISTS (
    SELECT FROM gathered_notices u WHERE u.identity_id = g.identity_id AND u.letter_on <= $1::date
      AND u.notice ->> 'kind' = ANY ($3::text[]))`,
};

// A worker is about to add another one, perhaps of the same action: one letter has them all. One that failed
// is not waited for.
const IS_ARRIVING = {
  part: `EXISTS (
    SELECT FROM notices n WHERE n.identity_id = g.identity_id AND n.state = 'waiting' AND n.tries = 0)`,
};

const FIND_DUE = sql`
  SELECT DISTINCT g.identity_id FROM gathered_notices g
  WHERE g.letter_on <= $1::date AND (${IS_URGENT} OR NOT ${HAS_ANOTHER}) AND NOT ${IS_ARRIVING} LIMIT $2`;

/** The identities for which a letter is due. */
export async function findDueDailyLetters(db: Queryable, today: Day, limit: number): Promise<string[]> {
  const { rows } = await db.query<{ identity_id: string }>(FIND_DUE, [today, limit, AT_ONCE]);
  return rows.map(({ identity_id: identityId }) => identityId);
}

// A notice that cannot wait takes along what would be in a later letter.
const CLAIM_NOTICES = sql`
  DELETE FROM gathered_notices g
  WHERE g.identity_id = $2 AND (${IS_URGENT} OR (g.letter_on <= $1::date AND NOT ${HAS_ANOTHER}))
  RETURNING g.notice, g.at, g.id`;

/** Requires a transaction that has locked the identity. @returns the notices, oldest first */
export async function claimDailyNotices(db: Queryable, identityId: string, today: Day): Promise<Notice[]> {
  const { rows } = await db.query<{ notice: Notice; at: Date; id: string }>(CLAIM_NOTICES, [
    today,
    identityId,
    AT_ONCE,
  ]);
  const order = (one: { at: Date; id: string }, other: { at: Date; id: string }) =>
    one.at.getTime() - other.at.getTime() || (one.id < other.id ? -1 : 1);
  return rows.toSorted(order).map(({ notice }) => notice);
}
