/** Where a browser is on its way from the first page to the code, under the keyed hash of the interaction's id. */
import type { Identity } from '../../domain/person/person.ts';
import type { CardState } from '../../domain/card/cardLife.ts';
import type { ComingCard, KeyCard } from '../../domain/card/keyCard.ts';
import type { SignInOutcome } from '../../domain/signIn/signIn.ts';
import { FACTORS, type Factor, type Factors } from '../../domain/signIn/levels.ts';
import type { Attempts } from '../../domain/signIn/lockout.ts';
import { sql, type Database, type BatchKind, type Queryable } from '../database.ts';
import {
  assertOwnerBound,
  OWNER_COLUMNS,
  readOwnerRow,
  type IdentityWithPerson,
  type Nullable,
  type OwnerColumns,
} from '../people/identities.ts';
import { CARD_COLUMNS, CARD_JOINS, readCardColumns, type CardColumns } from '../cards/keyCards.ts';

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
  /** What was shown in this interaction; or, of the password, to the session that it raises. */
  readonly factors: Factors;
  readonly consented: boolean;
  readonly outcome: SignInOutcome | null;
  readonly typedNameSealed: Buffer | null;
  readonly stepAt: Date;
  /** For what is personal in this person's audit events; null where nobody is known yet. */
  readonly logSalt: Buffer | null;
  /** The identity with its person, for whoever goes on with it in the same request; null where nobody is known yet. */
  readonly owner: IdentityWithPerson | null;
  /** It led to an answer: nothing goes on here. */
  readonly isAnswered: boolean;
  /** Under which keyed hash the secret of the browser that holds it is known; null before a form was judged. */
  readonly holder: Buffer | null;
  /** What the row says of the factors, with what binds it. */
  readonly facts: SignInFacts;
  readonly mac: Buffer | null;
  /** Sealed, for the same form if it comes again; null once its code was used, or a minute has passed. */
  readonly answerSealed: Buffer | null;
  /** Of the identity's keys: subject of their tries, and how these stand. */
  readonly keyTries: { readonly subject: Buffer | null; readonly attempts: Attempts | null };
  /** The database's time of this reading. */
  readonly now: Date;
}

/** What a row says of a sign-in, and a writer in the database could change. */
export interface SignInFacts {
  readonly identityId: string | null;
  readonly passwordAt: Date | null;
  readonly sessionUid: string | null;
  readonly signedInAt: Date | null;
  readonly factors: Factors;
}

type OwnedSignInRow = CardColumns & Nullable<OwnerColumns> & SignInRow;

interface SignInRow {
  interaction: Buffer;
  password_at: Date | null;
  session_uid: string | null;
  signed_in_at: Date | null;
  with_key: boolean | null;
  consented: boolean;
  outcome: OutcomeJson | null;
  typed_name_sealed: Buffer | null;
  step_at: Date;
  new_card_skipped: boolean;
  known_browser: boolean;
  answered: boolean;
  entered_by: string | null;
  holder: Buffer | null;
  mac: Buffer | null;
  answer_sealed: Buffer | null;
  key_tries: Buffer | null;
  k_tries: number | null;
  k_wrong: number;
  k_in_a_row: number;
  k_counted_at: Date;
  k_expires_at: Date;
  now: Date;
}

/** As a row has it: times are texts. */
export type OutcomeJson = Omit<SignInOutcome, 'opensAt'> & { opensAt?: string };

export function readOutcomeJson(json: OutcomeJson | null): SignInOutcome | null {
  const opensAt = json?.opensAt ? { opensAt: new Date(json.opensAt) } : {};
  return json && ({ ...json, ...opensAt } as SignInOutcome);
}

type IsShown = Record<Factor, (row: SignInRow) => boolean>;

/** A sign-in of before `with_key` was there took a key. */
const IS_SHOWN: IsShown = {
  password: (row) => row.password_at !== null,
  card_key: (row) => row.signed_in_at !== null && row.with_key !== false,
};

/** What the row says, and its MAC binds. */
const IS_BOUND: IsShown = {
  password: (row) => row.password_at !== null,
  card_key: (row) => row.with_key === true,
};

function readSignInRow(row: OwnedSignInRow): StoredSignIn {
  const owner = readOwnerRow(row);
  return {
    identity: owner?.identity ?? null,
    owner,
    ...readCardColumns(row),
    newCardSkipped: row.new_card_skipped,
    knownBrowser: row.known_browser,
    passwordAt: row.password_at,
    isStepUp: row.session_uid !== null,
    sessionUid: row.session_uid,
    signedInAt: row.signed_in_at,
    factors: new Set(FACTORS.filter((factor) => IS_SHOWN[factor](row))),
    consented: row.consented,
    outcome: readOutcomeJson(row.outcome),
    typedNameSealed: row.typed_name_sealed,
    stepAt: row.step_at,
    logSalt: owner?.logSalt ?? null,
    isAnswered: row.answered,
    holder: row.holder,
    facts: {
      identityId: row.entered_by,
      passwordAt: row.password_at,
      sessionUid: row.session_uid,
      signedInAt: row.signed_in_at,
      factors: new Set(FACTORS.filter((factor) => IS_BOUND[factor](row))),
    },
    mac: row.mac,
    answerSealed: row.answer_sealed,
    keyTries: { subject: row.key_tries, attempts: readKeyAttemptColumns(row) },
    now: row.now,
  };
}

