/**
 * What makes a database that was restored fit to serve: nothing in it may come back to life. The sink holds
 * what the database lost; without it no card is believed. All of it is one transaction; only letters, which
 * need a hash each, follow it, and a run that was stopped goes on with them.
 */
import { setTimeout } from 'node:timers/promises';
import { composeLeafContent } from '../../domain/auditTree/auditLeaf.ts';
import { hashLeaf, TreeEdge } from '../../domain/auditTree/merkleTree.ts';
import { composeCheckpointText } from '../../domain/auditTree/signedNote.ts';
import type { AuditSink } from '../../platform/outbound/auditSink.ts';
import type { AuditSigner } from '../../platform/auditSigner.ts';
import {
  getAuditTree,
  insertSegment,
  insertSubtrees,
  listSegments,
  saveAuditTree,
  type AuditTreeState,
} from '../../db/auditTree/auditTree.ts';
import {
  burnPendingChallenges,
  skipLostCodes,
  deleteJobs,
  endAllSessions,
  endTemporaryPasswords,
  findRestoring,
  hasConnectedNodes,
  lockAfterRestore,
  setRestoring,
  settleOutboxes,
} from '../../db/auditTree/endRestored.ts';
import { retireAllFactors } from '../../db/auditTree/retireFactors.ts';
import {
  lockForReplay,
  mayReplay,
  moveEventNumbers,
  readSealedIds,
  replayEvents,
  replayRows,
  setSinkSince,
} from '../../db/auditTree/replay.ts';
import type { Queryable } from '../../db/database.ts';
import type { AppContext } from '../appContext.ts';
import { readSegment, readSinkState, type SinkState } from './readSink.ts';
import { AuditSinkFault, composeSegmentName, openSegmentContent } from './sinkObjects.ts';

/** What stands in the way, in words for an operator. Nothing was changed. */
export class AfterRestoreRefusal extends Error {}

/** Nodes stream every second: what was committed later than this after it is not in the sink. */
const COVERED_MS = 10_000;
/** No one reads a clock better than this. */
const EARLY_MS = 60_000;
/** A node that serves replaces the head more often. */
const BEAT_MS = 2_500;

export interface AfterRestoreSource {
  readonly sink: AuditSink;
  readonly signer: AuditSigner;
  /** When the database was lost: nothing was committed after it. */
  readonly lostAt: Date;
  /** In a copy, while the original serves. */
  readonly isDrill?: boolean;
}

export interface AfterRestoreReport {
  /** Until when the sink has everything; null without a sink. */
  readonly coveredUntil: Date | null;
  readonly isCovered: boolean;
  readonly segments: number;
  /** The number of the first segment that came back. */
  readonly firstSegment: number;
  /** Events that the database lacked. */
  readonly events: number;
  readonly burntKeys: number;
  readonly sessions: number;
  readonly refreshTokens: number;
  /** What is not sent again. */
  readonly heldNotices: number;
  readonly heldLogouts: number;
  readonly retiredCards: number;
}

type Report = (done: number, total: number) => void;

export interface AfterRestoreOptions {
  /** Null: there is no sink. */
  readonly source: AfterRestoreSource | null;
  /** Appends the record of the command. */
  readonly record: (db: Queryable, about: Readonly<Record<string, unknown>>) => Promise<void>;
  readonly onProgress?: Report;
}

/**
 * The transaction. @throws AfterRestoreRefusal, AuditSinkFault, AuditSinkUnavailable; nothing is changed then
 */
export async function replayRestored(
  context: AppContext,
  { source, record, onProgress = () => undefined }: AfterRestoreOptions,
): Promise<AfterRestoreReport> {
  const { database } = context;
  const state = source && (await readQuietSink(source));
  const coveredUntil = state?.head.coveredUntil ? new Date(state.head.coveredUntil) : null;
  if (source && coveredUntil && coveredUntil.getTime() - source.lostAt.getTime() > EARLY_MS) {
    throw new AfterRestoreRefusal(
      `the database was not lost at ${source.lostAt.toISOString()}: the sink has what was committed until ` +
        coveredUntil.toISOString(),
    );
  }
  const isCovered =
    source !== null &&
    coveredUntil !== null &&
    source.lostAt.getTime() - coveredUntil.getTime() <= COVERED_MS;
  return await database.transaction(async (db) => {
    if (!(await mayReplay(db)))
      throw new AfterRestoreRefusal(
        'only the owner of the tables may do this: DATABASE_URL has to connect as noegle_owner',
      );
    if (await hasConnectedNodes(db))
      throw new AfterRestoreRefusal('nodes are connected to this database: stop them first');
    await lockForReplay(db);
    const former = await findRestoring(db);
    const replayed =
      source && state ? await replaySegments(context, db, { ...source, state }, onProgress) : NOTHING;
    const ended = await endAllSessions(db);
    await endTemporaryPasswords(db);
    const held = await settleOutboxes(db, state?.head.waiting ?? { notices: null, logouts: [] });
    await deleteJobs(db);
    const burntKeys = await burnPendingChallenges(db);
    await skipLostCodes(db);
    // The cards that a run before has ordered stay.
    const isRetired = isCovered || former === 'retired';
    const retiredCards = isRetired ? 0 : (await retireAllFactors(db, context.clock.now())).card;
    await setRestoring(db, isCovered && former !== 'retired' ? 'covered' : 'retired');
    await setSinkSince(db, source ? context.clock.now() : null);
    const report: AfterRestoreReport = {
      coveredUntil,
      isCovered,
      ...replayed,
      burntKeys,
      ...ended,
      heldNotices: held.notices,
      heldLogouts: held.logouts,
      retiredCards,
    };
    await record(db, { ...report, step: 'replayed' });
    return report;
  });
}

