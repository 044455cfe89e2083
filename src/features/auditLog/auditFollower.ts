/**
 * What a node does for the audit log all the time: it adds events to the tree, streams the segments, and
 * watches whether its database is still the one that the sink follows. A database that is another one, or
 * that went back, is not served from, and nothing is sent from it.
 *
 * A sink that is away stops no one: the node goes on, and says so. A start waits for it.
 */
import { setTimeout } from 'node:timers/promises';
import { mayServe, type PlaceVerdict } from '../../domain/auditTree/databasePlace.ts';
import { readTreeInDatabase } from '../../db/auditTree/databasePlace.ts';
import { DatabaseUnavailable } from '../../db/database.ts';
import type { AuditSigner } from '../../platform/auditSigner.ts';
import { AuditSinkUnavailable, type AuditSink } from '../../platform/outbound/auditSink.ts';
import type { Log } from '../../platform/log.ts';
import { OutageLog } from '../../platform/outageLog.ts';
import type { AppContext } from '../appContext.ts';
import { NotFollowedDatabase, PLACE_WORDS } from './notFollowedDatabase.ts';
import { sealEvents, type SealingPass } from './sealEvents.ts';
import { AuditSinkFault } from './sinkObjects.ts';
import { SinkWatch, type SinkLook } from './sinkWatch.ts';
import { AlteredEvent, ForeignSegment, streamSegments } from './streamSegments.ts';

export const PASS_MS = 1_000;
/** How long a start waits for the first head of a sink that another node has begun. */
const BEGIN_MS = 2_000;
/** How long a start waits for the head of another server to stand still. */
const TAKE_OVER_MS = 7_000;
/** Two servers that both report for this long are two databases. */
const CONTESTED_MS = 15_000;
/** The node that sealed a segment streams it; another one only when it has not for this long. */
const OTHERS_STREAM_MS = 3_000;
/** A node that adds to the tree holds its row for less. */
const SEALING_MS = 30_000;

export interface AuditFollowerDeps extends Pick<AppContext, 'database' | 'clock' | 'random' | 'keyring'> {
  readonly signer: AuditSigner;
  /** Null where none is set. */
  readonly sink: AuditSink | null;
  readonly log: Log;
}

/** What operators see. */
export type AuditStatus = Pick<AuditFollower, 'mayServe' | 'fault' | 'lagSeconds'>;

type WatchedSink = { readonly sink: AuditSink; readonly watch: SinkWatch };

export class AuditFollower {
  readonly #deps: AuditFollowerDeps;
  readonly #watched: WatchedSink | null;
  readonly #outage: OutageLog;
  #verdict: PlaceVerdict = 'followed';
  #contestedSince: number | null = null;
  #inSinkAt = performance.now();
  #sealedAt = performance.now();
  readonly #unsealed: OutageLog;
  #missingSince: number | null = null;
  #fault: string | null = null;
  #isRunning = false;
  #nextCheck: Promise<void> | null = null;

  constructor(deps: AuditFollowerDeps) {
    const { sink, log } = deps;
    this.#deps = deps;
    this.#watched = sink && { sink, watch: new SinkWatch({ ...deps, sink }) };
    this.#unsealed = new OutageLog(log, 'error', 'audit events are not added to their tree');
    this.#outage = new OutageLog(log, 'error', 'the audit log is not streamed: the sink is away');
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
    return this.mayServe ? this.#fault : PLACE_WORDS[this.#verdict];
  }

  /** For how long it has not been certain that all is in the sink, or without one in the tree; in seconds. */
  get lagSeconds(): number {
    const since = this.#watched === null ? this.#sealedAt : this.#inSinkAt;
    return Math.max(0, performance.now() - since) / 1_000;
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
    const { database, log } = this.#deps;
    if (this.#watched === null) {
      const { hadSink, isRestoring } = await readTreeInDatabase(database, -1);
      if (isRestoring && isNode) throw new NotFollowedDatabase('restoring', 'NOEGLE_AUDIT_SINK is not set');
      if (hadSink && !mayBeWithout)
        throw new NotFollowedDatabase('sink_lost', 'NOEGLE_AUDIT_SINK is not set');
      return;
    }
    try {
      await this.#beginWith(this.#watched, isNode);
    } catch (error) {
      if (!(error instanceof AuditSinkUnavailable) || (isNode && !mayBeWithout)) throw error;
      log.warn({ cause: error.message }, 'started without the audit sink');
    }
  }

