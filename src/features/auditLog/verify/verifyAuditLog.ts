/**
 * Verifies the audit log: every event against its leaf, every segment against the tree, the tree against its
 * signed checkpoints, and all of it against the sink, where there is one. The sink decides: the owner of the
 * database can rewrite events, leaves and roots so that they fit each other, and cannot sign them.
 *
 * It reads everything once, in pages, and remembers a bit for each event. It changes nothing.
 */
import { TreeEdge } from '../../../domain/auditTree/merkleTree.ts';
import {
  findLastEventId,
  getAuditTree,
  listEventsById,
  type AuditSegment,
  type AuditTreeState,
  type SaltedEvent,
} from '../../../db/auditTree/auditTree.ts';
import {
  countTreeRows,
  findLastSegment,
  listErasedEvents,
  listInheritedTables,
} from '../../../db/auditTree/verification.ts';
import type { Queryable } from '../../../db/database.ts';
import { AuditFindings } from './auditFinding.rules.ts';
import type { AuditVerification, VerifyAuditDeps } from './auditVerification.ts';
import { EventComparison } from './eventComparison.rules.ts';
import { compareWithSink, listSegmentPages, type SealedSegment, type SegmentPair } from './segmentPages.ts';
import { SinkReader } from './sinkReader.ts';
import { compareTreeRow } from './treeRow.rules.ts';
import { CheckpointComparison } from './verifyCheckpoints.rules.ts';
import { verifyErasures } from './verifyErasures.ts';
import { computeLeaves } from './verifyEvents.rules.ts';
import { verifyIds } from './verifyIds.ts';
import { SubtreeComparison } from './verifySubtrees.ts';

/** An event that waits for its leaf for longer than this does not wait. */
const SETTLED_MS = 3_600_000;
/** A sink gets a segment within seconds. */
const LAG_MS = 60_000;

/** @throws AuditSinkUnavailable, DatabaseUnavailable */
export async function verifyAuditLog(deps: VerifyAuditDeps): Promise<AuditVerification> {
  const { db, sink, signer, keyring, inSnapshot } = deps;
  const findings = new AuditFindings();
  // The sink first: what it has by now, the database has had before.
  const known = (await findLastSegment(db)) + 1;
  const reader = sink && (await SinkReader.open({ sink, signer, keyring, findings }, known));
  return await inSnapshot(async (snapshot) => await new Verification(deps, snapshot, findings, reader).run());
}

interface PageEvents {
  readonly byId: ReadonlyMap<string, SaltedEvent>;
  readonly erased: ReadonlyMap<string, Buffer>;
}

class Verification {
  readonly #deps: VerifyAuditDeps;
  readonly #db: Queryable;
  readonly #findings: AuditFindings;
  readonly #sink: SinkReader | null;
  readonly #edge = new TreeEdge();
  readonly #events: EventComparison;
  readonly #checkpoints: CheckpointComparison;
  readonly #subtrees: SubtreeComparison;
  /** Ids that the state of the tree has to list one by one. */
  readonly #sealedAbove: string[] = [];
  /** A part of the tree is not known: what is computed from it says nothing. */
  #isLost = false;
  readonly #doubledIds = new Set<string>();
  #lastNumber = 0n;
  #isLagging = false;
  #hasWrongRoot = false;
  #hasWrongSinkRoot = false;
  #maxId = 0n;
  #settledId = 0n;
  /** The tree at the end of what the database has. */
  #stored: { readonly size: number; readonly edge: Buffer } = { size: 0, edge: Buffer.alloc(0) };

  constructor(deps: VerifyAuditDeps, db: Queryable, findings: AuditFindings, sink: SinkReader | null) {
    this.#deps = deps;
    this.#db = db;
    this.#findings = findings;
    this.#sink = sink;
    this.#events = new EventComparison(findings);
    this.#checkpoints = new CheckpointComparison(deps.signer, findings);
    this.#subtrees = new SubtreeComparison(db, findings);
  }

