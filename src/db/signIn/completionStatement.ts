/**
 * The statement of a sign-in's last form, composed of what is the same for every factor (completion.ts) and
 * of the parts of one.
 */
import { sql } from '../database.ts';
import type { NamedParameters } from '../namedParameters.ts';
import type { CompletionParameter, CompletionStatement } from './completion.ts';
import { composeKnownBrowserName } from './knownBrowsers.ts';
import { composeKnownNetworkUpsert } from './knownNetworks.ts';
import { composeProvenFragment } from './passwordsWithoutKey.ts';

type Parameters = Readonly<Record<CompletionParameter, string>>;

/** The parts of the statement that differ between factors, as SQL. */
export interface FactorParts {
  /**
   * `judged AS (...)`, with the columns of `AttemptResultRow`, and `outcome AS (...)`, what the next page
   * shows.
   */
  readonly decided: string;
  /**
   * Parts that end with `spent AS (...)`, which uses up the factor, once, and returns `identity_id` and
   * `keys_left`. They follow `owner`, the locked row of the identity, and decide the sign-in's row and the
   * pushed request too.
   */
  readonly spent: string;
  /** `noted AS (...)`: the sign-in's row has the outcome; returns it. */
  readonly noted: string;
}

/**
 * Rows are locked in the order of decision 0017: attempts, identity, sign-in, card; each is decided on its
 * locked row. The pushed request of the response is locked after the sign-in, and consumed only together with
 * the factor. A block that was acknowledged is seen in the row of the identity; a later one ends what this
 * statement saves. Then follow the person's own rows of known browsers, and the sessions. Rows of other
 * people who declared the browser their own are not touched: an attacker with a copy of its cookies changes
 * nothing of theirs.
 */
