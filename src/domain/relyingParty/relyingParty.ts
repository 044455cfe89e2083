/** A registered relying party: the standard client metadata of OpenID Connect, and Nøgle's fields. */
import { z } from 'zod';
import { DEFAULT_LANGUAGE, fieldsOf, LANGUAGES } from '../language/language.ts';
import { STORED_FIELDS } from './metadataFields.ts';
import { PRIVATE_MEMBERS } from './keySet.ts';

export type RelyingPartyKind = 'bank' | 'public' | 'internal';

/**
 * The texts for `/services`: in every language, and never the purpose alone, so that every reader learns what
 * to do without an ID.
 */
const SERVICE_WORDS = [...fieldsOf('purpose'), ...fieldsOf('without')];

const metadataFields = z.strictObject(STORED_FIELDS);

export const relyingPartySchema = metadataFields
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
    `${SERVICE_WORDS.slice(0, -1).join(', ')} and ${SERVICE_WORDS.at(-1)} belong together: all of them or none`,
  )
  .transform(({ require_pushed_authorization_requests: isPushed, ...rp }) => ({
    ...rp,
    // Stored only when true: older nodes do not know the field.
    ...(isPushed ? { require_pushed_authorization_requests: true } : {}),
    min_proofing: rp.min_proofing ?? rp.min_acr,
    require_fresh_key: rp.require_fresh_key ?? rp.kind === 'bank',
  }));

export type RelyingParty = z.output<typeof relyingPartySchema>;
export type RelyingPartyInput = z.input<typeof relyingPartySchema>;

const KNOWN_FIELDS: ReadonlySet<string> = new Set(Object.keys(metadataFields.shape));

const LOCALIZED = ['name', 'purpose', 'without'] as const;

/**
 * Reads a stored registration. Fields that a later version wrote are ignored.
 * @throws ZodError when the rest is invalid
 */
export function readStoredRelyingParty(stored: unknown): RelyingParty {
  const known = Object.entries(stored as object).filter(([name]) => KNOWN_FIELDS.has(name));
  return relyingPartySchema.parse(inAllLanguages(Object.fromEntries(known)));
}

/** Fills in the default language's text where a registration is older than a language. */
export function inAllLanguages(
  stored: Readonly<Record<string, unknown>>,
  languages: readonly string[] = LANGUAGES,
): Record<string, unknown> {
  const missing = LOCALIZED.flatMap((field) => {
    const input = stored[`${field}_${DEFAULT_LANGUAGE}`];
    return languages
      .filter((language) => input !== undefined && stored[`${field}_${language}`] === undefined)
      .map((language) => [`${field}_${language}`, input]);
  });
  return { ...stored, ...Object.fromEntries(missing) };
}
