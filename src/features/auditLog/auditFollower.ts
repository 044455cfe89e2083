/**
 * What a node does for the audit log all the time: it adds events to the tree, streams the segments, and
 * watches whether its database is still the one that the sink follows. A database that is another one, or
 * that went back, is not served from, and nothing is sent from it.
 *
 * A sink that is away stops nobody: the node goes on, and says so. A start waits for it.
 */
import { setTimeout } from 'node:timers/promises';
import {
  judgePlace,
  mayServe,
  type DatabasePlace,
  type PlaceVerdict,
  type TreeInDatabase,
  type TreeInSink,
} from '../../domain/auditTree/databasePlace.ts';
import { getAuditTree, markStreamed } from '../../db/auditTree/auditTree.ts';
import { listWaitingOutboxes, readTreeInDatabase } from '../../db/auditTree/databasePlace.ts';
import { DatabaseUnavailable } from '../../db/database.ts';
import { AuditSinkUnavailable, type AuditSink } from '../../platform/outbound/auditSink.ts';
import type { Log } from '../../platform/log.ts';
import { OutageLog } from '../../platform/outageLog.ts';
import type { AppContext } from '../appContext.ts';
import type { AuditSigner } from '../../platform/auditSigner.ts';
import { sealEvents } from './sealEvents.ts';
import {
  AuditSinkFault,
  composeEpochName,
  composeEpochObject,
  composeHeadObject,
  composeSegmentName,
  HEAD,
  readHeadObject,
  readSegmentObject,
  type SinkHead,
} from './sinkObjects.ts';
import { AlteredEvent, streamSegments } from './streamSegments.ts';

export const PASS_MS = 1_000;
/** A head that stood still for this long has nobody who writes it. */
const STILL_MS = 5_000;
/** Two servers that both report for this long are two databases. */
const CONTESTED_MS = 15_000;
/** The node that sealed a segment streams it; another one only when it has not for this long. */
const OTHERS_STREAM_MS = 3_000;
const MAX_WAITING = 5_000;

/** The database is not the one that the sink follows. In words for an operator. */
export class NotFollowedDatabase extends Error {
  readonly verdict: PlaceVerdict;
  constructor(verdict: PlaceVerdict, sink: string) {
    super(`${WORDS[verdict]} (${sink})`);
    this.verdict = verdict;
  }
}

const AFTER_RESTORE = 'run "node dist/cli.js after-restore" first';
const WORDS: Readonly<Record<PlaceVerdict, string>> = {
  followed: 'the audit sink follows this database',
  new_sink: 'the audit sink is new',
  moved: 'the database has moved to another server, which the audit sink does not follow yet',
  contested:
    'another database server reports to this audit sink: this one is a copy, or the other one was not stopped',
  sink_lost:
    'this database had an audit sink, and this one is empty: set NOEGLE_AUDIT_SINK to the one that it had, or ' +
    'run "node dist/cli.js after-restore --without-sink" if it is lost',
  another_log: 'the audit sink holds the log of another database: two databases cannot share one',
  went_back: `the audit sink holds events that this database has lost, so it was restored: ${AFTER_RESTORE}`,
  copy: `the audit sink follows another database, of which this is a copy: ${AFTER_RESTORE} if it takes its place`,
};

export interface AuditFollowerDeps extends Pick<AppContext, 'database' | 'clock' | 'random' | 'keyring'> {
  readonly signer: AuditSigner;
  /** Null where none is set. */
  readonly sink: AuditSink | null;
  readonly log: Log;
}

interface Judged {
  readonly verdict: PlaceVerdict;
  readonly here: TreeInDatabase;
  readonly head: SinkHead | null;
}

export class AuditFollower {
  readonly #deps: AuditFollowerDeps;
  readonly #outage: OutageLog;
  #verdict: PlaceVerdict = 'followed';
  /** The head that was read last, and since when it has been this one, as `performance.now()`. */
  #seen: { readonly beat: number; readonly since: number } | null = null;
  #contestedSince: number | null = null;
  #inSinkAt = performance.now();
  #missingSince: number | null = null;
  #fault: string | null = null;
  #isRunning = false;
  #nextCheck: Promise<void> | null = null;

  constructor(deps: AuditFollowerDeps) {
    this.#deps = deps;
    this.#outage = new OutageLog(deps.log, 'error', 'the audit log is not streamed: the sink is away');
  }

