/**
 * Records an attempt at a password after it was compared, in one statement (read before it:
 * passwordReads.ts).
 */
import type { SignInOutcome } from '../../../domain/signIn/signIn.ts';
import { sql, type Queryable } from '../../../db/database.ts';
import { readOutcomeJson, type OutcomeJson } from '../../../db/signIn/signIns.ts';
import { composeWithoutKeyRow } from '../../../db/signIn/passwordsWithoutKey.ts';
import {
  RECORD_ATTEMPT_SQL,
  readAttemptResultRow,
  listAttemptValues,
  LOCK_NOTICE_SQL,
  listLockNoticeValues,
  composeOutcomeFragment,
  type AttemptResultRow,
  type AttemptResult,
  type LockNotice,
  type AttemptToRecord,
} from '../../../db/signIn/attempts.ts';

// The rows are locked in the order of decision 0017: attempts (of the known browser, then of all unknown
// ones), identity, sign-in, card. The compared hash must be that of the locked identity row: a password that
// was changed in the meantime signs no one in. A right password of an unknown browser is recorded for its
// person, whether or not the sign-in accepts it: the response would reveal it in both cases. The locked row
// of the interaction decides which of the records is that person's (passwordsWithoutKey.ts).
const RECORD_PASSWORD_ATTEMPT = sql`
  WITH ${RECORD_ATTEMPT_SQL}, ${LOCK_NOTICE_SQL}, ${composeOutcomeFragment(`'password'`, `'wrong_password'`, '$26')},
  calmed AS (
    UPDATE attempts c SET in_a_row = 0 FROM judged j
    WHERE j.verdict = 'right' AND c.subject = $27 AND c.subject <> $1 AND c.in_a_row > 0 RETURNING c.subject
  ), owner AS (
    SELECT i.id FROM judged j JOIN identities i ON i.id = $14::uuid
    WHERE j.verdict = 'right' AND i.password_hash = $15 AND (SELECT count(*) FROM calmed) >= 0
    FOR NO KEY UPDATE OF i
  ), entered AS (
    INSERT INTO sign_ins AS s (interaction, identity_id, password_at, step_at, expires_at, known_browser, holder, mac,
      outcome, typed_name_sealed)
    SELECT $13, o.id, CASE WHEN o.id IS NOT NULL THEN $16::timestamptz END, $17, $18, $19 AND o.id IS NOT NULL, $23,
      CASE WHEN o.id IS NOT NULL THEN $24::bytea ELSE $25::bytea END,
      CASE WHEN o.id IS NULL THEN coalesce(u.outcome, $28::jsonb) END, CASE WHEN o.id IS NULL THEN $29::bytea END
    FROM judged j CROSS JOIN outcome u LEFT JOIN owner o ON true
    WHERE j.verdict NOT IN ('again', 'busy')
    ON CONFLICT (interaction) DO UPDATE SET
      identity_id = CASE WHEN excluded.identity_id IS NULL THEN s.identity_id ELSE excluded.identity_id END,
      password_at = CASE WHEN excluded.identity_id IS NULL THEN s.password_at ELSE excluded.password_at END,
      session_uid = CASE WHEN excluded.identity_id IS NULL THEN s.session_uid END,
      known_browser = CASE WHEN excluded.identity_id IS NULL THEN s.known_browser ELSE excluded.known_browser END,
      signed_in_at = CASE WHEN excluded.identity_id IS NULL THEN s.signed_in_at END,
      with_key = CASE WHEN excluded.identity_id IS NULL THEN s.with_key END,
      second_factor = CASE WHEN excluded.identity_id IS NULL THEN s.second_factor END,
      without_password = CASE WHEN excluded.identity_id IS NULL THEN s.without_password END,
      consented = excluded.identity_id IS NULL AND s.consented,
      new_card_skipped = excluded.identity_id IS NULL AND s.new_card_skipped,
      outcome = excluded.outcome,
      typed_name_sealed = CASE WHEN excluded.identity_id IS NULL
        THEN coalesce(excluded.typed_name_sealed, s.typed_name_sealed) END,
      holder = excluded.holder, mac = excluded.mac, step_at = excluded.step_at, expires_at = excluded.expires_at
    WHERE s.answered_at IS NULL AND CASE WHEN excluded.identity_id IS NULL
      THEN s.expires_at > excluded.step_at AND s.holder IS NOT DISTINCT FROM $22::bytea
      -- A completed sign-in stays complete, unless it is over or another browser's: then the person who is
      -- there begins again.
      ELSE s.signed_in_at IS NULL OR NOT $30
        OR (SELECT o.ended_at IS NULL OR s.password_at > o.ended_at FROM identities o WHERE o.id = s.identity_id)
             IS NOT TRUE
        OR (s.session_uid IS NOT NULL AND (SELECT true FROM oidc_records r WHERE r.uid = s.session_uid
              AND r.model = 'Session' AND r.ended_at IS NULL AND r.expires_at + interval '0' > now() LIMIT 1) IS NULL)
      END
    RETURNING interaction
  ), asked AS (
    UPDATE key_cards k SET challenge = $21 FROM owner o, entered e
    WHERE k.id = $20 AND k.identity_id = o.id AND k.challenge IS NULL AND k.state = 'active'
      AND get_bit(k.spent, $21::int) = 0
  ), unproven AS (
    INSERT INTO passwords_without_key AS p (interaction, identity_id, at, context_sealed)
    SELECT $13, o.id, $17, $31::bytea FROM owner o WHERE NOT $19 AND (SELECT count(*) FROM entered) >= 0
    ON CONFLICT (interaction) DO UPDATE SET at = p.at WHERE p.identity_id = excluded.identity_id
    RETURNING p.identity_id
  ), further AS (
    INSERT INTO passwords_without_key (interaction, identity_id, at, context_sealed)
    SELECT ${{ part: composeWithoutKeyRow('$13', 'o.id') }}, o.id, $17, $31::bytea FROM owner o
    WHERE NOT $19 AND NOT EXISTS (SELECT FROM unproven)
    ON CONFLICT (interaction) DO NOTHING
  )
  SELECT verdict, wrong, in_a_row, expires_at, EXISTS (SELECT FROM entered) AS entered,
    EXISTS (SELECT FROM owner) AS accepted, (SELECT outcome FROM outcome) AS outcome FROM judged`;