/**
 * A server that still reports is no lost one: what it commits now would be missing.
 * @throws AfterRestoreRefusal, AuditSinkFault, AuditSinkUnavailable
 */
async function readQuietSink({ sink, signer, isDrill }: AfterRestoreSource): Promise<SinkState> {
  const first = await readSinkState(sink, signer);
  if (!first)
    throw new AfterRestoreRefusal(`${sink.name} is empty: it is not the sink that this database had`);
  if (isDrill) return first;
  await setTimeout(BEAT_MS);
  const second = await readSinkState(sink, signer);
  if (second && second.head.beat === first.head.beat) return second;
  throw new AfterRestoreRefusal(
    `a node reports to ${sink.name}: stop the nodes of the database that it follows`,
  );
}

/** Runs the whole command once at a time. @throws AfterRestoreRefusal while another one runs */
export async function runExclusively<T>(
  { database }: Pick<AppContext, 'database'>,
  work: () => Promise<T>,
): Promise<T> {
  return await database.transaction(async (db) => {
    if (!(await lockAfterRestore(db))) throw new AfterRestoreRefusal('another run of it has not ended');
    return await work();
  });
}

const NOTHING = { segments: 0, events: 0, firstSegment: 0 };

async function replaySegments(
  { keyring }: AppContext,
  db: Queryable,
  { sink, signer, state }: AfterRestoreSource & { readonly state: SinkState },
  onProgress: Report,
): Promise<{ segments: number; events: number; firstSegment: number }> {
  const tree = await getAuditTree(db);
  await assertSameLog(db, tree, { sink, signer, state });
  const edge = TreeEdge.parse(tree.size, tree.edge);
  const { notices } = state.head.waiting;
  const waiting = notices && new Set(notices);
  let events = 0;
  for (let number = tree.segments; number <= state.lastSegment; number += 1) {
    const segment = await readSegment(sink, signer, number);
    const content = openSegmentContent(keyring, number, segment.sealed);
    const name = composeSegmentName(number);
    if (segment.firstLeaf !== edge.size) throw new AuditSinkFault(name, 'does not follow the one before it');
    const isWhole = content.events.every((event, i) => {
      // Of a person who was erased before the sink began: the salt is gone, and the segment is signed.
      if (event.salt === '') return true;
      const leaf = hashLeaf(composeLeafContent(event, Buffer.from(event.salt, 'hex')));
      return segment.leaves[i]?.equals(leaf) ?? false;
    });
    if (!isWhole || content.events.length !== segment.leaves.length)
      throw new AuditSinkFault(name, 'holds events that are not its leaves');
    const subtrees = segment.leaves.flatMap((leaf) => edge.append(leaf));
    if (!edge.root.equals(segment.root)) throw new AuditSinkFault(name, 'does not lead to its root');
    events += await replayEvents(db, content.events);
    await insertSegment(db, {
      ...segment,
      eventIds: content.events.map(({ id }) => id),
      salt: Buffer.from(content.salt, 'hex'),
    });
    await insertSubtrees(db, subtrees);
    await replayRows(db, content.rows, waiting);
    onProgress(number - tree.segments + 1, state.lastSegment - tree.segments + 1);
  }
  const segments = Math.max(0, state.lastSegment + 1 - tree.segments);
  if (segments > 0) await saveReplayedTree(db, { signer, edge, segments: tree.segments + segments });
  return { segments, events, firstSegment: tree.segments };
}

/** @throws AfterRestoreRefusal when the database and the sink are not of one log */
async function assertSameLog(
  db: Queryable,
  tree: AuditTreeState,
  { sink, signer, state }: Pick<AfterRestoreSource, 'sink' | 'signer'> & { readonly state: SinkState },
): Promise<void> {
  const last = Math.min(tree.segments - 1, state.lastSegment);
  if (last < 0) return;
  const [here] = await listSegments(db, last, 1);
  const there = await readSegment(sink, signer, last);
  if (here?.root.equals(there.root)) return;
  throw new AfterRestoreRefusal(
    `${composeSegmentName(last)} in ${sink.name} is not what this database has: the sink holds the log of another ` +
      'database, or this one was served from after it was restored',
  );
}

async function saveReplayedTree(
  db: Queryable,
  {
    signer,
    edge,
    segments,
  }: { readonly signer: AuditSigner; readonly edge: TreeEdge; readonly segments: number },
): Promise<void> {
  await moveEventNumbers(db);
  const { sealedBelow, sealedAbove } = await readSealedIds(db);
  const { size, bytes, root } = edge;
  await saveAuditTree(db, {
    segments,
    size,
    edge: bytes,
    sealedBelow,
    sealedAbove,
    nextBelow: sealedBelow,
    nextHolders: [],
    checkpoint: signer.signNote(composeCheckpointText({ origin: signer.origin, size, root })),
  });
}
