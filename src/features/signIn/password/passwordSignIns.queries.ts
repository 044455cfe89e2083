/**
 * Sign-ins without a key directly after the password: those that require only a password, and those that
 * raise a session which was begun with only a password.
 */
import { sql, type Queryable } from '../../../db/database.ts';
import { composeProvenFragment } from '../../../db/signIn/passwordsWithoutKey.ts';

const BEGIN_STEP_UP = sql`
  INSERT INTO sign_ins (interaction, identity_id, password_at, session_uid, step_at, expires_at, mac)
  SELECT $1, $2, $3, $4, $5, $6, $8
  WHERE $3::timestamptz > clock_timestamp() - $7 * interval '1 second'
  ON CONFLICT (interaction) DO NOTHING`;

export interface StepUpStart {
  readonly identityId: string;
  readonly sessionUid: string;
  /** When the password was given for this session. */
  readonly passwordAt: Date;
  /** An older password is not accepted: it is asked for again. */
  readonly atMostSeconds: number;
  readonly now: Date;
  readonly expiresAt: Date;
  /** The MAC of these facts, without a holder. */
  readonly mac: Buffer;
}

/**
 * Lets the password of a live session count in this interaction too. Does nothing when the interaction has
 * begun.
 */
export async function beginStepUp(db: Queryable, interaction: Buffer, start: StepUpStart): Promise<void> {
  const { identityId, passwordAt, sessionUid, now, expiresAt, atMostSeconds } = start;
  await db.query(BEGIN_STEP_UP, [
    interaction,
    identityId,
    passwordAt,
    sessionUid,
    now,
    expiresAt,
    atMostSeconds,
    start.mac,
  ]);
}

const ABANDON_STEP_UP = sql`
  UPDATE sign_ins SET identity_id = NULL, password_at = NULL, session_uid = NULL, outcome = NULL,
    step_at = $2, expires_at = $3
  WHERE interaction = $1 AND session_uid IS NOT NULL AND signed_in_at IS NULL AND expires_at > $2`;

/** Another person is at the browser: they begin with their own password. */
export async function abandonStepUp(
  db: Queryable,
  interaction: Buffer,
  { now, expiresAt }: { now: Date; expiresAt: Date },
): Promise<void> {
  await db.query(ABANDON_STEP_UP, [interaction, now, expiresAt]);
}

// The owner's row is locked first, as when a key is spent, so that an acknowledged block is seen here.
const SIGN_IN_BY_PASSWORD = sql`
  WITH owner AS (
    SELECT i.id FROM identities i JOIN sign_ins s ON s.interaction = $1 AND s.identity_id = i.id
    WHERE i.blocked_at IS NULL AND (i.ended_at IS NULL OR i.ended_at < $8::timestamptz)
    FOR NO KEY UPDATE OF i
  ), done AS (
    UPDATE sign_ins SET signed_in_at = $9, with_key = false, outcome = NULL, step_at = $2, expires_at = $3, mac = $10
    WHERE interaction = $1 AND identity_id = (SELECT id FROM owner) AND signed_in_at IS NULL AND password_at = $8
      AND holder IS NOT DISTINCT FROM $11::bytea
    RETURNING identity_id, known_browser
  ), proven AS (
    ${composeProvenFragment('$1', '(SELECT identity_id FROM done)')}
  ), told AS (
    INSERT INTO notices (id, identity_id, kind, details, at)
    SELECT $6, identity_id, 'new_browser', $7::jsonb, $2 FROM done WHERE NOT known_browser
  )
  INSERT INTO audit_events (kind, identity_id, details) SELECT $4, identity_id, $5::jsonb FROM done`;

export interface PasswordSignIn {
  readonly event: { kind: string; details: Record<string, unknown> };
  /** The notice to the person, sent when the browser is unknown. */
  readonly notice: { id: string; details: Record<string, unknown> };
  readonly now: Date;
  readonly expiresAt: Date;
  /** The facts of the row as it was read, and of the row as it is written. */
  readonly passwordAt: Date | null;
  readonly signedInAt: Date;
  readonly holder: Buffer | null;
  readonly mac: Buffer;
}

/**
 * Completes a sign-in that requires only the password. Idempotent: the audit event and the notice are written
 * once.
 */
export async function signInByPassword(
  db: Queryable,
  interaction: Buffer,
  { event, notice, now, expiresAt, passwordAt, signedInAt, holder, mac }: PasswordSignIn,
): Promise<void> {
  await db.query(SIGN_IN_BY_PASSWORD, [
    interaction,
    now,
    expiresAt,
    event.kind,
    JSON.stringify(event.details),
    notice.id,
    JSON.stringify(notice.details),
    passwordAt,
    signedInAt,
    mac,
    holder,
  ]);
}

const CLEAR_TYPED_NAME = sql`
  UPDATE sign_ins SET typed_name_sealed = NULL, outcome = NULL
  WHERE interaction = $1 AND identity_id IS NULL AND answered_at IS NULL`;

/** The name that was typed is another person's than the one at the browser. */
export async function clearTypedName(db: Queryable, interaction: Buffer): Promise<void> {
  await db.query(CLEAR_TYPED_NAME, [interaction]);
}
