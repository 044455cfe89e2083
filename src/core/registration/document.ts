/**
 * A registration as a relying party writes it (RFC 7591), made into one that Nøgle keeps. What is not known is left out,
 * as the standard has it; what only operators decide comes from the policy, whatever the document says.
 */
import { z } from 'zod';
import { LANGUAGES, localizedFields, type Language } from '../language/language.ts';
import { LOW, SUBSTANTIAL } from '../levels.ts';
import { relyingPartySchema, type RelyingParty } from '../relyingParty.ts';
import { redirectFault, serverFault, type AddressRules } from './addresses.ts';
import { addressesFor, OWN_FIELDS, OWN_NAMES, type DecidedField } from './metadataFields.ts';
import { judgeKeySet } from './keySet.ts';
import { METHODS, type Policy } from './policy.ts';

export interface RegistrationGround extends AddressRules {
  readonly clientId: string;
  readonly policy: Policy;
  /** The keyed hash of its secret, where it has one. */
  readonly secretHash?: string | undefined;
}

/** The errors of RFC 7591, 3.2.2, with what to mend. */
export interface RegistrationFault {
  readonly error: 'invalid_redirect_uri' | 'invalid_client_metadata';
  readonly description: string;
}

/** Shown to people while they sign in: words, nothing that hides or turns them round. */
const name = z
  .string()
  .trim()
  .min(1)
  .max(80)
  .regex(/^[^\p{Cc}\p{Cf}\p{Co}\p{Cs}\u2028\u2029]*$/u, 'control characters');

/** A field that says what cannot be otherwise here. */
const only = (value: string) => z.literal(value, `must be ${value}`).optional();

/** The name by language, as RFC 7591 (2.2) has it: `client_name#da`. */
export function clientNames<T>(make: (language: Language) => T): Record<`client_name#${Language}`, T> {
  const entries = LANGUAGES.map((language) => [`client_name#${language}`, make(language)]);
  return Object.fromEntries(entries) as Record<`client_name#${Language}`, T>;
}

const documentSchema = z.object({
  ...OWN_FIELDS,
  // What follows is not stored under its name.
  response_types: z.array(z.literal('code', 'must be ["code"]')).min(1).optional(),
  subject_type: only('pairwise'),
  client_name: name.optional(),
  ...clientNames(() => name.optional()),
});
type Document = z.output<typeof documentSchema>;

/** @param given what came as JSON: anything at all. */
export function readRegistration(
  given: Readonly<Record<string, unknown>>,
  ground: RegistrationGround,
): RelyingParty | RegistrationFault {
  // Null and the empty string take a field away (RFC 7592, 2.2).
  const said = Object.fromEntries(
    Object.entries(given).filter(([, value]) => value !== null && value !== ''),
  );
  const read = documentSchema.safeParse(said);
  if (!read.success) return faultOf(read.error);
  const document = read.data;
  const addressFault = findAddressFault(document, ground);
  if (addressFault) return addressFault;
  const method = methodOf(document, ground.policy);
  if (typeof method !== 'string') return method;
  const made = relyingPartySchema.safeParse(kept(document, method, ground));
  if (!made.success) return faultOf(made.error);
  const judged = judgeKeySet(made.data);
  return judged.fault === null ? judged.rp : fault(`jwks: ${judged.fault}`);
}

export function isFault(read: RelyingParty | RegistrationFault): read is RegistrationFault {
  return 'error' in read;
}

