/**
 * What is known of a relying party: one row a field. A field that is added here is read from operators and,
 * if the row says so, from the relying party's own registration; it is stored, shown to both, and carried
 * along by the provider. Names are those of RFC 7591 where it has one; the rest are ours.
 */
import { z } from 'zod';
import { SCOPES } from '../signIn/claims.ts';
import { localizedFields } from '../language/language.ts';
import { LOW, SUBSTANTIAL } from '../signIn/levels.ts';
import { mentionsOfflineWay } from './services.ts';
import { ASSERTION_ALGORITHMS } from './keySet.ts';
import { isLogo } from './logo.ts';

export interface Field {
  /** As it is stored, and as operators write it. */
  readonly stored: z.ZodType;
  /** As a relying party may say it of itself, and as it is stored then; null: it is decided for it. */
  readonly own: z.ZodType | null;
  /**
   * What a change by the relying party itself takes. `approval`: what people see while they sign in, where
   * their browser is sent, and whose pages may read our answers; what was approved counts until operators
   * approve it again. `policy`: operators allowed it with the token, and the document asks for less at most.
   * `none`: it is worth nothing without an approved redirect URI, and a relying party has to be able to do it
   * at once.
   */
  readonly change: 'approval' | 'policy' | 'none';
  /** `standard`: the provider knows the field. `custom`: it has to be told to carry it along. */
  readonly provider: 'standard' | 'custom';
  /** Who goes to the addresses in it: each is held to what is asked of such an address. */
  readonly visitedBy?: 'browser' | 'provider' | 'no_one';
}

/** A field that by its name holds addresses says who goes there. */
type AddressField = Field & { readonly visitedBy: NonNullable<Field['visitedBy']> };
type AddressFields = { readonly [Name in `${string}_uri` | `${string}_uris`]: AddressField };

/** What a client id can be; anything else is nobody's, and never asked of the database. */
export const CLIENT_ID = /^[a-z0-9][a-z0-9._-]{2,63}$/;

/** Where an ID was issued that no bank issued: a bank of such a name would see all of those. */
const HOUSES: ReadonlySet<string> = new Set(['borgerservice', 'online', 'operator']);

const httpsOrLoopback = z.url({ protocol: /^https?$/ });
const ownAddress = z.string().optional();
const ownAddresses = z.array(z.string()).max(20);
const unique = <T>(all: readonly T[]): T[] => [...new Set(all)];
const GRANT_TYPES = ['authorization_code', 'refresh_token'] as const;

/** For the public list of services, which shows it as it is: words, no line breaks, nothing that hides. */
const publicWords = (most: number) =>
  z
    .string()
    .min(10)
    .max(most)
    .regex(/^[^\p{Cc}\p{Cf}\p{Cs}\u2028\u2029]*$/u, 'control characters');

const wayWithout = publicWords(500).refine(
  mentionsOfflineWay,
  'names no way without a screen: an address with its postcode, a phone number, or a counter to go to',
);

/** What it needs the ID for, or what to do without one; shown at `/services`. */
const words = <Words extends z.ZodType>(stored: Words) =>
  ({ stored, own: z.string().optional(), change: 'approval', provider: 'custom' }) as const;

/** In one language; a document calls it `client_name`. */
const name = {
  stored: z.string().min(1).max(80),
  own: null,
  change: 'approval',
  provider: 'custom',
} as const;

/**
 * Members of a key are words, and a certificate a list of them (RFC 7517); what else stands there is not
 * understood and does no harm. Nothing that no database keeps.
 */
const keyMember = z
  .string()
  .max(4_000)
  .regex(/^[^\p{Cc}\p{Cs}]*$/u, 'control characters');
const publicKey = z.record(
  keyMember,
  z.union([keyMember, z.array(keyMember).max(10), z.boolean(), z.number(), z.null()]),
);

