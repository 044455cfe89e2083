/**
 * Browser and network of an audit event, sealed under a salt of the person. A reader of the log who does not
 * have that person's row learns nothing from them, and a new salt makes them unreadable permanently.
 */
import { readClientContext, type ClientContext, type RequestSource } from '../../domain/clientContext.ts';
import type { Keyring } from '../../platform/keyring.ts';

/** The part of an audit event's details that has the sealed browser and network. */
export interface SealedClientContext {
  readonly seen?: string;
}

const CLIENT_CONTEXT = 'seen v1';

/** @param logSalt of the person; null for an unknown person, for which nothing is recorded */
export function sealClientContext(
  keyring: Keyring,
  logSalt: Buffer | null,
  requestSource: RequestSource,
): SealedClientContext {
  return logSalt ? sealClientContextUnderSalt(keyring, logSalt, readClientContext(requestSource)) : {};
}

export function sealClientContextUnderSalt(
  keyring: Keyring,
  logSalt: Buffer,
  clientContext: ClientContext,
): SealedClientContext {
  const text = JSON.stringify(clientContext);
  return { seen: keyring.seal('seal', text, CLIENT_CONTEXT, logSalt).toString('base64url') };
}

/** Returns null for a value that was erased or whose key was taken out: it does not open under this salt. */
export function openClientContext(keyring: Keyring, logSalt: Buffer, sealed: string): ClientContext | null {
  try {
    return JSON.parse(
      keyring.open('seal', Buffer.from(sealed, 'base64url'), CLIENT_CONTEXT, logSalt),
    ) as ClientContext;
  } catch {
    return null;
  }
}
