/** Every segment that the database or the sink has, in their order, a page at a time. */
import { listSegments, type AuditSegment } from '../../../db/auditTree/auditTree.ts';
import type { Queryable } from '../../../db/database.ts';
import type { SegmentContent } from '../sinkObjects.ts';
import type { AuditFindings } from './auditFinding.rules.ts';
import type { SinkReader, SinkSegment } from './sinkReader.ts';

const PAGE_SEGMENTS = 20;

/** A segment as it was sealed, as far as that is known. */
export interface SealedSegment {
  readonly ids: readonly string[];
  readonly leaves: readonly Buffer[];
  readonly salt: Buffer;
  /** What the sink has of its events; null where it has none. */
  readonly content: SegmentContent | null;
}

export interface SegmentPair {
  readonly number: number;
  /** As the database has it. */
  readonly stored: AuditSegment | null;
  readonly sunk: SinkSegment | null;
  /** Null when neither is there. */
  readonly sealed: SealedSegment | null;
}

interface SegmentPagesDeps {
  readonly db: Queryable;
  readonly sink: SinkReader | null;
  readonly findings: AuditFindings;
}

/** What the database lacks between two of its segments is a finding. */
export async function* listSegmentPages(deps: SegmentPagesDeps): AsyncGenerator<SegmentPair[]> {
  let page: NumberedSegment[] = [];
  for await (const one of listNumbers(deps)) {
    page.push(one);
    if (page.length < PAGE_SEGMENTS) continue;
    yield await readPage(deps, page);
    page = [];
  }
  if (page.length > 0) yield await readPage(deps, page);
}

type NumberedSegment = Pick<SegmentPair, 'number' | 'stored'>;

async function* listNumbers({ db, sink, findings }: SegmentPagesDeps): AsyncGenerator<NumberedSegment> {
  let next = 0;
  for (;;) {
    const page = await listSegments(db, next, PAGE_SEGMENTS);
    for (const stored of page) {
      if (stored.number > next) {
        const gap = { from: next, to: stored.number - 1 };
        findings.add({ kind: 'segments_missing', place: 'database', ...gap });
        yield* listGap(sink, gap);
      }
      yield { number: stored.number, stored };
      next = stored.number + 1;
    }
    if (page.length > 0) continue;
    // What the database lacks at its end.
    yield* listGap(sink, { from: next, to: sink?.last ?? -1 });
    return;
  }
}

/** The numbers that the sink has; one more stands for all that it has not. */
function* listGap(
  sink: SinkReader | null,
  { from, to }: { readonly from: number; readonly to: number },
): Generator<NumberedSegment> {
  const { first = 0, last = -1 } = sink ?? {};
  if (from <= to && (from < first || to > last)) yield { number: from, stored: null };
  for (let number = Math.max(from, first); number <= Math.min(to, last); number += 1)
    yield { number, stored: null };
}

async function readPage(
  { sink }: SegmentPagesDeps,
  page: readonly NumberedSegment[],
): Promise<SegmentPair[]> {
  const sunk = await Promise.all(page.map(async ({ number }) => (await sink?.readSegment(number)) ?? null));
  return page.map(({ number, stored }, i) => {
    const pair = { number, stored, sunk: sunk[i] ?? null };
    return { ...pair, sealed: composeSealed(sink, pair) };
  });
}

function composeSealed(
  sink: SinkReader | null,
  { stored, sunk }: Pick<SegmentPair, 'stored' | 'sunk'>,
): SealedSegment | null {
  const content = sunk && (sink?.openContent(sunk) ?? null);
  if (sunk && content) {
    const ids = content.events.map(({ id }) => id);
    return { ids, leaves: sunk.leaves, salt: Buffer.from(content.salt, 'hex'), content };
  }
  if (!stored) return null;
  return {
    ids: stored.eventIds,
    leaves: sunk?.leaves ?? stored.leaves,
    salt: stored.salt,
    content: null,
  };
}

/** The columns in which the database differs from the sink. */
export function compareWithSink({ stored, sunk, sealed }: SegmentPair, findings: AuditFindings): void {
  if (!stored || !sunk || !sealed) return;
  const { ids, salt, content } = sealed;
  const differences = {
    first_leaf: stored.firstLeaf !== sunk.firstLeaf,
    event_ids: content !== null && stored.eventIds.join() !== ids.join(),
    salt: content !== null && !stored.salt.equals(salt),
    leaves: !Buffer.concat(stored.leaves).equals(Buffer.concat(sunk.leaves)),
    root: !stored.root.equals(sunk.root),
    sealed_at: stored.sealedAt.getTime() !== sunk.sealedAt.getTime(),
  } as const;
  for (const [column, isDifferent] of Object.entries(differences))
    if (isDifferent)
      findings.add({
        kind: 'segment_changed',
        segment: stored.number,
        column: column as keyof typeof differences,
      });
}
