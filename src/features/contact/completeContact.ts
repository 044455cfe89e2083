/**
 * Seals the address and the e-mail of a person under the person's id. An e-mail address that is passed in
 * here counts as confirmed: the sandbox makes its persons up. Elsewhere an address is confirmed by its code
 * (confirmEmail.ts).
 */
import type { PostalAddress } from '../../domain/letter.ts';
import { findRecipient } from '../../db/people/recipients.ts';
import { completeContact } from '../../db/people/people.ts';
import { hashConfirmedEmail } from './confirmedEmail.ts';
import { sealAddress, sealEmail } from './sealedContact.ts';
import type { AppContext } from '../appContext.ts';

export interface ContactDetails {
  readonly address?: PostalAddress | null;
  readonly email?: string | null;
}

/** Fills in what is missing for an identity's person; existing details stay. */
export async function completeContactOfIdentity(
  context: AppContext,
  identityId: string,
  contact: ContactDetails,
): Promise<void> {
  const recipient = await findRecipient(context.database, identityId, context.clock.now());
  if (!recipient) return;
  const { personId } = recipient;
  await completeContact(context.database, personId, sealContact(context, personId, contact));
}

export function sealContact(context: AppContext, personId: string, { address, email }: ContactDetails) {
  return {
    addressSealed: address ? sealAddress(context, personId, address) : null,
    emailSealed: email ? sealEmail(context, personId, email) : null,
    emailConfirmed: email ? hashConfirmedEmail(context, personId, email) : null,
  };
}
