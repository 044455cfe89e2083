/**
 * The policy of an initial access token: what a relying party that registers itself may be. Operators decide
 * it beforehand. Values that the relying party sends for these fields are overwritten at registration and at
 * every change.
 */
import { z } from 'zod';
import { SCOPES } from '../signIn/claims.ts';
import { LOW, SUBSTANTIAL } from '../signIn/levels.ts';

/**
 * `web`: a server that can keep a secret. `browser`: an application in the browser, which cannot. `native`:
 * an application on a phone or a computer (RFC 8252).
 */
export const CLIENT_PROFILES = ['web', 'browser', 'native'] as const;
export type ClientProfile = (typeof CLIENT_PROFILES)[number];

export const policySchema = z.strictObject({
  /** Never `internal`: those are first-party clients, which Nøgle registers itself. */
  kind: z.enum(['bank', 'public']),
  profile: z.enum(CLIENT_PROFILES).default('web'),
  /** The maximum scope; `offline_access` only when listed. */
  scope: z
    .string()
    .default('openid profile')
    .refine((scope) => scope.split(' ').every((one) => SCOPES.includes(one)), `of: ${SCOPES.join(' ')}`)
    .refine((scope) => scope.split(' ').includes('openid'), 'openid is missing'),
  trusted: z.boolean().default(false),
  /** The least that must be shown in a sign-in; the relying party may require more. */
  min_acr: z.enum([LOW, SUBSTANTIAL]).default(SUBSTANTIAL),
  /**
   * The least proofing; the relying party may require more. Absent: the same level as `min_acr`. Stored only
   * where it is stated, because nodes of the version before do not know it.
   */
  min_proofing: z.enum([LOW, SUBSTANTIAL]).optional(),
  /**
   * True for banks unless stated otherwise; a relying party may require a fresh key even if it does not have
   * to.
   */
  require_fresh_key: z.boolean().optional(),
  /** Relying parties of one sector see the same `sub` for a person; absent: a separate sector. */
  sector_identifier_uri: z.url({ protocol: /^https$/ }).optional(),
});

export type ClientPolicy = z.output<typeof policySchema>;
export type ClientPolicyInput = z.input<typeof policySchema>;

/** The token endpoint authentication methods of each profile; the first is the default. */
export const AUTH_METHODS: Readonly<
  Record<
    ClientProfile,
    readonly ('client_secret_basic' | 'client_secret_post' | 'private_key_jwt' | 'none')[]
  >
> = {
  web: ['client_secret_basic', 'client_secret_post', 'private_key_jwt'],
  browser: ['none'],
  native: ['none', 'private_key_jwt'],
};