  async run(): Promise<AuditVerification> {
    const findings = this.#findings;
    const rows = await countTreeRows(this.#db);
    const tree = rows === 1 ? await getAuditTree(this.#db) : null;
    if (!tree) findings.add({ kind: 'tree_row_missing', rows });
    for (const one of await listInheritedTables(this.#db)) findings.add({ kind: 'table_inherited', ...one });
    // After the first statement: what the snapshot has was numbered before.
    this.#lastNumber = await findLastEventId(this.#db);
    const segments = (await findLastSegment(this.#db)) + 1;
    this.#expectCheckpoints(tree);
    const total = Math.max(segments, (this.#sink?.last ?? -1) + 1, 1);
    for await (const page of listSegmentPages({ db: this.#db, sink: this.#sink, findings })) {
      await this.#verifyPage(page, tree);
      this.#deps.onProgress?.((0.9 * ((page.at(-1)?.number ?? 0) + 1)) / total);
    }
    this.#events.finish();
    this.#compareLengths(tree, segments);
    await this.#finishTree(tree);
    const settledId = tree && tree.sealedBelow > this.#settledId ? tree.sealedBelow : this.#settledId;
    const { sealedIds, reportedIds, erasedCount: erased, late: sealedLate } = this.#events;
    const { unsealed } = await verifyIds(this.#db, findings, {
      sealedIds,
      reportedIds,
      doubledIds: this.#doubledIds,
      settledId,
      lastNumber: this.#lastNumber,
    });
    await verifyErasures(this.#db, this.#deps.signer, findings);
    this.#deps.onProgress?.(1);
    const { named, counts } = findings;
    const sink = this.#describeSink(segments);
    const leaves = this.#edge.size;
    return { findings: named, counts, leaves, segments, unsealed, erased, sealedLate, sink };
  }

  #describeSink(segments: number): AuditVerification['sink'] {
    if (!this.#sink) return null;
    const { first: firstSegment, last: lastSegment } = this.#sink;
    const behind = Math.max(0, segments - 1 - lastSegment);
    return { name: this.#deps.sink?.name ?? '', firstSegment, lastSegment, behind };
  }

  #expectCheckpoints(tree: AuditTreeState | null): void {
    const { checkpoints = [] } = this.#deps;
    if (tree && (tree.size > 0 || tree.checkpoint !== null))
      this.#checkpoints.expect('database', tree.checkpoint, tree.size);
    for (const note of checkpoints) this.#checkpoints.expect('file', note);
    const head = this.#sink?.head;
    if (head && head.lastSegment >= 0) this.#checkpoints.expect('sink', head.checkpoint);
  }

  async #verifyPage(page: readonly SegmentPair[], tree: AuditTreeState | null): Promise<void> {
    const ids = page.flatMap(({ sealed }) => sealed?.ids ?? []);
    const events = await listEventsById(this.#db, ids);
    this.#noteDoubled(events);
    const erased = await listErasedEvents(this.#db, ids);
    const found: PageEvents = {
      byId: new Map(events.map((event) => [event.id, event])),
      erased: new Map(erased.map(({ id, hash }) => [id, hash])),
    };
    for (const pair of page) {
      if (pair.sealed) this.#verifySegment(pair, pair.sealed, found, tree);
      // Neither the database nor the sink has it.
      else this.#isLost = true;
      if (pair.stored) this.#stored = { size: this.#edge.size, edge: this.#edge.bytes };
    }
    if (!this.#isLost) await this.#subtrees.compare();
  }

  /** Also where a person or an ID has two rows. */
  #noteDoubled(events: readonly SaltedEvent[]): void {
    for (const [i, { id }] of events.entries()) {
      if (id !== events[i - 1]?.id || this.#doubledIds.has(id)) continue;
      this.#doubledIds.add(id);
      this.#findings.add({ kind: 'event_doubled', id });
    }
  }

  #verifySegment(
    pair: SegmentPair,
    sealed: SealedSegment,
    found: PageEvents,
    tree: AuditTreeState | null,
  ): void {
    const { number, stored, sunk } = pair;
    compareWithSink(pair, this.#findings);
    const firstLeaf = this.#edge.size;
    if (stored && !sunk && !this.#isLost && stored.firstLeaf !== firstLeaf)
      this.#findings.add({ kind: 'segment_changed', segment: number, column: 'first_leaf' });
    const leaves = sunk || !stored ? sealed.leaves : this.#chooseLeaves(stored, found);
    for (const leaf of leaves) {
      this.#subtrees.add(this.#edge.append(leaf));
      if (!this.#isLost) this.#checkpoints.compare(this.#edge);
    }
    if (sunk && !this.#isLost && !this.#hasWrongSinkRoot && !sunk.root.equals(this.#edge.root)) {
      this.#hasWrongSinkRoot = true;
      this.#findings.add({ kind: 'sink_root_differs', segment: number });
    }
    this.#verifyEvents({ firstLeaf, leaves, pair }, sealed, found);
    if (stored) this.#noteIds(stored, tree);
    if (stored && this.#sink && number > this.#sink.last) this.#noteLag(stored);
  }

  #verifyEvents(
    {
      firstLeaf,
      leaves,
      pair: { sunk, stored },
    }: { readonly firstLeaf: number; readonly leaves: readonly Buffer[]; readonly pair: SegmentPair },
    { ids, salt: segmentSalt, content }: SealedSegment,
    { byId, erased }: PageEvents,
  ): void {
    const sealedAtMs = (sunk ?? stored)?.sealedAt.getTime() ?? Infinity;
    const isSettled = sealedAtMs <= this.#deps.now.getTime() - SETTLED_MS;
    this.#events.beginSegment();
    for (const [i, id] of ids.entries()) {
      const leaf = leaves[i];
      if (!leaf) continue;
      const place = { index: firstLeaf + i, id, leaf, segmentSalt, erasedHash: erased.get(id) ?? null };
      const more = { sunk: content?.events[i], sealedAt: sealedAtMs * 1_000 };
      this.#events.compare(place, byId.get(id), more);
      // A number that was not given says nothing of those below it.
      const number = BigInt(id);
      if (isSettled && number > this.#settledId && number <= this.#lastNumber) this.#settledId = number;
    }
  }

  #noteIds({ eventIds }: AuditSegment, tree: AuditTreeState | null): void {
    for (const id of eventIds) {
      if (tree && BigInt(id) > tree.sealedBelow) this.#sealedAbove.push(id);
      if (BigInt(id) > this.#maxId) this.#maxId = BigInt(id);
    }
  }

  /** Of a segment that the sink has not got. */
  #noteLag({ sealedAt }: AuditSegment): void {
    if (sealedAt.getTime() < this.#deps.now.getTime() - LAG_MS) this.#isLagging = true;
  }

  /** Without the sink: the stored leaves, unless those of the events fit the root instead. */
  #chooseLeaves(stored: AuditSegment, { byId, erased }: PageEvents): readonly Buffer[] {
    const fits = (leaves: readonly Buffer[]) => {
      const edge = TreeEdge.parse(this.#edge.size, this.#edge.bytes);
      for (const leaf of leaves) edge.append(leaf);
      return edge.root.equals(stored.root);
    };
    if (this.#isLost) return stored.leaves;
    if (fits(stored.leaves)) {
      this.#hasWrongRoot = false;
      return stored.leaves;
    }
    const computed = computeLeaves(stored, byId, erased);
    const isRepaired = computed !== null && fits(computed);
    // All roots after a leaf that cannot be repaired are other ones.
    if (isRepaired || !this.#hasWrongRoot)
      this.#findings.add({
        kind: 'segment_changed',
        segment: stored.number,
        column: isRepaired ? 'leaves' : 'root',
      });
    if (isRepaired) return computed;
    this.#hasWrongRoot = true;
    return stored.leaves;
  }

  #compareLengths(tree: AuditTreeState | null, segments: number): void {
    const expected = tree?.segments ?? segments;
    if (expected > segments) {
      this.#isLost ||= this.#sink === null || expected > this.#sink.last + 1;
      const gap = { from: segments, to: expected - 1 };
      this.#findings.add({ kind: 'segments_missing', place: 'database', ...gap });
    }
    if (expected < segments) this.#findings.add({ kind: 'tree_row_changed', column: 'segments' });
    const segmentsInSink = (this.#sink?.last ?? -1) + 1;
    if (Math.max(expected, segments) < segmentsInSink)
      this.#findings.add({ kind: 'log_rolled_back', segments: expected, segmentsInSink });
    if (this.#isLagging) this.#findings.add({ kind: 'sink_lags', from: segmentsInSink, to: segments - 1 });
  }

  async #finishTree(tree: AuditTreeState | null): Promise<void> {
    if (!this.#isLost) {
      await this.#subtrees.finish();
      this.#checkpoints.finish(this.#stored.size);
    }
    if (!tree) return;
    const known = { ...this.#stored, sealedAbove: this.#sealedAbove, maxId: this.#maxId };
    compareTreeRow(tree, { ...known, isLost: this.#isLost }, this.#findings);
  }
}
