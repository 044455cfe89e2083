/**
 * Browser and network of an audit event, sealed under a salt of its person: whoever reads the log without that person's
 * row learns nothing of them, and when the salt is drawn anew it is as if they had never been written down.
 */
import { readClientContext, type ClientContext, type RequestSource } from '../../domain/clientContext.ts';
import type { Keyring } from '../../platform/keyring.ts';

/** For the details of an audit event. */
export interface SealedClientContext {
  readonly seen?: string;
}

const CLIENT_CONTEXT = 'seen v1';

/** @param logSalt of the person; null where nobody is known, and nothing is written down. */
export function sealClientContext(
  keyring: Keyring,
  logSalt: Buffer | null,
  requestSource: RequestSource,
): SealedClientContext {
  if (!logSalt) return {};
  const text = JSON.stringify(readClientContext(requestSource));
  return { seen: keyring.seal('seal', text, CLIENT_CONTEXT, logSalt).toString('base64url') };
}

/** Null for what was erased. */
export function openClientContext(keyring: Keyring, logSalt: Buffer, sealed: string): ClientContext | null {
  try {
    return JSON.parse(
      keyring.open('seal', Buffer.from(sealed, 'base64url'), CLIENT_CONTEXT, logSalt),
    ) as ClientContext;
  } catch {
    return null;
  }
}