export function composeCompletion<Extra extends string>(
  { p: all, list }: NamedParameters<CompletionParameter | Extra>,
  { decided, spent, noted }: FactorParts,
): CompletionStatement<Extra> {
  const p: Parameters = all;
  const part = `
  WITH ${decided},
  owner AS (
    SELECT i.id, i.threshold FROM judged j JOIN identities i ON i.id = ${p.identityId}::uuid
    WHERE j.verdict = 'right' AND i.blocked_at IS NULL AND (i.ended_at IS NULL OR i.ended_at < ${p.passwordAt}::timestamptz)
    FOR NO KEY UPDATE OF i
  ), ${spent}, used AS (
    UPDATE oidc_records u SET consumed_at = now() FROM spent WHERE u.id = ${p.uses}
  ), ${noted}, proven AS (
    ${composeProvenFragment(p.interaction, p.identityId).part} AND (SELECT count(*) FROM spent) > 0
  ), renewed AS (
    DELETE FROM known_browsers b USING spent
    WHERE b.browser = ANY (${p.browsers}::bytea[]) AND b.identity_id = spent.identity_id AND ${p.ownBrowser}::bytea IS NOT NULL
    RETURNING coalesce(b.first_at, b.since) AS first_at
  ), known AS (
    INSERT INTO known_browsers (browser, identity_id, since, tries, first_at, seen)
    SELECT ${p.ownBrowser}, identity_id, ${p.now}, ${p.ownBrowserTries}, coalesce((SELECT min(first_at) FROM renewed), ${p.now}),
      ${p.eventDetails}::jsonb ->> 'seen'
    FROM spent WHERE ${p.ownBrowser}::bytea IS NOT NULL
  ), known_written AS (
    INSERT INTO audit_events (kind, identity_id, details)
    SELECT 'browser_known', identity_id,
      jsonb_strip_nulls(
        jsonb_build_object('again', EXISTS (SELECT FROM renewed), 'seen', ${p.eventDetails}::jsonb -> 'seen'))
    FROM spent WHERE ${p.ownBrowser}::bytea IS NOT NULL
  ),
  ${composeKnownNetworkUpsert({ network: p.network, tries: p.networkTries, now: p.now }).part},
  notified AS (
    INSERT INTO notices (id, identity_id, kind, details, at)
    SELECT ${p.newBrowserId}, identity_id, 'new_browser', ${p.newBrowserDetails}::jsonb, ${p.now} FROM spent
    WHERE ${p.newBrowserId}::uuid IS NOT NULL AND NOT (${p.wasKnown}::boolean AND EXISTS (
      SELECT FROM known_browsers b WHERE b.browser = ANY (${p.browsers}::bytea[]) AND b.identity_id = ${p.identityId}))
  ), written AS (
    INSERT INTO audit_events (kind, identity_id, details)
    SELECT ${p.eventKind}, identity_id, ${p.eventDetails}::jsonb || jsonb_strip_nulls(jsonb_build_object('ownBrowser',
      CASE WHEN ${p.ownBrowser}::bytea IS NOT NULL THEN ${composeKnownBrowserName(p.ownBrowser, p.identityId).part}
        ELSE (SELECT ${composeKnownBrowserName('b.browser', 'b.identity_id').part} FROM known_browsers b
              WHERE b.browser = ANY (${p.browsers}::bytea[]) AND b.identity_id = ${p.identityId}
              ORDER BY b.since DESC LIMIT 1) END))
    FROM spent
  ), ended AS (
    UPDATE oidc_records SET ended_at = now(), payload = ''
    WHERE id = ANY (${p.ends}::bytea[]) AND ended_at IS NULL AND (SELECT count(*) FROM spent) > 0
  ), kept AS (
    SELECT r.id FROM spent JOIN oidc_records r ON r.uid = ANY (${p.replacedUids}::text[]) AND r.model = 'Session'
    WHERE (SELECT count(*) FROM renewed) >= 0 ORDER BY r.id FOR UPDATE OF r
  ), replaced AS (
    UPDATE oidc_records SET ended_at = coalesce(ended_at, now()),
      accepted_until = coalesce(accepted_until, now() + ${p.formerSessionSeconds} * interval '1 second')
    WHERE id = ANY (${p.replacedIds}::bytea[]) AND (SELECT count(*) FROM kept) > 0
      AND (ended_at IS NULL OR accepted_until > now())
    RETURNING id
  ), saved AS (
    INSERT INTO oidc_records AS r
      (id, model, account_id, client_id, grant_id, session_uid, uid, login_at, started_at, expires_at, payload,
       password_at, acr, sid)
    SELECT t.id, t.model, t.account_id, t.client_id, t.grant_id, t.session_uid, t.uid, t.login_at, t.started_at,
      t.expires_at, t.payload, t.password_at, t.acr, t.sid
    FROM spent, unnest(${p.ids}::bytea[], ${p.models}::text[], ${p.accountIds}::uuid[], ${p.clientIds}::text[],
                ${p.grantIds}::bytea[], ${p.sessionUids}::text[], ${p.uids}::text[], ${p.loginAts}::timestamptz[],
                ${p.startedAts}::timestamptz[], ${p.expiresAts}::timestamptz[], ${p.payloads}::bytea[],
                ${p.passwordAts}::timestamptz[], ${p.acrs}::text[], ${p.sids}::text[])
      AS t (id, model, account_id, client_id, grant_id, session_uid, uid, login_at, started_at, expires_at, payload,
            password_at, acr, sid)
    -- Grants after their session, as in backchannelLogouts.ts. After a log-out the new id is not saved.
    WHERE (SELECT count(*) FROM kept) >= 0
      AND (t.model <> 'Session' OR cardinality(${p.replacedIds}::bytea[]) = (SELECT count(*) FROM replaced))
    ON CONFLICT (id) DO UPDATE SET
      account_id = excluded.account_id, client_id = excluded.client_id, grant_id = excluded.grant_id,
      session_uid = coalesce(excluded.session_uid, r.session_uid), uid = excluded.uid, login_at = excluded.login_at,
      started_at = excluded.started_at, password_at = excluded.password_at, acr = excluded.acr,
      sid = coalesce(excluded.sid, r.sid), expires_at = excluded.expires_at, payload = excluded.payload
    WHERE r.ended_at IS NULL
  )
  SELECT j.verdict, j.wrong, j.in_a_row, j.expires_at, spent.keys_left, owner.threshold,
    EXISTS (SELECT FROM noted) AS noted,
    CASE WHEN ${p.ownBrowser}::bytea IS NULL THEN '{}' ELSE ARRAY(
      SELECT DISTINCT b.browser FROM known_browsers b
      WHERE b.browser = ANY (${p.browsers}::bytea[]) AND b.identity_id <> ${p.identityId}
    ) END AS other_browsers
  FROM judged j LEFT JOIN spent ON true LEFT JOIN owner ON owner.id = spent.identity_id`;
  return { statement: sql`${{ part }}`, list };
}

