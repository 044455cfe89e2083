/**
 * The state of a browser's sign-in from the first page to the code, under the keyed hash of the interaction's
 * id.
 */
import type { SignInOutcome } from '../../domain/signIn/signIn.ts';
import { sql, type Database, type BatchKind, type Queryable } from '../database.ts';
import { assertOwnerBound, OWNER_COLUMNS } from '../people/identities.ts';
import { CARD_COLUMNS, CARD_JOINS } from '../cards/keyCards.ts';
import { CODE_TOKEN_COLUMN } from '../factors/codeTokens.ts';
import { SECURITY_KEYS_COLUMN } from '../factors/securityKeys.ts';
import { readSignInRow, type OwnedSignInRow, type StoredSignIn } from './signInRow.ts';

export { readOutcomeJson, type OutcomeJson, type SignInFacts, type StoredSignIn } from './signInRow.ts';

// A password from before the end of the identity does not count, nor one of a session that is over.
const FIND = sql`
  SELECT s.interaction, s.password_at, s.session_uid, s.signed_in_at, s.with_key, s.second_factor, s.without_password, s.consented, s.outcome, s.typed_name_sealed, s.step_at,
    s.known_browser, s.new_card_skipped, s.answered_at IS NOT NULL AS answered,
    s.identity_id AS entered_by, s.holder, s.mac, i.key_tries,
    CASE WHEN s.answered_at > now() - interval '60 seconds' AND NOT EXISTS (
      SELECT FROM oidc_records u WHERE u.id = s.answer_code AND (u.consumed_at IS NOT NULL OR u.ended_at IS NOT NULL))
      THEN s.answer_sealed END AS answer_sealed,
    k.tries AS k_tries, k.wrong AS k_wrong, k.in_a_row AS k_in_a_row, k.counted_at AS k_counted_at,
    k.expires_at AS k_expires_at, date_trunc('milliseconds', clock_timestamp()) AS now,
    ${OWNER_COLUMNS},
    ${CARD_COLUMNS},
    ${SECURITY_KEYS_COLUMN},
    ${CODE_TOKEN_COLUMN}
  FROM sign_ins s
  LEFT JOIN identities i ON i.id = s.identity_id AND (i.ended_at IS NULL OR s.password_at > i.ended_at
                                                      OR i.blocked_at IS NOT NULL)
    AND (s.session_uid IS NULL OR s.with_key OR s.second_factor IS NOT NULL OR s.password_at > clock_timestamp() - interval '10 minutes')
    AND (s.session_uid IS NULL OR (
           SELECT true FROM oidc_records r WHERE r.uid = s.session_uid AND r.model = 'Session' AND r.account_id = i.id
             AND r.ended_at IS NULL AND r.expires_at + interval '0' > now() LIMIT 1))
  LEFT JOIN people o ON o.id = i.person_id
  LEFT JOIN attempts k ON k.subject = i.key_tries
  ${CARD_JOINS}
  WHERE s.interaction = ANY($1::bytea[])`;

async function findSignIns(db: Queryable, interactions: readonly Buffer[]): Promise<(StoredSignIn | null)[]> {
  const { rows } = await db.query<OwnedSignInRow>(FIND, [interactions]);
  return interactions.map((interaction) => {
    const row = rows.find((one) => one.interaction.equals(interaction));
    return row ? readSignInRow(row) : null;
  });
}

const SIGN_INS: BatchKind<Buffer, StoredSignIn | null> = { make: findSignIns };

/** Reads the sign-in in one statement with those of concurrent requests. */
export async function findSignIn(database: Database, interaction: Buffer): Promise<StoredSignIn | null> {
  return assertSignInOwner(database, await database.batch(SIGN_INS, interaction));
}

export async function findSignInInTransaction(
  db: Queryable,
  interaction: Buffer,
): Promise<StoredSignIn | null> {
  const [found = null] = await findSignIns(db, [interaction]);
  return assertSignInOwner(db, found);
}

/** @throws RowMacMismatch */
function assertSignInOwner(db: Queryable, found: StoredSignIn | null): StoredSignIn | null {
  assertOwnerBound(db, found?.owner ?? null);
  return found;
}

const RECORD_OUTCOME = sql`
  UPDATE sign_ins AS s SET outcome = $2::jsonb, typed_name_sealed = coalesce($3, s.typed_name_sealed), step_at = $4,
    expires_at = $5, holder = $7, mac = $8
  WHERE s.interaction = $1 AND s.expires_at > $4 AND s.answered_at IS NULL AND s.holder IS NOT DISTINCT FROM $6::bytea`;