  /** Whether people are served. */
  get mayServe(): boolean {
    if (this.#verdict !== 'contested') return mayServe(this.#verdict);
    return this.#contestedSince !== null && performance.now() - this.#contestedSince < CONTESTED_MS;
  }

  /** Whether letters, mails and notifications may leave as far as is known; `assertMaySend` makes sure. */
  get mayDeliver(): boolean {
    return this.#verdict === 'followed';
  }

  /** Why the database is not followed, or the stream stands still; null when all is well. */
  get fault(): string | null {
    return this.mayServe ? this.#fault : WORDS[this.#verdict];
  }

  /** For how long events have waited to be in the sink, in seconds; null without a sink. */
  get lagSeconds(): number | null {
    return this.#deps.sink === null ? null : Math.max(0, performance.now() - this.#inSinkAt) / 1_000;
  }

  /**
   * Before the first request. @param isNode false for a command, which neither waits nor writes to the sink
   * @throws NotFollowedDatabase, AuditSinkFault, DatabaseUnavailable
   * @throws AuditSinkUnavailable for a node
   */
  async begin({
    isNode,
    mayBeWithout,
  }: {
    readonly isNode: boolean;
    readonly mayBeWithout: boolean;
  }): Promise<void> {
    const { sink, log } = this.#deps;
    if (sink === null) {
      const { hadSink } = await readTreeInDatabase(this.#deps.database, -1);
      if (hadSink && !mayBeWithout)
        throw new NotFollowedDatabase('sink_lost', 'NOEGLE_AUDIT_SINK is not set');
      return;
    }
    try {
      await this.#beginWith(sink, isNode);
    } catch (error) {
      if (!(error instanceof AuditSinkUnavailable) || (isNode && !mayBeWithout)) throw error;
      log.warn({ cause: error.message }, 'started without the audit sink');
    }
  }

  async #beginWith(sink: AuditSink, isNode: boolean): Promise<void> {
    const judged = await this.#judge(sink);
    await this.#verifyLast(sink, judged);
    if (!isNode) {
      if (!mayServe(judged.verdict) && judged.verdict !== 'contested')
        throw new NotFollowedDatabase(judged.verdict, sink.name);
      return;
    }
    this.#verdict = judged.verdict;
    if (judged.verdict === 'new_sink') await this.#startSink(sink, judged.here.place);
    else if (judged.verdict === 'moved' || judged.verdict === 'contested') await this.#waitUntilStill(sink);
    if (!mayServe(this.#verdict)) throw new NotFollowedDatabase(this.#verdict, sink.name);
  }

  /** The head says which segment is the last; a node that died between the two left one more. */
  async #verifyLast(sink: AuditSink, { here, head, verdict }: Judged): Promise<void> {
    if (head === null) return;
    if (head.lastSegment >= 0) {
      const name = composeSegmentName(head.lastSegment);
      const bytes = await sink.read(name);
      if (!bytes) throw new AuditSinkFault(name, 'is missing: the sink has a hole');
      const { root } = readSegmentObject(this.#deps.signer, head.lastSegment, bytes);
      if (root.toString('base64') !== head.lastRoot)
        throw new AuditSinkFault(name, 'is not what the head says');
    }
    if (mayServe(verdict) && (await this.#isBehind(sink, here)))
      throw new NotFollowedDatabase('went_back', sink.name);
  }

  /** Whether the sink has the segment that this database has yet to make. */
  async #isBehind(sink: AuditSink, { segments }: TreeInDatabase): Promise<boolean> {
    if ((await sink.read(composeSegmentName(segments))) === null) return false;
    // Another node may have made and streamed it in between.
    return (await readTreeInDatabase(this.#deps.database, -1)).segments <= segments;
  }

  async #startSink(sink: AuditSink, place: DatabasePlace): Promise<void> {
    const { signer, clock, database } = this.#deps;
    const epoch = { epoch: 1, place, fromSegment: 0, why: 'first' as const, at: clock.now() };
    if (!(await sink.create(composeEpochName(1), composeEpochObject(signer, epoch)))) {
      const judged = await this.#judge(sink);
      // Another node was first, or the sink lost its head.
      if (judged.head === null) throw new NotFollowedDatabase('sink_lost', sink.name);
      this.#verdict = judged.verdict;
      return;
    }
    await this.#writeHead(sink, null, { place, lastSegment: -1, lastRoot: null });
    await database.transaction((db) => markStreamed(db, clock.now()), { isCounted: false });
    this.#verdict = 'followed';
  }

  /** A server that is still alive replaces the head every second. */
  async #waitUntilStill(sink: AuditSink): Promise<void> {
    const end = performance.now() + STILL_MS + 2 * PASS_MS;
    while (performance.now() < end) {
      const { verdict } = await this.#judge(sink);
      this.#verdict = verdict;
      if (verdict !== 'moved' && verdict !== 'contested') return;
      if (verdict === 'moved' && this.#isStill) return;
      await setTimeout(PASS_MS / 2);
    }
  }

  get #isStill(): boolean {
    return this.#seen !== null && performance.now() - this.#seen.since >= STILL_MS;
  }

  async #judge(sink: AuditSink): Promise<Judged> {
    const bytes = await sink.read(HEAD);
    const head = bytes && readHeadObject(bytes);
    const now = performance.now();
    const isNewBeat = head !== null && this.#seen?.beat !== head.beat;
    const wasSeen = this.#seen !== null;
    if (head !== null && isNewBeat) this.#seen = { beat: head.beat, since: now };
    const here = await readTreeInDatabase(this.#deps.database, head?.lastSegment ?? -1);
    const inSink: TreeInSink | null = head && {
      place: head.place,
      lastSegment: head.lastSegment,
      lastRoot: head.lastRoot === null ? null : Buffer.from(head.lastRoot, 'base64'),
      isBeating: wasSeen && isNewBeat ? true : !this.#isStill,
    };
    return { verdict: judgePlace(here, inSink), here, head };
  }

  async #writeHead(
    sink: AuditSink,
    before: SinkHead | null,
    next: Pick<SinkHead, 'place' | 'lastSegment' | 'lastRoot'>,
  ): Promise<void> {
    const { database, clock } = this.#deps;
    const waiting = await listWaitingOutboxes(database, MAX_WAITING);
    const { checkpoint } = await database.transaction(getAuditTree, { isCounted: false });
    const beat = (before?.beat ?? 0) + 1;
    const at = clock.now().toISOString();
    const epoch = before?.epoch ?? 1;
    await sink.replace(
      HEAD,
      composeHeadObject({ ...next, epoch, beat, at, checkpoint, waiting } as SinkHead),
    );
    this.#seen = { beat, since: performance.now() };
  }

  /** Called every second; a pass that still runs is not joined by another one. */
  async runPass(): Promise<void> {
    if (this.#isRunning) return;
    this.#isRunning = true;
    try {
      await this.#runPass();
    } catch (error) {
      // That the database is away is in the log already.
      if (!(error instanceof DatabaseUnavailable)) throw error;
    } finally {
      this.#isRunning = false;
    }
  }

  async #runPass(): Promise<void> {
    const { sink, signer } = this.#deps;
    // A database that is not followed gets no leaves: they would be those of another tree.
    const sealed = this.mayServe ? await sealEvents(this.#deps, signer) : 0;
    if (sink === null) return;
    try {
      await this.#follow(sink, (sealed ?? 0) > 0);
      this.#fault = null;
    } catch (error) {
      if (error instanceof AuditSinkUnavailable) this.#outage.report(error);
      else if (error instanceof AuditSinkFault || error instanceof AlteredEvent)
        this.#deps.log.error({ cause: error.message }, 'the audit log is not streamed');
      else throw error;
      this.#fault = error.message;
    }
  }

  async #follow(sink: AuditSink, hasSealed: boolean): Promise<void> {
    const lastBeat = this.#seen?.beat;
    const { verdict, here, head } = await this.#judge(sink);
    this.#note(verdict);
    if (!mayServe(verdict) || head === null || (verdict === 'moved' && !this.#isStill)) return;
    const isMissing = here.segments - 1 > head.lastSegment;
    this.#missingSince = isMissing ? (this.#missingSince ?? performance.now()) : null;
    const isLate = this.#missingSince !== null && performance.now() - this.#missingSince > OTHERS_STREAM_MS;
    const last =
      isMissing && (hasSealed || isLate)
        ? await streamSegments({ ...this.#deps, sink }, head.lastSegment + 1)
        : null;
    const lastSegment = last?.number ?? head.lastSegment;
    const lastRoot = last?.root.toString('base64') ?? head.lastRoot;
    if (lastSegment >= here.segments - 1) this.#inSinkAt = performance.now();
    // Another node replaced the head since the last pass: it stands for this one too.
    if (last === null && lastBeat !== head.beat && verdict === 'followed') return;
    await this.#writeHead(sink, head, { place: here.place, lastSegment, lastRoot });
  }

  #note(verdict: PlaceVerdict): void {
    const { log, sink } = this.#deps;
    const couldServe = this.mayServe;
    this.#verdict = verdict;
    this.#contestedSince = verdict === 'contested' ? (this.#contestedSince ?? performance.now()) : null;
    if (couldServe && !this.mayServe)
      log.error({ cause: WORDS[verdict], sink: sink?.name }, 'the database is not served from any more');
    if (!couldServe && this.mayServe) log.warn({ sink: sink?.name }, 'the database is served from again');
  }

  /**
   * Before a letter, a mail or a notification leaves: the check begins after the call, so that what was read
   * from the database before it was read from one that is followed.
   * @throws NotFollowedDatabase
   */
  async assertMaySend(): Promise<void> {
    const { sink } = this.#deps;
    if (sink === null) return;
    this.#nextCheck ??= this.#checkSoon(sink);
    await this.#nextCheck;
  }

  /** Calls of the same turn share a check. */
  async #checkSoon(sink: AuditSink): Promise<void> {
    await Promise.resolve();
    this.#nextCheck = null;
    await this.#checkForSending(sink);
  }

  async #checkForSending(sink: AuditSink): Promise<void> {
    try {
      const { verdict, here } = await this.#judge(sink);
      if (verdict !== 'followed') throw new NotFollowedDatabase(verdict, sink.name);
      if (await this.#isBehind(sink, here)) throw new NotFollowedDatabase('went_back', sink.name);
    } catch (error) {
      if (!(error instanceof AuditSinkUnavailable)) throw error;
      // The sink is away: what was known last holds.
      if (!this.mayServe) throw new NotFollowedDatabase(this.#verdict, sink.name);
    }
  }
}
