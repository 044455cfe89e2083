/**
 * Sign-ins in which the password was not followed by a key at once: those that ask for a password alone, and those
 * that raise a session which has shown no more.
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
  /** When this session was given the password. */
  readonly passwordAt: Date;
  /** What is older is not taken: the password is asked for again. */
  readonly atMostSeconds: number;
  readonly now: Date;
  readonly expiresAt: Date;
  /** Of these facts, without a holder. */
  readonly mac: Buffer;
}

/** The password that a live session was given counts in this interaction too. Nothing where it has begun already. */
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

/** Somebody else sits there: they begin with a password of their own. */
export async function abandonStepUp(
  db: Queryable,
  interaction: Buffer,
  { now, expiresAt }: { now: Date; expiresAt: Date },
): Promise<void> {
  await db.query(ABANDON_STEP_UP, [interaction, now, expiresAt]);
}

// The owner's row is locked first, as when a key is spent: a block that is acknowledged is seen here.
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
  /** Of a browser that nobody knows: what the person is told. */
  readonly notice: { id: string; details: Record<string, unknown> };
  readonly now: Date;
  readonly expiresAt: Date;
  /** Of the row as it was read, and what it says from then on. */
  readonly passwordAt: Date | null;
  readonly signedInAt: Date;
  readonly holder: Buffer | null;
  readonly mac: Buffer;
}

/** The password is all that is asked: signed in, written down and told once, however often this is called. */
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
