/**
 * Streams segments to the sink, after they were committed, in their order. A segment is created and never
 * replaced, so that two nodes that stream it at once leave one, and a segment of another log under its number
 * stops the stream.
 */
import { composeLeafContent, deriveLeafSalt } from '../../domain/auditTree/auditLeaf.ts';
import { hashLeaf } from '../../domain/auditTree/merkleTree.ts';
import type { AuditEvent } from '../../domain/auditEvent.ts';
import type { AuditSigner } from '../../platform/auditSigner.ts';
import type { AuditSink } from '../../platform/outbound/auditSink.ts';
import type { Keyring } from '../../platform/keyring.ts';
import {
  listEventsById,
  listSegments,
  type AuditSegment,
  type SaltedEvent,
} from '../../db/auditTree/auditTree.ts';
import { listErasedEvents } from '../../db/auditTree/verification.ts';
import { listStreamedRows, type ConcernedRows } from '../../db/auditTree/segmentRows.ts';
import type { Database, Queryable } from '../../db/database.ts';
import {
  AuditSinkFault,
  composeSegmentName,
  composeSegmentObject,
  readSegmentObject,
  type StreamedEvent,
} from './sinkObjects.ts';

export interface StreamDeps {
  readonly database: Database;
  readonly keyring: Keyring;
  readonly signer: AuditSigner;
  readonly sink: AuditSink;
}

/** An event is not what it was when it became a leaf, or is gone, before it reached the sink. */
export class AlteredEvent extends Error {
  constructor(id: string) {
    super(`event ${id} was changed or removed after it was added to the audit tree`);
  }
}

/** The sink has another segment under this number: two databases write to it. */
export class ForeignSegment extends AuditSinkFault {}

/** The most segments of one pass, so that the head moves on while a long log is streamed. */
const PASS_SEGMENTS = 50;
/** Also of a sink that is slow: a node looks in between, and can stop. */
const PASS_MS = 3_000;

/** Kinds that change nothing of an ID but the card in use. They are most events by far. */
const CARD_ONLY: ReadonlySet<string> = new Set<AuditEvent['kind']>([
  'signed_in',
  'signed_in_with_password',
  'sign_in_refused',
  'gone_on_to',
  'signed_out',
  'password_without_key',
  'failures_counted',
  'key_burnt',
]);

/**
 * @param from the number of the first segment that the sink lacks
 * @returns the last segment that is in the sink now; null when there was none to stream
 * @throws AuditSinkUnavailable, AuditSinkFault, AlteredEvent, DatabaseUnavailable
 */
export async function streamSegments(deps: StreamDeps, from: number): Promise<AuditSegment | null> {
  const { database, sink, signer } = deps;
  const segments = await database.transaction((db) => listSegments(db, from, PASS_SEGMENTS), {
    isCounted: false,
  });
  const end = performance.now() + PASS_MS;
  let last: AuditSegment | null = null;
  for (const segment of segments) {
    if (last !== null && performance.now() > end) break;
    const object = await database.transaction((db) => composeObject(db, deps, segment), { isCounted: false });
    const name = composeSegmentName(segment.number);
    last = segment;
    if (await sink.create(name, object)) continue;
    const existing = await sink.read(name);
    if (!existing) throw new AuditSinkFault(name, 'exists and cannot be read');
    if (!readSegmentObject(signer, segment.number, existing).root.equals(segment.root))
      throw new ForeignSegment(name, 'is a segment of another database: two databases write to one sink');
  }
  return last;
}

async function composeObject(
  db: Queryable,
  { signer, keyring }: StreamDeps,
  segment: AuditSegment,
): Promise<Buffer> {
  const events = await listEventsById(db, segment.eventIds);
  const byId = new Map(events.map((event) => [event.id, event]));
  const erased = new Map((await listErasedEvents(db, segment.eventIds)).map(({ id, hash }) => [id, hash]));
  const streamed = segment.eventIds.map((id, i): StreamedEvent => {
    const event = byId.get(id);
    if (!event) throw new AlteredEvent(id);
    const salt = deriveLeafSalt(event.salt ?? segment.salt, id);
    const leaf = hashLeaf(composeLeafContent(event, salt));
    const { salt: _, ...stored } = event;
    // The salt that its leaf was made with is gone.
    if (erased.get(id)?.equals(leaf) === true) return { ...stored, salt: '' };
    if (!segment.leaves[i]?.equals(leaf)) throw new AlteredEvent(id);
    return { ...stored, salt: salt.toString('hex') };
  });
  const rows = await listStreamedRows(db, findConcernedRows(events));
  return composeSegmentObject({ signer, keyring }, segment, {
    events: streamed,
    rows,
    salt: segment.salt.toString('hex'),
  });
}

function findConcernedRows(events: readonly SaltedEvent[]): ConcernedRows {
  const allOf = new Set<string>();
  const cardsOf = new Set<string>();
  for (const { identityId, kind } of events)
    if (identityId !== null) (CARD_ONLY.has(kind) ? cardsOf : allOf).add(identityId);
  return {
    allOf: [...allOf],
    cardsOf: [...cardsOf].filter((id) => !allOf.has(id)),
    ofInstallation: events.some(({ identityId }) => identityId === null),
    since: new Date(Number(events[0]?.at ?? 0) / 1_000),
  };
}
