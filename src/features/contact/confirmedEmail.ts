/**
 * The e-mail addresses that a person has confirmed are stored as keyed hashes, so that another address cannot
 * be put in their place.
 */
import type { AppContext } from '../appContext.ts';
import { openEmail } from './sealedContact.ts';

/**
 * The keyed hash of an e-mail address that a person has confirmed. Its key ring keeps one key for the life of
 * the database: rotating it would make every address unconfirmed.
 */
export function hashConfirmedEmail(
  { keyring }: Pick<AppContext, 'keyring'>,
  personId: string,
  email: string,
): Buffer {
  return keyring.hmac('cprLookup', `confirmed email v1 of ${personId}: ${email}`);
}

/**
 * @param sealed an address of this person; null for none
 * @param confirmed keyed hashes of the confirmed addresses
 */
export function isEmailConfirmed(
  { keyring }: Pick<AppContext, 'keyring'>,
  personId: string,
  sealed: Buffer | null,
  confirmed: readonly Buffer[],
): boolean {
  if (!sealed || confirmed.length === 0) return false;
  const key = hashConfirmedEmail({ keyring }, personId, openEmail({ keyring }, personId, sealed));
  return confirmed.some((one) => one.equals(key));
}
