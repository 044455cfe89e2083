/** Where a browser is on its way from the first page to the code, under the keyed hash of the interaction's id. */
import type { Identity } from '../core/person.ts';
import type { CardState } from '../core/cardLife.ts';
import type { ComingCard, KeyCard } from '../core/keyCard.ts';
import type { Outcome } from '../core/signIn.ts';
import type { NetworkTry } from './attempts.ts';
import { sql, type Database, type Queryable } from './database.ts';
import { Gather } from './gather/gather.ts';
import {
  OWNER_COLUMNS,
  ownerFromRow,
  type IdentityWithPerson,
  type Nullable,
  type OwnerColumns,
} from './identities.ts';
import { CARD_COLUMNS, CARD_JOINS, cardsFromRow, type CardColumns } from './keyCards.ts';

/** A sign-in as stored; `typedNameSealed` is opened by whoever has the key ring. */
export interface StoredSignIn {
  readonly identity: Identity | null;
  readonly card: KeyCard | null;
  readonly comingCard: ComingCard | null;
  /** What became of the newest card, where none is in use. */
  readonly lastCardState: CardState | null;
  readonly newCardSkipped: boolean;
  /** The password came from a browser that the person had called their own. */
  readonly knownBrowser: boolean;
  readonly passwordAt: Date | null;
  /** The password was given to the browser's session earlier, not in this sign-in. */
  readonly isStepUp: boolean;
  /** That session's `uid`; null where this is no step-up. */
  readonly sessionUid: string | null;
  readonly signedInAt: Date | null;
  /** A key was spent in this interaction, not the password alone. */
  readonly withKey: boolean;
  readonly consented: boolean;
  readonly outcome: Outcome | null;
  readonly typedNameSealed: Buffer | null;
  readonly stepAt: Date;
  /** For what is personal in this person's audit events; null where nobody is known yet. */
  readonly logSalt: Buffer | null;
  /** The identity with its person, for whoever goes on with it in the same request; null where nobody is known yet. */
  readonly owner: IdentityWithPerson | null;
  /** It led to an answer: nothing goes on here. */
  readonly isAnswered: boolean;
}

type Row = CardColumns & Nullable<OwnerColumns> & SignInRow;

interface SignInRow {
  interaction: Buffer;
  password_at: Date | null;
  session_uid: string | null;
  signed_in_at: Date | null;
  with_key: boolean | null;
  consented: boolean;
  outcome: (Omit<Outcome, 'opensAt'> & { opensAt?: string }) | null;
  typed_name_sealed: Buffer | null;
  step_at: Date;
  new_card_skipped: boolean;
  known_browser: boolean;
  answered: boolean;
}

function fromRow(row: Row): StoredSignIn {
  const outcome = row.outcome && {
    ...row.outcome,
    ...(row.outcome.opensAt ? { opensAt: new Date(row.outcome.opensAt) } : {}),
  };
  const owner = ownerFromRow(row);
  return {
    identity: owner?.identity ?? null,
    owner,
    ...cardsFromRow(row),
    newCardSkipped: row.new_card_skipped,
    knownBrowser: row.known_browser,
    passwordAt: row.password_at,
    isStepUp: row.session_uid !== null,
    sessionUid: row.session_uid,
    signedInAt: row.signed_in_at,
    withKey: row.signed_in_at !== null && row.with_key !== false,
    consented: row.consented,
    outcome: outcome as Outcome | null,
    typedNameSealed: row.typed_name_sealed,
    stepAt: row.step_at,
    logSalt: owner?.logSalt ?? null,
    isAnswered: row.answered,
  };
}

