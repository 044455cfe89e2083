/**
 * A key of the card in use, decided after it was compared. One statement counts or resets, spends the key,
 * signs the interaction in, appends the audit event, and saves the records that the response needs.
 */
import { sql, type Queryable, type Statement } from '../database.ts';
import { composeKnownBrowserName } from './knownBrowsers.ts';
import { FORMER_SESSION_ID_SECONDS, RECORD_COLUMNS } from '../oidc/requestRecords.ts';
import type { OidcRecord } from '../oidc/oidcRecords.ts';
import {
  RECORD_ATTEMPT_SQL,
  readAttemptResultRow,
  composeLockNotice,
  listAttemptValues,
  listLockNoticeValues,
  composeOutcomeFragment,
  type AttemptResultRow,
  type AttemptResult,
  type LockNotice,
  type AttemptToRecord,
} from './attempts.ts';
import { composeKnownNetworkUpsert } from './knownNetworks.ts';
import { composeProvenFragment } from './passwordsWithoutKey.ts';

/** A response that was prepared before the key was compared, with the provider's records that it needs. */
export interface SealedResponse {
  /** For a repeated submission of the same form. */
  readonly sealed: Buffer;
  readonly codeId: Buffer | null;
  /** The pushed request that it answers; used once. */
  readonly uses: Buffer | null;
  readonly saves: readonly OidcRecord[];
  readonly ends: readonly Buffer[];
  /** Sessions that get a new id: the former id, and the uid that stays. */
  readonly replaces: readonly { readonly id: Buffer; readonly uid: string }[];
  /**
   * Executed in a transaction with it: the session of another person who was signed in with this browser
   * ends, and relying parties are notified.
   */
  readonly additionalStatements: readonly {
    readonly statement: Statement;
    readonly values: readonly unknown[];
  }[];
}

export interface KeyAttempt extends AttemptToRecord {
  readonly notice: LockNotice | null;
  readonly interaction: Buffer;
  readonly identityId: string;
  /** The time from the row as it was read: another password since then makes it another sign-in. */
  readonly passwordAt: Date;
  /** The database's time, read before the key was compared: a later end of the identity ends this sign-in. */
  readonly signedInAt: Date;
  readonly cardId: string;
  readonly position: number;
  readonly formerHolder: Buffer | null;
  readonly holder: Buffer;
  readonly macs: { readonly right: Buffer; readonly wrong: Buffer };
  readonly now: Date;
  /** When the sign-in may be swept. */
  readonly expiresAt: Date;
  readonly exhausted: object;
  readonly event: { readonly kind: string; readonly details: Record<string, unknown> };
  /** Set when the person declares this browser as their own: it is known from now on. */
  readonly ownBrowser: { readonly browser: Buffer; readonly tries: Buffer } | null;
  /**
   * The values of the browser's cookies; one of them may be that by which the person is known in this
   * browser.
   */
  readonly browsers: readonly Buffer[];
  /** The network from which the key is given: known from now on, with separate attempts. */
  readonly network: { readonly key: Buffer; readonly tries: Buffer };
  /** The browser was known when the password was given. If it was removed since, it is a new one. */
  readonly wasKnown: boolean;
  /** The notice of an unknown browser; null where the level of a session is raised. */
  readonly newBrowser: { readonly id: string; readonly details: Record<string, unknown> } | null;
  /** Null when another step follows. */
  readonly answer: SealedResponse | null;
}

export interface KeyAttemptResult extends AttemptResult {
  /** The keys left on the card and its threshold; null when no key was spent. */
  readonly spent: { readonly keysLeft: number; readonly threshold: number } | null;
  /** When the browser became the person's own: the cookie values by which other people are known in it. */
  readonly otherBrowsers: readonly Buffer[];
  /** The row of the sign-in has the outcome, with the new holder. */
  readonly isOutcomeRecorded: boolean;
}

