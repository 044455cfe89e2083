/**
 * What a relying party may be told about a person. `CLAIMS` is the only list of claims: what tokens and `/me`
 * hold, what a scope opens, what the consent page and self-service list, and discovery all come from it. A
 * claim belongs to one scope, and a scope must be in the relying party's registration: the `claims` parameter
 * is held to the same list.
 */
import { LOCALES } from '../language/language.ts';
import { fullName, type Identity, type Person } from '../person/person.ts';

/** In the place of a CPR number on a page of ours, where no key was given for it. */
export const HIDDEN_CPR = '••••••••••';

/** A scope that opens claims. */
type ClaimScope = 'openid' | 'profile' | 'ssn' | 'nemid.pid';

/** The person that claims are about. */
interface ClaimSubject extends Person {
  /** In clear; null where there is none or the registration does not open it. */
  readonly cpr: string | null;
}

/**
 * A claim whose value depends on the person is personal, and the consent page lists it: by itself, or as a
 * part of the name. A claim that is not personal has no way to the person.
 */
type ClaimDefinition = { readonly scope: ClaimScope } & (
  | {
      readonly personal: true;
      /** Null is left out, never empty (OIDC Core 5.3.2). */
      readonly value: (subject: ClaimSubject) => string | null;
      /** The value is a part of that claim's value, of the same scope: it needs no line of its own. */
      readonly partOf?: 'name';
    }
  /** The same for everybody. */
  | { readonly personal: false; readonly value: string }
  /** The provider says it of the sign-in: who, how and when. It comes with every sign-in. */
  | { readonly personal: false; readonly scope: 'openid'; readonly ofSignIn: true }
);

export const CLAIMS = {
  sub: { scope: 'openid', personal: false, ofSignIn: true },
  acr: { scope: 'openid', personal: false, ofSignIn: true },
  amr: { scope: 'openid', personal: false, ofSignIn: true },
  auth_time: { scope: 'openid', personal: false, ofSignIn: true },
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
  'dk.cpr': { scope: 'ssn', personal: true, value: ({ cpr }) => cpr },
  'nemid.pid': { scope: 'nemid.pid', personal: true, value: ({ pid }) => pid },
} as const satisfies Record<string, ClaimDefinition>;

export type ClaimName = keyof typeof CLAIMS;

/** The personal claims that have a line of their own wherever a person is told what is passed on. */
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

/** The claims that a registration with these scopes opens. Protocol claims are open to all. */
export function listClaimsOfScopes(scopes: Iterable<string>): Set<string> {
  const claims = new Set<string>(['iss', 'sid', ...CLAIMS_BY_SCOPE.openid]);
  for (const scope of scopes) {
    if (!Object.hasOwn(CLAIMS_BY_SCOPE, scope)) continue;
    for (const claim of CLAIMS_BY_SCOPE[scope as ClaimScope]) claims.add(claim);
  }
  return claims;
}

/** Those of them that a person is told of, in the order of the table. */
export function listedClaimsOfScopes(scopes: Iterable<string>): ListedClaim[] {
  const open = listClaimsOfScopes(scopes);
  return LISTED_CLAIMS.filter((claim) => open.has(claim));
}

/** Text alone: the consent page can write every value that is passed on. */
export type ClaimValues = Readonly<Partial<Record<ClaimName, string>>>;

/**
 * The claim values of one person, narrowed to what the registration opens.
 * @param cpr the CPR number in clear, or null where there is none or the registration does not open it.
 */
export function readClaims(
  person: Person,
  identity: Pick<Identity, 'id'>,
  cpr: string | null,
  open: ReadonlySet<string>,
): ClaimValues {
  const subject = { ...person, cpr };
  const values: Partial<Record<ClaimName, string>> = { sub: identity.id };
  for (const [name, definition] of DEFINITIONS) {
    if (!open.has(name) || 'ofSignIn' in definition) continue;
    const value = definition.personal ? definition.value(subject) : definition.value;
    if (value !== null) values[name] = value;
  }
  return values;
}
