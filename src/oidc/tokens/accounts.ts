/**
 * Accounts in the provider's form: an identity with its person, and the claims that a registration allows.
 */
import type { Account, Client, FindAccount, KoaContextWithOIDC } from 'oidc-provider';
import { isCprGiven, readClaims, listClaimsOfScopes } from '../../domain/signIn/claims.ts';
import { findPublicSitesBlocker, type PublicSitesBlocker } from '../../domain/signIn/publicSites.ts';
import type { Identity } from '../../domain/person/person.ts';
import type { Keyring } from '../../platform/keyring.ts';
import type { Database } from '../../db/database.ts';
import { findIdentityWithPerson } from '../../db/people/identities.ts';
import { requireUnitOfWork } from '../../db/unitOfWork.ts';

interface AccountsDeps {
  readonly database: Database;
  readonly keyring: Keyring;
  readonly now: () => Date;
}

/** An account from which the prompts read the person's choices. */
export interface PersonAccount extends Account {
  readonly identity: Identity;
  /** The reason why the person may not switch public sites on, or null. */
  readonly blocker: () => PublicSitesBlocker | null;
  /** The salt for personal data in this person's audit events. */
  readonly logSalt: Buffer;
}

/**
 * Without a token every existing account is returned, also one that may not continue: the prompts refuse it
 * with a page (returning nothing for a live session makes the provider respond 500). With a token a blocked
 * identity does not exist; at a public relying party neither does a person who has switched public sites off.
 */
export function createFindAccount({ database, keyring, now }: AccountsDeps): FindAccount {
  return async (ctx, accountId, token): Promise<PersonAccount | undefined> => {
    const { owner } = requireUnitOfWork();
    const isKnown = owner?.identity.id === accountId;
    const found = isKnown ? owner : await findIdentityWithPerson(database, accountId);
    if (!found) return undefined;
    const { identity, person, cprSealed, logSalt } = found;
    if (token && (identity.isBlocked || isExcludedFromPublicSites(identity, ctx.oidc.client)))
      return undefined;
    return {
      accountId,
      identity,
      blocker: () => findPublicSitesBlocker(person, identity.hasCpr, now()),
      logSalt,
      claims: (_use, scope, requestedClaims) => {
        const allowed = listClaimsOfScopes(ctx.oidc.client?.scope?.split(' ') ?? []);
        // The CPR number is decrypted only for a response that contains it.
        const isCprRequested =
          listClaimsOfScopes(scope.split(' ')).has('dk.cpr') ||
          Object.hasOwn(requestedClaims ?? {}, 'dk.cpr');
        const cpr =
          isCprRequested && allowed.has('dk.cpr') && isCprGiven(identity) && cprSealed
            ? keyring.open('seal', cprSealed, person.id)
            : null;
        return Promise.resolve({ ...readClaims(person, identity, cpr, allowed), sub: accountId });
      },
    };
  };
}

/** True at a public relying party while the person has switched public sites off. */
export function isExcludedFromPublicSites(identity: Identity, client: Client | undefined): boolean {
  return client?.['kind'] === 'public' && !identity.publicSites;
}

/**
 * The `sub` of a person in a sector: keyed, versioned, the same on every node and after every restart.
 *
 * A first-party client gets the identity's id. Pairwise subjects keep two relying parties from combining what
 * they know of a person; first-party clients know the identity anyway, and the token stays within this
 * installation, at an address below the issuer. An internal registration with an address elsewhere gets a
 * pairwise subject.
 * @throws Error for a client without a sector
 */
export function deriveSubject(
  { keyring, issuer }: { keyring: Keyring; issuer: string },
  accountId: string,
  client: Client,
): string {
  return isFirstPartyClient(client, issuer) ? accountId : derivePairwiseSubject(keyring, accountId, client);
}

function isFirstPartyClient(client: Client, issuer: string): boolean {
  const addresses = client.redirectUris ?? [];
  const isHere = addresses.length > 0 && addresses.every((uri) => URL.parse(uri)?.origin === issuer);
  return client['kind'] === 'internal' && isHere;
}

function derivePairwiseSubject(keyring: Keyring, accountId: string, client: Client): string {
  const sector: unknown = client.sectorIdentifier;
  if (typeof sector !== 'string') throw new Error('a client without a sector has no pairwise subjects');
  return keyring.hmac('pairwise', `sub v1 ${sector} ${accountId}`).toString('base64url');
}

/** Introspection shows a client only its own tokens, and nothing of a blocked identity. */
export function createIntrospectionPolicy(findAccount: FindAccount) {
  return async (
    ctx: KoaContextWithOIDC,
    client: Client,
    token: { clientId?: string | undefined; accountId?: string },
  ): Promise<boolean> => {
    if (token.clientId !== client.clientId) return false;
    if (!token.accountId) return true;
    return (await findAccount(ctx, token.accountId, token as never)) !== undefined;
  };
}
