/**
 * Where a person is reached: address and e-mail, sealed under the person's id. What comes here is taken to be
 * theirs: the sandbox makes people up. Elsewhere an e-mail address comes by its code (usecases/contact).
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

/** Fills in what is not known of an identity's person; what is known stays. */
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
