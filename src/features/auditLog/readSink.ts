/** Reads a sink as a whole: its epochs, its head, and segments in their order, each verified. */
import type { AuditSink } from '../../platform/outbound/auditSink.ts';
import type { AuditSigner } from '../../platform/auditSigner.ts';
import {
  AuditSinkFault,
  composeEpochName,
  composeSegmentName,
  HEAD,
  readEpochObject,
  readHeadObject,
  readSegmentObject,
  type SegmentObject,
  type SinkEpoch,
  type SinkHead,
} from './sinkObjects.ts';

export interface SinkState {
  readonly head: SinkHead;
  /** In their order; the last one counts. */
  readonly epochs: readonly SinkEpoch[];
  /** The number of the last segment, also where a node died before it moved the head; -1 for none. */
  readonly lastSegment: number;
}

/**
 * @returns null for an empty sink
 * @throws AuditSinkFault, AuditSinkUnavailable
 */
export async function readSinkState(sink: AuditSink, signer: AuditSigner): Promise<SinkState | null> {
  const epochs: SinkEpoch[] = [];
  for (;;) {
    const number = epochs.length + 1;
    const bytes = await sink.read(composeEpochName(number));
    if (!bytes) break;
    epochs.push(readEpochObject(signer, number, bytes));
  }
  const headBytes = await sink.read(HEAD);
  if (!headBytes && epochs.length === 0) return null;
  if (!headBytes) throw new AuditSinkFault(HEAD, 'is missing');
  const head = readHeadObject(signer, headBytes);
  if (epochs.length < head.epoch) throw new AuditSinkFault(composeEpochName(head.epoch), 'is missing');
  let { lastSegment } = head;
  while (await sink.read(composeSegmentName(lastSegment + 1))) lastSegment += 1;
  return { head, epochs, lastSegment };
}

/** @throws AuditSinkFault when the segment is missing, or is not as this log wrote it */
export async function readSegment(
  sink: AuditSink,
  signer: AuditSigner,
  number: number,
): Promise<SegmentObject & { readonly sealed: Buffer }> {
  const name = composeSegmentName(number);
  const bytes = await sink.read(name);
  if (!bytes) {
    throw new AuditSinkFault(
      name,
      'is missing: the sink has a hole, or begins after the state that the database was restored to',
    );
  }
  return readSegmentObject(signer, number, bytes);
}
