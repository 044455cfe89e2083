/**
 * A sign-in by a security key whose signature was verified: its statement (completion.ts) accepts each answer
 * once, as any use of one (factors/securityKeyUse.ts).
 */
import type { Factor } from '../../domain/signIn/levels.ts';
import { sql, type Queryable } from '../database.ts';
import { nameParameters } from '../namedParameters.ts';
import { CARD_COLUMNS, CARD_JOINS } from '../cards/keyCards.ts';
import {
  composeAcceptedKey,
  composeAnswerOnce,
  composeUsedKey,
  nameKeyUse,
  type SecurityKeyUse,
} from '../factors/securityKeyUse.ts';
import {
  assertSecurityKeyBound,
  SECURITY_KEYS_COLUMN,
  type StoredSecurityKey,
} from '../factors/securityKeys.ts';
import { assertOwnerBound, OWNER_COLUMNS } from '../people/identities.ts';
import {
  runCompletion,
  type Completion,
  type CompletionParameter,
  type CompletionResult,
} from './completion.ts';
import {
  composeCompletion,
  composeLiveSession,
  composeNotedRow,
  composePushedCheck,
  composeWaitingRow,
} from './completionStatement.ts';
import { readSignInRow, type OwnedSignInRow, type StoredSignIn } from './signInRow.ts';

export interface SecurityKeySignIn extends Completion, SecurityKeyUse {
  readonly factor: Factor;
}

type SecurityKeyParameter =
  | 'keyId'
  | 'formerCount'
  | 'signCount'
  | 'isBackedUp'
  | 'factor'
  | 'countsBy'
  | 'challenge';

/** Nothing is counted: a signature cannot be guessed. */
const DECIDED = `judged AS (
    SELECT 'right'::text AS verdict, 0 AS wrong, 0 AS in_a_row, now() AS expires_at
  ), outcome AS (SELECT NULL::jsonb AS outcome)`;

const REFUSED = `'{"kind": "security_key_refused", "why": "not_accepted"}'`;

/** After the password, or to raise a session. */
const RECORD_SECOND_FACTOR = composeSecondFactor();

function composeSecondFactor() {
  const parameters = nameParameters<CompletionParameter | SecurityKeyParameter>();
  const { p } = parameters;
  return composeCompletion<SecurityKeyParameter>(parameters, {
    decided: DECIDED,
    spent: `${composeWaitingRow(p)}, ${composeAnswerOnce(p, 'waiting')}, spent AS (
    UPDATE security_keys y SET ${composeUsedKey(p)} FROM waiting w CROSS JOIN once
    WHERE ${composeAcceptedKey(p)} AND ${composePushedCheck(p)} AND ${composeLiveSession(p, 'w.session_uid')}
    RETURNING y.identity_id, NULL::int AS keys_left
  )`,
    noted: composeNotedRow(
      p,
      `with_key = CASE WHEN x.is_spent THEN false ELSE s.with_key END,
      second_factor = CASE WHEN x.is_spent THEN ${p.factor}::text ELSE s.second_factor END`,
      REFUSED,
    ),
  });
}

/**
 * In place of user ID and password. The row of the sign-in may not exist yet; one that does is locked before
 * the pushed request and the key, as always. Both are decided before the row is written. It belongs to the
 * browser that sends the form, whose secret is then another: a sign-in that has ended begins again.
 */
const RECORD_ONLY_FACTOR = composeOnlyFactor();

function composeOnlyFactor() {
  const parameters = nameParameters<CompletionParameter | SecurityKeyParameter>();
  const { p } = parameters;
  return composeCompletion<SecurityKeyParameter>(parameters, {
    decided: DECIDED,
    spent: `begun AS (
    SELECT s.interaction FROM owner o JOIN sign_ins s ON s.interaction = ${p.interaction} FOR NO KEY UPDATE OF s
  ), pushed AS (
    SELECT u.id FROM owner o JOIN oidc_records u ON u.id = ${p.uses}
    WHERE u.consumed_at IS NULL AND u.ended_at IS NULL AND (SELECT count(*) FROM begun) >= 0 FOR UPDATE OF u
  ), accepted AS (
    SELECT y.id FROM owner o JOIN security_keys y ON y.identity_id = o.id
    WHERE ${composeAcceptedKey(p)} AND (SELECT count(*) FROM begun) >= 0 AND ${composePushedCheck(p)}
    FOR NO KEY UPDATE OF y
  ), ${composeAnswerOnce(p, 'accepted')}, waiting AS (
    INSERT INTO sign_ins AS s (interaction, identity_id, password_at, without_password, signed_in_at, with_key,
      second_factor, holder, mac, answered_at, answer_sealed, answer_code, step_at, expires_at)
    SELECT ${p.interaction}, ${p.identityId}::uuid, ${p.passwordAt}, true, ${p.signedInAt}::timestamptz, false,
      ${p.factor}::text, ${p.holder}::bytea, ${p.macRight}::bytea, CASE WHEN ${p.isAnswered}::boolean THEN now() END,
      ${p.answerSealed}::bytea, ${p.codeId}::bytea, ${p.now}, ${p.expiresAt}::timestamptz
    FROM accepted CROSS JOIN once
    ON CONFLICT (interaction) DO UPDATE SET
      identity_id = excluded.identity_id, password_at = excluded.password_at, without_password = true,
      signed_in_at = excluded.signed_in_at, with_key = false, second_factor = excluded.second_factor,
      holder = excluded.holder, mac = excluded.mac, answered_at = excluded.answered_at,
      answer_sealed = excluded.answer_sealed, answer_code = excluded.answer_code, session_uid = NULL,
      consented = false, new_card_skipped = false, known_browser = false, outcome = NULL, typed_name_sealed = NULL,
      step_at = excluded.step_at, expires_at = excluded.expires_at
    WHERE s.holder IS NOT DISTINCT FROM ${p.formerHolder}::bytea AND s.answered_at IS NULL
      AND s.expires_at > ${p.now}
    RETURNING s.interaction
  ), spent AS (
    UPDATE security_keys y SET ${composeUsedKey(p)} FROM waiting WHERE ${composeAcceptedKey(p)}
    RETURNING y.identity_id, NULL::int AS keys_left
  )`,
    noted: 'noted AS (SELECT interaction FROM waiting)',
  });
}