// Rows are locked in the order of decision 0017: attempts, identity, sign-in, card; each is decided on its
// locked row. The pushed request of the response is locked after the sign-in, and consumed only together with
// a key. A block that was acknowledged is seen in the row of the identity; a later one ends what this
// statement saves. Then follow the person's own rows of known browsers, and the sessions. Rows of other
// people who declared the browser their own are not touched: an attacker with a copy of its cookies changes
// nothing of theirs.
const RECORD_KEY_ATTEMPT = sql`
  WITH ${RECORD_ATTEMPT_SQL}, ${composeLockNotice(`$27::jsonb -> 'seen'`)}, ${composeOutcomeFragment(`'key'`, `'wrong_key'`, '$25')},
  owner AS (
    SELECT i.id, i.threshold FROM judged j JOIN identities i ON i.id = $14::uuid
    WHERE j.verdict = 'right' AND i.blocked_at IS NULL AND (i.ended_at IS NULL OR i.ended_at < $15::timestamptz)
    FOR NO KEY UPDATE OF i
  ), waiting AS (
    SELECT s.interaction, s.session_uid FROM owner o JOIN sign_ins s ON s.interaction = $13
    WHERE s.identity_id = o.id AND s.password_at = $15 AND s.signed_in_at IS NULL AND s.answered_at IS NULL
      AND s.holder IS NOT DISTINCT FROM $19::bytea
    FOR NO KEY UPDATE OF s
  ), pushed AS (
    SELECT u.id FROM waiting w JOIN oidc_records u ON u.id = $51
    WHERE u.consumed_at IS NULL AND u.ended_at IS NULL FOR UPDATE OF u
  ), spent AS (
    UPDATE key_cards c SET spent = set_bit(c.spent, $18::int, 1), challenge = NULL FROM waiting w
    WHERE c.id = $17 AND c.identity_id = $14 AND c.state = 'active' AND c.challenge = $18
      AND get_bit(c.spent, $18::int) = 0 AND ($51::bytea IS NULL OR (SELECT count(*) FROM pushed) = 1)
      AND (w.session_uid IS NULL OR (
             SELECT true FROM oidc_records r WHERE r.uid = w.session_uid AND r.model = 'Session'
               AND r.account_id = $14 AND r.ended_at IS NULL AND r.expires_at + interval '0' > now() LIMIT 1))
    RETURNING c.identity_id, 148 - bit_count(c.spent)::int AS keys_left
  ), used AS (
    UPDATE oidc_records u SET consumed_at = now() FROM spent WHERE u.id = $51
  ), noted AS (
    UPDATE sign_ins s SET
      signed_in_at = CASE WHEN x.is_spent THEN $16::timestamptz ELSE s.signed_in_at END,
      with_key = CASE WHEN x.is_spent THEN true ELSE s.with_key END,
      outcome = CASE WHEN x.is_spent THEN NULL ELSE coalesce(x.outcome, '{"kind": "stale_key"}'::jsonb) END,
      holder = $20::bytea, mac = CASE WHEN x.is_spent THEN $21::bytea ELSE $22::bytea END,
      answered_at = CASE WHEN x.is_spent AND $32::boolean THEN now() END,
      answer_sealed = CASE WHEN x.is_spent THEN $33::bytea END, answer_code = CASE WHEN x.is_spent THEN $34::bytea END,
      step_at = $23, expires_at = $24
    FROM (SELECT j.verdict, u.outcome, (SELECT count(*) FROM spent) > 0 AS is_spent FROM judged j, outcome u) x
    WHERE s.interaction = $13 AND x.verdict NOT IN ('again', 'busy') AND s.identity_id = $14 AND s.password_at = $15
      AND s.signed_in_at IS NULL AND s.answered_at IS NULL AND s.holder IS NOT DISTINCT FROM $19::bytea
    RETURNING s.interaction
  ), proven AS (
    ${composeProvenFragment('$13', '$14')} AND (SELECT count(*) FROM spent) > 0
  ), renewed AS (
    DELETE FROM known_browsers b USING spent
    WHERE b.browser = ANY ($29::bytea[]) AND b.identity_id = spent.identity_id AND $28::bytea IS NOT NULL
    RETURNING coalesce(b.first_at, b.since) AS first_at
  ), known AS (
    INSERT INTO known_browsers (browser, identity_id, since, tries, first_at, seen)
    SELECT $28, identity_id, $23, $35, coalesce((SELECT min(first_at) FROM renewed), $23),
      $27::jsonb ->> 'seen'
    FROM spent WHERE $28::bytea IS NOT NULL
  ), known_written AS (
    INSERT INTO audit_events (kind, identity_id, details)
    SELECT 'browser_known', identity_id,
      jsonb_strip_nulls(
        jsonb_build_object('again', EXISTS (SELECT FROM renewed), 'seen', $27::jsonb -> 'seen'))
    FROM spent WHERE $28::bytea IS NOT NULL
  ),
  ${composeKnownNetworkUpsert({ network: '$55', tries: '$56', now: '$23' })},
  notified AS (
    INSERT INTO notices (id, identity_id, kind, details, at)
    SELECT $30, identity_id, 'new_browser', $31::jsonb, $23 FROM spent
    WHERE $30::uuid IS NOT NULL AND NOT ($57::boolean AND EXISTS (
      SELECT FROM known_browsers b WHERE b.browser = ANY ($29::bytea[]) AND b.identity_id = $14))
  ), written AS (
    INSERT INTO audit_events (kind, identity_id, details)
    SELECT $26, identity_id, $27::jsonb || jsonb_strip_nulls(jsonb_build_object('ownBrowser',
      CASE WHEN $28::bytea IS NOT NULL THEN ${composeKnownBrowserName('$28', '$14')}
        ELSE (SELECT ${composeKnownBrowserName('b.browser', 'b.identity_id')} FROM known_browsers b
              WHERE b.browser = ANY ($29::bytea[]) AND b.identity_id = $14
              ORDER BY b.since DESC LIMIT 1) END))
    FROM spent
  ), ended AS (
    UPDATE oidc_records SET ended_at = now(), payload = ''
    WHERE id = ANY ($36::bytea[]) AND ended_at IS NULL AND (SELECT count(*) FROM spent) > 0
  ), kept AS (
    SELECT r.id FROM spent JOIN oidc_records r ON r.uid = ANY ($53::text[]) AND r.model = 'Session'
    WHERE (SELECT count(*) FROM renewed) >= 0 ORDER BY r.id FOR UPDATE OF r
  ), replaced AS (
    UPDATE oidc_records SET ended_at = coalesce(ended_at, now()),
      accepted_until = coalesce(accepted_until, now() + $54 * interval '1 second')
    WHERE id = ANY ($52::bytea[]) AND (SELECT count(*) FROM kept) > 0
      AND (ended_at IS NULL OR accepted_until > now())
    RETURNING id
  ), saved AS (
    INSERT INTO oidc_records AS r
      (id, model, account_id, client_id, grant_id, session_uid, uid, login_at, started_at, expires_at, payload,
       password_at, acr, sid)
    SELECT t.id, t.model, t.account_id, t.client_id, t.grant_id, t.session_uid, t.uid, t.login_at, t.started_at,
      t.expires_at, t.payload, t.password_at, t.acr, t.sid
    FROM spent, unnest($37::bytea[], $38::text[], $39::uuid[], $40::text[], $41::bytea[], $42::text[], $43::text[],
                $44::timestamptz[], $45::timestamptz[], $46::timestamptz[], $47::bytea[],
                $48::timestamptz[], $49::text[], $50::text[])
      AS t (id, model, account_id, client_id, grant_id, session_uid, uid, login_at, started_at, expires_at, payload,
            password_at, acr, sid)
    -- Grants after their session, as in backchannelLogouts.ts. After a log-out the new id is not saved.
    WHERE (SELECT count(*) FROM kept) >= 0
      AND (t.model <> 'Session' OR cardinality($52::bytea[]) = (SELECT count(*) FROM replaced))
    ON CONFLICT (id) DO UPDATE SET
      account_id = excluded.account_id, client_id = excluded.client_id, grant_id = excluded.grant_id,
      session_uid = coalesce(excluded.session_uid, r.session_uid), uid = excluded.uid, login_at = excluded.login_at,
      started_at = excluded.started_at, password_at = excluded.password_at, acr = excluded.acr,
      sid = coalesce(excluded.sid, r.sid), expires_at = excluded.expires_at, payload = excluded.payload
    WHERE r.ended_at IS NULL
  )
  SELECT j.verdict, j.wrong, j.in_a_row, j.expires_at, spent.keys_left, owner.threshold,
    EXISTS (SELECT FROM noted) AS noted,
    CASE WHEN $28::bytea IS NULL THEN '{}' ELSE ARRAY(
      SELECT DISTINCT b.browser FROM known_browsers b
      WHERE b.browser = ANY ($29::bytea[]) AND b.identity_id <> $14
    ) END AS other_browsers
  FROM judged j LEFT JOIN spent ON true LEFT JOIN owner ON owner.id = spent.identity_id`;

