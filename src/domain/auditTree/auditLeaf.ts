/**
 * An audit event as a leaf of the tree. The leaf commits to every column of the event and reveals none: its
 * content is an HMAC under a salt of this one event. A salt comes from the person whom the event is about, so
 * that no one can test a guess about an erased person against the tree, or from the segment.
 */
import { hmacSha256 } from './hmac.ts';
import { hashLeaf } from './merkleTree.ts';

/** An event as it stands in the log. */
export interface StoredEvent {
  /** A decimal number; it may be larger than a double holds. */
  readonly id: string;
  /** Microseconds since 1970, as a decimal number. */
  readonly at: string;
  readonly kind: string;
  readonly identityId: string | null;
  /** The JSON text as the database prints it. */
  readonly details: string;
}

/** The text that a leaf commits to: a JSON array of strings, so that no value passes for two. */
export function composeLeafText({ id, at, kind, identityId, details }: StoredEvent): string {
  return JSON.stringify(['noegle audit event v1', id, at, kind, identityId, details]);
}

/** The salt of one event. @param secret the person's, or the segment's where the event concerns no ID */
export function deriveLeafSalt(secret: Buffer, eventId: string): Buffer {
  return hmacSha256(secret, `audit leaf v1 ${eventId}`);
}

/** The content of a leaf; a person who has the event and its salt can compute it. */
export function composeLeafContent(event: StoredEvent, salt: Buffer): Buffer {
  return hmacSha256(salt, composeLeafText(event));
}

export function hashEvent(event: StoredEvent, secret: Buffer): Buffer {
  return hashLeaf(composeLeafContent(event, deriveLeafSalt(secret, event.id)));
}
