/**
 * What a relying party may be told about a person. A claim belongs to one scope, and a scope must be in the
 * relying party's registration: the `claims` parameter is held to the same list.
 */
import { LOCALES } from './language/language.ts';
import { fullName, type Identity, type Person } from './person.ts';

/** In the place of a CPR number on a page of ours, where no key was given for it. */
export const HIDDEN_CPR = '••••••••••';

/** Scope -> the claims it gives. `acr`, `amr` and `auth_time` come with every sign-in. */
export const CLAIMS_BY_SCOPE = {
  openid: ['sub', 'acr', 'amr', 'auth_time', 'identity_type'],
  profile: ['name', 'given_name', 'family_name', 'birthdate', 'locale'],
  ssn: ['dk.cpr'],
  'nemid.pid': ['nemid.pid'],
} as const satisfies Record<string, readonly string[]>;

export const SCOPES: readonly string[] = [...Object.keys(CLAIMS_BY_SCOPE), 'offline_access'];

/** The claims that a registration with these scopes opens. Protocol claims are open to all. */
export function claimsOfScopes(scopes: Iterable<string>): Set<string> {
  const claims = new Set<string>(['iss', 'sid', ...CLAIMS_BY_SCOPE.openid]);
  for (const scope of scopes) {
    if (!Object.hasOwn(CLAIMS_BY_SCOPE, scope)) continue;
    for (const claim of CLAIMS_BY_SCOPE[scope as keyof typeof CLAIMS_BY_SCOPE]) claims.add(claim);
  }
  return claims;
}

/**
 * The claim values of one person, narrowed to what the registration opens.
 * @param cpr the CPR number in clear, or null where there is none or the registration does not open it.
 */
export function claimsOf(
  person: Person,
  identity: Identity,
  cpr: string | null,
  open: ReadonlySet<string>,
): Record<string, unknown> {
  const { givenName, familyName, nameIsWhole = false } = person;
  const all: Record<string, unknown> = {
    name: fullName(person),
    // What is not known is left out, never empty (OIDC Core 5.3.2).
    ...(givenName === '' || nameIsWhole ? {} : { given_name: givenName }),
    ...(familyName === '' ? {} : { family_name: familyName }),
    birthdate: person.birthdate,
    locale: LOCALES[person.language],
    identity_type: 'private',
    'nemid.pid': person.pid,
    ...(cpr === null ? {} : { 'dk.cpr': cpr }),
  };
  return {
    sub: identity.id,
    ...Object.fromEntries(Object.entries(all).filter(([claim]) => open.has(claim))),
  };
}