// A password given before the identity was ended is no password given; nor is one given to a session that is over.
const FIND = sql`
  SELECT s.interaction, s.password_at, s.session_uid, s.signed_in_at, s.with_key, s.consented, s.outcome, s.typed_name_sealed, s.step_at,
    s.known_browser, s.new_card_skipped, s.answered_at IS NOT NULL AS answered,
    ${OWNER_COLUMNS},
    ${CARD_COLUMNS}
  FROM sign_ins s
  LEFT JOIN identities i ON i.id = s.identity_id AND (i.ended_at IS NULL OR s.password_at > i.ended_at
                                                      OR i.blocked_at IS NOT NULL)
    AND (s.session_uid IS NULL OR s.with_key OR s.password_at > clock_timestamp() - interval '10 minutes')
    AND (s.session_uid IS NULL OR (
           SELECT true FROM oidc_records r WHERE r.uid = s.session_uid AND r.model = 'Session' AND r.account_id = i.id
             AND r.ended_at IS NULL AND r.expires_at + interval '0' > now() LIMIT 1))
  LEFT JOIN people o ON o.id = i.person_id
  ${CARD_JOINS}
  WHERE s.interaction = ANY($1::bytea[])`;

async function findSignIns(db: Queryable, interactions: readonly Buffer[]): Promise<(StoredSignIn | null)[]> {
  const { rows } = await db.query<Row>(FIND, [interactions]);
  return interactions.map((interaction) => {
    const row = rows.find((one) => one.interaction.equals(interaction));
    return row ? fromRow(row) : null;
  });
}

const gathers = new WeakMap<Database, Gather<Buffer, StoredSignIn | null>>();

/** Read with those of other requests. */
export async function findSignIn(database: Database, interaction: Buffer): Promise<StoredSignIn | null> {
  const gather = gathers.get(database) ?? new Gather((some) => findSignIns(database, some));
  gathers.set(database, gather);
  return await gather.call(interaction);
}

export async function findSignInWithin(db: Queryable, interaction: Buffer): Promise<StoredSignIn | null> {
  const [found = null] = await findSignIns(db, [interaction]);
  return found;
}

const NOTE = sql`
  INSERT INTO sign_ins AS s (interaction, outcome, typed_name_sealed, step_at, expires_at)
  VALUES ($1, $2::jsonb, $3, $4, $5)
  ON CONFLICT (interaction) DO UPDATE SET
    outcome = excluded.outcome, typed_name_sealed = coalesce(excluded.typed_name_sealed, s.typed_name_sealed),
    step_at = excluded.step_at, expires_at = excluded.expires_at
  WHERE s.expires_at > excluded.step_at`;

/**
 * Notes what the next page has to mention. `expiresAt` is when the row may be swept. A sign-in that is over stays so:
 * nobody who comes later wakes what another person had shown.
 */
export async function noteOutcome(
  db: Queryable,
  interaction: Buffer,
  note: { outcome: Outcome; typedNameSealed: Buffer | null; now: Date; expiresAt: Date },
): Promise<void> {
  const { outcome, typedNameSealed, now, expiresAt } = note;
  await db.query(NOTE, [interaction, JSON.stringify(outcome), typedNameSealed, now, expiresAt]);
}

const ACCEPT_PASSWORD = sql`
  WITH forgiven AS (
    UPDATE attempts SET tries = greatest(tries - wrong - 1, 0), wrong = 0, in_a_row = 0 WHERE subject = $3
  ), calmed AS (
    UPDATE attempts SET in_a_row = 0 WHERE subject = $7 AND subject <> $3 AND in_a_row > 0
  ), network AS (
    UPDATE network_tries SET level = greatest(level - 1, 0) WHERE subject = $8
  ), accepted AS (
    INSERT INTO sign_ins AS s (interaction, identity_id, password_at, step_at, expires_at, known_browser)
    SELECT $1, i.id, date_trunc('milliseconds', clock_timestamp()), $4, $5, $9
    FROM identities i WHERE i.id = $2 AND i.password_hash = $6
    ON CONFLICT (interaction) DO UPDATE SET
      identity_id = excluded.identity_id, password_at = excluded.password_at, session_uid = NULL, outcome = NULL,
      typed_name_sealed = NULL, step_at = excluded.step_at, expires_at = excluded.expires_at,
      known_browser = excluded.known_browser, signed_in_at = NULL, with_key = NULL, consented = false,
      new_card_skipped = false
    -- What was complete stays so, unless it is over: then whoever sits there begins anew.
    WHERE s.answered_at IS NULL AND (s.signed_in_at IS NULL
      OR (SELECT o.ended_at IS NULL OR s.password_at > o.ended_at FROM identities o WHERE o.id = s.identity_id)
           IS NOT TRUE
      OR (s.session_uid IS NOT NULL AND (SELECT true FROM oidc_records r WHERE r.uid = s.session_uid
            AND r.model = 'Session' AND r.ended_at IS NULL AND r.expires_at + interval '0' > now() LIMIT 1) IS NULL))
    RETURNING interaction
  ), asked AS (
    UPDATE key_cards SET challenge = $11
    WHERE id = $10 AND identity_id = $2 AND challenge IS NULL AND state = 'active' AND get_bit(spent, $11::int) = 0
      AND EXISTS (SELECT FROM accepted)
  )
  INSERT INTO passwords_without_key AS p (interaction, identity_id, at)
  SELECT interaction, $2, $4 FROM accepted WHERE NOT $9
  ON CONFLICT (interaction) DO UPDATE SET identity_id = excluded.identity_id, at = excluded.at`;

