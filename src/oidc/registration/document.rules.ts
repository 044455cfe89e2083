/**
 * Turns a registration document (RFC 7591) into one that Nøgle stores. Unknown fields are ignored, as the
 * standard requires; fields that only operators decide come from the policy, regardless of the document.
 */
import { z } from 'zod';
import { LANGUAGES, localizedFields, type Language } from '../../domain/language/language.ts';
import { LOW, SUBSTANTIAL } from '../../domain/signIn/levels.ts';
import { relyingPartySchema, type RelyingParty } from '../../domain/relyingParty/relyingParty.ts';
import {
  findRedirectFault,
  findWebAddressFault,
  type AddressRules,
} from '../../domain/relyingParty/addresses.ts';
import {
  addressesFor,
  OWN_FIELDS,
  OWN_NAMES,
  type DecidedField,
} from '../../domain/relyingParty/metadataFields.ts';
import { checkKeySet } from '../../domain/relyingParty/keySet.ts';
import { AUTH_METHODS, type ClientPolicy } from '../../domain/relyingParty/policy.ts';

export interface RegistrationOptions extends AddressRules {
  readonly clientId: string;
  readonly policy: ClientPolicy;
  /** The keyed hash of the client's secret, if it has one. */
  readonly secretHash?: string | undefined;
}

/** The errors of RFC 7591, 3.2.2, with a description of what to correct. */
export interface RegistrationFault {
  readonly error: 'invalid_redirect_uri' | 'invalid_client_metadata';
  readonly description: string;
}

/**
 * People see the name while they sign in: no control characters, and nothing that hides text or reverses its
 * direction.
 */
const nameSchema = z
  .string()
  .trim()
  .min(1)
  .max(80)
  .regex(/^[^\p{Cc}\p{Cf}\p{Co}\p{Cs}\u2028\u2029]*$/u, 'control characters');

/** A field that has only one allowed value. */
const allowOnly = (value: string) => z.literal(value, `must be ${value}`).optional();

/** The localized names of RFC 7591 (2.2): `client_name#da`. */
export function clientNames<T>(make: (language: Language) => T): Record<`client_name#${Language}`, T> {
  const entries = LANGUAGES.map((language) => [`client_name#${language}`, make(language)]);
  return Object.fromEntries(entries) as Record<`client_name#${Language}`, T>;
}

const documentSchema = z.object({
  ...OWN_FIELDS,
  // The fields below are not stored under their names.
  response_types: z.array(z.literal('code', 'must be ["code"]')).min(1).optional(),
  subject_type: allowOnly('pairwise'),
  client_name: nameSchema.optional(),
  ...clientNames(() => nameSchema.optional()),
});
type RegistrationDocument = z.output<typeof documentSchema>;

/**
 * @param sent any JSON object
 * @returns the relying party to store, or what is wrong with the document
 */
export function readRegistration(
  sent: Readonly<Record<string, unknown>>,
  options: RegistrationOptions,
): RelyingParty | RegistrationFault {
  // Null and the empty string remove a field (RFC 7592, 2.2).
  const input = Object.fromEntries(
    Object.entries(sent).filter(([, value]) => value !== null && value !== ''),
  );
  const read = documentSchema.safeParse(input);
  if (!read.success) return readSchemaFault(read.error);
  const document = read.data;
  const addressFault = findAddressFault(document, options);
  if (addressFault) return addressFault;
  const method = chooseAuthMethod(document, options.policy);
  if (typeof method !== 'string') return method;
  const parsed = relyingPartySchema.safeParse(composeMetadata(document, method, options));
  if (!parsed.success) return readSchemaFault(parsed.error);
  const checked = checkKeySet(parsed.data);
  return checked.fault === null ? checked.rp : composeFault(`jwks: ${checked.fault}`);
}

export function isRegistrationFault(read: RelyingParty | RegistrationFault): read is RegistrationFault {
  return 'error' in read;
}

