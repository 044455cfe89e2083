/**
 * The tree over the audit log: its state, its segments, and the events that are not yet in it. Written only
 * by features/auditLog, in a transaction that holds the row of the state.
 *
 * Events are numbered before they are committed, so they become visible in another order. They are added as
 * they become visible. What can no longer appear is known from the locks: a transaction that took a number
 * holds its lock on the table until it ends.
 */
import type { StoredEvent } from '../../domain/auditTree/auditLeaf.ts';
import { splitHashes, type LeafRange, type Subtree } from '../../domain/auditTree/merkleTree.ts';
import { sql, sqlFragment, type Database, type Queryable } from '../database.ts';

interface TreeRow {
  readonly segments: string;
  readonly size: string;
  readonly edge: Buffer;
  readonly sealed_below: string;
  readonly sealed_above: string[];
  readonly next_below: string;
  readonly next_holders: string[];
  readonly checkpoint: string | null;
  readonly sink_since: Date | null;
}

export interface AuditTreeState {
  readonly segments: number;
  readonly size: number;
  readonly edge: Buffer;
  /** Every event up to this id is in the tree, and none can still appear. */
  readonly sealedBelow: bigint;
  /** Larger ids that are in the tree. */
  readonly sealedAbove: readonly bigint[];
  readonly nextBelow: bigint;
  /** Transactions that may still add an event up to `nextBelow`. */
  readonly nextHolders: readonly string[];
  readonly checkpoint: string | null;
  readonly sinkSince: Date | null;
}

function readTree(row: TreeRow): AuditTreeState {
  return {
    segments: Number(row.segments),
    size: Number(row.size),
    edge: row.edge,
    sealedBelow: BigInt(row.sealed_below),
    sealedAbove: row.sealed_above.map(BigInt),
    nextBelow: BigInt(row.next_below),
    nextHolders: row.next_holders,
    checkpoint: row.checkpoint,
    sinkSince: row.sink_since,
  };
}

const TREE_COLUMNS = sqlFragment`segments, size, edge, sealed_below, sealed_above, next_below, next_holders,
  checkpoint, sink_since`;
const FIND_TREE = sql`SELECT ${TREE_COLUMNS} FROM audit_tree`;
const LOCK_TREE = sql`SELECT ${TREE_COLUMNS} FROM audit_tree FOR UPDATE SKIP LOCKED`;

export async function getAuditTree(db: Queryable): Promise<AuditTreeState> {
  const { rows } = await db.query<TreeRow>(FIND_TREE);
  if (!rows[0]) throw new Error('the state of the audit tree is missing');
  return readTree(rows[0]);
}

/** @returns null while another node adds to the tree */
export async function lockAuditTree(db: Queryable): Promise<AuditTreeState | null> {
  const { rows } = await db.query<TreeRow>(LOCK_TREE);
  return rows[0] ? readTree(rows[0]) : null;
}

// An id that the sequence has not given is the owner's: it must not pass for the largest one.
const FIND_LAST_ID = sql`SELECT last_value::text AS id FROM audit_events_id_seq`;

/** The largest number that an event was given; a snapshot does not hold it. */
export async function findLastEventId(db: Queryable): Promise<bigint> {
  return BigInt((await db.query<{ id: string }>(FIND_LAST_ID)).rows[0]?.id ?? 0);
}

// The owner of the table holds other locks on it; these are what an INSERT takes.
const LIST_WRITERS = sql`
  SELECT virtualtransaction AS id FROM pg_locks
  WHERE relation = 'public.audit_events'::regclass AND mode = 'RowExclusiveLock' AND granted
    AND database = (SELECT oid FROM pg_database WHERE datname = current_database())`;

/** The transactions that may have added an event and have not ended. */
export async function listAuditWriters(db: Queryable): Promise<string[]> {
  return (await db.query<{ id: string }>(LIST_WRITERS)).rows.map(({ id }) => id);
}