function readKeyAttemptColumns(row: SignInRow): Attempts | null {
  if (row.k_tries === null) return null;
  const { k_tries: tries, k_wrong: wrong, k_in_a_row: inARow } = row;
  return { tries, wrong, inARow, countedAt: row.k_counted_at, expiresAt: row.k_expires_at };
}

// A password given before the identity was ended is no password given; nor is one given to a session that is over.
const FIND = sql`
  SELECT s.interaction, s.password_at, s.session_uid, s.signed_in_at, s.with_key, s.consented, s.outcome, s.typed_name_sealed, s.step_at,
    s.known_browser, s.new_card_skipped, s.answered_at IS NOT NULL AS answered,
    s.identity_id AS entered_by, s.holder, s.mac, i.key_tries,
    CASE WHEN s.answered_at > now() - interval '60 seconds' AND NOT EXISTS (
      SELECT FROM oidc_records u WHERE u.id = s.answer_code AND (u.consumed_at IS NOT NULL OR u.ended_at IS NOT NULL))
      THEN s.answer_sealed END AS answer_sealed,
    k.tries AS k_tries, k.wrong AS k_wrong, k.in_a_row AS k_in_a_row, k.counted_at AS k_counted_at,
    k.expires_at AS k_expires_at, date_trunc('milliseconds', clock_timestamp()) AS now,
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

const FOUND: BatchKind<Buffer, StoredSignIn | null> = { make: findSignIns };

/** Read with those of other requests. */
export async function findSignIn(database: Database, interaction: Buffer): Promise<StoredSignIn | null> {
  return assertSignInOwner(database, await database.batch(FOUND, interaction));
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

// The same where there may be no row yet.
const INSERT_OUTCOME = sql`
  INSERT INTO sign_ins AS s (interaction, outcome, typed_name_sealed, step_at, expires_at, holder, mac)
  VALUES ($1, $2::jsonb, $3, $4, $5, $7, $8)
  ON CONFLICT (interaction) DO UPDATE SET
    outcome = excluded.outcome, typed_name_sealed = coalesce(excluded.typed_name_sealed, s.typed_name_sealed),
    step_at = excluded.step_at, expires_at = excluded.expires_at, holder = excluded.holder, mac = excluded.mac
  WHERE s.expires_at > excluded.step_at AND s.answered_at IS NULL AND s.holder IS NOT DISTINCT FROM $6::bytea`;

/** What a form leaves for the next page to mention. */
export interface OutcomeRecord {
  readonly outcome: SignInOutcome | null;
  readonly typedNameSealed: Buffer | null;
  readonly now: Date;
  readonly expiresAt: Date;
  readonly formerHolder: Buffer | null;
  readonly holder: Buffer;
  /** For the facts of the row as it was read, with the new holder. */
  readonly mac: Buffer | null;
}

/**
 * Notes what the next page has to mention, where the browser that asks holds the row. A sign-in that is over stays so: nobody
 * who comes later wakes what another person had shown. False where another browser holds it, or where there
 * is no row.
 */
export async function recordSignInOutcome(
  db: Queryable,
  interaction: Buffer,
  note: OutcomeRecord,
): Promise<boolean> {
  return (await db.query(RECORD_OUTCOME, listOutcomeValues(interaction, note))).rowCount === 1;
}

/** Notes it in a row of its own where there is none yet: for what was judged right. */
export async function insertSignInOutcome(
  db: Queryable,
  interaction: Buffer,
  note: OutcomeRecord,
): Promise<boolean> {
  return (await db.query(INSERT_OUTCOME, listOutcomeValues(interaction, note))).rowCount === 1;
}

function listOutcomeValues(interaction: Buffer, note: OutcomeRecord): unknown[] {
  const { outcome, typedNameSealed, now, expiresAt, formerHolder, holder, mac } = note;
  const json = outcome === null ? null : JSON.stringify(outcome);
  return [interaction, json, typedNameSealed, now, expiresAt, formerHolder, holder, mac];
}

const SET_HOLDER = sql`
  UPDATE sign_ins SET holder = $3, mac = $4
  WHERE interaction = $1 AND answered_at IS NULL AND holder IS NOT DISTINCT FROM $2::bytea`;

/** False where another browser holds it by now, or it was answered. @param to.mac of the facts of the row, with the new holder */
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

/** The person goes on without the new card; they are asked again at the next sign-in. */
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

/** The person said yes in this interaction. */
export async function recordConsentStep(
  db: Queryable,
  interaction: Buffer,
  { now, expiresAt }: { now: Date; expiresAt: Date },
): Promise<void> {
  await db.query(NOTE_CONSENT, [interaction, now, expiresAt]);
}
