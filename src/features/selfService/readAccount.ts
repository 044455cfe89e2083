/** What a person is shown of their own ID, decrypted for them and not stored. */
import type { Localized } from '../../domain/language/language.ts';
import { FIRST_PARTY_CLIENTS } from '../../domain/relyingParty/firstPartyClient.ts';
import type { PostalAddress } from '../../domain/letter.ts';
import { findPublicSitesBlocker, type PublicSitesBlocker } from '../../domain/signIn/publicSites.ts';
import { findAccount, type StoredAccount } from './accountDetails.queries.ts';
import { listPublicSites } from '../../db/oidc/relyingParties.ts';
import {
  findUnconfirmedEmail,
  isEmailConfirmed,
  isSealedEmailRefused,
  openAddress,
  openEmail,
  type UnconfirmedEmail,
} from '../contact/index.ts';
import type { AppContext } from '../appContext.ts';

export interface AccountView
  extends Omit<
    StoredAccount,
    | 'personId'
    | 'addressSealed'
    | 'formerAddressSealed'
    | 'emailSealed'
    | 'confirmedEmails'
    | 'refusedEmail'
    | 'nextEmail'
  > {
  readonly address: PostalAddress | null;
  readonly formerAddress: PostalAddress | null;
  readonly email: string | null;
  /** False for an address from before codes were introduced. */
  readonly isEmailConfirmed: boolean;
  /** The address takes no mail: notices go by letter. */
  readonly isEmailRefused: boolean;
  /** A new address, to which nothing is sent before its code is entered. */
  readonly waitingEmail: UnconfirmedEmail | null;
  readonly nextEmail: { readonly email: string | null; readonly from: Date } | null;
  /** Why public sites may not be switched on; null when they may. */
  readonly blocker: PublicSitesBlocker | null;
}

/** @throws Error for an unknown identity: the caller is signed in with it. */
export async function readAccount(context: AppContext, identityId: string): Promise<AccountView> {
  const { database, clock } = context;
  const now = clock.now();
  const found = await findAccount(database, identityId, now);
  if (!found) throw new Error('the signed-in identity does not exist');
  const {
    personId,
    addressSealed,
    formerAddressSealed,
    emailSealed,
    confirmedEmails,
    refusedEmail,
    ...more
  } = found;
  const { nextEmail, ...rest } = more;
  return {
    ...rest,
    address: addressSealed && openAddress(context, personId, addressSealed),
    formerAddress: formerAddressSealed && openAddress(context, personId, formerAddressSealed),
    email: emailSealed && openEmail(context, personId, emailSealed),
    isEmailConfirmed: isEmailConfirmed(context, personId, emailSealed, confirmedEmails),
    isEmailRefused: isSealedEmailRefused(context, personId, emailSealed, refusedEmail),
    waitingEmail: await findUnconfirmedEmail(context, identityId),
    nextEmail: nextEmail && {
      email: nextEmail.sealed && openEmail(context, personId, nextEmail.sealed),
      from: nextEmail.from,
    },
    blocker: findPublicSitesBlocker(rest, rest.hasCpr, now),
  };
}

/**
 * The public sites that the choice applies to, as many as the page has room for; `more`: the number of the
 * others.
 */
export async function readPublicSitesView({ database }: AppContext): Promise<{
  readonly sites: readonly Localized[];
  readonly more: number;
}> {
  const all = await listPublicSites(
    database,
    FIRST_PARTY_CLIENTS.map(({ clientId }) => clientId),
  );
  return { sites: all.slice(0, MAX_SITES), more: Math.max(all.length - MAX_SITES, 0) };
}

const MAX_SITES = 12;
