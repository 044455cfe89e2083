/**
 * Saves the records of a request together with those of other requests: one statement and so one commit, in
 * which each request succeeds or fails separately.
 */
import { sql, type Database, type BatchKind, type Queryable } from '../database.ts';
import type { OidcRecord } from './oidcRecords.ts';

/** As long as an interaction can be answered. A sign-in row that exists already keeps its own expiry. */
const ANSWER_RETENTION_SECONDS = 3 * 3600;

/**
 * How long the former id of a session is accepted, so that a request of another tab that is in progress
 * succeeds.
 */
export const FORMER_SESSION_ID_SECONDS = 60;

// The statement takes several requests, each with a number. All writers lock the rows of a kind in the same
// order, sessions first, as a log-out does. A former session id is decided on its own row: when a log-out
// came first, the new id is not saved. All rows of the session are locked before, so that a log-out and a new
// id always see each other. An interaction is answered and its records are consumed, both or neither: its row
// is locked first, as where a key is verified. A code that was redeemed is not ended as an unredeemed one is,
// because its row shows that it was used.
const SAVE = sql`
  WITH standing AS (
    SELECT s.interaction, s.answered_at FROM sign_ins s WHERE s.interaction = ANY($13::bytea[])
    ORDER BY s.interaction FOR NO KEY UPDATE
  ), consumed AS (
    UPDATE oidc_records SET consumed_at = now()
    WHERE id = ANY($17::bytea[]) AND consumed_at IS NULL AND ended_at IS NULL AND id NOT IN (
      SELECT c.id FROM unnest($17::bytea[], $20::int[]) c (id, request)
      JOIN unnest($13::bytea[], $19::int[]) a (interaction, request) ON a.request = c.request
      JOIN standing ON standing.interaction = a.interaction WHERE standing.answered_at IS NOT NULL)
    RETURNING id
  ), used_before AS (
    SELECT c.request FROM unnest($17::bytea[], $20::int[]) c (id, request)
    LEFT JOIN consumed ON consumed.id = c.id WHERE consumed.id IS NULL
  ), answered AS (
    INSERT INTO sign_ins AS s (interaction, step_at, expires_at, answered_at, answer_sealed, answer_code,
      holder)
    SELECT interaction, now(), now() + $18 * interval '1 second', now(), sealed, code, holder
    FROM unnest($13::bytea[], $27::bytea[], $28::bytea[], $29::bytea[], $19::int[])
      a (interaction, sealed, code, holder, request)
    WHERE request NOT IN (SELECT request FROM used_before) ORDER BY 1
    ON CONFLICT (interaction) DO UPDATE SET answered_at = now(), answer_sealed = excluded.answer_sealed,
      answer_code = excluded.answer_code, holder = coalesce(s.holder, excluded.holder)
    WHERE s.answered_at IS NULL
    RETURNING s.interaction
  ), lost AS (
    SELECT a.request FROM unnest($13::bytea[], $19::int[]) a (id, request) LEFT JOIN answered ON interaction = a.id
    WHERE interaction IS NULL
    UNION ALL SELECT request FROM used_before
  ), ended AS (
    UPDATE oidc_records SET ended_at = now(), payload = ''
    WHERE id = ANY($12::bytea[]) AND ended_at IS NULL
      AND (model <> 'AuthorizationCode' OR consumed_at IS NULL) AND id NOT IN (
      SELECT e.id FROM unnest($12::bytea[], $21::int[]) e (id, request) JOIN lost ON lost.request = e.request)
  ), kept AS (
    SELECT id FROM oidc_records WHERE uid = ANY($25::text[]) AND model = 'Session' ORDER BY id FOR UPDATE
  ), replaced AS (
    UPDATE oidc_records SET ended_at = coalesce(ended_at, now()),
      accepted_until = coalesce(accepted_until, now() + $26 * interval '1 second')
    WHERE id = ANY(ARRAY(SELECT f.id FROM unnest($23::bytea[], $24::int[]) f (id, request)
        WHERE f.request NOT IN (SELECT request FROM lost) AND (SELECT count(*) FROM kept) > 0))
      AND (ended_at IS NULL OR accepted_until > now())
    RETURNING id
  ), over AS (
    SELECT f.request FROM unnest($23::bytea[], $24::int[]) f (id, request)
    LEFT JOIN replaced ON replaced.id = f.id WHERE replaced.id IS NULL
  ), saved AS (
  INSERT INTO oidc_records AS r
    (id, model, account_id, client_id, grant_id, session_uid, uid, login_at, started_at, expires_at, payload,
     password_at, acr, sid)
  SELECT id, model, account_id, client_id, grant_id, session_uid, uid, login_at, started_at, expires_at, payload,
    password_at, acr, sid
  FROM unnest($1::bytea[], $2::text[], $3::uuid[], $4::text[], $5::bytea[], $6::text[], $7::text[],
              $8::timestamptz[], $9::timestamptz[], $10::timestamptz[], $11::bytea[],
              $14::timestamptz[], $15::text[], $16::text[], $22::int[])
    AS t (id, model, account_id, client_id, grant_id, session_uid, uid, login_at, started_at, expires_at, payload,
          password_at, acr, sid, request)
  WHERE request NOT IN (SELECT request FROM lost)
    AND (model <> 'Session' OR request NOT IN (SELECT request FROM over))
  ORDER BY model = 'Session' DESC, id
  ON CONFLICT (id) DO UPDATE SET
    account_id = excluded.account_id, client_id = excluded.client_id, grant_id = excluded.grant_id,
    session_uid = coalesce(excluded.session_uid, r.session_uid), uid = excluded.uid, login_at = excluded.login_at,
    started_at = excluded.started_at, password_at = excluded.password_at, acr = excluded.acr,
    sid = coalesce(excluded.sid, r.sid),
    expires_at = excluded.expires_at, payload = excluded.payload
  WHERE r.ended_at IS NULL
  RETURNING r.id
  )
  SELECT request, true AS is_lost FROM lost
  UNION ALL
  SELECT t.request, false FROM unnest($1::bytea[], $2::text[], $22::int[]) t (id, model, request)
  WHERE model = 'Session' AND NOT EXISTS (SELECT FROM saved WHERE saved.id = t.id)`;

