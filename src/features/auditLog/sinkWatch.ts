/**
 * Looks at the sink and the database together, and writes the head of the sink. The head is replaced every
 * second by one of the nodes, so that a server that is still alive is seen by another.
 */
import {
  comparePlaces,
  mayServe,
  type DatabasePlace,
  type PlaceVerdict,
  type TreeInDatabase,
} from '../../domain/auditTree/databasePlace.ts';
import { getAuditTree, markStreamed } from '../../db/auditTree/auditTree.ts';
import { listWaitingOutboxes, readTreeInDatabase } from '../../db/auditTree/databasePlace.ts';
import type { AuditSigner } from '../../platform/auditSigner.ts';
import type { AuditSink } from '../../platform/outbound/auditSink.ts';
import type { AppContext } from '../appContext.ts';
import { NotFollowedDatabase } from './notFollowedDatabase.ts';
import {
  AuditSinkFault,
  composeEpochName,
  composeEpochObject,
  composeHeadObject,
  composeSegmentName,
  HEAD,
  readEpochObject,
  readHeadObject,
  readSegmentObject,
  type SinkHead,
} from './sinkObjects.ts';

/** A head that stood still for this long has no writer. */
const STILL_MS = 5_000;
/** More of one kind are not listed. */
const MAX_WAITING = 5_000;

export interface SinkWatchDeps extends Pick<AppContext, 'database' | 'clock'> {
  readonly signer: AuditSigner;
  readonly sink: AuditSink;
}

/** One look at both. */
export interface SinkLook {
  readonly verdict: PlaceVerdict;
  readonly here: TreeInDatabase;
  /** Null for a sink that is empty. */
  readonly head: SinkHead | null;
}

export class SinkWatch {
  readonly #deps: SinkWatchDeps;
  /** The beat that was seen last, and since when it has been this one, as `performance.now()`. */
  #seen: { readonly beat: number; readonly since: number } | null = null;
  /** The most segments that this node has seen in its database, in an epoch. */
  #most = { epoch: 0, segments: 0 };

  constructor(deps: SinkWatchDeps) {
    this.#deps = deps;
  }

  get lastBeat(): number | null {
    return this.#seen?.beat ?? null;
  }

  /** Whether no other server has replaced the head for long enough. */
  get isStill(): boolean {
    return this.#seen !== null && performance.now() - this.#seen.since >= STILL_MS;
  }

  /**
   * The sink is read first: a segment that comes in between is in the database already.
   * @throws AuditSinkUnavailable, AuditSinkFault, DatabaseUnavailable
   */
  async look(): Promise<SinkLook> {
    const { sink, database, signer } = this.#deps;
    const bytes = await sink.read(HEAD);
    const head = bytes && (await this.#applyNewerEpoch(readHeadObject(signer, bytes)));
    const isFirst = this.#seen === null;
    const isNewBeat = head !== null && head.beat !== this.#seen?.beat;
    if (isNewBeat) this.#seen = { beat: head.beat, since: performance.now() };
    const here = await readTreeInDatabase(database, head?.lastSegment ?? -1);
    // Another node has begun the sink in between: the head was there before the database says so.
    if (head === null && here.hadSink && (await sink.read(HEAD)) !== null) return await this.look();
    const inSink = head && {
      place: head.place,
      lastSegment: head.lastSegment,
      lastRoot: head.lastRoot === null ? null : Buffer.from(head.lastRoot, 'base64'),
      isBeating: (isNewBeat && !isFirst) || !this.isStill,
    };
    const verdict = comparePlaces(here, inSink);
    return { verdict: this.#hasShrunk(here, head) && mayServe(verdict) ? 'went_back' : verdict, here, head };
  }

  /** A node of the database of before may have put back the head of its epoch. */
  async #applyNewerEpoch(head: SinkHead): Promise<SinkHead> {
    const { sink, signer } = this.#deps;
    const bytes = await sink.read(composeEpochName(head.epoch + 1));
    if (!bytes) return head;
    const { epoch, place } = readEpochObject(signer, head.epoch + 1, bytes);
    return await this.#applyNewerEpoch({ ...head, epoch, place: { ...head.place, ...place } });
  }

  /** What a database has lost that had not reached the sink is known only to the nodes that served it. */
  #hasShrunk({ segments }: TreeInDatabase, head: SinkHead | null): boolean {
    const epoch = head?.epoch ?? 0;
    const hasShrunk = epoch === this.#most.epoch && segments < this.#most.segments;
    if (!hasShrunk) this.#most = { epoch, segments };
    return hasShrunk;
  }

