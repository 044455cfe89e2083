/** What a person is shown of their own ID: opened for their own eyes, and kept nowhere. */
import type { Localized } from '../../core/language/language.ts';
import type { PostalAddress } from '../../core/letter.ts';
import { publicSitesBar, type PublicSitesBar } from '../../core/publicSites.ts';
import { findAccount, type StoredAccount } from '../../store/selfService/accounts.ts';
import { listPublicSites } from '../../store/relyingParties.ts';
import { isEmailConfirmed } from '../contact/confirmedEmail.ts';
import { findEmailWaiting, type EmailWaiting } from '../contact/giveEmail.ts';
import { openAddress, openEmail } from '../contact/sealedContact.ts';
import type { World } from '../world.ts';

export interface Account
  extends Omit<
    StoredAccount,
    'personId' | 'addressSealed' | 'formerAddressSealed' | 'emailSealed' | 'confirmedEmails' | 'nextEmail'
  > {
  readonly address: PostalAddress | null;
  readonly formerAddress: PostalAddress | null;
  readonly email: string | null;
  /** False for one that is from before codes were asked for. */
  readonly isEmailConfirmed: boolean;
  /** One that was given and gets nothing before its code came back. */
  readonly waitingEmail: EmailWaiting | null;
  readonly nextEmail: { readonly email: string | null; readonly from: Date } | null;
  /** Why public sites may not be switched on, if they may not. */
  readonly bar: PublicSitesBar | null;
}

/** @throws for an identity that is not there: whoever asks is signed in with it. */
export async function readAccount(world: World, identityId: string): Promise<Account> {
  const { database, clock } = world;
  const now = clock.now();
  const found = await findAccount(database, identityId, now);
  if (!found) throw new Error('somebody is signed in with an identity that is not there');
  const { personId, addressSealed, formerAddressSealed, emailSealed, confirmedEmails, nextEmail, ...rest } =
    found;
  return {
    ...rest,
    address: addressSealed && openAddress(world, personId, addressSealed),
    formerAddress: formerAddressSealed && openAddress(world, personId, formerAddressSealed),
    email: emailSealed && openEmail(world, personId, emailSealed),
    isEmailConfirmed: isEmailConfirmed(world, personId, emailSealed, confirmedEmails),
    waitingEmail: await findEmailWaiting(world, identityId),
    nextEmail: nextEmail && {
      email: nextEmail.sealed && openEmail(world, personId, nextEmail.sealed),
      from: nextEmail.from,
    },
    bar: publicSitesBar(rest, rest.hasCpr, now),
  };
}

/** The public sites at which the choice counts, as many as a page has room for; `more`: how many there are besides. */
export async function readPublicSites({ database }: World): Promise<{
  readonly sites: readonly Localized[];
  readonly more: number;
}> {
  const all = await listPublicSites(database);
  return { sites: all.slice(0, SHOWN), more: Math.max(all.length - SHOWN, 0) };
}

const SHOWN = 12;