/** @param isOnly it stands for user ID and password too */
export async function recordSecurityKeySignIn(
  db: Queryable,
  signIn: SecurityKeySignIn,
  isOnly: boolean,
): Promise<CompletionResult> {
  return await runCompletion(db, isOnly ? RECORD_ONLY_FACTOR : RECORD_SECOND_FACTOR, signIn, {
    ...nameKeyUse(signIn),
    factor: signIn.factor,
    countsBy: signIn.now,
  });
}

const RECORD_REFUSED = sql`
  WITH once AS (
    INSERT INTO replay_ids (id, expires_at) VALUES ($1, now() + interval '1 day') ON CONFLICT DO NOTHING RETURNING id
  )
  INSERT INTO audit_events (kind, identity_id, details) SELECT 'sign_in_refused', $2, $3::jsonb FROM once`;

/**
 * An answer that was right for an ID that the relying party does not take: it is recorded once, and accepted
 * nowhere else.
 */
export async function recordRefusedSecurityKey(
  db: Queryable,
  refused: { challenge: Buffer; identityId: string; details: object },
): Promise<void> {
  const { challenge, identityId, details } = refused;
  await db.query(RECORD_REFUSED, [challenge, identityId, JSON.stringify(details)]);
}

// As the row of a sign-in in which nothing was given yet.
const FIND_OWNER = sql`
  SELECT $2::bytea AS interaction, NULL::timestamptz AS password_at, NULL::text AS session_uid,
    NULL::timestamptz AS signed_in_at, false AS with_key, NULL::text AS second_factor, true AS without_password,
    false AS consented, NULL::jsonb AS outcome, NULL::bytea AS typed_name_sealed, $3::timestamptz AS step_at,
    false AS known_browser, false AS new_card_skipped, false AS answered, NULL::uuid AS entered_by,
    NULL::bytea AS holder, NULL::bytea AS mac, i.key_tries, NULL::bytea AS answer_sealed,
    k.tries AS k_tries, k.wrong AS k_wrong, k.in_a_row AS k_in_a_row, k.counted_at AS k_counted_at,
    k.expires_at AS k_expires_at, date_trunc('milliseconds', clock_timestamp()) AS now,
    ${OWNER_COLUMNS},
    ${CARD_COLUMNS},
    ${SECURITY_KEYS_COLUMN}
  FROM security_keys f JOIN identities i ON i.id = f.identity_id JOIN people o ON o.id = i.person_id
  LEFT JOIN attempts k ON k.subject = i.key_tries
  ${CARD_JOINS}
  WHERE f.credential_id = $1 AND f.ended_at IS NULL`;

/** A security key with its person, as the sign-in that it begins. */
export interface FoundSecurityKey {
  readonly key: StoredSecurityKey;
  readonly signIn: StoredSignIn;
}

/**
 * Returns null for a credential that is no one's, or that has ended.
 * @param start.now when the sign-in that it begins was last at a step
 * @throws RowMacMismatch
 */
export async function findSecurityKeyWithOwner(
  db: Queryable,
  credentialId: Buffer,
  { interaction, now }: { interaction: Buffer; now: Date },
): Promise<FoundSecurityKey | null> {
  const [row] = (await db.query<OwnedSignInRow>(FIND_OWNER, [credentialId, interaction, now])).rows;
  if (!row) return null;
  const signIn = readSignInRow(row);
  assertOwnerBound(db, signIn.owner);
  const key = signIn.securityKeys.find((one) => one.credentialId.equals(credentialId));
  if (!key) return null;
  assertSecurityKeyBound(db, key);
  return { key, signIn };
}
