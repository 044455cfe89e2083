/** Exports the audit log as lines of JSON, which a program in any language can verify (examples/audit). */
import { listEventsById, listSegments, type AuditSegment } from '../../db/auditTree/auditTree.ts';
import type { Queryable } from '../../db/database.ts';
import { composeProvenLeaf, findSignedState, type ProvenLeaf } from './proveInclusion.ts';
import { InclusionProver } from './treeTiles.ts';

export interface EventsToExport {
  /** The first leaf, and the last one. */
  readonly from: number;
  readonly to: number;
  readonly withProofs: boolean;
}

export type ExportedEvent = ProvenLeaf & { readonly proof?: readonly string[] };

const PAGE_SEGMENTS = 10;

/**
 * @param db one snapshot
 * @returns the signed checkpoint to which the proofs lead; null when the tree is empty
 */
export async function exportEvents(
  db: Queryable,
  { from, to, withProofs }: EventsToExport,
  write: (event: ExportedEvent) => Promise<void>,
): Promise<string | null> {
  const state = await findSignedState(db);
  if (!state) return null;
  const prover = new InclusionProver(db, state.size);
  const end = Math.min(to + 1, state.size);
  for (let next = 0; ; ) {
    const segments = await listSegments(db, next, PAGE_SEGMENTS);
    for (const segment of segments)
      for (const one of await listExported(db, segment, { from, end })) {
        const hashes = withProofs ? await prover.prove(one.index) : null;
        await write(hashes === null ? one : { ...one, proof: hashes.map((hash) => hash.toString('base64')) });
      }
    const last = segments.at(-1);
    if (!last || last.firstLeaf >= end) return state.checkpoint;
    next = last.number + 1;
  }
}

async function listExported(
  db: Queryable,
  { number, firstLeaf, eventIds, leaves, salt }: AuditSegment,
  { from, end }: { readonly from: number; readonly end: number },
): Promise<ProvenLeaf[]> {
  if (firstLeaf >= end || firstLeaf + leaves.length <= from) return [];
  const byId = new Map((await listEventsById(db, eventIds)).map((event) => [event.id, event]));
  return eventIds.flatMap((id, i): ProvenLeaf[] => {
    const index = firstLeaf + i;
    const [event, leaf] = [byId.get(id), leaves[i]];
    if (!event || !leaf || index < from || index >= end) return [];
    return [composeProvenLeaf(event, { id, index, segment: number, leaf, segmentSalt: salt })];
  });
}
