/**
 * Seals where a person is reached under the person's id: a value that is copied to another person's row does
 * not open.
 */
import { openIfIntact } from '../../domain/damagedSeal.ts';
import type { PostalAddress } from '../../domain/letter.ts';
import type { AppContext } from '../appContext.ts';

type Keys = Pick<AppContext, 'keyring'>;

export function composeAddressContext(personId: string): string {
  return `address ${personId}`;
}

export function composeEmailContext(personId: string): string {
  return `email ${personId}`;
}

export function sealAddress({ keyring }: Keys, personId: string, address: PostalAddress): Buffer {
  return keyring.seal('seal', JSON.stringify(address), composeAddressContext(personId));
}

export function openAddress({ keyring }: Keys, personId: string, sealed: Buffer): PostalAddress {
  return JSON.parse(keyring.open('seal', sealed, composeAddressContext(personId))) as PostalAddress;
}

/** @returns null also when the stored address is damaged: a new one replaces it */
export function openAddressIfIntact(
  keys: Keys,
  personId: string,
  sealed: Buffer | null,
): PostalAddress | null {
  return sealed && openIfIntact(() => openAddress(keys, personId, sealed));
}

export function sealEmail({ keyring }: Keys, personId: string, email: string): Buffer {
  return keyring.seal('seal', email, composeEmailContext(personId));
}

export function openEmail({ keyring }: Keys, personId: string, sealed: Buffer): string {
  return keyring.open('seal', sealed, composeEmailContext(personId));
}