export interface PasswordAttempt extends AttemptToRecord {
  readonly notice: LockNotice | null;
  readonly interaction: Buffer;
  /** The identity that a right password signs in; null for an unknown name or a temporary password. */
  readonly identityId: string | null;
  /** The hash that was compared. */
  readonly passwordHash: string | null;
  readonly passwordAt: Date;
  readonly now: Date;
  readonly expiresAt: Date;
  readonly knownBrowser: boolean;
  /** A challenge of the card in use, drawn for the case that it has none. */
  readonly challenge: { readonly cardId: string; readonly position: number } | null;
  /** The holder's hash as this browser knows it. */
  readonly formerHolder: Buffer | null;
  /** This browser holds the row as it was read. */
  readonly isHolder: boolean;
  readonly holder: Buffer;
  /** The MACs of the facts after a right password, and of the unchanged facts after a wrong one. */
  readonly macs: { readonly right: Buffer; readonly wrong: Buffer | null };
  readonly typedNameSealed: Buffer;
  /** Browser and network of a right password from an unknown browser (passwordContext.ts); null otherwise. */
  readonly contextSealed: Buffer | null;
  /** The `SignInOutcome` once the budget no longer opens automatically. */
  readonly exhausted: object;
  /** The `SignInOutcome` after a right password that signs no one in; null when it signs its owner in. */
  readonly rightWithoutIdentity: object | null;
  /** The subject of the unknown browsers; any right password ends their wrong ones in a row. */
  readonly unknownBrowsers: Buffer;
}

export interface PasswordAttemptResult extends AttemptResult {
  /** The outcome is in the row of the sign-in; false when another browser holds the request. */
  readonly isOutcomeRecorded: boolean;
  /** The compared password is still the current one: it signs its owner in. */
  readonly isAccepted: boolean;
  /** The outcome that the next page reports; null after a right password. */
  readonly outcome: SignInOutcome | null;
}

export async function recordPasswordAttempt(
  db: Queryable,
  attempt: PasswordAttempt,
): Promise<PasswordAttemptResult> {
  const json = (value: object | null) => (value === null ? null : JSON.stringify(value));
  const { rows } = await db.query<
    AttemptResultRow & { entered: boolean; accepted: boolean; outcome: OutcomeJson | null }
  >(RECORD_PASSWORD_ATTEMPT, [
    ...listAttemptValues(attempt),
    ...listLockNoticeValues(attempt.notice),
    attempt.interaction,
    attempt.identityId,
    attempt.passwordHash,
    attempt.passwordAt,
    attempt.now,
    attempt.expiresAt,
    attempt.knownBrowser,
    attempt.challenge?.cardId ?? null,
    attempt.challenge?.position ?? null,
    attempt.formerHolder,
    attempt.holder,
    attempt.macs.right,
    attempt.macs.wrong,
    json(attempt.exhausted),
    attempt.unknownBrowsers,
    json(attempt.rightWithoutIdentity),
    attempt.typedNameSealed,
    attempt.isHolder,
    attempt.contextSealed,
  ]);
  const [row] = rows;
  if (!row) throw new Error('the statement returned no attempt');
  return {
    ...readAttemptResultRow(row),
    isOutcomeRecorded: row.entered,
    isAccepted: row.accepted,
    outcome: readOutcomeJson(row.outcome),
  };
}
