/**
 * Whether a database is the one that the sink follows. A restored dump, a copy and a standby that lost
 * transactions look like the original from inside; only the sink, which no backup of the database contains,
 * tells them apart.
 */

/** Where a database is. A copy by dump differs in the first two, a promoted standby in the others. */
export interface DatabasePlace {
  /** The identifier that a PostgreSQL cluster gets when it is made, as a decimal number. */
  readonly system: string;
  /** The oid of the database in its cluster. */
  readonly database: string;
  /** The timeline of the write-ahead log, 8 hexadecimal digits; a promotion begins a new one. */
  readonly timeline: string;
  /** When the server process started. */
  readonly started: string;
}

/** The state of the audit tree in a database. */
export interface TreeInDatabase {
  readonly place: DatabasePlace;
  /** Segments in the database, and so the number of the next one. */
  readonly segments: number;
  /** Of the segment that is the last one in the sink; null when the database has no such segment. */
  readonly rootAtHead: Buffer | null;
  /** Whether this database has had a sink before. */
  readonly hadSink: boolean;
  /** `after-restore` has begun in it and has not ended. */
  readonly isRestoring: boolean;
}

/** What the sink says of its database. */
export interface TreeInSink {
  /** Of the database that the sink follows since its newest epoch. */
  readonly place: DatabasePlace;
  /** The number of the last segment; -1 when there is none. */
  readonly lastSegment: number;
  readonly lastRoot: Buffer | null;
  /** Whether the head was replaced while this node watched it; false when it stood still long enough. */
  readonly isBeating: boolean;
}

export type PlaceVerdict =
  /** The database that the sink follows. */
  | 'followed'
  /** The sink is empty, and this database never had one. */
  | 'new_sink'
  /** The same database under a new server process or timeline; nothing else reports to the sink. */
  | 'moved'
  /** As `moved`, but another server still reports to the sink. */
  | 'contested'
  /** `after-restore` has not ended. */
  | 'restoring'
  /** This database had a sink, and this one is empty. */
  | 'sink_lost'
  /** The sink holds the log of another database. */
  | 'another_log'
  /** The sink holds what this database has lost. */
  | 'went_back'
  /** The same log in another database. */
  | 'copy';

export function comparePlaces(here: TreeInDatabase, sink: TreeInSink | null): PlaceVerdict {
  if (here.isRestoring) return 'restoring';
  if (sink === null) return here.hadSink ? 'sink_lost' : 'new_sink';
  const { place, lastSegment, lastRoot } = sink;
  if (lastRoot !== null && here.rootAtHead !== null && !lastRoot.equals(here.rootAtHead))
    return 'another_log';
  if (here.segments <= lastSegment) return here.segments === 0 && !here.hadSink ? 'another_log' : 'went_back';
  if (place.system !== here.place.system || place.database !== here.place.database) return 'copy';
  if (place.timeline === here.place.timeline && place.started === here.place.started) return 'followed';
  return sink.isBeating ? 'contested' : 'moved';
}

/** Whether a node with this verdict may serve people and send letters, mails and notifications. */
export function mayServe(verdict: PlaceVerdict): boolean {
  return verdict === 'followed' || verdict === 'new_sink' || verdict === 'moved';
}