export interface InteractionAnswer {
  readonly id: Buffer;
  /** For a repeated submission of the same form; null when there is no form to repeat. */
  readonly sealed: Buffer | null;
  /** The holder of the form that led to the response, where no browser holds the row. */
  readonly holder: Buffer | null;
  readonly codeId: Buffer | null;
}

/** The records of a request, in the order in which they are decided. */
export interface RequestRecords {
  /** Interactions that this request answers: each is answered by exactly one request. */
  readonly answers: readonly InteractionAnswer[];
  /** Records that this request consumes, each once. */
  readonly consumes: readonly Buffer[];
  readonly ends: readonly Buffer[];
  /** Sessions that get a new id: the former id, and the uid that stays. */
  readonly replaces: readonly { readonly id: Buffer; readonly uid: string }[];
  readonly saves: readonly OidcRecord[];
}

/** The outcome of a request. */
export interface SaveResult {
  /**
   * False when a concurrent request has answered or consumed first; nothing of this request is saved or
   * ended.
   */
  readonly isFirst: boolean;
  /** False when the session is over, or continues under a newer id. All else is saved. */
  readonly keepsSession: boolean;
}

/** The order in which a statement that saves records takes the columns, each as an array. */
export const RECORD_COLUMNS = [
  'id',
  'model',
  'accountId',
  'clientId',
  'grantId',
  'sessionUid',
  'uid',
  'loginAt',
  'startedAt',
  'expiresAt',
  'payload',
] as const satisfies readonly (keyof OidcRecord)[];

/**
 * Answers, consumes, ends and saves in one statement and so in one commit. Tombstones stay.
 * @param requests no two of them have an id in common
 */
export async function saveRecords(db: Queryable, requests: readonly RequestRecords[]): Promise<SaveResult[]> {
  const all = <K extends keyof RequestRecords>(kind: K) =>
    requests.flatMap((one, request) =>
      one[kind].map((id) => ({ id: id as RequestRecords[K][number], request })),
    );
  const [answers, consumes] = [all('answers'), all('consumes')];
  const [ends, saves, replaces] = [all('ends'), all('saves'), all('replaces')];
  const ids = (some: readonly { id: Buffer }[]) => some.map(({ id }) => id);
  const numbers = (some: readonly { request: number }[]) => some.map(({ request }) => request);
  const column = (name: keyof OidcRecord) => saves.map(({ id: record }) => record[name]);
  const { rows } = await db.query<{ request: number; is_lost: boolean }>(SAVE, [
    ...RECORD_COLUMNS.map(column),
    ids(ends),
    answers.map(({ id }) => id.id),
    column('passwordAt'),
    column('acr'),
    column('sid'),
    ids(consumes),
    ANSWER_RETENTION_SECONDS,
    numbers(answers),
    numbers(consumes),
    numbers(ends),
    numbers(saves),
    replaces.map(({ id: { id } }) => id),
    numbers(replaces),
    replaces.map(({ id: { uid } }) => uid),
    FORMER_SESSION_ID_SECONDS,
    answers.map(({ id }) => id.sealed),
    answers.map(({ id }) => id.codeId),
    answers.map(({ id }) => id.holder),
  ]);
  const among = (isLost: boolean) =>
    new Set(rows.filter((row) => row.is_lost === isLost).map(({ request }) => request));
  const [lost, without] = [among(true), among(false)];
  return requests.map((_, request) => ({ isFirst: !lost.has(request), keepsSession: !without.has(request) }));
}

const RECORDS: BatchKind<RequestRecords, SaveResult> = { make: saveRecords, conflictsWith: conflictsWith };

/** Saves one of several concurrent requests, in one commit with the others. */
export async function saveBatch(database: Database, request: RequestRecords): Promise<SaveResult> {
  return await database.batch(RECORDS, request);
}

/** True when both write the same row: a statement can write a row only once. */
function conflictsWith(request: RequestRecords, others: readonly RequestRecords[]): boolean {
  if (others.length === 0) return false;
  const taken = others.flatMap(listRecordIds);
  return listRecordIds(request).some((id) => taken.some((other) => other.equals(id)));
}

function listRecordIds({ answers, consumes, ends, replaces, saves }: RequestRecords): Buffer[] {
  return [...consumes, ...ends, ...[...answers, ...replaces, ...saves].map(({ id }) => id)];
}
