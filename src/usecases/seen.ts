/**
 * Browser and network of an audit event, sealed under a salt of its person: whoever reads the log without that person's
 * row learns nothing of them, and when the salt is drawn anew it is as if they had never been written down.
 */
import { seenOf, type Seen, type Visit } from '../core/selfService/seen.ts';
import type { Keyring } from '../platform/keyring.ts';

/** For the details of an audit event. */
export interface SealedSeen {
  readonly seen?: string;
}

const CONTEXT = 'seen v1';

/** @param logSalt of the person; null where nobody is known, and nothing is written down. */
export function sealSeen(keyring: Keyring, logSalt: Buffer | null, visit: Visit): SealedSeen {
  if (!logSalt) return {};
  const text = JSON.stringify(seenOf(visit));
  return { seen: keyring.seal('seal', text, CONTEXT, logSalt).toString('base64url') };
}

/** Null for what was erased. */
export function openSeen(keyring: Keyring, logSalt: Buffer, sealed: string): Seen | null {
  try {
    return JSON.parse(keyring.open('seal', Buffer.from(sealed, 'base64url'), CONTEXT, logSalt)) as Seen;
  } catch {
    return null;
  }
}
