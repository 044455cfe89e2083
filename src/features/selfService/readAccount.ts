/** What a person is shown of their own ID: opened for their own eyes, and kept nowhere. */
import type { Localized } from '../../domain/language/language.ts';
import type { PostalAddress } from '../../domain/letter.ts';
import { findPublicSitesBlocker, type PublicSitesBlocker } from '../../domain/signIn/publicSites.ts';
import { findAccount, type StoredAccount } from './accountDetails.queries.ts';
import { listPublicSites } from '../../db/oidc/relyingParties.ts';
import {
  findUnconfirmedEmail,
  isEmailConfirmed,
  openAddress,
  openEmail,
  type UnconfirmedEmail,
} from '../contact/index.ts';
import type { AppContext } from '../appContext.ts';

export interface AccountView
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
  readonly waitingEmail: UnconfirmedEmail | null;
  readonly nextEmail: { readonly email: string | null; readonly from: Date } | null;
  /** Why public sites may not be switched on, if they may not. */
  readonly blocker: PublicSitesBlocker | null;
}

/** @throws for an identity that is not there: whoever asks is signed in with it. */
export async function readAccount(context: AppContext, identityId: string): Promise<AccountView> {
  const { database, clock } = context;
  const now = clock.now();
  const found = await findAccount(database, identityId, now);
  if (!found) throw new Error('somebody is signed in with an identity that is not there');
  const { personId, addressSealed, formerAddressSealed, emailSealed, confirmedEmails, nextEmail, ...rest } =
    found;
  return {
    ...rest,
    address: addressSealed && openAddress(context, personId, addressSealed),
    formerAddress: formerAddressSealed && openAddress(context, personId, formerAddressSealed),
    email: emailSealed && openEmail(context, personId, emailSealed),
    isEmailConfirmed: isEmailConfirmed(context, personId, emailSealed, confirmedEmails),
    waitingEmail: await findUnconfirmedEmail(context, identityId),
    nextEmail: nextEmail && {
      email: nextEmail.sealed && openEmail(context, personId, nextEmail.sealed),
      from: nextEmail.from,
    },
    blocker: findPublicSitesBlocker(rest, rest.hasCpr, now),
  };
}

/** The public sites at which the choice counts, as many as a page has room for; `more`: how many there are besides. */
export async function readPublicSitesView({ database }: AppContext): Promise<{
  readonly sites: readonly Localized[];
  readonly more: number;
}> {
  const all = await listPublicSites(database);
  return { sites: all.slice(0, MAX_SITES), more: Math.max(all.length - MAX_SITES, 0) };
}

const MAX_SITES = 12;
