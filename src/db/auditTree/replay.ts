/**
 * Brings a database that was restored up to what the sink holds: the events and their tree as they were, and
 * the rows that they changed. Only the owner of the tables may write events with their numbers. Used
 * only by `after-restore`, in one transaction, while no node serves.
 */
import type { StoredEvent } from '../../domain/auditTree/auditLeaf.ts';
import { sql, type Queryable, type SqlFragment } from '../database.ts';
import {
  TABLES_OF_IDENTITY,
  TABLES_OF_INSTALLATION,
  type StreamedRows,
  type StreamedTable,
} from './segmentRows.ts';

const MAY_REPLAY = sql`SELECT has_column_privilege('audit_events', 'id', 'INSERT') AS may`;

export async function mayReplay(db: Queryable): Promise<boolean> {
  return (await db.query<{ may: boolean }>(MAY_REPLAY)).rows[0]?.may ?? false;
}

const LOCK = sql`LOCK TABLE audit_events, audit_tree, key_cards, identities IN EXCLUSIVE MODE`;

/** Waits for what still writes; from then on nothing else changes these tables. */
export async function lockForReplay(db: Queryable): Promise<void> {
  await db.query(LOCK);
}

const INSERT_EVENTS = sql`
  INSERT INTO audit_events (id, at, kind, identity_id, details) OVERRIDING SYSTEM VALUE
  SELECT e.id, to_timestamp(0) + e.at * interval '1 microsecond', e.kind, e.identity_id, e.details::jsonb
  FROM unnest($1::bigint[], $2::bigint[], $3::text[], $4::uuid[], $5::text[]) AS e (id, at, kind, identity_id, details)
  ON CONFLICT (id) DO NOTHING`;

/** An event that the database has differs from the one in the sink. */
export class DifferentEvent extends Error {
  constructor(id: string) {
    super(
      `event ${id} is not what the sink has: the database was served from after it was restored. Restore it again, ` +
        'with the nodes stopped',
    );
  }
}

const FIND_DIFFERENT = sql`
  SELECT e.id::text AS id
  FROM unnest($1::bigint[], $2::bigint[], $3::text[], $4::uuid[], $5::text[]) AS e (id, at, kind, identity_id, details)
  JOIN audit_events a ON a.id = e.id
  WHERE (extract(epoch FROM a.at) * 1000000)::bigint <> e.at OR a.kind <> e.kind
    OR a.identity_id IS DISTINCT FROM e.identity_id OR a.details <> e.details::jsonb
  ORDER BY e.id LIMIT 1`;

/**
 * Events that the database has already stay. @returns how many it lacked
 * @throws DifferentEvent
 */
export async function replayEvents(db: Queryable, events: readonly StoredEvent[]): Promise<number> {
  const values = [
    events.map(({ id }) => id),
    events.map(({ at }) => at),
    events.map(({ kind }) => kind),
    events.map(({ identityId }) => identityId),
    events.map(({ details }) => details),
  ];
  const [different] = (await db.query<{ id: string }>(FIND_DIFFERENT, values)).rows;
  if (different) throw new DifferentEvent(different.id);
  const { rowCount } = await db.query(INSERT_EVENTS, values);
  return rowCount;
}

const SET_NEXT_ID = sql`
  SELECT setval(pg_get_serial_sequence('public.audit_events', 'id'),
    greatest((SELECT last_value FROM audit_events_id_seq), (SELECT max(id) FROM audit_events), 1))`;

/** New events get numbers behind those that were replayed. */
export async function moveEventNumbers(db: Queryable): Promise<void> {
  await db.query(SET_NEXT_ID);
}

const READ_SEALED = sql`
  WITH sealed AS (SELECT unnest(event_ids) AS id FROM audit_segments),
  open AS (SELECT min(e.id) AS id FROM audit_events e WHERE NOT EXISTS (SELECT FROM sealed s WHERE s.id = e.id)),
  below AS (SELECT coalesce((SELECT id - 1 FROM open), (SELECT max(id) FROM audit_events), 0) AS id)
  SELECT below.id::text AS below, ARRAY(SELECT s.id::text FROM sealed s WHERE s.id > below.id ORDER BY s.id) AS above
  FROM below`;

