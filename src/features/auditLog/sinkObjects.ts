/**
 * The objects in a sink, and what they say. A segment is a signed note, which anyone can read, and the events
 * and rows, which only the ring `audit` opens. An epoch is a signed note: which database the sink follows
 * from which segment on. The head is where the sink stands; it is replaced every second, and is all that is.
 */
import { hash } from 'node:crypto';
import { deflateSync, inflateSync } from 'node:zlib';
import { z } from 'zod';
import type { StoredEvent } from '../../domain/auditTree/auditLeaf.ts';
import { splitHashes } from '../../domain/auditTree/merkleTree.ts';
import type { DatabasePlace } from '../../domain/auditTree/databasePlace.ts';
import type { AuditSegment } from '../../db/auditTree/auditTree.ts';
import type { StreamedRows } from '../../db/auditTree/segmentRows.ts';
import type { AuditSigner } from '../../platform/auditSigner.ts';
import type { Keyring } from '../../platform/keyring.ts';

export const HEAD = 'head';

/** In folders of a thousand, so that none grows too large to list. */
export function composeSegmentName(number: number): string {
  const digits = String(number).padStart(12, '0');
  return `segments/${digits.slice(0, 3)}/${digits.slice(3, 6)}/${digits.slice(6, 9)}/${digits}`;
}

export function composeEpochName(epoch: number): string {
  return `epochs/${String(epoch).padStart(6, '0')}`;
}

/** What is in the sink is not what this Nøgle wrote, or is not there. In words for an operator. */
export class AuditSinkFault extends Error {
  readonly objectName: string;
  constructor(objectName: string, what: string) {
    super(`${objectName} ${what}`);
    this.objectName = objectName;
  }
}

/** @throws AuditSinkFault when this log did not sign it */
function readSignedText(signer: AuditSigner, name: string, note: string): string {
  const reading = signer.readNote(note);
  switch (reading.kind) {
    case 'valid':
      return reading.text;
    case 'malformed':
      throw new AuditSinkFault(name, 'is no signed note');
    case 'changed':
      throw new AuditSinkFault(name, 'was changed: its signature does not fit');
    case 'another_key':
      throw new AuditSinkFault(
        name,
        `was signed by another key (${reading.name}, ${reading.keyId}), which is not in the ring "audit"`,
      );
    default:
      return reading satisfies never;
  }
}

/** An event in a segment, with the salt of its leaf. */
export type StreamedEvent = StoredEvent & { readonly salt: string };

export interface SegmentContent {
  readonly events: readonly StreamedEvent[];
  readonly rows: StreamedRows;
  /** The salt of the segment, in hexadecimal digits. */
  readonly salt: string;
}

export interface SegmentObject {
  readonly number: number;
  readonly firstLeaf: number;
  /** Of the tree that ends with this segment. */
  readonly size: number;
  readonly root: Buffer;
  readonly leaves: readonly Buffer[];
  readonly sealedAt: Date;
}

const SEGMENT_HEAD = 'noegle audit segment v1';

type SegmentSealing = Pick<Keyring, 'seal' | 'openBytes'>;

/** @param content is sealed; `segment` is readable */
export function composeSegmentObject(
  { signer, keyring }: { readonly signer: AuditSigner; readonly keyring: SegmentSealing },
  segment: AuditSegment,
  content: SegmentContent,
): Buffer {
  const { number, firstLeaf, leaves, root, sealedAt } = segment;
  const sealed = keyring.seal('audit', deflateSync(JSON.stringify(content)), composeSealContext(number));
  const text = [
    SEGMENT_HEAD,
    signer.origin,
    String(number),
    String(firstLeaf),
    String(firstLeaf + leaves.length),
    root.toString('base64'),
    Buffer.concat(leaves).toString('base64'),
    sealedAt.toISOString(),
    hash('sha256', sealed, 'base64'),
    '',
  ].join('\n');
  return Buffer.from(`${signer.signNote(text)}\n${sealed.toString('base64')}\n`);
}

function composeSealContext(number: number): string {
  return `audit segment ${number}`;
}

