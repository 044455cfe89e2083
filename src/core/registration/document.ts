/**
 * A registration as a relying party writes it (RFC 7591), made into one that Nøgle keeps. What is not known is left out,
 * as the standard has it; what only operators decide comes from the policy, whatever the document says.
 */
import { z } from 'zod';
import { LOW, SUBSTANTIAL } from '../levels.ts';
import { relyingPartySchema, type RelyingParty } from '../relyingParty.ts';
import { redirectFault, serverFault, type AddressRules } from './addresses.ts';
import { isLogo } from './logo.ts';
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

const MOST_ADDRESSES = 20;
const MOST_KEYS = 20;
const addresses = z.array(z.string()).max(MOST_ADDRESSES);
const address = z.string();
/** Shown to people while they sign in: words, nothing that hides or turns them round. */
const name = z
  .string()
  .trim()
  .min(1)
  .max(80)
  .regex(/^[^\p{Cc}\p{Cf}\p{Co}\p{Cs}\u2028\u2029]*$/u, 'control characters');

/**
 * Its members are words, and a certificate a list of them (RFC 7517); what else stands there is not understood and does
 * no harm. Nothing that no database keeps.
 */
const member = z
  .string()
  .max(4_000)
  .regex(/^[^\p{Cc}\p{Cs}]*$/u, 'control characters');
const publicKey = z.record(
  member,
  z.union([member, z.array(member).max(10), z.boolean(), z.number(), z.null()]),
);

/** A field that says what cannot be otherwise here. */
const only = (value: string) => z.literal(value, `must be ${value}`).optional();

const documentSchema = z.object({
  redirect_uris: addresses.min(1),
  post_logout_redirect_uris: addresses.default([]),
  backchannel_logout_uri: address.optional(),
  backchannel_logout_session_required: z.boolean().default(true),
  response_types: z.array(z.literal('code', 'must be ["code"]')).min(1).optional(),
  subject_type: only('pairwise'),
  application_type: z.enum(['web', 'native']).optional(),
  grant_types: z
    .array(z.enum(['authorization_code', 'refresh_token']))
    .refine((types) => types.includes('authorization_code'), 'authorization_code is missing')
    .default(['authorization_code', 'refresh_token']),
  token_endpoint_auth_method: z.string().optional(),
  token_endpoint_auth_signing_alg: z.string().optional(),
  id_token_signed_response_alg: z.enum(['ES256', 'RS256']).default('ES256'),
  scope: z.string().max(500).optional(),
  jwks: z.object({ keys: z.array(publicKey).max(MOST_KEYS) }).optional(),
  jwks_uri: address.optional(),
  client_name: name.optional(),
  'client_name#da': name.optional(),
  'client_name#en': name.optional(),
  logo: z
    .string()
    .refine(isLogo, 'must be a PNG, JPEG or WebP as a data address of at most 8000 characters')
    .optional(),
  purpose_da: z.string().optional(),
  purpose_en: z.string().optional(),
  without_da: z.string().optional(),
  without_en: z.string().optional(),
  min_acr: z.enum([LOW, SUBSTANTIAL]).optional(),
  require_fresh_key: z.boolean().optional(),
  require_pushed_authorization_requests: z.boolean().optional(),
  dpop_bound_access_tokens: z.boolean().default(false),
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

function kept(document: Document, method: string, { policy, clientId, secretHash }: RegistrationGround) {
  const { profile, kind, trusted } = policy;
  const names = [document['client_name#da'], document['client_name#en'], document.client_name];
  const [da, en, either] = names;
  const words = ['purpose_da', 'purpose_en', 'without_da', 'without_en'] as const;
  return {
    client_id: clientId,
    token_endpoint_auth_method: method,
    // With a secret it says nothing.
    token_endpoint_auth_signing_alg:
      method === 'private_key_jwt' ? document.token_endpoint_auth_signing_alg : undefined,
    client_secret: method.startsWith('client_secret') ? secretHash : undefined,
    application_type: profile === 'native' ? 'native' : 'web',
    redirect_uris: [...new Set(document.redirect_uris)],
    post_logout_redirect_uris: [...new Set(document.post_logout_redirect_uris)],
    backchannel_logout_uri: document.backchannel_logout_uri,
    backchannel_logout_session_required: document.backchannel_logout_session_required,
    grant_types: [...new Set(document.grant_types)],
    scope: scopeOf(document, policy),
    id_token_signed_response_alg: document.id_token_signed_response_alg,
    jwks: document.jwks,
    jwks_uri: document.jwks_uri,
    sector_identifier_uri: policy.sector_identifier_uri ?? `https://${clientId}.sector.invalid/`,
    kind,
    trusted,
    logo: document.logo,
    name_da: da ?? either ?? en,
    name_en: en ?? either ?? da,
    ...Object.fromEntries(words.map((word) => [word, document[word]])),
    // More than the policy asks for it may ask; less never.
    min_acr: policy.min_acr === LOW ? (document.min_acr ?? LOW) : SUBSTANTIAL,
    require_fresh_key: (policy.require_fresh_key ?? kind === 'bank') || (document.require_fresh_key ?? false),
    require_pkce: true,
    require_pushed_authorization_requests: document.require_pushed_authorization_requests,
    dpop_bound_access_tokens: document.dpop_bound_access_tokens,
    cors_origins: profile === 'browser' ? originsOf(document.redirect_uris) : [],
  };
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
  if (document['client_name#da'] ?? document['client_name#en'] ?? document.client_name) return method;
  return fault('client_name: is missing; people see it while they sign in');
}

function findAddressFault(document: Document, ground: RegistrationGround): RegistrationFault | null {
  const { profile } = ground.policy;
  for (const uri of document.redirect_uris) {
    const wrong = redirectFault(uri, profile, ground);
    if (wrong) return fault(`redirect_uris: ${shown(uri)} ${wrong}`, 'invalid_redirect_uri');
  }
  for (const uri of document.post_logout_redirect_uris) {
    const wrong = redirectFault(uri, profile, ground);
    if (wrong) return fault(`post_logout_redirect_uris: ${shown(uri)} ${wrong}`);
  }
  for (const field of ['backchannel_logout_uri', 'jwks_uri'] as const) {
    const uri = document[field];
    const wrong = uri === undefined ? null : serverFault(uri, ground);
    if (wrong) return fault(`${field}: ${shown(uri ?? '')} ${wrong}`);
  }
  return null;
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
  const [first] = issues;
  const [field] = first?.path ?? [];
  const where = first?.path.map(String).join('.') || 'the document';
  const error = field === 'redirect_uris' ? 'invalid_redirect_uri' : 'invalid_client_metadata';
  return fault(`${where}: ${first?.message ?? 'is wrong'}`, error);
}
