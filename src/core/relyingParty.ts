/** A relying party as it is registered: the standard client metadata of OpenID Connect, and what is ours. */
import { z } from 'zod';
import { SCOPES } from './claims.ts';
import { LOW, SUBSTANTIAL } from './levels.ts';

export type RelyingPartyKind = 'bank' | 'public' | 'internal';

/** What a client id can be; anything else is nobody's, and never asked of the database. */
export const CLIENT_ID = /^[a-z0-9][a-z0-9._-]{2,63}$/;

/** Where an ID was issued that no bank issued: a bank of such a name would see all of those. */
const HOUSES: ReadonlySet<string> = new Set(['borgerservice', 'online', 'operator']);

const httpsOrLoopback = z.url({ protocol: /^https?$/ });

/**
 * Everything known of a relying party, validated. Field names are those of RFC 7591 where it has one; the rest
 * are ours. `client_secret` is the keyed hash of the secret, never the secret.
 */
export const relyingPartySchema = z
  .strictObject({
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
    /** What signs its ID tokens and log-out tokens. */
    id_token_signed_response_alg: z.enum(['ES256', 'RS256']).default('ES256'),
    jwks: z.looseObject({ keys: z.array(z.looseObject({ kty: z.string() })) }).optional(),
    /** Names the sector of the pairwise `sub`; never fetched. */
    sector_identifier_uri: z.url({ protocol: /^https$/ }),
    kind: z.enum(['bank', 'public', 'internal']),
    /** Asks for no consent but for the CPR number. */
    trusted: z.boolean().default(false),
    /** A small picture as a data address; shown while signing in. */
    logo: z
      .string()
      .max(8_000)
      .regex(/^data:image\/(png|svg\+xml);base64,[A-Za-z0-9+/=]+$/)
      .optional(),
    name_da: z.string().min(1).max(80),
    name_en: z.string().min(1).max(80),
    /** The least that a sign-in here must be worth; Low only where it is said. */
    min_acr: z.enum([LOW, SUBSTANTIAL]).default(SUBSTANTIAL),
    /** Wants a key spent within each of its authorization requests. Banks do unless they say otherwise. */
    require_fresh_key: z.boolean().optional(),
    require_pkce: z.boolean().default(true),
    /** Its tokens are bound to a key of its own (DPoP, RFC 9449); without a proof of the key it gets none. */
    dpop_bound_access_tokens: z.boolean().default(false),
    /** Origins of browser applications that may call the token and userinfo endpoints. */
    cors_origins: z.array(httpsOrLoopback).default([]),
  })
  .refine(
    (rp) => rp.token_endpoint_auth_method !== 'none' || rp.require_pkce,
    'a public client must use PKCE',
  )
  .transform((rp) => ({ ...rp, require_fresh_key: rp.require_fresh_key ?? rp.kind === 'bank' }));

export type RelyingParty = z.output<typeof relyingPartySchema>;
export type RelyingPartyInput = z.input<typeof relyingPartySchema>;

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
