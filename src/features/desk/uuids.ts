/**
 * Ids of actions at the desk: generated at random, or derived from the request, so that the same form sent
 * twice is one.
 */
import type { AppContext } from '../appContext.ts';

export const UUID_PATTERN = /^[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}$/;

/** 128 bits of a keyed hash in the form of a UUID (RFC 9562, version 8: custom). */
export function macToUuid(mac: Buffer): string {
  const hex = mac.toString('hex');
  const variant = '89ab'.charAt(Number.parseInt(hex.charAt(16), 16) % 4);
  return [
    hex.slice(0, 8),
    hex.slice(8, 12),
    `8${hex.slice(13, 16)}`,
    `${variant}${hex.slice(17, 20)}`,
    hex.slice(20, 32),
  ].join('-');
}

/** Keyed, so that the row reveals nothing of what was typed. */
export function deriveUuid({ keyring }: AppContext, what: string, parts: readonly string[]): string {
  return macToUuid(keyring.hmac('records', `${what} v1 ${parts.join('\n')}`, keyring.oldestKid('records')));
}
