/** A relying party as it is registered: the standard client metadata of OpenID Connect, and what is ours. */
import { z } from 'zod';
import { SCOPES } from './claims.ts';
import { LOW, SUBSTANTIAL } from './levels.ts';
import { ASSERTION_ALGORITHMS, PRIVATE_MEMBERS } from './registration/keySet.ts';
import { namesWayWithoutScreen } from './services.ts';

export type RelyingPartyKind = 'bank' | 'public' | 'internal';

/** What a client id can be; anything else is nobody's, and never asked of the database. */
export const CLIENT_ID = /^[a-z0-9][a-z0-9._-]{2,63}$/;

/** Where an ID was issued that no bank issued: a bank of such a name would see all of those. */
const HOUSES: ReadonlySet<string> = new Set(['borgerservice', 'online', 'operator']);

/** For the public list of services, which shows it as it is: words, no line breaks, nothing that hides. */
const told = (most: number) =>
  z
    .string()
    .min(10)
    .max(most)
    .regex(/^[^\p{Cc}\p{Cf}\p{Cs}\u2028\u2029]*$/u, 'control characters');

const toldWithout = told(500).refine(
  namesWayWithoutScreen,
  'names no way without a screen: an address with its postcode, a phone number, or a counter to go to',
);

/** Said in both languages, and never what it is needed for alone: nobody is left without a way. */
const SERVICE_WORDS = ['purpose_da', 'purpose_en', 'without_da', 'without_en'] as const;

const httpsOrLoopback = z.url({ protocol: /^https?$/ });

/**
 * Everything known of a relying party, validated. Field names are those of RFC 7591 where it has one; the rest
 * are ours. `client_secret` is the keyed hash of the secret, never the secret.
 */
const fields = z.strictObject({
  client_id: z
    .string()
    .regex(CLIENT_ID)
    .refine((id) => !HOUSES.has(id), 'is what our own desks are called where IDs were issued'),
  client_secret: z.string().min(1).optional(),
  application_type: z.enum(['web', 'native']).default('web'),
  token_endpoint_auth_method: z.enum([
    'client_secret_basic',
    'client_secret_post',
    'private_key_jwt',
    'none',
  ]),
  redirect_uris: z.array(z.string().min(1)).min(1),
  post_logout_redirect_uris: z.array(z.string().min(1)).default([]),
  /** Where the relying party is told that a person is logged out. */
  backchannel_logout_uri: httpsOrLoopback.optional(),
  /** Each session has an id of its own (`sid`) there, and a log-out says which; without, it names the person alone. */
  backchannel_logout_session_required: z.boolean().default(true),
  grant_types: z
    .array(z.enum(['authorization_code', 'refresh_token']))
    .default(['authorization_code', 'refresh_token']),
  scope: z
    .string()
    .refine((scope) => scope.split(' ').every((one) => SCOPES.includes(one)), 'unknown scope')
    .refine((scope) => scope.split(' ').includes('openid'), 'openid is missing'),
  /** How it signs when it proves that it is itself; any way that its keys allow, where it does not say. */
  token_endpoint_auth_signing_alg: z.enum(ASSERTION_ALGORITHMS).optional(),
  /** What signs its ID tokens and log-out tokens. */
  id_token_signed_response_alg: z.enum(['ES256', 'RS256']).default('ES256'),
  jwks: z.looseObject({ keys: z.array(z.looseObject({})) }).optional(),
  /** Where it publishes those keys, if it does not name them here. */
  jwks_uri: httpsOrLoopback.optional(),
  /** Names the sector of the pairwise `sub`; never fetched. */
  sector_identifier_uri: z.url({ protocol: /^https$/ }),
  kind: z.enum(['bank', 'public', 'internal']),
  /** Asks for no consent but for the CPR number. */
  trusted: z.boolean().default(false),
  /** A small picture as a data address; shown while signing in. */
  logo: z
    .string()
    .max(8_000)
    .regex(/^data:image\/(png|jpeg|webp|svg\+xml);base64,[A-Za-z0-9+/=]+$/)
    .optional(),
  name_da: z.string().min(1).max(80),
  name_en: z.string().min(1).max(80),
  /** What it needs the ID for; shown at `/services`. */
  purpose_da: told(300).optional(),
  purpose_en: told(300).optional(),
  /** What to do without an ID: names a way that needs no screen. */
  without_da: toldWithout.optional(),
  without_en: toldWithout.optional(),
  /** The least that a sign-in here must be worth; Low only where it is said. */
  min_acr: z.enum([LOW, SUBSTANTIAL]).default(SUBSTANTIAL),
  /** Wants a key spent within each of its authorization requests. Banks do unless they say otherwise. */
  require_fresh_key: z.boolean().optional(),
  require_pkce: z.boolean().default(true),
  /**
   * Takes no authorization request but a pushed one (RFC 9126). Written down only where it is so: older nodes do
   * not know it.
   */
  require_pushed_authorization_requests: z.boolean().optional(),
  /** Its tokens are bound to a key of its own (DPoP, RFC 9449); without a proof of the key it gets none. */
  dpop_bound_access_tokens: z.boolean().default(false),
  /** Origins of browser applications that may call the token and userinfo endpoints. */
  cors_origins: z.array(httpsOrLoopback).default([]),
});

