import type { Localized } from '../language/language.ts';
import { OWN_SITE_NAMES } from '../language/words.ts';
import {
  isAcrSatisfied,
  isTwoFactor,
  kindsOfAmr,
  LOW,
  PHISHING_RESISTANT,
  resistanceOfAmr,
  SUBSTANTIAL,
} from '../signIn/levels.ts';

/**
 * A first-party client: a site of Nøgle behind its own sign-in, which is a relying party by the same protocol
 * as others.
 */
export interface FirstPartyClient {
  readonly clientId: string;
  /**
   * `public`: a person who has public sites switched off is asked at the sign-in whether to switch them on.
   */
  readonly kind: 'internal' | 'public';
  /** The path prefix of the site and of its cookies. */
  readonly path: string;
  readonly names: Localized;
  readonly scope: string;
  /** Each sign-in requires a key, even with a session. */
  readonly freshKey: boolean;
  /** The least proofing of who signs in; both factors are required at each of them. */
  readonly minimumProofing: typeof LOW | typeof SUBSTANTIAL;
  /** Only for staff: a setting may require a security key of them. */
  readonly isForStaff: boolean;
  /** Minutes without a request after which the person is signed out. */
  readonly idleMinutes: number;
}

/** Staff see people and act for them: who they are was itself established by identification. */
export const DESK_CLIENT: FirstPartyClient = {
  clientId: 'noegle-desk',
  kind: 'internal',
  path: '/desk',
  names: OWN_SITE_NAMES.desk,
  scope: 'openid',
  minimumProofing: SUBSTANTIAL,
  isForStaff: true,
  freshKey: true,
  idleMinutes: 15,
};

/**
 * A person who ordered an ID online and already has one signs in here, to switch on public sites. The sign-in
 * does all that is needed, so no session is kept.
 */
export const ORDER_CLIENT: FirstPartyClient = {
  clientId: 'noegle-order',
  kind: 'public',
  path: '/order',
  names: OWN_SITE_NAMES.order,
  scope: 'openid',
  minimumProofing: LOW,
  isForStaff: false,
  freshKey: true,
  idleMinutes: 15,
};

/**
 * Self-service, for every ID: who ordered online looks after their card here too. A person who authenticated
 * with both factors elsewhere enters by single sign-on, without a key: actions that matter need a separate
 * key (domain/selfServiceAction.ts), and personal data one that was given here (KEY_PROOF_MINUTES).
 */
export const SELF_SERVICE_CLIENT: FirstPartyClient = {
  clientId: 'noegle-self-service',
  kind: 'internal',
  path: '/self-service',
  names: OWN_SITE_NAMES.selfService,
  scope: 'openid',
  minimumProofing: LOW,
  isForStaff: false,
  freshKey: false,
  idleMinutes: 30,
};

export const FIRST_PARTY_CLIENTS: readonly FirstPartyClient[] = [
  DESK_CLIENT,
  ORDER_CLIENT,
  SELF_SERVICE_CLIENT,
];

/**
 * The maximum length of a first-party session, the same as of a session of the provider
 * (oidc/tokens/lifetimes.ts).
 */
export const FIRST_PARTY_SESSION_HOURS = 8;

/**
 * How long a key that was given at a first-party client shows that the person is present: personal data is
 * shown, and sessions elsewhere can be ended without another key. A session that existed already, or was left
 * open, does not show who is present.
 */
export const KEY_PROOF_MINUTES = 5;

/** The redirect URI of the sign-in, and the post-logout redirect URI. */
export function composeClientUris(
  site: FirstPartyClient,
  issuer: string,
): { callback: string; signedOut: string } {
  return { callback: `${issuer}${site.path}/callback`, signedOut: `${issuer}${site.path}/signed-out` };
}

/**
 * Whether a path with query is within the site. After a sign-in the browser is redirected only to such paths:
 * otherwise it would be an open redirect.
 */
export function isPathOfClient(site: FirstPartyClient, address: string): boolean {
  const rest = address.startsWith(site.path) ? address.slice(site.path.length) : null;
  return rest !== null && /^([/?]|$)/.test(rest) && !/[\\\p{Cc}]/u.test(rest);
}

/**
 * The pages after a fresh key take time (a new card, public sites). No step of a sign-in waits longer than
 * this.
 */
const FRESH_SIGN_IN_SECONDS = 3600;

/** The maximum age of the sign-in in an ID token. */
export function maxSignInAgeSeconds({ freshKey }: FirstPartyClient): number {
  return freshKey ? FRESH_SIGN_IN_SECONDS : FIRST_PARTY_SESSION_HOURS * 3600;
}

/** What staff sign in with: any two factors, or a security key. */
export const STAFF_REQUIREMENTS = ['card', 'security_key'] as const;
export type StaffRequirement = (typeof STAFF_REQUIREMENTS)[number];

/** The value of `acr_values` that the site asks for; null for none. */
export function chooseAcrValues(
  { isForStaff }: Pick<FirstPartyClient, 'isForStaff'>,
  ofStaff: StaffRequirement,
): string | null {
  return isForStaff && ofStaff === 'security_key' ? PHISHING_RESISTANT : null;
}

/**
 * Whether an ID token shows two factors, of a person whose proofing is enough for this site. `acr` is the
 * lower of the two, so Low says nothing of the factors: `amr` does. Where the site asked for a security key,
 * `acr` says that, and `proofing` the level. A missing claim counts as not shown.
 */
export function isStrongEnough(
  site: Pick<FirstPartyClient, 'minimumProofing' | 'isForStaff'>,
  ofStaff: StaffRequirement,
  claims: { readonly [claim: string]: unknown },
): boolean {
  const { acr, proofing } = claims;
  const amr = Array.isArray(claims['amr']) ? claims['amr'].filter((one) => typeof one === 'string') : [];
  const asked = chooseAcrValues(site, ofStaff);
  if (asked !== null && (acr !== asked || resistanceOfAmr(amr) === null)) return false;
  const level = asked === null ? acr : proofing;
  return (
    isAcrSatisfied(typeof level === 'string' ? level : undefined, site.minimumProofing) &&
    isTwoFactor(kindsOfAmr(amr))
  );
}
