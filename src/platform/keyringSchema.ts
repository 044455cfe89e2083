/** The file of the key rings: one ring for each use, each with its keys by their ids. */
import { z } from 'zod';
import type { RingKeyUse } from '../domain/ringKeys.ts';

export type { RingKeyUse };

/**
 * `cprLookup` and `pairwise` keep one key for the life of the database: rotating them would change every
 * `sub` and allow two identities for one CPR number.
 */
export const RING_KEY_USES = [
  'cards',
  'seal',
  'letters',
  'records',
  'cprLookup',
  'pairwise',
  'attempts',
  'clientSecrets',
  'cookies',
  'audit',
  'tokens',
  'demo',
] as const satisfies readonly RingKeyUse[];

const keyPattern = z
  .base64url()
  .refine((text) => Buffer.from(text, 'base64url').length === 32, 'not 32 bytes');
const keysById = z.record(z.string().regex(/^[a-z][a-z0-9]{0,15}$/), keyPattern);
const ringSchema = z
  .strictObject({
    current: z.string(),
    /** The key for lookup hashes, where it is not the current one, so that existing rows are still found. */
    lookup: z.string().optional(),
    keys: keysById,
    /**
     * Of the ring `seal`: keys that open no row and make no MAC valid. They verify the passwords of people
     * who have not signed in since, and open the browser and network of audit events, which are never
     * changed.
     */
    retired: keysById.optional(),
  })
  .refine(({ current, keys }) => Object.hasOwn(keys, current), 'the current key is not in the ring')
  .refine(
    ({ lookup, keys }) => lookup === undefined || Object.hasOwn(keys, lookup),
    'the lookup key is not in the ring',
  )
  .refine(
    ({ keys, retired = {} }) => !Object.keys(retired).some((kid) => Object.hasOwn(keys, kid)),
    'a retired key is also in use',
  );
const ringWithoutRetiredSchema = ringSchema.refine(
  ({ retired }) => retired === undefined,
  'only the ring "seal" has retired keys',
);

/** Uses that keep their one key permanently. */
const PERMANENT_RINGS: readonly RingKeyUse[] = ['cprLookup', 'pairwise'];
const permanentRingSchema = ringWithoutRetiredSchema.refine(
  (ring) => Object.keys(ring.keys).length === 1,
  'keeps one key for the life of the database',
);

function schemaOf(use: RingKeyUse): typeof ringSchema {
  if (use === 'seal') return ringSchema;
  return PERMANENT_RINGS.includes(use) ? permanentRingSchema : ringWithoutRetiredSchema;
}

/** The file format: `{ "cards": { "current": "k1", "keys": { "k1": "<32 bytes, base64url>" } }, ... }`. */
export const keyringSchema = z.strictObject(
  Object.fromEntries(RING_KEY_USES.map((use) => [use, schemaOf(use)])) as Record<
    RingKeyUse,
    typeof ringSchema
  >,
);
export type KeyringFile = z.infer<typeof keyringSchema>;