export const relyingPartySchema = fields
  .refine(
    (rp) => rp.token_endpoint_auth_method !== 'none' || rp.require_pkce,
    'a public client must use PKCE',
  )
  .refine((rp) => !rp.jwks?.keys.some((key) => PRIVATE_MEMBERS.some((name) => name in key)), {
    path: ['jwks'],
    message: 'a private or symmetric key: it is known to others now; make another',
  })
  .refine((rp) => !(rp.jwks && rp.jwks_uri), 'jwks or jwks_uri, not both')
  .refine(
    (rp) => rp.token_endpoint_auth_method !== 'private_key_jwt' || rp.jwks || rp.jwks_uri,
    'private_key_jwt needs jwks or jwks_uri',
  )
  .refine(
    (rp) => rp.token_endpoint_auth_method === 'private_key_jwt' || !rp.token_endpoint_auth_signing_alg,
    'token_endpoint_auth_signing_alg is for private_key_jwt',
  )
  .refine(
    (rp) => rp.token_endpoint_auth_method.startsWith('client_secret') === (rp.client_secret !== undefined),
    'a client secret is there for those who prove themselves with it, and for nobody else',
  )
  .refine(
    (rp) => new Set(SERVICE_WORDS.map((name) => rp[name] === undefined)).size === 1,
    'purpose_da, purpose_en, without_da and without_en belong together: all of them or none',
  )
  .transform(({ require_pushed_authorization_requests: isPushed, ...rp }) => ({
    ...rp,
    ...(isPushed ? { require_pushed_authorization_requests: true } : {}),
    require_fresh_key: rp.require_fresh_key ?? rp.kind === 'bank',
  }));

export type RelyingParty = z.output<typeof relyingPartySchema>;
export type RelyingPartyInput = z.input<typeof relyingPartySchema>;

const KNOWN: ReadonlySet<string> = new Set(Object.keys(fields.shape));

/** As it was kept. A field that a later version wrote is not understood here, and stops nobody. @throws ZodError */
export function readStoredRelyingParty(stored: unknown): RelyingParty {
  const known = Object.entries(stored as object).filter(([name]) => KNOWN.has(name));
  return relyingPartySchema.parse(Object.fromEntries(known));
}

/** The metadata of ours that the engine has to carry along with a client. */
export const OWN_METADATA = [
  'kind',
  'trusted',
  'logo',
  'min_acr',
  'name_da',
  'name_en',
  'require_fresh_key',
  'require_pkce',
  'cors_origins',
] as const;

/** That it is told of its registration, and the engine does not need. */
export const SAID_METADATA = ['state', 'purpose_da', 'purpose_en', 'without_da', 'without_en'] as const;
