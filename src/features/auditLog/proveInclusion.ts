/** The proof that an event is in the signed log, for its person and for an auditor. */
import {
  composeLeafText,
  deriveLeafSalt,
  hashEvent,
  type StoredEvent,
} from '../../domain/auditTree/auditLeaf.ts';
import { parseCheckpointText, parseNote } from '../../domain/auditTree/signedNote.ts';
import { getAuditTree, listEventsById, type SaltedEvent } from '../../db/auditTree/auditTree.ts';
import { listLeafPlaces, type LeafPlace } from '../../db/auditTree/leafPlaces.ts';
import type { Queryable } from '../../db/database.ts';
import { InclusionProver } from './treeTiles.ts';

/** An event and its leaf, as anyone can compute it from `text` and `salt`. */
export interface ProvenLeaf {
  readonly index: number;
  readonly id: string;
  /** ISO 8601 with microseconds. */
  readonly at: string;
  readonly kind: string;
  readonly identityId: string | null;
  readonly details: unknown;
  /** What the leaf commits to: the leaf is SHA-256(0 | HMAC-SHA-256(salt, text)). */
  readonly text: string;
  /** In hexadecimal digits; null when the person was erased. */
  readonly salt: string | null;
  /** In base64, as the hashes of the proof. */
  readonly leaf: string;
}

/** The proof of one event to a signed checkpoint. */
export type InclusionProof = ProvenLeaf & {
  readonly size: number;
  /** From the leaf upwards (RFC 9162, 2.1.3). */
  readonly proof: readonly string[];
  /** A signed note (C2SP tlog-checkpoint). */
  readonly checkpoint: string;
};

/** @param micros microseconds since 1970; what is no number stays as it is */
export function writeMicroseconds(micros: string): string {
  if (!/^-?\d+$/.test(micros)) return micros;
  const number = BigInt(micros);
  const rest = ((number % 1_000_000n) + 1_000_000n) % 1_000_000n;
  const seconds = new Date(Number((number - rest) / 1_000n)).toISOString().slice(0, 19);
  return `${seconds}.${String(rest).padStart(6, '0')}Z`;
}

export function composeProvenLeaf(event: SaltedEvent, place: LeafPlace): ProvenLeaf {
  const { id, kind, identityId, details } = event;
  const stored: StoredEvent = { id, at: event.at, kind, identityId, details };
  const secret = event.salt ?? place.segmentSalt;
  const isErased = !hashEvent(stored, secret).equals(place.leaf);
  return {
    index: place.index,
    id,
    at: writeMicroseconds(event.at),
    kind,
    identityId,
    details: JSON.parse(details) as unknown,
    text: composeLeafText(stored),
    salt: isErased ? null : deriveLeafSalt(secret, id).toString('hex'),
    leaf: place.leaf.toString('base64'),
  };
}

/** The signed state of the tree; null before its first leaf. */
export async function findSignedState(
  db: Queryable,
): Promise<{ readonly size: number; readonly checkpoint: string } | null> {
  const { checkpoint } = await getAuditTree(db);
  const size = checkpoint === null ? null : parseCheckpointText(parseNote(checkpoint)?.text ?? '')?.size;
  return checkpoint === null || !size ? null : { size, checkpoint };
}

/** @returns null for an event that has no leaf yet, or does not exist */
export async function proveEvent(db: Queryable, id: string): Promise<InclusionProof | null> {
  const state = await findSignedState(db);
  const [place] = await listLeafPlaces(db, [id]);
  const [event] = await listEventsById(db, [id]);
  if (!state || !place || !event || place.index >= state.size) return null;
  const hashes = await new InclusionProver(db, state.size).prove(place.index);
  const proof = hashes.map((hash) => hash.toString('base64'));
  return { ...composeProvenLeaf(event, place), size: state.size, proof, checkpoint: state.checkpoint };
}