/** What it says of itself, and over it what is decided for it. */
function kept(document: Document, method: string, { policy, clientId, secretHash }: RegistrationGround) {
  const { profile, kind, trusted } = policy;
  const decided = {
    client_id: clientId,
    token_endpoint_auth_method: method,
    client_secret: method.startsWith('client_secret') ? secretHash : undefined,
    application_type: profile === 'native' ? 'native' : 'web',
    scope: scopeOf(document, policy),
    sector_identifier_uri: policy.sector_identifier_uri ?? `https://${clientId}.sector.invalid/`,
    kind,
    trusted,
    ...localizedFields('name', (language) => document[`client_name#${language}`] ?? anyName(document)),
    // More than the policy asks for it may ask; less never.
    min_acr: policy.min_acr === LOW ? (document.min_acr ?? LOW) : SUBSTANTIAL,
    require_fresh_key: (policy.require_fresh_key ?? kind === 'bank') || (document.require_fresh_key ?? false),
    require_pkce: true,
    cors_origins: profile === 'browser' ? originsOf(document.redirect_uris) : [],
  } satisfies Record<DecidedField, unknown>;
  return {
    ...Object.fromEntries(OWN_NAMES.map((field) => [field, document[field]])),
    // With a secret it says nothing.
    ...(method === 'private_key_jwt' ? {} : { token_endpoint_auth_signing_alg: undefined }),
    ...decided,
  };
}

/** The one for all languages, or one of theirs. */
function anyName(document: Document): string | undefined {
  const names = LANGUAGES.map((language) => document[`client_name#${language}`]);
  return [document.client_name, ...names].find((one) => one !== undefined);
}

/** What it asks for, of what it may; all of that if it does not say. */
function scopeOf({ scope }: Document, policy: Policy): string {
  const may = policy.scope.split(' ');
  const asked = scope?.split(/ +/) ?? may;
  return may.filter((one) => one === 'openid' || asked.includes(one)).join(' ');
}

function originsOf(uris: readonly string[]): string[] {
  return [...new Set(uris.map((uri) => new URL(uri).origin))];
}

function methodOf(document: Document, { profile }: Policy): string | RegistrationFault {
  const can: readonly string[] = METHODS[profile];
  const method = document.token_endpoint_auth_method ?? can[0] ?? 'none';
  if (!can.includes(method)) {
    return fault(
      `token_endpoint_auth_method: must be ${can.join(' or ')}, for it is registered as ${profile}`,
    );
  }
  const type = profile === 'native' ? 'native' : 'web';
  if (document.application_type && document.application_type !== type) {
    return fault(`application_type: must be ${type}, for it is registered as ${profile}`);
  }
  if (anyName(document)) return method;
  return fault('client_name: is missing; people see it while they sign in');
}

function findAddressFault(document: Document, ground: RegistrationGround): RegistrationFault | null {
  const { profile } = ground.policy;
  const faults = [
    ...addressesFor('browser', document).map((at) => ({
      ...at,
      wrong: redirectFault(at.uri, profile, ground),
    })),
    ...addressesFor('provider', document).map((at) => ({ ...at, wrong: serverFault(at.uri, ground) })),
  ];
  const found = faults.find(({ wrong }) => wrong !== null);
  return found ? fault(`${found.field}: ${shown(found.uri)} ${found.wrong}`, errorFor(found.field)) : null;
}

function errorFor(field: unknown): RegistrationFault['error'] {
  return field === 'redirect_uris' ? 'invalid_redirect_uri' : 'invalid_client_metadata';
}

/** Short, and in the characters that RFC 6749 allows in a description. */
function shown(text: string, most = 100): string {
  return text.slice(0, most).replaceAll(/[^\x20\x21\x23-\x5b\x5d-\x7e]/g, '?');
}

function fault(
  description: string,
  error: RegistrationFault['error'] = 'invalid_client_metadata',
): RegistrationFault {
  return { error, description: shown(description, 400) };
}

function faultOf({ issues }: z.ZodError): RegistrationFault {
  // Faults of redirect URIs have an error code of their own: nothing else in the document hides it.
  const first = issues.find(({ path }) => path[0] === 'redirect_uris') ?? issues[0];
  const [field] = first?.path ?? [];
  const where = first?.path.map(String).join('.') || 'the document';
  return fault(`${where}: ${first?.message ?? 'is wrong'}`, errorFor(field));
}
