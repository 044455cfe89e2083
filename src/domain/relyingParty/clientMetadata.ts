/**
 * The client metadata of a relying party, one row for each field. A field that is added here is read from
 * operators and, if its row allows it, from dynamic registration; it is stored, shown to both, and added to
 * the provider's client metadata. Names are those of RFC 7591 where it has one; the others are Nøgle's.
 */
import { z } from 'zod';
import { SCOPES } from '../signIn/claims.ts';
import { localizedFields } from '../language/language.ts';
import { LOW, SUBSTANTIAL } from '../signIn/levels.ts';
import { mentionsOfflineWay } from './services.ts';
import { ASSERTION_ALGORITHMS } from './keySet.ts';
import { isLogo } from './logo.ts';

export interface Field {
  /** The schema of the stored value, which is also what operators write. */
  readonly stored: z.ZodType;
  /**
   * The schema of the value in a relying party's own registration; null when the relying party cannot set it.
   */
  readonly own: z.ZodType | null;
  /**
   * What a change by the relying party requires. `approval`: it affects what people see while they sign in,
   * where their browser is sent, or whose pages may read responses; the last approved value applies until
   * operators approve the new one. `policy`: operators allowed it with the initial access token, and the
   * registration can only ask for less. `none`: it has no effect without an approved redirect URI, and a
   * relying party must be able to change it immediately.
   */
  readonly change: 'approval' | 'policy' | 'none';
  /** `standard`: oidc-provider knows the field. `custom`: it must be declared as extra client metadata. */
  readonly provider: 'standard' | 'custom';
  /** Who requests the URLs in the field; each URL is validated for that use. */
  readonly visitedBy?: 'browser' | 'provider' | 'person' | 'no_one';
}

/** A field whose name says that it holds URLs must state who requests them. */
type AddressField = Field & { readonly visitedBy: NonNullable<Field['visitedBy']> };
type AddressFields = { readonly [Name in `${string}_uri` | `${string}_uris`]: AddressField };

/** The syntax of a client id; any other text is an unknown client, and the database is not asked. */
export const CLIENT_ID = /^[a-z0-9][a-z0-9._-]{2,63}$/;

/** Issuers of IDs that are not banks. A bank with such a client id would see all IDs that they issued. */
const ISSUING_ORGANISATIONS: ReadonlySet<string> = new Set(['borgerservice', 'online', 'operator']);

const httpsOrLoopback = z.url({ protocol: /^https?$/ });
const ownAddress = z.string().optional();
const ownAddresses = z.array(z.string()).max(20);
const unique = <T>(all: readonly T[]): T[] => [...new Set(all)];
const GRANT_TYPES = ['authorization_code', 'refresh_token'] as const;

/**
 * Text for the public list of services, which shows it unchanged: no line breaks and no invisible characters.
 */
const publicWords = (maxLength: number) =>
  z
    .string()
    .min(10)
    .max(maxLength)
    .regex(/^[^\p{Cc}\p{Cf}\p{Cs}\u2028\u2029]*$/u, 'control characters');

const wayWithout = publicWords(500).refine(
  mentionsOfflineWay,
  'names no way without a screen: an address with its postcode, a phone number, or a counter to go to',
);

/**
 * A field that states what the relying party needs the ID for, or what to do without one; shown at
 * `/services`.
 */
const words = <Words extends z.ZodType>(stored: Words) =>
  ({ stored, own: z.string().optional(), change: 'approval', provider: 'custom' }) as const;

/** The name in one language; a registration calls it `client_name`. */
const name = {
  stored: z.string().min(1).max(80),
  own: null,
  change: 'approval',
  provider: 'custom',
} as const;

/**
 * Members of a JWK are strings, and a certificate chain is a list of them (RFC 7517). Other members are
 * ignored. Characters that a database cannot store are rejected.
 */
const jwkMember = z
  .string()
  .max(4_000)
  .regex(/^[^\p{Cc}\p{Cs}]*$/u, 'control characters');