/** Which events are in the tree, while no one adds any. */
export async function readSealedIds(
  db: Queryable,
): Promise<{ readonly sealedBelow: bigint; readonly sealedAbove: bigint[] }> {
  const [row] = (await db.query<{ below: string; above: string[] }>(READ_SEALED)).rows;
  return { sealedBelow: BigInt(row?.below ?? 0), sealedAbove: (row?.above ?? []).map(BigInt) };
}

interface TableReplay {
  /** The primary key. */
  readonly key: readonly string[];
  /**
   * Statements on the rows `r` before they are written: what would collide with them for a moment, or what
   * the stream shows to be gone.
   */
  readonly before?: readonly string[];
  /** Column -> its new value, where it is not simply the streamed one. */
  readonly merged?: Readonly<Record<string, string>>;
  /** A row that is there already stays. */
  readonly isNewOnly?: boolean;
  /** What is over is written first: only one may wait. */
  readonly order?: string;
}

const REPLAYS: Readonly<Record<StreamedTable, TableReplay>> = {
  people: {
    key: ['id'],
    // Rows are as they were when they were streamed: what another person gave up may come later.
    // A number that no other row has; it is there exactly where the sealed number is.
    before: [
      `UPDATE people t SET document_lookup = NULL,
        cpr_lookup = CASE WHEN t.cpr_lookup IS NOT NULL THEN sha256(uuid_send(t.id)) END FROM r
        WHERE t.id = r.id OR t.cpr_lookup = r.cpr_lookup OR t.document_lookup = r.document_lookup`,
    ],
  },
  identities: {
    key: ['id'],
    before: [
      `UPDATE identities t SET user_id = NULL, user_id_form = NULL FROM r
        WHERE t.id = r.id OR t.user_id = r.user_id OR t.user_id_form = r.user_id_form`,
    ],
  },
  key_cards: {
    key: ['id'],
    // One card is in use and one on the way: which ones, the streamed rows say.
    before: [
      `UPDATE key_cards t SET state = 'void' FROM r WHERE t.identity_id = r.identity_id
        AND ((t.state = 'active' AND r.state = 'active') OR (t.state IN ('ordered', 'sent') AND r.state IN ('ordered', 'sent')))`,
      `UPDATE key_cards t SET state = 'void' FROM r WHERE t.id = r.id AND t.state IN ('ordered', 'sent', 'active')`,
    ],
    // A key that was ever spent stays spent.
    merged: { spent: 't.spent | excluded.spent' },
  },
  code_tokens: {
    key: ['id'],
    // As of cards: one is in use and one on the way.
    before: [
      `UPDATE code_tokens t SET state = 'void', ended_at = coalesce(t.ended_at, now()), mac = NULL FROM r
        WHERE t.id <> r.id AND t.identity_id = r.identity_id
        AND ((t.state = 'active' AND r.state = 'active') OR (t.state IN ('ordered', 'sent') AND r.state IN ('ordered', 'sent')))`,
      `UPDATE code_tokens t SET state = 'void', ended_at = coalesce(t.ended_at, now()), mac = NULL,
          identity_id = r.identity_id, given_at = r.given_at, given_by = r.given_by FROM r
        WHERE t.id = r.id AND t.state IN ('in_stock', 'ordered', 'sent', 'active')`,
    ],
    // A code that was ever accepted stays so.
    merged: { last_step: 'greatest(t.last_step, excluded.last_step)' },
    order: `state IN ('ordered', 'sent', 'active')`,
  },
  letters: { key: ['id'] },
  notices: { key: ['id'], isNewOnly: true },
  consents: {
    key: ['identity_id', 'client_id'],
    before: [`DELETE FROM consents t USING owners WHERE t.identity_id = owners.id`],
  },
  staff: {
    key: ['id'],
    before: [
      `UPDATE staff t SET ended_at = coalesce(t.ended_at, t.proposed_at) FROM owners WHERE t.identity_id = owners.id`,
    ],
  },
  known_browsers: {
    key: ['browser', 'identity_id'],
    before: [`DELETE FROM known_browsers t USING owners WHERE t.identity_id = owners.id`],
  },
  // The streamed rows are all that the ID has: one that is not among them was deleted.
  security_keys: {
    key: ['id'],
    before: [`DELETE FROM security_keys t USING owners WHERE t.identity_id = owners.id`],
  },
  email_requests: {
    key: ['identity_id'],
    before: [`DELETE FROM email_requests t USING owners WHERE t.identity_id = owners.id`],
  },
  audit_erased_events: { key: ['event_id'], isNewOnly: true },
  gathered_notices: {
    key: ['id'],
    before: [`DELETE FROM gathered_notices t USING owners WHERE t.identity_id = owners.id`],
  },
  letter_days: { key: ['identity_id', 'day'] },
  applications: { key: ['id'], order: `state = 'waiting'` },
  cpr_changes: { key: ['id'], order: `state = 'waiting'` },
  colleague_actions: { key: ['id'], order: `state = 'waiting'` },
  status_line: { key: ['singleton'], before: ['DELETE FROM status_line'] },
  former_cprs: { key: ['former'] },
  apart_cprs: { key: ['one', 'other'] },
  duplicate_identities: { key: ['one_id', 'other_id'] },
  relying_parties: { key: ['client_id'] },
  signing_keys: { key: ['kid'], before: ['DELETE FROM signing_keys'] },
  initial_access_tokens: { key: ['id'], before: ['DELETE FROM initial_access_tokens'] },
};