// A time that is none is text too: an event with it must not stop those who read the others.
export const EVENT_COLUMNS = sqlFragment`e.id::text AS id,
  CASE WHEN isfinite(e.at) THEN trunc(extract(epoch FROM e.at) * 1000000)::text ELSE e.at::text END AS at, e.kind,
  e.identity_id AS "identityId", e.details::text AS details, p.log_salt AS salt`;
export const EVENT_TABLES = sqlFragment`audit_events e
  LEFT JOIN identities i ON i.id = e.identity_id LEFT JOIN people p ON p.id = i.person_id`;

/** An event, and the salt of the person whom it concerns; null when it concerns no ID. */
export interface SaltedEvent extends StoredEvent {
  readonly salt: Buffer | null;
}

// The ids first, as a set: compared one by one with a long list they would take seconds.
const LIST_UNSEALED = sql`
  WITH unsealed AS MATERIALIZED (
    (SELECT id FROM audit_events WHERE id > $1::bigint EXCEPT SELECT unnest($2::bigint[])) ORDER BY id LIMIT $3)
  SELECT ${EVENT_COLUMNS} FROM unsealed u, ${EVENT_TABLES} WHERE e.id = u.id ORDER BY e.id`;

/** The events that are not in the tree and could still appear, in the order of their ids. */
export async function listUnsealedEvents(
  db: Queryable,
  { sealedBelow, sealedAbove }: Pick<AuditTreeState, 'sealedBelow' | 'sealedAbove'>,
  limit: number,
): Promise<SaltedEvent[]> {
  const { rows } = await db.query<SaltedEvent>(LIST_UNSEALED, [
    String(sealedBelow),
    sealedAbove.map(String),
    limit,
  ]);
  return rows;
}

const LIST_EVENTS = sql`
  SELECT ${EVENT_COLUMNS} FROM ${EVENT_TABLES} WHERE e.id = ANY($1::bigint[]) ORDER BY e.id`;

/** The events with these ids, in the order of their ids; an event that is gone is left out. */
export async function listEventsById(db: Queryable, ids: readonly string[]): Promise<SaltedEvent[]> {
  return (await db.query<SaltedEvent>(LIST_EVENTS, [ids])).rows;
}

const HAS_UNSEALED = sql`
  SELECT clock_timestamp() AS now, t.next_below > t.sealed_below OR (SELECT count(*) FROM audit_events e
    WHERE e.id > t.sealed_below) <> cardinality(t.sealed_above) AS found FROM audit_tree t`;

/**
 * Whether there is anything to add, or to find out, without a lock or a write.
 * @returns `now`: the time of the server, from before it looked
 */
export async function findUnsealed(
  database: Pick<Database, 'queryForCheck'>,
): Promise<{ readonly found: boolean; readonly now: Date }> {
  const [row] = (await database.queryForCheck<{ found: boolean; now: Date }>(HAS_UNSEALED)).rows;
  if (!row) throw new Error('the state of the audit tree is missing');
  return row;
}

/** Consecutive events of the tree. */
export interface AuditSegment {
  readonly number: number;
  readonly firstLeaf: number;
  readonly eventIds: readonly string[];
  /** For events that concern no ID. */
  readonly salt: Buffer;
  readonly leaves: readonly Buffer[];
  /** Of the tree that ends with this segment. */
  readonly root: Buffer;
  readonly sealedAt: Date;
}

const INSERT_SEGMENT = sql`
  INSERT INTO audit_segments (number, first_leaf, event_ids, salt, leaves, root, sealed_at)
  VALUES ($1, $2, $3::bigint[], $4, $5, $6, $7)`;

export async function insertSegment(db: Queryable, segment: AuditSegment): Promise<void> {
  const { number, firstLeaf, eventIds, salt, leaves, root, sealedAt } = segment;
  await db.query(INSERT_SEGMENT, [number, firstLeaf, eventIds, salt, Buffer.concat(leaves), root, sealedAt]);
}

const INSERT_SUBTREES = sql`
  INSERT INTO audit_subtrees (height, index, hash)
  SELECT * FROM unnest($1::smallint[], $2::bigint[], $3::bytea[])`;

