/**
 * Browser and network of a right password, until a key follows it. The row is deleted within the hour. When
 * no key followed, the event in the person's log gets them, sealed under the salt of that person.
 */
import { readClientContext, type ClientContext, type RequestSource } from '../../domain/clientContext.ts';
import type { Keyring } from '../../platform/keyring.ts';
import { sealClientContextUnderSalt, type SealedClientContext } from './clientContext.ts';

interface PasswordRow {
  readonly identityId: string;
  readonly interaction: Buffer;
}

export function sealPasswordContext(
  keyring: Keyring,
  row: PasswordRow,
  requestSource: RequestSource,
): Buffer {
  return keyring.seal('records', JSON.stringify(readClientContext(requestSource)), composeContext(row));
}

/** Seals it again, for the event. Empty for a row without a context, or with that of another. */
export function moveContextToEvent(
  keyring: Keyring,
  row: PasswordRow & { readonly contextSealed: Buffer | null; readonly logSalt: Buffer },
): SealedClientContext {
  const opened = row.contextSealed && openPasswordContext(keyring, row, row.contextSealed);
  return opened ? sealClientContextUnderSalt(keyring, row.logSalt, opened) : {};
}

function openPasswordContext(keyring: Keyring, row: PasswordRow, sealed: Buffer): ClientContext | null {
  try {
    return JSON.parse(keyring.open('records', sealed, composeContext(row))) as ClientContext;
  } catch {
    return null;
  }
}

function composeContext({ identityId, interaction }: PasswordRow): string {
  return `password without key v1 ${identityId} ${interaction.toString('base64url')}`;
}