const LIST_COLUMNS = sql`
  SELECT array_agg(attname::text ORDER BY attnum) AS columns FROM pg_attribute
  WHERE attrelid = ('public.' || $1)::regclass AND attnum > 0 AND NOT attisdropped AND attgenerated = ''`;

/** $1: the rows as JSON; $2: the IDs whose rows were streamed. */
const withRows = (table: StreamedTable, statement: string): SqlFragment => ({
  part: `WITH r AS (SELECT * FROM jsonb_populate_recordset(NULL::${table}, $1::jsonb)),
    owners AS (SELECT id FROM unnest($2::uuid[]) AS o (id))
    ${statement}`,
});

async function replayTable(
  db: Queryable,
  table: StreamedTable,
  rows: readonly object[],
  owners: readonly string[],
): Promise<void> {
  const { key, before = [], merged = {}, isNewOnly = false, order = key.join(', ') } = REPLAYS[table];
  const values = [JSON.stringify(rows), owners];
  for (const statement of before) await db.query(sql`${withRows(table, statement)}`, values);
  if (rows.length === 0) return;
  const [found] = (await db.query<{ columns: string[] }>(LIST_COLUMNS, [table])).rows;
  const columns = found?.columns ?? [];
  const changes = columns
    .filter((column) => !key.includes(column))
    .map((column) => `"${column}" = ${merged[column] ?? `excluded."${column}"`}`);
  const onConflict = isNewOnly || changes.length === 0 ? 'DO NOTHING' : `DO UPDATE SET ${changes.join(', ')}`;
  const list = columns.map((column) => `"${column}"`).join(', ');
  // A key must be named once in a statement.
  const last = `SELECT ${list} FROM (SELECT DISTINCT ON (${key.join(', ')}) * FROM r ORDER BY ${key.join(', ')}) AS last ORDER BY ${order}`;
  const insert = `INSERT INTO ${table} AS t (${list}) ${last} ON CONFLICT (${key.join(', ')}) ${onConflict}`;
  await db.query(sql`${withRows(table, insert)}`, values);
}

function chooseNotices(
  notices: readonly Readonly<Record<string, unknown>>[],
  waiting: ReadonlySet<string> | null,
): object[] {
  if (waiting === null) return notices.map((one) => ({ ...one, state: 'set_aside', fault: 'restored' }));
  return notices.filter(({ id }) => waiting.has(String(id)));
}

/**
 * Writes the rows of one segment over those of the database.
 * @param waitingNotices ids of the notices that had not been sent at the end of the stream: others stay away;
 *   null when there were too many to list: all are set aside for an operator
 */
export async function replayRows(
  db: Queryable,
  rows: StreamedRows,
  waitingNotices: ReadonlySet<string> | null,
): Promise<void> {
  const owners = (rows.identities ?? []).map(({ id }) => String(id));
  for (const table of [...TABLES_OF_INSTALLATION, ...TABLES_OF_IDENTITY]) {
    const some = rows[table];
    if (some === undefined) continue;
    const wanted = table === 'notices' ? chooseNotices(some, waitingNotices) : some;
    await replayTable(db, table, wanted, owners);
  }
}

const FORGET_SINK = sql`UPDATE audit_tree SET sink_since = $1`;

/** @param since null: the next sink is a new one */
export async function setSinkSince(db: Queryable, since: Date | null): Promise<void> {
  await db.query(FORGET_SINK, [since]);
}
