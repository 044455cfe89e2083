/**
 * Browsers that notices know: a network and a browser family, under a keyed hash of both, and the network.
 * They decide whether a person is notified of a sign-in again, and nothing else: no try and no lock looks at
 * them.
 */
import { sql, type Queryable } from '../db/database.ts';

// The row names the notice that was sent. A repeat of that one is sent again, after a lost connection or a
// failed mail; a later one of the same person is dropped from the outbox here. Of two concurrent ones the
// second waits for the first one's row and finds it. Where another person signed in from the same network,
// with whatever browser, as in a library, each sign-in is notified.
const DROP_IF_KNOWN = sql`
  WITH known AS (
    INSERT INTO notice_browsers AS b (browser, identity_id, notice_id, seen_at, network)
      VALUES ($1, $2, $3, $4, $5)
    ON CONFLICT (browser, identity_id) DO UPDATE SET seen_at = greatest(b.seen_at, excluded.seen_at),
      notice_id = CASE WHEN b.seen_at < excluded.seen_at - interval '90 days' THEN excluded.notice_id
        ELSE b.notice_id END
    RETURNING b.notice_id
  )
  DELETE FROM notices n USING known k
  WHERE n.id = $3 AND n.identity_id = $2 AND n.state = 'waiting' AND k.notice_id <> n.id AND NOT EXISTS (
    SELECT FROM notice_browsers o
    WHERE o.network = $5 AND o.identity_id <> $2 AND o.seen_at > $4::timestamptz - interval '400 days')`;

interface NoticeBrowser {
  /** The hash of the network and the browser family. */
  readonly browser: Buffer;
  /** The hash of the network alone. */
  readonly network: Buffer;
  readonly identityId: string;
  readonly noticeId: string;
  readonly at: Date;
}

/**
 * Records the browser of a sign-in, and drops the notice where the person was notified of that browser in the
 * last 90 days.
 * @returns true when the notice is dropped: it must not be sent
 */
export async function dropNoticeOfKnownBrowser(
  db: Queryable,
  { browser, network, identityId, noticeId, at }: NoticeBrowser,
): Promise<boolean> {
  const values = [browser, identityId, noticeId, at, network];
  return (await db.query(DROP_IF_KNOWN, values)).rowCount === 1;
}