  /**
   * Makes sure of what the head says. A node that died between a segment and the head left one more.
   * @throws AuditSinkFault, NotFollowedDatabase
   */
  async verifyLast({ here, head, verdict }: SinkLook): Promise<void> {
    const { sink, signer } = this.#deps;
    if (head === null) return;
    if (head.lastSegment >= 0) {
      const name = composeSegmentName(head.lastSegment);
      const bytes = await sink.read(name);
      if (!bytes) throw new AuditSinkFault(name, 'is missing: the sink has a hole');
      const { root } = readSegmentObject(signer, head.lastSegment, bytes);
      if (root.toString('base64') !== head.lastRoot)
        throw new AuditSinkFault(name, 'is not what the head says');
    }
    if (mayServe(verdict) && (await this.isBehind(here)))
      throw new NotFollowedDatabase('went_back', sink.name);
  }

  /** Whether the sink has the segment that this database has yet to make. */
  async isBehind({ segments }: TreeInDatabase): Promise<boolean> {
    const { sink, database } = this.#deps;
    if ((await sink.read(composeSegmentName(segments))) === null) return false;
    // Another node may have made and streamed it in between.
    return (await readTreeInDatabase(database, -1)).segments <= segments;
  }

  /**
   * Begins an empty sink.
   * @param options.mayFinish finishes what a node of this database has begun, too
   * @returns false when another database or node was first
   * @throws AuditSinkUnavailable, AuditSinkFault
   */
  async startSink(place: DatabasePlace, { mayFinish = false } = {}): Promise<boolean> {
    const { sink, signer, clock } = this.#deps;
    const epoch = { epoch: 1, place, fromSegment: 0, why: 'first', at: clock.now() } as const;
    const isFirst = await sink.create(composeEpochName(1), composeEpochObject(signer, epoch));
    if (!isFirst && !(mayFinish && (await this.#wasBegunFor(place)))) return false;
    await this.writeHead(null, { place, lastSegment: -1, lastRoot: null, coveredUntil: null });
    await this.markStreamed();
    return true;
  }

  /** Without its sink this database is not served from any more. Comes after the head, as `look` expects. */
  async markStreamed(): Promise<void> {
    const { database, clock } = this.#deps;
    await database.transaction((db) => markStreamed(db, clock.now()), { isCounted: false });
  }

  async #wasBegunFor({ system, database }: DatabasePlace): Promise<boolean> {
    const bytes = await this.#deps.sink.read(composeEpochName(1));
    if (!bytes) return false;
    const { place } = readEpochObject(this.#deps.signer, 1, bytes);
    return place.system === system && place.database === database;
  }

  async writeHead(
    before: SinkHead | null,
    next: Pick<SinkHead, 'lastSegment' | 'lastRoot' | 'coveredUntil'> & { readonly place: DatabasePlace },
  ): Promise<void> {
    const { database, clock, sink, signer } = this.#deps;
    const waiting = await listWaitingOutboxes(database, MAX_WAITING);
    const { checkpoint } = await database.transaction(getAuditTree, { isCounted: false });
    const beat = (before?.beat ?? 0) + 1;
    const at = clock.now().toISOString();
    const head = { ...next, epoch: before?.epoch ?? 1, beat, at, checkpoint, waiting };
    await sink.replace(HEAD, composeHeadObject(signer, head));
    this.#seen = { beat, since: performance.now() };
  }
}