export interface AcceptedPassword {
  readonly identityId: string;
  /** That was verified: a password changed meanwhile is not accepted. */
  readonly passwordHash: string;
  /** Whose tries are forgiven. */
  readonly subject: Buffer;
  /** The unknown browsers': their wrong ones in a row end with any right one. */
  readonly unknownBrowsers: Buffer;
  readonly network: NetworkTry | null;
  readonly knownBrowser: boolean;
  /** What was drawn of the card in use, to be asked for unless something is asked for already. */
  readonly challenge: { readonly cardId: string; readonly position: number } | null;
  readonly now: Date;
  readonly expiresAt: Date;
}

/** The password was right: this interaction may be asked for a key, and the tries at the name are forgiven. */
export async function acceptPassword(
  db: Queryable,
  interaction: Buffer,
  accepted: AcceptedPassword,
): Promise<void> {
  const { identityId, passwordHash, subject, now, expiresAt } = accepted;
  await db.query(ACCEPT_PASSWORD, [
    interaction,
    identityId,
    subject,
    now,
    expiresAt,
    passwordHash,
    accepted.unknownBrowsers,
    accepted.network?.subject ?? null,
    accepted.knownBrowser,
    accepted.challenge?.cardId ?? null,
    accepted.challenge?.position ?? null,
  ]);
}

const SKIP_NEW_CARD = sql`
  UPDATE sign_ins SET new_card_skipped = true, outcome = NULL, step_at = $2, expires_at = $3
  WHERE interaction = $1 AND expires_at > $2`;

/** The person goes on without the new card; they are asked again at the next sign-in. */
export async function skipNewCard(
  db: Queryable,
  interaction: Buffer,
  { now, expiresAt }: { now: Date; expiresAt: Date },
): Promise<void> {
  await db.query(SKIP_NEW_CARD, [interaction, now, expiresAt]);
}

const CLEAR_OUTCOME = sql`
  UPDATE sign_ins SET outcome = NULL, step_at = $2, expires_at = $3 WHERE interaction = $1 AND expires_at > $2`;

/** What was mentioned is done with. */
export async function clearOutcome(
  db: Queryable,
  interaction: Buffer,
  { now, expiresAt }: { now: Date; expiresAt: Date },
): Promise<void> {
  await db.query(CLEAR_OUTCOME, [interaction, now, expiresAt]);
}

const NOTE_CONSENT = sql`
  INSERT INTO sign_ins AS s (interaction, consented, step_at, expires_at) VALUES ($1, true, $2, $3)
  ON CONFLICT (interaction) DO UPDATE SET consented = true, step_at = excluded.step_at`;

/** The person said yes in this interaction. */
export async function noteConsent(
  db: Queryable,
  interaction: Buffer,
  { now, expiresAt }: { now: Date; expiresAt: Date },
): Promise<void> {
  await db.query(NOTE_CONSENT, [interaction, now, expiresAt]);
}