export async function insertSubtrees(db: Queryable, subtrees: readonly Subtree[]): Promise<void> {
  if (subtrees.length === 0) return;
  await db.query(INSERT_SUBTREES, [
    subtrees.map(({ height }) => height),
    subtrees.map(({ index }) => index),
    subtrees.map(({ hash }) => hash),
  ]);
}

const SAVE_TREE = sql`
  UPDATE audit_tree SET segments = $1, size = $2, edge = $3, sealed_below = $4::bigint, sealed_above = $5::bigint[],
    next_below = $6::bigint, next_holders = $7::text[], checkpoint = $8`;

/** `sinkSince` stays. */
export async function saveAuditTree(db: Queryable, tree: Omit<AuditTreeState, 'sinkSince'>): Promise<void> {
  await db.query(SAVE_TREE, [
    tree.segments,
    tree.size,
    tree.edge,
    String(tree.sealedBelow),
    tree.sealedAbove.map(String),
    String(tree.nextBelow),
    tree.nextHolders,
    tree.checkpoint,
  ]);
}

const MARK_STREAMED = sql`UPDATE audit_tree SET sink_since = $1 WHERE sink_since IS NULL`;

/** From now on a start without a sink is noticed. */
export async function markStreamed(db: Queryable, now: Date): Promise<void> {
  await db.query(MARK_STREAMED, [now]);
}

interface SegmentRow {
  readonly number: string;
  readonly first_leaf: string;
  readonly event_ids: string[];
  readonly salt: Buffer;
  readonly leaves: Buffer;
  readonly root: Buffer;
  readonly sealed_at: Date;
}

function readSegment(row: SegmentRow): AuditSegment {
  return {
    number: Number(row.number),
    firstLeaf: Number(row.first_leaf),
    eventIds: row.event_ids,
    salt: row.salt,
    leaves: splitHashes(row.leaves),
    root: row.root,
    sealedAt: row.sealed_at,
  };
}

const SEGMENT_COLUMNS = sqlFragment`number, first_leaf, event_ids, salt, leaves, root, sealed_at`;
const LIST_SEGMENTS = sql`
  SELECT ${SEGMENT_COLUMNS} FROM audit_segments WHERE number >= $1 ORDER BY number LIMIT $2`;

/** Segments from this number on, in their order. */
export async function listSegments(db: Queryable, from: number, limit: number): Promise<AuditSegment[]> {
  return (await db.query<SegmentRow>(LIST_SEGMENTS, [from, limit])).rows.map(readSegment);
}

// The first one may begin before the range; the index on first_leaf finds it.
const LIST_SEGMENTS_OF_LEAVES = sql`
  SELECT ${SEGMENT_COLUMNS} FROM audit_segments
  WHERE first_leaf >= (SELECT max(first_leaf) FROM audit_segments WHERE first_leaf <= $1) AND first_leaf < $2
  ORDER BY first_leaf`;

/** The leaf hashes of a range, in their order; shorter than the range where the tree ends before it. */
export async function listLeaves(db: Queryable, { start, end }: LeafRange): Promise<Buffer[]> {
  const segments = (await db.query<SegmentRow>(LIST_SEGMENTS_OF_LEAVES, [start, end])).rows.map(readSegment);
  const first = segments[0]?.firstLeaf ?? start;
  return segments.flatMap(({ leaves }) => leaves).slice(start - first, end - first);
}

const LIST_SUBTREES = sql`
  SELECT hash FROM audit_subtrees WHERE height = $1 AND index >= $2 AND index < $3 ORDER BY index`;

/** The hashes of stored subtrees of one height, in their order. */
export async function listSubtrees(
  db: Queryable,
  height: number,
  { start, end }: LeafRange,
): Promise<Buffer[]> {
  return (await db.query<{ hash: Buffer }>(LIST_SUBTREES, [height, start, end])).rows.map(({ hash }) => hash);
}