const END = sql`UPDATE oidc_records SET ended_at = now(), payload = '' WHERE id = ANY ($1::bytea[]) AND ended_at IS NULL`;

/**
 * Within a transaction. Additional statements may depend on what was still alive, so that nothing is ended
 * before them.
 */
export async function recordKeyAttemptInTransaction(
  db: Queryable,
  attempt: KeyAttempt,
): Promise<KeyAttemptResult> {
  const { answer } = attempt;
  if (!answer || answer.additionalStatements.length === 0) return await recordKeyAttempt(db, attempt);
  const result = await recordKeyAttempt(db, { ...attempt, answer: { ...answer, ends: [] } });
  if (!result.spent) return result;
  for (const { statement, values } of answer.additionalStatements) await db.query(statement, values);
  if (answer.ends.length > 0) await db.query(END, [answer.ends]);
  return result;
}

export async function recordKeyAttempt(db: Queryable, attempt: KeyAttempt): Promise<KeyAttemptResult> {
  const { answer, ownBrowser, newBrowser } = attempt;
  const saves = answer?.saves ?? [];
  const replaces = answer?.replaces ?? [];
  const column = (name: keyof OidcRecord) => saves.map((record) => record[name]);
  const { rows } = await db.query<
    AttemptResultRow & {
      keys_left: number | null;
      threshold: number;
      noted: boolean;
      other_browsers: Buffer[];
    }
  >(RECORD_KEY_ATTEMPT, [
    ...listAttemptValues(attempt),
    ...listLockNoticeValues(attempt.notice),
    attempt.interaction,
    attempt.identityId,
    attempt.passwordAt,
    attempt.signedInAt,
    attempt.cardId,
    attempt.position,
    attempt.formerHolder,
    attempt.holder,
    attempt.macs.right,
    attempt.macs.wrong,
    attempt.now,
    attempt.expiresAt,
    JSON.stringify(attempt.exhausted),
    attempt.event.kind,
    JSON.stringify(attempt.event.details),
    ownBrowser?.browser ?? null,
    attempt.browsers,
    newBrowser?.id ?? null,
    JSON.stringify(newBrowser?.details ?? null),
    answer !== null,
    answer?.sealed ?? null,
    answer?.codeId ?? null,
    ownBrowser?.tries ?? null,
    answer?.ends ?? [],
    ...RECORD_COLUMNS.map(column),
    column('passwordAt'),
    column('acr'),
    column('sid'),
    answer?.uses ?? null,
    replaces.map(({ id }) => id),
    replaces.map(({ uid }) => uid),
    FORMER_SESSION_ID_SECONDS,
    attempt.network.key,
    attempt.network.tries,
    attempt.wasKnown,
  ]);
  const [row] = rows;
  if (!row) throw new Error('the attempt statement returned no row');
  const { keys_left: keysLeft, threshold, noted: isOutcomeRecorded, other_browsers: otherBrowsers } = row;
  const spent = keysLeft === null ? null : { keysLeft, threshold };
  return { ...readAttemptResultRow(row), spent, isOutcomeRecorded, otherBrowsers };
}