/** The fields of the document, overridden by those that the policy decides. */
function composeMetadata(
  document: RegistrationDocument,
  method: string,
  { policy, clientId, secretHash }: RegistrationOptions,
) {
  const { profile, kind, trusted } = policy;
  // A client may ask for more than the policy requires, never for less.
  const min_acr = policy.min_acr === LOW ? (document.min_acr ?? LOW) : SUBSTANTIAL;
  const leastProofing = policy.min_proofing ?? policy.min_acr;
  const wantedProofing = document.min_proofing ?? policy.min_proofing ?? min_acr;
  const decided = {
    client_id: clientId,
    token_endpoint_auth_method: method,
    client_secret: method.startsWith('client_secret') ? secretHash : undefined,
    application_type: profile === 'native' ? 'native' : 'web',
    scope: readScope(document, policy),
    sector_identifier_uri: policy.sector_identifier_uri ?? `https://${clientId}.sector.invalid/`,
    kind,
    trusted,
    ...localizedFields('name', (language) => document[`client_name#${language}`] ?? anyName(document)),
    min_acr,
    min_proofing: leastProofing === LOW ? wantedProofing : SUBSTANTIAL,
    require_fresh_key: (policy.require_fresh_key ?? kind === 'bank') || (document.require_fresh_key ?? false),
    require_pkce: true,
    cors_origins: profile === 'browser' ? listOrigins(document.redirect_uris) : [],
  } satisfies Record<DecidedField, unknown>;
  return {
    ...Object.fromEntries(OWN_NAMES.map((field) => [field, document[field]])),
    // A signing algorithm has no meaning with a secret.
    ...(method === 'private_key_jwt' ? {} : { token_endpoint_auth_signing_alg: undefined }),
    ...decided,
  };
}

/** The name for all languages, or one of the localized names. */
function anyName(document: RegistrationDocument): string | undefined {
  const names = LANGUAGES.map((language) => document[`client_name#${language}`]);
  return [document.client_name, ...names].find((one) => one !== undefined);
}

/** The requested scopes that the policy allows; all of those when the document names none. */
function readScope({ scope }: RegistrationDocument, policy: ClientPolicy): string {
  const allowed = policy.scope.split(' ');
  const requested = scope?.split(/ +/) ?? allowed;
  return allowed.filter((one) => one === 'openid' || requested.includes(one)).join(' ');
}

function listOrigins(uris: readonly string[]): string[] {
  return [...new Set(uris.map((uri) => new URL(uri).origin))];
}

function chooseAuthMethod(
  document: RegistrationDocument,
  { profile }: ClientPolicy,
): string | RegistrationFault {
  const allowedMethods: readonly string[] = AUTH_METHODS[profile];
  const method = document.token_endpoint_auth_method ?? allowedMethods[0] ?? 'none';
  if (!allowedMethods.includes(method)) {
    return composeFault(
      `token_endpoint_auth_method: must be ${allowedMethods.join(' or ')}, for it is registered as ${profile}`,
    );
  }
  const type = profile === 'native' ? 'native' : 'web';
  if (document.application_type && document.application_type !== type) {
    return composeFault(`application_type: must be ${type}, for it is registered as ${profile}`);
  }
  if (anyName(document)) return method;
  return composeFault('client_name: is missing; people see it while they sign in');
}

function findAddressFault(
  document: RegistrationDocument,
  options: RegistrationOptions,
): RegistrationFault | null {
  const { profile } = options.policy;
  const faults = [
    ...addressesFor('browser', document).map((at) => ({
      ...at,
      wrong: findRedirectFault(at.uri, profile, options),
    })),
    ...(['provider', 'person'] as const)
      .flatMap((visitor) => addressesFor(visitor, document))
      .map((at) => ({ ...at, wrong: findWebAddressFault(at.uri, options) })),
  ];
  const found = faults.find(({ wrong }) => wrong !== null);
  return found
    ? composeFault(`${found.field}: ${cleanErrorText(found.uri)} ${found.wrong}`, errorFor(found.field))
    : null;
}

function errorFor(field: unknown): RegistrationFault['error'] {
  return field === 'redirect_uris' ? 'invalid_redirect_uri' : 'invalid_client_metadata';
}

/** Shortens a text to the characters that RFC 6749 allows in an `error_description`. */
function cleanErrorText(text: string, maxLength = 100): string {
  return text.slice(0, maxLength).replaceAll(/[^\x20\x21\x23-\x5b\x5d-\x7e]/g, '?');
}

function composeFault(
  description: string,
  error: RegistrationFault['error'] = 'invalid_client_metadata',
): RegistrationFault {
  return { error, description: cleanErrorText(description, 400) };
}

function readSchemaFault({ issues }: z.ZodError): RegistrationFault {
  // Faults of redirect URIs have their own error code, which other faults must not hide.
  const first = issues.find(({ path }) => path[0] === 'redirect_uris') ?? issues[0];
  const [field] = first?.path ?? [];
  const where = first?.path.map(String).join('.') || 'the document';
  return composeFault(`${where}: ${first?.message ?? 'is wrong'}`, errorFor(field));
}
