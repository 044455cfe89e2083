/**
 * features/auditLog/ makes the audit log tamper-evident, and streams it to a second place. Events become
 * leaves of a Merkle tree after they were committed, a segment at a time, by whichever node is first. Each
 * segment then goes to the sink with the rows that its events changed, so that a database that is restored
 * gets back what it lost. db/auditTree/ has the SQL, domain/auditTree/ the rules, platform/outbound/ the
 * sinks. Decided in docs/decisions/0026-audit-tree.md.
 *
 * This file adds the events to the tree.
 */
import { hashEvent } from '../../domain/auditTree/auditLeaf.ts';
import { TreeEdge, type Subtree } from '../../domain/auditTree/merkleTree.ts';
import { composeCheckpointText } from '../../domain/auditTree/signedNote.ts';
import type { AuditSigner } from '../../platform/auditSigner.ts';
import {
  findLastEventId,
  findUnsealed,
  insertSegment,
  insertSubtrees,
  listAuditWriters,
  listUnsealedEvents,
  lockAuditTree,
  saveAuditTree,
  type AuditTreeState,
  type SaltedEvent,
} from '../../db/auditTree/auditTree.ts';
import type { Queryable } from '../../db/database.ts';
import type { AppContext } from '../appContext.ts';

/** The most events of one segment: a pass ends within the timeout of a statement. */
export const SEGMENT_EVENTS = 500;
/** So that a long log is added within minutes, and the pass still ends. */
const PASS_SEGMENTS = 20;
const SALT_BYTES = 32;

export type SealingContext = Pick<AppContext, 'database' | 'clock' | 'random'>;

export interface SealingPass {
  readonly added: number;
  /** By the database's clock: what was committed before it is in the tree; null when that is not certain. */
  readonly completeUntil: Date | null;
}

/**
 * One pass: it adds what has become visible, a segment at a time, and takes no lock that a request waits
 * for.
 */
export async function sealEvents(context: SealingContext, signer: AuditSigner): Promise<SealingPass> {
  const { database } = context;
  let added = 0;
  let from: Date | null = null;
  for (let segment = 0; segment < PASS_SEGMENTS; segment += 1) {
    const { found, now } = await findUnsealed(database);
    from ??= now;
    if (!found) return { added, completeUntil: from };
    const more = await sealSegment(context, signer);
    // Another node adds some.
    if (more === null) return { added, completeUntil: null };
    added += more;
    if (more < SEGMENT_EVENTS) return { added, completeUntil: from };
  }
  return { added, completeUntil: null };
}

async function sealSegment(context: SealingContext, signer: AuditSigner): Promise<number | null> {
  return await context.database.transaction(
    async (db) => {
      const tree = await lockAuditTree(db);
      return tree && (await addToTree(db, tree, context, signer));
    },
    { isCounted: false },
  );
}

async function addToTree(
  db: Queryable,
  tree: AuditTreeState,
  { clock, random }: SealingContext,
  signer: AuditSigner,
): Promise<number> {
  // Read before the events: what a transaction wrote that has ended by now is among them.
  const isDecided = await haveEnded(db, tree.nextHolders);
  const events = await listUnsealedEvents(db, tree, SEGMENT_EVENTS);
  const added = events.length === 0 ? tree : await addSegment(db, tree, events, { clock, random });
  const sealed = [...tree.sealedAbove, ...events.map(({ id }) => BigInt(id))];
  // Events come in the order of their ids: where there are more, those up to the last one are in the tree.
  const lastOfFull = events.length < SEGMENT_EVENTS ? null : BigInt(events.at(-1)?.id ?? 0);
  const isReached = lastOfFull === null || lastOfFull >= tree.nextBelow;
  const sealedBelow = isDecided && isReached ? tree.nextBelow : tree.sealedBelow;
  const largest = sealed.reduce((most, id) => (id > most ? id : most), sealedBelow);
  const reached = lastOfFull !== null && lastOfFull > sealedBelow ? lastOfFull : largest;
  const lastGiven = await findLastEventId(db);
  const nextBelow = reached > lastGiven ? lastGiven : reached;
  // Read after the events: what may still add one below the largest of them is among these.
  const nextHolders = nextBelow > sealedBelow ? await listAuditWriters(db) : [];
  const { size, edge } = added;
  const checkpoint =
    events.length === 0
      ? tree.checkpoint
      : signer.signNote(
          composeCheckpointText({ origin: signer.origin, size, root: TreeEdge.parse(size, edge).root }),
        );
  await saveAuditTree(db, {
    ...added,
    sealedBelow,
    sealedAbove: sealed.filter((id) => id > sealedBelow),
    nextBelow,
    nextHolders,
    checkpoint,
  });
  return events.length;
}

async function haveEnded(db: Queryable, holders: readonly string[]): Promise<boolean> {
  if (holders.length === 0) return true;
  const open = new Set(await listAuditWriters(db));
  return !holders.some((one) => open.has(one));
}

async function addSegment(
  db: Queryable,
  tree: AuditTreeState,
  events: readonly SaltedEvent[],
  { clock, random }: Pick<SealingContext, 'clock' | 'random'>,
): Promise<AuditTreeState> {
  const salt = random.bytes(SALT_BYTES);
  const leaves = events.map((event) => hashEvent(event, event.salt ?? salt));
  const edge = TreeEdge.parse(tree.size, tree.edge);
  const subtrees: Subtree[] = leaves.flatMap((leaf) => edge.append(leaf));
  await insertSegment(db, {
    number: tree.segments,
    firstLeaf: tree.size,
    eventIds: events.map(({ id }) => id),
    salt,
    leaves,
    root: edge.root,
    sealedAt: clock.now(),
  });
  await insertSubtrees(db, subtrees);
  return { ...tree, segments: tree.segments + 1, size: edge.size, edge: edge.bytes };
}