export const CLIENT_METADATA = {
  client_id: {
    stored: z
      .string()
      .regex(CLIENT_ID)
      .refine((id) => !HOUSES.has(id), 'is what our own desks are called where IDs were issued'),
    own: null,
    change: 'policy',
    provider: 'standard',
  },
  /** The keyed hash of the secret, never the secret. */
  client_secret: { stored: z.string().min(1).optional(), own: null, change: 'none', provider: 'standard' },
  application_type: {
    stored: z.enum(['web', 'native']).default('web'),
    own: z.enum(['web', 'native']).optional(),
    change: 'policy',
    provider: 'standard',
  },
  token_endpoint_auth_method: {
    stored: z.enum(['client_secret_basic', 'client_secret_post', 'private_key_jwt', 'none']),
    own: z.string().optional(),
    change: 'policy',
    provider: 'standard',
  },
  redirect_uris: {
    stored: z.array(z.string().min(1)).min(1),
    own: ownAddresses.min(1).transform(unique),
    change: 'approval',
    provider: 'standard',
    visitedBy: 'browser',
  },
  post_logout_redirect_uris: {
    stored: z.array(z.string().min(1)).default([]),
    own: ownAddresses.default([]).transform(unique),
    change: 'approval',
    provider: 'standard',
    visitedBy: 'browser',
  },
  /** Where the relying party hears that a person is logged out. */
  backchannel_logout_uri: {
    stored: httpsOrLoopback.optional(),
    own: ownAddress,
    change: 'none',
    provider: 'standard',
    visitedBy: 'provider',
  },
  /**
   * Each session has an id of its own (`sid`) there, and a log-out says which; without, it names the person
   * alone.
   */
  backchannel_logout_session_required: {
    stored: z.boolean().default(true),
    own: z.boolean().default(true),
    change: 'none',
    provider: 'standard',
  },
  grant_types: {
    stored: z.array(z.enum(GRANT_TYPES)).default([...GRANT_TYPES]),
    own: z
      .array(z.enum(GRANT_TYPES))
      .refine((types) => types.includes('authorization_code'), 'authorization_code is missing')
      .default([...GRANT_TYPES])
      .transform(unique),
    change: 'none',
    provider: 'standard',
  },
  scope: {
    stored: z
      .string()
      .refine((scope) => scope.split(' ').every((one) => SCOPES.includes(one)), 'unknown scope')
      .refine((scope) => scope.split(' ').includes('openid'), 'openid is missing'),
    own: z.string().max(500).optional(),
    change: 'policy',
    provider: 'standard',
  },
  /** How it signs when it proves that it is itself; any way that its keys allow, where it does not say. */
  token_endpoint_auth_signing_alg: {
    stored: z.enum(ASSERTION_ALGORITHMS).optional(),
    own: z.string().optional(),
    change: 'none',
    provider: 'standard',
  },
  /** What signs its ID tokens and log-out tokens. */
  id_token_signed_response_alg: {
    stored: z.enum(['ES256', 'RS256']).default('ES256'),
    own: z.enum(['ES256', 'RS256']).default('ES256'),
    change: 'none',
    provider: 'standard',
  },
  jwks: {
    stored: z.looseObject({ keys: z.array(z.looseObject({})) }).optional(),
    own: z.object({ keys: z.array(publicKey).max(20) }).optional(),
    change: 'none',
    provider: 'standard',
  },
  /** Where it publishes those keys, if it does not name them here. */
  jwks_uri: {
    stored: httpsOrLoopback.optional(),
    own: ownAddress,
    change: 'none',
    provider: 'standard',
    visitedBy: 'provider',
  },
  /** Names the sector of the pairwise `sub`. */
  sector_identifier_uri: {
    stored: z.url({ protocol: /^https$/ }),
    own: null,
    change: 'policy',
    provider: 'standard',
    visitedBy: 'no_one',
  },
  kind: { stored: z.enum(['bank', 'public', 'internal']), own: null, change: 'policy', provider: 'custom' },
  /** Asks for no consent but for the CPR number. */
  trusted: { stored: z.boolean().default(false), own: null, change: 'policy', provider: 'custom' },
  /** A small picture as a data address; shown while signing in. */
  logo: {
    stored: z
      .string()
      .max(8_000)
      .regex(/^data:image\/(png|jpeg|webp|svg\+xml);base64,[A-Za-z0-9+/=]+$/)
      .optional(),
    own: z
      .string()
      .refine(isLogo, 'must be a PNG, JPEG or WebP as a data address of at most 8000 characters')
      .optional(),
    change: 'approval',
    provider: 'custom',
  },
  ...localizedFields('name', () => name),
  ...localizedFields('purpose', () => words(publicWords(300).optional())),
  ...localizedFields('without', () => words(wayWithout.optional())),
  /** The least that a sign-in here must be worth; Low only where it is said. */
  min_acr: {
    stored: z.enum([LOW, SUBSTANTIAL]).default(SUBSTANTIAL),
    own: z.enum([LOW, SUBSTANTIAL]).optional(),
    change: 'policy',
    provider: 'custom',
  },
  /** Wants a key spent within each of its authorization requests. Banks do unless they say otherwise. */
  require_fresh_key: {
    stored: z.boolean().optional(),
    own: z.boolean().optional(),
    change: 'policy',
    provider: 'custom',
  },
  require_pkce: { stored: z.boolean().default(true), own: null, change: 'policy', provider: 'custom' },
  /** Takes no authorization request but a pushed one (RFC 9126). */
  require_pushed_authorization_requests: {
    stored: z.boolean().optional(),
    own: z.boolean().optional(),
    change: 'none',
    provider: 'standard',
  },
  /** Its tokens are bound to a key of its own (DPoP, RFC 9449); without a proof of the key it gets none. */
  dpop_bound_access_tokens: {
    stored: z.boolean().default(false),
    own: z.boolean().default(false),
    change: 'none',
    provider: 'standard',
  },
  /** Origins of browser applications that may call the token and userinfo endpoints. */
  cors_origins: {
    stored: z.array(httpsOrLoopback).default([]),
    own: null,
    change: 'approval',
    provider: 'custom',
  },
} as const satisfies Readonly<Record<string, Field>> & AddressFields;
