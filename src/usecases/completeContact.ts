/**
 * Where a person is reached: address and e-mail, sealed under the person's id. What comes here is taken to be
 * theirs: the sandbox makes people up. Elsewhere an e-mail address comes by its code (usecases/contact).
 */
import type { PostalAddress } from '../core/letter.ts';
import { findRecipient } from '../store/contact/recipients.ts';
import { completeContactOf } from '../store/people.ts';
import { confirmedEmailKey } from './contact/confirmedEmail.ts';
import { sealAddress, sealEmail } from './contact/sealedContact.ts';
import type { World } from './world.ts';

export interface Contact {
  readonly address?: PostalAddress | null;
  readonly email?: string | null;
}

/** Fills in what is not known of an identity's person; what is known stays. */
export async function completeContact(world: World, identityId: string, contact: Contact): Promise<void> {
  const recipient = await findRecipient(world.database, identityId, world.clock.now());
  if (!recipient) return;
  const { personId } = recipient;
  await completeContactOf(world.database, personId, sealContact(world, personId, contact));
}

export function sealContact(world: World, personId: string, { address, email }: Contact) {
  return {
    addressSealed: address ? sealAddress(world, personId, address) : null,
    emailSealed: email ? sealEmail(world, personId, email) : null,
    emailConfirmed: email ? confirmedEmailKey(world, personId, email) : null,
  };
}
