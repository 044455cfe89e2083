/** Where events are in the tree, and the events of one ID. */
import { sql, type Queryable } from '../database.ts';
import { EVENT_COLUMNS, EVENT_TABLES, type SaltedEvent } from './auditTree.ts';

/** Where an event is in the tree. */
export interface LeafPlace {
  readonly id: string;
  readonly index: number;
  /** The number of its segment. */
  readonly segment: number;
  readonly leaf: Buffer;
  /** For an event that concerns no ID. */
  readonly segmentSalt: Buffer;
}

// Ids of a segment ascend. Segments overlap by the events that were open at the same time: a few.
const LIST_LEAF_PLACES = sql`
  SELECT wanted.id::text AS id, (found.first_leaf + found.place - 1)::float8 AS index,
    found.number::float8 AS segment, substring(found.leaves FROM 32 * (found.place - 1) + 1 FOR 32) AS leaf,
    found.salt AS "segmentSalt"
  FROM unnest($1::bigint[]) AS wanted (id), LATERAL (
    SELECT near.*, array_position(near.event_ids, wanted.id) AS place
    FROM (SELECT number, first_leaf, event_ids, salt, leaves FROM audit_segments WHERE event_ids[1] <= wanted.id
      ORDER BY event_ids[1] DESC LIMIT 100) AS near
    WHERE wanted.id = ANY(near.event_ids) LIMIT 1) AS found`;

/** The places of these events; an event that has no leaf yet is left out. */
export async function listLeafPlaces(db: Queryable, ids: readonly string[]): Promise<LeafPlace[]> {
  if (ids.length === 0) return [];
  return (await db.query<LeafPlace>(LIST_LEAF_PLACES, [ids])).rows;
}

const LIST_OF_IDENTITY = sql`
  SELECT ${EVENT_COLUMNS} FROM ${EVENT_TABLES}
  WHERE e.identity_id = $1 AND e.id > $2::bigint ORDER BY e.id LIMIT $3`;

/** Pages through the events of an ID, in the order of their ids. */
export async function listEventsOfIdentity(
  db: Queryable,
  identityId: string,
  { after, limit }: { readonly after: string; readonly limit: number },
): Promise<SaltedEvent[]> {
  return (await db.query<SaltedEvent>(LIST_OF_IDENTITY, [identityId, after, limit])).rows;
}