const publicKey = z.record(
  jwkMember,
  z.union([jwkMember, z.array(jwkMember).max(10), z.boolean(), z.number(), z.null()]),
);

export const CLIENT_METADATA = {
  client_id: {
    stored: z
      .string()
      .regex(CLIENT_ID)
      .refine(
        (id) => !ISSUING_ORGANISATIONS.has(id),
        'is what our own desks are called where IDs were issued',
      ),
    own: null,
    change: 'policy',
    provider: 'standard',
  },
  /** The keyed hash of the client secret, never the secret. */
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
  /** Where the relying party is notified that a person was logged out (OIDC Back-Channel Logout). */
  backchannel_logout_uri: {
    stored: httpsOrLoopback.optional(),
    own: ownAddress,
    change: 'none',
    provider: 'standard',
    visitedBy: 'provider',
  },
  /**
   * Whether logout tokens have a `sid` that identifies the session; without it they identify only the person.
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
  /** The signature algorithm of its client assertions; absent: any algorithm that its keys allow. */
  token_endpoint_auth_signing_alg: {
    stored: z.enum(ASSERTION_ALGORITHMS).optional(),
    own: z.string().optional(),
    change: 'none',
    provider: 'standard',
  },
  /** The signature algorithm of its ID tokens and logout tokens. */
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
  /** Where it publishes its keys, if they are not in `jwks`. */
  jwks_uri: {
    stored: httpsOrLoopback.optional(),
    own: ownAddress,
    change: 'none',
    provider: 'standard',
    visitedBy: 'provider',
  },
  /** Determines the sector of the pairwise `sub`. */
  sector_identifier_uri: {
    stored: z.url({ protocol: /^https$/ }),
    own: null,
    change: 'policy',
    provider: 'standard',
    visitedBy: 'no_one',
  },
  kind: { stored: z.enum(['bank', 'public', 'internal']), own: null, change: 'policy', provider: 'custom' },
  /** Needs consent only for the CPR number. */
  trusted: { stored: z.boolean().default(false), own: null, change: 'policy', provider: 'custom' },
  /** A small picture as a data URL; shown while signing in. */
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
  /** Its home page: where people begin there; linked at `/services`. */
  client_uri: {
    stored: httpsOrLoopback.optional(),
    own: ownAddress,
    change: 'approval',
    provider: 'standard',
    visitedBy: 'person',
  },
  ...localizedFields('purpose', () => words(publicWords(300).optional())),
  ...localizedFields('without', () => words(wayWithout.optional())),
  /** The least that must be shown in a sign-in here: two factors, or a password where Low is stated. */
  min_acr: {
    stored: z.enum([LOW, SUBSTANTIAL]).default(SUBSTANTIAL),
    own: z.enum([LOW, SUBSTANTIAL]).optional(),
    change: 'policy',
    provider: 'custom',
  },
  /**
   * The least proofing of a person who signs in here. Absent: the same level as `min_acr`
   * (relyingPartySchema).
   */
  min_proofing: {
    stored: z.enum([LOW, SUBSTANTIAL]).optional(),
    own: z.enum([LOW, SUBSTANTIAL]).optional(),
    change: 'policy',
    provider: 'custom',
  },
  /**
   * Requires a key that is spent within each of its authorization requests. True for banks unless stated
   * otherwise.
   */
  require_fresh_key: {
    stored: z.boolean().optional(),
    own: z.boolean().optional(),
    change: 'policy',
    provider: 'custom',
  },
  require_pkce: { stored: z.boolean().default(true), own: null, change: 'policy', provider: 'custom' },
  /** Accepts only pushed authorization requests (RFC 9126). */
  require_pushed_authorization_requests: {
    stored: z.boolean().optional(),
    own: z.boolean().optional(),
    change: 'none',
    provider: 'standard',
  },
  /** Its tokens are bound to a DPoP key (RFC 9449); without a proof of the key it gets none. */
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
