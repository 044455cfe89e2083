/**
 * What a relying party that registers itself may be: decided by operators before it comes, and never by it. Whatever it
 * says of these itself is overwritten, when it registers and whenever it changes its registration.
 */
import { z } from 'zod';
import { SCOPES } from '../signIn/claims.ts';
import { LOW, SUBSTANTIAL } from '../signIn/levels.ts';

/**
 * `web`: a server that keeps a secret. `browser`: an application in the browser, which keeps none. `native`: an
 * application on a phone or a computer (RFC 8252).
 */
export const CLIENT_PROFILES = ['web', 'browser', 'native'] as const;
export type ClientProfile = (typeof CLIENT_PROFILES)[number];

export const policySchema = z.strictObject({
  /** Never `internal`: those are our own, and we write them ourselves. */
  kind: z.enum(['bank', 'public']),
  profile: z.enum(CLIENT_PROFILES).default('web'),
  /** The most that it may ask for; `offline_access` only where it is named. */
  scope: z
    .string()
    .default('openid profile')
    .refine((scope) => scope.split(' ').every((one) => SCOPES.includes(one)), `of: ${SCOPES.join(' ')}`)
    .refine((scope) => scope.split(' ').includes('openid'), 'openid is missing'),
  trusted: z.boolean().default(false),
  /** The least that a sign-in there is worth; it may ask for more. */
  min_acr: z.enum([LOW, SUBSTANTIAL]).default(SUBSTANTIAL),
  /** Banks do unless it is said otherwise; it may ask for one where it need not. */
  require_fresh_key: z.boolean().optional(),
  /** Relying parties of one sector know a person by the same `sub`; without it, it is one of its own. */
  sector_identifier_uri: z.url({ protocol: /^https$/ }).optional(),
});

export type ClientPolicy = z.output<typeof policySchema>;
export type ClientPolicyInput = z.input<typeof policySchema>;

/** How each profile proves at the token endpoint that it is itself; the first if it does not say. */
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