  async #beginWith({ sink, watch }: WatchedSink, isNode: boolean): Promise<void> {
    const first = await watch.look();
    await watch.verifyLast(first);
    this.#verdict = first.verdict;
    if (isNode) this.#verdict = await this.#settle(watch, first);
    else if (first.verdict === 'contested') this.#verdict = 'moved';
    if (!mayServe(this.#verdict)) throw new NotFollowedDatabase(this.#verdict, sink.name);
  }

  /** Begins a new sink, or waits until the head of a former server stands still. */
  async #settle(watch: SinkWatch, { verdict, here }: SinkLook): Promise<PlaceVerdict> {
    if (verdict === 'new_sink') {
      if (await watch.startSink(here.place)) return 'followed';
      // Another node was first, and writes the head next; it may have died before that.
      const end = performance.now() + BEGIN_MS;
      let look = await watch.look();
      while (look.head === null && performance.now() < end) {
        await setTimeout(BEGIN_MS / 20);
        look = await watch.look();
      }
      if (look.head !== null) return look.verdict;
      return (await watch.startSink(here.place, { mayFinish: true })) ? 'followed' : 'another_log';
    }
    const end = performance.now() + TAKE_OVER_MS;
    let current: PlaceVerdict = verdict;
    while ((current === 'moved' || current === 'contested') && performance.now() < end) {
      if (current === 'moved' && watch.isStill) break;
      await setTimeout(PASS_MS / 2);
      current = (await watch.look()).verdict;
    }
    return current;
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
    const { signer, log } = this.#deps;
    if (this.#watched === null) {
      this.#noteSealed(await sealEvents(this.#deps, signer));
      return;
    }
    try {
      await this.#follow(this.#watched);
      this.#fault = null;
    } catch (error) {
      if (error instanceof AuditSinkUnavailable) {
        this.#outage.report(error);
        // The tree goes on without the sink, while nothing says that this is another database.
        if (this.mayServe) this.#noteSealed(await sealEvents(this.#deps, signer));
      } else if (error instanceof ForeignSegment) this.#note('another_log');
      else if (error instanceof AuditSinkFault || error instanceof AlteredEvent)
        log.error({ cause: error.message }, 'the audit log is not streamed');
      else throw error;
      this.#fault = error.message;
    }
  }

  /** Looks first: a database that is not followed gets no leaves, which would be those of another tree. */
  async #follow({ sink, watch }: WatchedSink): Promise<void> {
    const { lastBeat } = watch;
    const first = await watch.look();
    const isBehind = mayServe(first.verdict) && (await watch.isBehind(first.here));
    const verdict = isBehind ? 'went_back' : first.verdict;
    this.#note(verdict);
    const { head } = first;
    if (!mayServe(verdict) || head === null || (verdict === 'moved' && !watch.isStill)) return;
    // The node that began the sink may have died before it said so.
    if (!first.here.hadSink) await watch.markStreamed();
    const sealing = await sealEvents(this.#deps, this.#deps.signer);
    this.#noteSealed(sealing);
    const here = sealing.added > 0 ? await readTreeInDatabase(this.#deps.database, -1) : first.here;
    const isMissing = here.segments - 1 > head.lastSegment;
    this.#missingSince = isMissing ? (this.#missingSince ?? performance.now()) : null;
    const isLate = this.#missingSince !== null && performance.now() - this.#missingSince > OTHERS_STREAM_MS;
    const mayStream = isMissing && (sealing.added > 0 || isLate);
    const last = mayStream ? await streamSegments({ ...this.#deps, sink }, head.lastSegment + 1) : null;
    const lastSegment = last?.number ?? head.lastSegment;
    const isComplete = lastSegment >= here.segments - 1 && sealing.completeUntil !== null;
    if (isComplete) this.#inSinkAt = performance.now();
    // Another node replaced the head since the last pass: it stands for this one too.
    if (last === null && lastBeat !== head.beat && verdict === 'followed') return;
    const lastRoot = last?.root.toString('base64') ?? head.lastRoot;
    const covered = isComplete ? this.#toRulesTime(sealing.completeUntil) : null;
    const coveredUntil =
      [head.coveredUntil, covered]
        .filter((one) => one !== null)
        .toSorted()
        .at(-1) ?? null;
    await watch.writeHead(head, { place: here.place, lastSegment, lastRoot, coveredUntil });
  }

  /** The rules' clock may be ahead by intention (the sandbox, tests). */
  #toRulesTime(time: Date | null): string | null {
    return time && new Date(time.getTime() + this.#deps.clock.offsetMs).toISOString();
  }

  /** For how long it has not been certain that what was committed is in the tree. */
  #noteSealed({ completeUntil }: SealingPass): void {
    if (completeUntil !== null) this.#sealedAt = performance.now();
    else if (performance.now() - this.#sealedAt > SEALING_MS)
      this.#unsealed.report(
        new Error('another connection holds the tree, or there is more than a node can add'),
      );
  }

  #note(verdict: PlaceVerdict): void {
    const { log, sink } = this.#deps;
    const couldServe = this.mayServe;
    this.#verdict = verdict;
    this.#contestedSince = verdict === 'contested' ? (this.#contestedSince ?? performance.now()) : null;
    const about = { cause: PLACE_WORDS[verdict], sink: sink?.name };
    if (couldServe && !this.mayServe) log.error(about, 'the database is not served from any more');
    if (!couldServe && this.mayServe) log.warn(about, 'the database is served from again');
  }

  /**
   * Before a letter, a mail or a notification leaves: the check begins after the call, so that what was read
   * from the database before it was read from one that is followed.
   * @throws NotFollowedDatabase
   */
  async assertMaySend(): Promise<void> {
    if (this.#watched === null) return;
    this.#nextCheck ??= this.#checkSoon(this.#watched);
    await this.#nextCheck;
  }

  /** Calls of the same turn share a check. */
  async #checkSoon({ sink, watch }: WatchedSink): Promise<void> {
    await Promise.resolve();
    this.#nextCheck = null;
    try {
      const { verdict, here } = await watch.look();
      if (verdict !== 'followed') throw new NotFollowedDatabase(verdict, sink.name);
      if (await watch.isBehind(here)) throw new NotFollowedDatabase('went_back', sink.name);
    } catch (error) {
      if (!(error instanceof AuditSinkUnavailable)) throw error;
      // The sink is away: what was known last holds.
      if (!this.mayServe) throw new NotFollowedDatabase(this.#verdict, sink.name);
    }
  }
}