/** @param session the column with the uid of the session that a step-up raises, as SQL; null without one */
export function composeLiveSession(p: Pick<Parameters, 'identityId'>, session: string): string {
  return `(${session} IS NULL OR (
             SELECT true FROM oidc_records r WHERE r.uid = ${session} AND r.model = 'Session'
               AND r.account_id = ${p.identityId} AND r.ended_at IS NULL AND r.expires_at + interval '0' > now() LIMIT 1))`;
}

/** `waiting AS (...), pushed AS (...)`: the row of a sign-in that has a password, and the pushed request. */
export function composeWaitingRow(p: Parameters): string {
  return `waiting AS (
    SELECT s.interaction, s.session_uid FROM owner o JOIN sign_ins s ON s.interaction = ${p.interaction}
    WHERE s.identity_id = o.id AND s.password_at = ${p.passwordAt} AND s.signed_in_at IS NULL AND s.answered_at IS NULL
      AND s.holder IS NOT DISTINCT FROM ${p.formerHolder}::bytea
    FOR NO KEY UPDATE OF s
  ), pushed AS (
    SELECT u.id FROM waiting w JOIN oidc_records u ON u.id = ${p.uses}
    WHERE u.consumed_at IS NULL AND u.ended_at IS NULL FOR UPDATE OF u
  )`;
}

/** The pushed request, if there is one, can still be answered. */
export function composePushedCheck(p: Pick<Parameters, 'uses'>): string {
  return `(${p.uses}::bytea IS NULL OR (SELECT count(*) FROM pushed) = 1)`;
}

/**
 * `noted AS (...)` for the row of a sign-in that has a password.
 * @param completion assignments to the row `s` that say which factor it was; `x.is_spent` says whether
 * @param stale the outcome (json, as SQL) when the factor was not used up, though it was right
 */
export function composeNotedRow(p: Parameters, completion: string, stale: string): string {
  return `noted AS (
    UPDATE sign_ins s SET
      signed_in_at = CASE WHEN x.is_spent THEN ${p.signedInAt}::timestamptz ELSE s.signed_in_at END,
      ${completion},
      outcome = CASE WHEN x.is_spent THEN NULL ELSE coalesce(x.outcome, ${stale}::jsonb) END,
      holder = ${p.holder}::bytea, mac = CASE WHEN x.is_spent THEN ${p.macRight}::bytea ELSE ${p.macWrong}::bytea END,
      answered_at = CASE WHEN x.is_spent AND ${p.isAnswered}::boolean THEN now() END,
      answer_sealed = CASE WHEN x.is_spent THEN ${p.answerSealed}::bytea END,
      answer_code = CASE WHEN x.is_spent THEN ${p.codeId}::bytea END,
      step_at = ${p.now}, expires_at = ${p.expiresAt}
    FROM (SELECT j.verdict, u.outcome, (SELECT count(*) FROM spent) > 0 AS is_spent FROM judged j, outcome u) x
    WHERE s.interaction = ${p.interaction} AND x.verdict NOT IN ('again', 'busy') AND s.identity_id = ${p.identityId}
      AND s.password_at = ${p.passwordAt} AND s.signed_in_at IS NULL AND s.answered_at IS NULL
      AND s.holder IS NOT DISTINCT FROM ${p.formerHolder}::bytea
    RETURNING s.interaction
  )`;
}
