/** Accounts as the engine asks for them: an identity with its person, and the claims that a registration opens. */
import type { Account, Client, FindAccount, KoaContextWithOIDC } from 'oidc-provider';
import { readClaims, listClaimsOfScopes } from '../../domain/signIn/claims.ts';
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

/** An account that the prompts can ask about the person's choices. */
export interface PersonAccount extends Account {
  readonly identity: Identity;
  /** Why the person may not switch public sites on, if they may not. */
  readonly blocker: () => PublicSitesBlocker | null;
  /** For what is personal in this person's audit events. */
  readonly logSalt: Buffer;
}

/**
 * Without a token any existing account is returned, also one that may not go on: the prompts refuse with a page
 * (nothing here with a live session makes the engine answer 500). With a token a blocked identity is nobody; at a
 * public relying party so is a person who has switched public sites off.
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
      claims: (_use, scope, named) => {
        const open = listClaimsOfScopes(ctx.oidc.client?.scope?.split(' ') ?? []);
        // The number is opened for an answer that has it, and for no other.
        const isAsked =
          listClaimsOfScopes(scope.split(' ')).has('dk.cpr') || Object.hasOwn(named ?? {}, 'dk.cpr');
        const cpr =
          isAsked && open.has('dk.cpr') && cprSealed ? keyring.open('seal', cprSealed, person.id) : null;
        return Promise.resolve({ ...readClaims(person, identity, cpr, open), sub: accountId });
      },
    };
  };
}

/** True at a public relying party while the person's choice is off. */
export function isExcludedFromPublicSites(identity: Identity, client: Client | undefined): boolean {
  return client?.['kind'] === 'public' && !identity.publicSites;
}

/**
 * The `sub` of a person in a sector: keyed, versioned, the same on every node and after every restart.
 *
 * A site of our own is told the identity itself. Pairwise subjects are there so that two relying parties cannot put
 * together what they know of a person; our own sites know the identity anyhow, and the token goes from this house to
 * this house: to an address below the issuer. A registration of that kind that leads elsewhere gets a pairwise one.
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

/** Introspection tells a relying party of its own tokens alone, and nothing of a blocked identity. */
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
