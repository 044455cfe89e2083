/** Where this database is, and where its audit tree stands, in one statement on the connection for checks. */
import type { DatabasePlace, TreeInDatabase } from '../../domain/auditTree/databasePlace.ts';
import { DatabaseUnavailable, sql, type Database } from '../database.ts';

const READ = sql`
  SELECT (SELECT system_identifier::text FROM pg_control_system()) AS system,
    (SELECT oid::text FROM pg_database WHERE datname = current_database()) AS database,
    CASE WHEN NOT pg_is_in_recovery() THEN left(pg_walfile_name(pg_current_wal_insert_lsn()), 8) END AS timeline,
    extract(epoch FROM pg_postmaster_start_time())::text AS started,
    t.segments::float8 AS segments, t.sink_since IS NOT NULL AS "hadSink",
    t.restoring IS NOT NULL AS "isRestoring",
    (SELECT s.root FROM audit_segments s WHERE s.number = $1) AS root
  FROM audit_tree t`;

type PlaceRow = Omit<DatabasePlace, 'timeline'> & {
  /** Null on a standby. */
  readonly timeline: string | null;
  readonly segments: number;
  readonly hadSink: boolean;
  readonly isRestoring: boolean;
  readonly root: Buffer | null;
};

/**
 * @param lastSegment the number of the last segment in the sink
 * @throws DatabaseUnavailable
 */
export async function readTreeInDatabase(
  database: Pick<Database, 'queryForCheck'>,
  lastSegment: number,
): Promise<TreeInDatabase> {
  const [row] = (await database.queryForCheck<PlaceRow>(READ, [lastSegment])).rows;
  if (!row) throw new Error('the state of the audit tree is missing');
  const { segments, hadSink, isRestoring, root: rootAtHead, timeline, ...rest } = row;
  if (timeline === null) throw new DatabaseUnavailable('the database is a standby', { isUnknown: false });
  return { place: { ...rest, timeline }, segments, hadSink, isRestoring, rootAtHead };
}

/** Ids of what waits to be sent; null when there are more than `limit` of one kind. */
export interface WaitingOutboxes {
  readonly letters: readonly string[] | null;
  readonly notices: readonly string[] | null;
  readonly logouts: readonly string[] | null;
}

const LIST_WAITING = sql`
  SELECT ARRAY(SELECT id::text FROM letters WHERE state = 'waiting' LIMIT $1) AS letters,
    ARRAY(SELECT id::text FROM notices WHERE state = 'waiting' LIMIT $1) AS notices,
    ARRAY(SELECT id::text FROM logouts WHERE state = 'waiting' LIMIT $1) AS logouts`;

export async function listWaitingOutboxes(
  database: Pick<Database, 'queryForCheck'>,
  limit: number,
): Promise<WaitingOutboxes> {
  type WaitingRow = { letters: string[]; notices: string[]; logouts: string[] };
  const [row] = (await database.queryForCheck<WaitingRow>(LIST_WAITING, [limit + 1])).rows;
  const list = (ids: string[] = []) => (ids.length > limit ? null : ids);
  return { letters: list(row?.letters), notices: list(row?.notices), logouts: list(row?.logouts) };
}
