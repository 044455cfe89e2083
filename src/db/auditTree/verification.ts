/** What `audit verify` reads: everything, in pages, in one snapshot. */
import type { ErasedEvent } from '../../domain/auditTree/erasure.ts';
import type { Subtree } from '../../domain/auditTree/merkleTree.ts';
import { sql, sqlFragment, type Queryable } from '../database.ts';

const BEGIN_SNAPSHOT = sql`SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY`;

/** The first statement of a transaction: all later ones see one state. */
export async function beginSnapshot(db: Queryable): Promise<void> {
  await db.query(BEGIN_SNAPSHOT);
}

const HAS_TREE = sql`SELECT count(*)::float8 AS many FROM audit_tree`;

/** How many rows the state of the tree has: one, unless someone changed that. */
export async function countTreeRows(db: Queryable): Promise<number> {
  return (await db.query<{ many: number }>(HAS_TREE)).rows[0]?.many ?? 0;
}

export interface EventTime {
  readonly id: string;
  /** Microseconds since 1970; it may be infinite. */
  readonly at: number;
  /** How many rows have this id: one, unless someone changed that. */
  readonly rows: number;
}

const TIMES = sqlFragment`e.id::text AS id, (extract(epoch FROM min(e.at)) * 1000000)::float8 AS at,
  count(*)::float8 AS rows FROM audit_events e`;
const LIST_FIRST_TIMES = sql`SELECT ${TIMES} GROUP BY e.id ORDER BY e.id LIMIT $1`;
const LIST_TIMES_AFTER = sql`SELECT ${TIMES} WHERE e.id > $2::bigint GROUP BY e.id ORDER BY e.id LIMIT $1`;

/** Pages through the ids of the log, in their order. @param after null: from the first one on */
export async function listEventTimes(
  db: Queryable,
  after: string | null,
  limit: number,
): Promise<EventTime[]> {
  const rows =
    after === null
      ? await db.query<EventTime>(LIST_FIRST_TIMES, [limit])
      : await db.query<EventTime>(LIST_TIMES_AFTER, [limit, after]);
  return rows.rows;
}

// As the default of audit_events.at has it.
const READ_CLOCK = sql`
  SELECT (extract(epoch FROM now()) * 1000000)::float8
    + coalesce(nullif(current_setting('noegle.clock_offset_ms', true), ''), '0')::float8 * 1000 AS now`;

/** The clock by which the database dates events, in microseconds since 1970. */
export async function readEventClock(db: Queryable): Promise<number> {
  return (await db.query<{ now: number }>(READ_CLOCK)).rows[0]?.now ?? Number.NaN;
}

// A query of the parent reads the rows of its children as well.
const LIST_CHILDREN = sql`
  SELECT i.inhparent::regclass::text AS parent, i.inhrelid::regclass::text AS child FROM pg_inherits i
  WHERE i.inhparent IN ('public.audit_events'::regclass, 'public.audit_segments'::regclass,
    'public.audit_subtrees'::regclass, 'public.audit_tree'::regclass, 'public.audit_erased_events'::regclass,
    'public.identities'::regclass, 'public.people'::regclass)
  ORDER BY 1, 2`;

export interface InheritedTable {
  readonly parent: string;
  readonly child: string;
}

/** Tables whose rows pass for rows of the log. */
export async function listInheritedTables(db: Queryable): Promise<InheritedTable[]> {
  return (await db.query<InheritedTable>(LIST_CHILDREN)).rows;
}

const LIST_SUBTREES_AT = sql`
  SELECT s.height::int AS height, s.index::float8 AS index, s.hash
  FROM audit_subtrees s JOIN unnest($1::smallint[], $2::bigint[]) AS wanted (height, index)
    ON s.height = wanted.height AND s.index = wanted.index`;

export async function listSubtreesAt(
  db: Queryable,
  places: readonly Pick<Subtree, 'height' | 'index'>[],
): Promise<Subtree[]> {
  if (places.length === 0) return [];
  const { rows } = await db.query<Subtree>(LIST_SUBTREES_AT, [
    places.map(({ height }) => height),
    places.map(({ index }) => index),
  ]);
  return rows;
}

const COUNT_SUBTREES = sql`SELECT count(*)::float8 AS many FROM audit_subtrees`;

export async function countSubtrees(db: Queryable): Promise<number> {
  return (await db.query<{ many: number }>(COUNT_SUBTREES)).rows[0]?.many ?? 0;
}

const LIST_ERASED = sql`
  SELECT event_id::text AS id, hash FROM audit_erased_events WHERE event_id = ANY($1::bigint[])`;

export async function listErasedEvents(db: Queryable, ids: readonly string[]): Promise<ErasedEvent[]> {
  return (await db.query<ErasedEvent>(LIST_ERASED, [ids])).rows;
}

const LIST_ERASED_OF = sql`
  SELECT event_id::text AS id, hash FROM audit_erased_events
  WHERE identity_id = $1 AND event_id > $2::bigint ORDER BY event_id LIMIT $3`;

/** Pages through the erased events of one ID, in the order of their ids. */
export async function listErasedEventsOf(
  db: Queryable,
  identityId: string,
  { after, limit }: { readonly after: string; readonly limit: number },
): Promise<ErasedEvent[]> {
  return (await db.query<ErasedEvent>(LIST_ERASED_OF, [identityId, after, limit])).rows;
}

const LIST_ERASURES = sql`
  SELECT DISTINCT ON (x.identity_id) x.identity_id AS "identityId", e.details ->> 'record' AS record
  FROM (SELECT DISTINCT identity_id FROM audit_erased_events) x
  LEFT JOIN audit_events e ON e.identity_id = x.identity_id AND e.kind = 'person_erased'
  ORDER BY x.identity_id, e.id`;

export interface StoredErasure {
  readonly identityId: string;
  /** The signed note; null when there is none. */
  readonly record: string | null;
}

/** The IDs that have erased events. */
export async function listErasures(db: Queryable): Promise<StoredErasure[]> {
  return (await db.query<StoredErasure>(LIST_ERASURES)).rows;
}

const FIND_LAST_SEGMENT = sql`SELECT max(number)::float8 AS number FROM audit_segments`;

/** The number of the last segment; -1 when there is none. */
export async function findLastSegment(db: Queryable): Promise<number> {
  return (await db.query<{ number: number | null }>(FIND_LAST_SEGMENT)).rows[0]?.number ?? -1;
}