// The same, also when there is no row yet.
const INSERT_OUTCOME = sql`
  INSERT INTO sign_ins AS s (interaction, outcome, typed_name_sealed, step_at, expires_at, holder, mac)
  VALUES ($1, $2::jsonb, $3, $4, $5, $7, $8)
  ON CONFLICT (interaction) DO UPDATE SET
    outcome = excluded.outcome, typed_name_sealed = coalesce(excluded.typed_name_sealed, s.typed_name_sealed),
    step_at = excluded.step_at, expires_at = excluded.expires_at, holder = excluded.holder, mac = excluded.mac
  WHERE s.expires_at > excluded.step_at AND s.answered_at IS NULL AND s.holder IS NOT DISTINCT FROM $6::bytea`;

/** The outcome of a form, which the next page shows. */
export interface OutcomeRecord {
  readonly outcome: SignInOutcome | null;
  readonly typedNameSealed: Buffer | null;
  readonly now: Date;
  readonly expiresAt: Date;
  readonly formerHolder: Buffer | null;
  readonly holder: Buffer;
  /** The MAC over the facts of the row as it was read, with the new holder. */
  readonly mac: Buffer | null;
}

/**
 * Records the outcome for the next page, if the requesting browser holds the row. A sign-in that has expired
 * stays so: a later browser does not revive the factors of another person.
 * @returns false when another browser holds it, or when there is no row
 */
export async function recordSignInOutcome(
  db: Queryable,
  interaction: Buffer,
  record: OutcomeRecord,
): Promise<boolean> {
  return (await db.query(RECORD_OUTCOME, listOutcomeValues(interaction, record))).rowCount === 1;
}

/** Records the outcome of a right answer, and inserts the row when there is none yet. */
export async function insertSignInOutcome(
  db: Queryable,
  interaction: Buffer,
  record: OutcomeRecord,
): Promise<boolean> {
  return (await db.query(INSERT_OUTCOME, listOutcomeValues(interaction, record))).rowCount === 1;
}

function listOutcomeValues(interaction: Buffer, record: OutcomeRecord): unknown[] {
  const { outcome, typedNameSealed, now, expiresAt, formerHolder, holder, mac } = record;
  const json = outcome === null ? null : JSON.stringify(outcome);
  return [interaction, json, typedNameSealed, now, expiresAt, formerHolder, holder, mac];
}

const SET_HOLDER = sql`
  UPDATE sign_ins SET holder = $3, mac = $4
  WHERE interaction = $1 AND answered_at IS NULL AND holder IS NOT DISTINCT FROM $2::bytea`;

/**
 * @param to.mac over the facts of the row, with the new holder
 * @returns false when another browser holds the sign-in, or it was answered
 */
export async function saveHolder(
  db: Queryable,
  interaction: Buffer,
  to: Pick<OutcomeRecord, 'formerHolder' | 'holder' | 'mac'>,
): Promise<boolean> {
  const values = [interaction, to.formerHolder, to.holder, to.mac];
  return (await db.query(SET_HOLDER, values)).rowCount === 1;
}

const SKIP_NEW_CARD = sql`
  UPDATE sign_ins SET new_card_skipped = true, outcome = NULL, step_at = $2, expires_at = $3
  WHERE interaction = $1 AND expires_at > $2`;

/** The person continues without the new card, and is asked again at the next sign-in. */
export async function skipNewCard(
  db: Queryable,
  interaction: Buffer,
  { now, expiresAt }: { now: Date; expiresAt: Date },
): Promise<void> {
  await db.query(SKIP_NEW_CARD, [interaction, now, expiresAt]);
}

const NOTE_CONSENT = sql`
  INSERT INTO sign_ins AS s (interaction, consented, step_at, expires_at) VALUES ($1, true, $2, $3)
  ON CONFLICT (interaction) DO UPDATE SET consented = true, step_at = excluded.step_at`;

/** The person has consented in this interaction. */
export async function recordConsentStep(
  db: Queryable,
  interaction: Buffer,
  { now, expiresAt }: { now: Date; expiresAt: Date },
): Promise<void> {
  await db.query(NOTE_CONSENT, [interaction, now, expiresAt]);
}
