import type { Localized } from '../language/language.ts';
import { OWN_SITE_NAMES } from '../language/words.ts';
import { isTwoFactor, kindsOfAmr, isAcrSatisfied, SUBSTANTIAL } from '../signIn/levels.ts';

/** Sites of our own behind a sign-in: relying parties of Nøgle like others, by the same protocol. */
export interface FirstPartyClient {
  readonly clientId: string;
  /** `public`: the sign-in itself asks whoever has them off whether the ID is to work on public sites. */
  readonly kind: 'internal' | 'public';
  /** Everything of the site lies here and below; so do its cookies. */
  readonly path: string;
  readonly names: Localized;
  readonly scope: string;
  /** Each sign-in here takes a key, whatever session there is. */
  readonly freshKey: boolean;
  /** Signed out after so long without a request. */
  readonly idleMinutes: number;
}

export const DESK_CLIENT: FirstPartyClient = {
  clientId: 'noegle-desk',
  kind: 'internal',
  path: '/desk',
  names: OWN_SITE_NAMES.desk,
  scope: 'openid',
  freshKey: true,
  idleMinutes: 15,
};

/**
 * Whoever ordered an ID and has one signs in here, to use it on public sites. Nobody stays signed in: what there is to
 * do is done by the sign-in.
 */
export const ORDER_CLIENT: FirstPartyClient = {
  clientId: 'noegle-order',
  kind: 'public',
  path: '/order',
  names: OWN_SITE_NAMES.order,
  scope: 'openid',
  freshKey: true,
  idleMinutes: 15,
};

/**
 * Where people look after their ID. Who has shown both factors elsewhere already comes in by a click, without
 * a key: what matters takes a key of its own (domain/selfServiceAction.ts), and what is personal one that was
 * given here (KEY_PROOF_MINUTES).
 */
export const SELF_SERVICE_CLIENT: FirstPartyClient = {
  clientId: 'noegle-self-service',
  kind: 'internal',
  path: '/self-service',
  names: OWN_SITE_NAMES.selfService,
  scope: 'openid',
  freshKey: false,
  idleMinutes: 30,
};

export const FIRST_PARTY_CLIENTS: readonly FirstPartyClient[] = [
  DESK_CLIENT,
  ORDER_CLIENT,
  SELF_SERVICE_CLIENT,
];

/** The whole of a session, however busy: as long as a session of Nøgle itself (oidc/tokens/lifetimes.ts). */
export const FIRST_PARTY_SESSION_HOURS = 8;

/**
 * For so long a key that was given at a site of our own shows that its person is there: what is personal is
 * shown, and sessions elsewhere end by a click. A session that was there already, or was left open, shows
 * nobody.
 */
export const KEY_PROOF_MINUTES = 5;

/** Where the code of a sign-in comes to, and where a log-out ends. */
export function composeClientUris(
  site: FirstPartyClient,
  issuer: string,
): { callback: string; signedOut: string } {
  return { callback: `${issuer}${site.path}/callback`, signedOut: `${issuer}${site.path}/signed-out` };
}

/** True for addresses within the site, path and query: nobody is led elsewhere after a sign-in. */
export function isPathOfClient(site: FirstPartyClient, address: string): boolean {
  const rest = address.startsWith(site.path) ? address.slice(site.path.length) : null;
  return rest !== null && /^([/?]|$)/.test(rest) && !/[\\\p{Cc}]/u.test(rest);
}

/** The pages after a fresh key take time: a new card, public sites. No step of a sign-in waits for longer. */
const FRESH_SIGN_IN_SECONDS = 3600;

/** How old the sign-in may be that an ID token tells of. */
export function maxSignInAgeSeconds({ freshKey }: FirstPartyClient): number {
  return freshKey ? FRESH_SIGN_IN_SECONDS : FIRST_PARTY_SESSION_HOURS * 3600;
}

/** By what an ID token says: password and key, of somebody who was identified. What it lacks was not shown. */
export function isStrongEnough(claims: { readonly [claim: string]: unknown }): boolean {
  const { acr, amr } = claims;
  const shown = typeof acr === 'string' ? acr : undefined;
  return (
    isAcrSatisfied(shown, SUBSTANTIAL) &&
    Array.isArray(amr) &&
    isTwoFactor(kindsOfAmr(amr.filter((one) => typeof one === 'string')))
  );
}