/** @throws AuditSinkFault when the object is not this segment as this log wrote it */
export function readSegmentObject(
  signer: AuditSigner,
  number: number,
  bytes: Buffer,
): SegmentObject & { readonly sealed: Buffer } {
  const name = composeSegmentName(number);
  const text = bytes.toString('utf8');
  const end = text.trimEnd().lastIndexOf('\n\n');
  const lines = readSignedText(signer, name, text.slice(0, end + 1)).split('\n');
  const [head, origin, numberText, first, size, root = '', leaves = '', sealedAt = '', digest] = lines;
  const sealed = Buffer.from(text.slice(end + 2), 'base64');
  if (head !== SEGMENT_HEAD) throw new AuditSinkFault(name, 'is no segment');
  if (origin !== signer.origin) throw new AuditSinkFault(name, `belongs to the log ${origin}`);
  if (numberText !== String(number))
    throw new AuditSinkFault(name, `is segment ${numberText} under another name`);
  if (hash('sha256', sealed, 'base64') !== digest)
    throw new AuditSinkFault(name, 'was changed: its content does not fit its signature');
  const hashes = Buffer.from(leaves, 'base64');
  return {
    number,
    firstLeaf: Number(first),
    size: Number(size),
    root: Buffer.from(root, 'base64'),
    leaves: splitHashes(hashes),
    sealedAt: new Date(sealedAt),
    sealed,
  };
}

/** @throws DamagedSeal when the ring "audit" has no key for it */
export function openSegmentContent(keyring: SegmentSealing, number: number, sealed: Buffer): SegmentContent {
  const bytes = inflateSync(keyring.openBytes('audit', sealed, composeSealContext(number)));
  return JSON.parse(bytes.toString('utf8')) as SegmentContent;
}

const placeSchema = z.object({
  system: z.string(),
  database: z.string(),
  timeline: z.string(),
  started: z.string(),
});
const idsSchema = z.array(z.string()).readonly().nullable();
const headSchema = z.object({
  epoch: z.number().int().positive(),
  place: placeSchema,
  /** The number of the last segment; -1 when there is none. */
  lastSegment: z.number().int().min(-1),
  /** The root of the tree that ends with it. */
  lastRoot: z.base64().nullable(),
  /** Counted up at each replacement. */
  beat: z.number().int(),
  at: z.iso.datetime(),
  /** What was committed before it, by the database's clock, is in the sink; null before the first time. */
  coveredUntil: z.iso.datetime().nullable(),
  checkpoint: z.string().nullable(),
  waiting: z.object({ letters: idsSchema, notices: idsSchema, logouts: idsSchema }),
});
export type SinkHead = z.infer<typeof headSchema>;

export function composeHeadObject(signer: AuditSigner, head: SinkHead): Buffer {
  return Buffer.from(signer.signNote(`${JSON.stringify(head)}\n`));
}

/** @throws AuditSinkFault */
export function readHeadObject(signer: AuditSigner, bytes: Buffer): SinkHead {
  const text = readSignedText(signer, HEAD, bytes.toString('utf8'));
  try {
    return headSchema.parse(JSON.parse(text));
  } catch {
    throw new AuditSinkFault(HEAD, 'cannot be read');
  }
}

/** Which database the sink follows from a segment on. */
export interface SinkEpoch {
  readonly epoch: number;
  readonly place: Pick<DatabasePlace, 'system' | 'database'>;
  /** The number of its first segment. */
  readonly fromSegment: number;
  readonly why: 'first' | 'restored';
  readonly at: Date;
}

const EPOCH_HEAD = 'noegle audit epoch v1';

export function composeEpochObject(signer: AuditSigner, { epoch, place, ...rest }: SinkEpoch): Buffer {
  const text = [
    EPOCH_HEAD,
    signer.origin,
    String(epoch),
    place.system,
    place.database,
    String(rest.fromSegment),
    rest.why,
    rest.at.toISOString(),
    '',
  ].join('\n');
  return Buffer.from(signer.signNote(text));
}

/** @throws AuditSinkFault */
export function readEpochObject(signer: AuditSigner, epoch: number, bytes: Buffer): SinkEpoch {
  const name = composeEpochName(epoch);
  const lines = readSignedText(signer, name, bytes.toString('utf8')).split('\n');
  const [head, origin, number, system = '', database = '', from, why, at = ''] = lines;
  if (head !== EPOCH_HEAD || number !== String(epoch)) throw new AuditSinkFault(name, 'is not that epoch');
  if (origin !== signer.origin) throw new AuditSinkFault(name, `belongs to the log ${origin}`);
  return {
    epoch,
    place: { system, database },
    fromSegment: Number(from),
    why: why === 'restored' ? 'restored' : 'first',
    at: new Date(at),
  };
}
