/**
 * The claims that a relying party may receive. `CLAIMS` is the only list: the content of tokens and `/me`,
 * the claims of a scope, the consent page, self-service and discovery all derive from it. A claim belongs to
 * one scope, and a scope must be in the relying party's registration; the `claims` parameter is limited by
 * the same list.
 */
import { LOCALES } from '../language/language.ts';
import { fullName, type Identity, type Person } from '../person/person.ts';
import { proofingUri } from './levels.ts';

/** Shown in place of a CPR number on Nøgle's pages when no key was given for it. */
export const HIDDEN_CPR = '••••••••••';

/** A scope that opens claims. */
type ClaimScope = 'openid' | 'profile' | 'ssn' | 'nemid.pid';

/** The ID that claims are about. */
type ClaimIdentity = Pick<Identity, 'id' | 'proofing'>;

/** The person that claims are about. */
interface ClaimSubject extends Person {
  /** In clear; null when the person has none that may be given, or the registration does not open it. */
  readonly cpr: string | null;
}

/**
 * A claim whose value depends on the person is personal. The consent page lists it, on its own line or as a
 * part of the name. A claim that is not personal has no access to the person.
 */
type ClaimDefinition = { readonly scope: ClaimScope } & (
  | {
      readonly personal: true;
      /** A null value is omitted, never empty (OIDC Core 5.3.2). */
      readonly value: (subject: ClaimSubject) => string | null;
      /** The value is a part of the named claim, in the same scope: it needs no separate line. */
      readonly partOf?: 'name';
    }
  /** A value that is the same for everyone. */
  | { readonly personal: false; readonly value: string }
  /**
   * A statement about the ID and not about the person: what a relying party may rely on. Like `acr` it goes
   * to every relying party, and the consent page does not list it.
   */
  | { readonly personal: false; readonly scope: 'openid'; readonly ofIdentity: (id: ClaimIdentity) => string }
  /** A claim that the provider sets from the sign-in (who, how and when). It is in every ID token. */
  | { readonly personal: false; readonly scope: 'openid'; readonly ofSignIn: true }
);

export const CLAIMS = {
  sub: { scope: 'openid', personal: false, ofSignIn: true },
  acr: { scope: 'openid', personal: false, ofSignIn: true },
  amr: { scope: 'openid', personal: false, ofSignIn: true },
  auth_time: { scope: 'openid', personal: false, ofSignIn: true },
  proofing: { scope: 'openid', personal: false, ofIdentity: ({ proofing }) => proofingUri(proofing) },
  identity_type: { scope: 'openid', personal: false, value: 'private' },
  name: { scope: 'profile', personal: true, value: fullName },
  given_name: {
    scope: 'profile',
    personal: true,
    partOf: 'name',
    value: ({ givenName, nameIsWhole }) => (nameIsWhole ? null : givenName || null),
  },
  family_name: {
    scope: 'profile',
    personal: true,
    partOf: 'name',
    value: ({ familyName }) => familyName || null,
  },
  birthdate: { scope: 'profile', personal: true, value: ({ birthdate }) => birthdate },
  locale: {
    scope: 'profile',
    personal: true,
    value: ({ language }) => LOCALES[language],
  },
  /** Only of a person whose identification was seen. */
  'dk.cpr': { scope: 'ssn', personal: true, value: ({ cpr }) => cpr },
  'nemid.pid': { scope: 'nemid.pid', personal: true, value: ({ pid }) => pid },
} as const satisfies Record<string, ClaimDefinition>;

export type ClaimName = keyof typeof CLAIMS;

/** The personal claims that have a separate line wherever a person sees what is passed on. */
export type ListedClaim = {
  [Name in ClaimName]: (typeof CLAIMS)[Name] extends { personal: true }
    ? (typeof CLAIMS)[Name] extends { partOf: string }
      ? never
      : Name
    : never;
}[ClaimName];

const DEFINITIONS = Object.entries(CLAIMS) as [ClaimName, ClaimDefinition][];

export const LISTED_CLAIMS = DEFINITIONS.filter(
  ([, definition]) => definition.personal && definition.partOf === undefined,
).map(([name]) => name as ListedClaim);

/** Scope -> the claims it opens. */
export const CLAIMS_BY_SCOPE: Readonly<Record<ClaimScope, readonly ClaimName[]>> = {
  openid: claimsInScope('openid'),
  profile: claimsInScope('profile'),
  ssn: claimsInScope('ssn'),
  'nemid.pid': claimsInScope('nemid.pid'),
};

function claimsInScope(scope: ClaimScope): ClaimName[] {
  return DEFINITIONS.filter(([, definition]) => definition.scope === scope).map(([name]) => name);
}

export const SCOPES: readonly string[] = [...Object.keys(CLAIMS_BY_SCOPE), 'offline_access'];

/** The claims that a registration with these scopes opens. Protocol claims are always open. */
export function listClaimsOfScopes(scopes: Iterable<string>): Set<string> {
  const claims = new Set<string>(['iss', 'sid', ...CLAIMS_BY_SCOPE.openid]);
  for (const scope of scopes) {
    if (!Object.hasOwn(CLAIMS_BY_SCOPE, scope)) continue;
    for (const claim of CLAIMS_BY_SCOPE[scope as ClaimScope]) claims.add(claim);
  }
  return claims;
}

/** The listed claims of these scopes, in the order of the table. */
export function listedClaimsOfScopes(scopes: Iterable<string>): ListedClaim[] {
  const open = listClaimsOfScopes(scopes);
  return LISTED_CLAIMS.filter((claim) => open.has(claim));
}

/** All values are strings: the consent page can write every value that is passed on. */
export type ClaimValues = Readonly<Partial<Record<ClaimName, string>>>;

/**
 * The claim values of one person, limited to what the registration opens.
 * @param cpr the CPR number in clear, or null when the person has none or the registration does not open it
 */
export function readClaims(
  person: Person,
  identity: ClaimIdentity,
  cpr: string | null,
  open: ReadonlySet<string>,
): ClaimValues {
  const subject = { ...person, cpr: identity.proofing === 'Substantial' ? cpr : null };
  const values: Partial<Record<ClaimName, string>> = { sub: identity.id };
  for (const [name, definition] of DEFINITIONS) {
    if (!open.has(name) || 'ofSignIn' in definition) continue;
    const value = readValue(definition, subject, identity);
    if (value !== null) values[name] = value;
  }
  return values;
}

type ValueDefinition = Exclude<ClaimDefinition, { readonly ofSignIn: true }>;

function readValue(definition: ValueDefinition, subject: ClaimSubject, id: ClaimIdentity): string | null {
  if (definition.personal) return definition.value(subject);
  return 'ofIdentity' in definition ? definition.ofIdentity(id) : definition.value;
}

/**
 * Whether the CPR number may be given to a relying party that may have it: a number is only as good as the
 * proofing of the ID, and a site that gets it takes the person for identified. So it is left out where no one
 * has seen identification, as for a person without one.
 */
export function isCprGiven({ hasCpr, proofing }: Pick<Identity, 'hasCpr' | 'proofing'>): boolean {
  return hasCpr && proofing === 'Substantial';
}
