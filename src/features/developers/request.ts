/**
 * An authorization request that a developer composed, and what its response is checked against. No node
 * stores it: it travels sealed in `state`, bound to the browser that began it.
 */
import { createHash } from 'node:crypto';
import { LANGUAGES } from '../../domain/language/language.ts';
import { drawSecret, type Random } from '../../domain/random.ts';
import { LOW, SUBSTANTIAL } from '../../domain/signIn/levels.ts';
import type { Keyring } from '../../platform/keyring.ts';
import { z } from 'zod';

/** The fields of the form with their allowed values. */
export const PLAYGROUND_OPTIONS = {
  acr: ['', 'low', 'substantial', 'essential-low', 'essential-substantial'],
  prompt: ['', 'login', 'consent', 'none'],
  max_age: ['', '0', '60', '3600'],
  ui_locales: ['', ...LANGUAGES],
} as const;
export type PlaygroundOption = keyof typeof PLAYGROUND_OPTIONS;

const pendingSchema = z.strictObject({
  clientId: z.string(),
  verifier: z.string(),
  nonce: z.string(),
  browser: z.string(),
  at: z.number(),
  asked: z.record(z.string(), z.string()),
});
export type PlaygroundRequest = z.infer<typeof pendingSchema>;

const STATE_CONTEXT = 'developers state v1';
const REQUEST_MS = 60 * 60_000;

export function sealPlaygroundRequest(keyring: Keyring, pending: PlaygroundRequest): string {
  return keyring.seal('records', JSON.stringify(pending), STATE_CONTEXT).toString('base64url');
}

/** Returns null for a state that Nøgle did not seal, that is too old, or that belongs to another browser. */
export function openPlaygroundRequest(
  keyring: Keyring,
  state: string,
  browser: string,
  now: Date,
): PlaygroundRequest | null {
  try {
    const text = keyring.open('records', Buffer.from(state, 'base64url'), STATE_CONTEXT);
    const pending = pendingSchema.parse(JSON.parse(text));
    const isFresh = Math.abs(now.getTime() - pending.at) < REQUEST_MS;
    return isFresh && pending.browser === browser ? pending : null;
  } catch {
    // Truncated, modified or forged: it does not decrypt, or is not well-formed.
    return null;
  }
}

export interface RequestedParameters {
  readonly clientId: string;
  readonly scopes: readonly string[];
  readonly choices: Readonly<Record<PlaygroundOption, string>>;
}

/**
 * Composes the parameters of `/auth`, without `state`, and the values that the response is checked against.
 */
export function composeRequest(requested: RequestedParameters, redirectUri: string, random: Random) {
  const [verifier, nonce] = [drawSecret(random), random.bytes(12).toString('base64url')];
  const { acr, prompt, max_age, ui_locales } = requested.choices;
  const uri = acr.endsWith('low') ? LOW : SUBSTANTIAL;
  const claims = { id_token: { acr: { essential: true, values: [uri] } } };
  const asked: Record<string, string> = {
    client_id: requested.clientId,
    response_type: 'code',
    redirect_uri: redirectUri,
    scope: requested.scopes.join(' '),
    nonce,
    code_challenge: createHash('sha256').update(verifier).digest('base64url'),
    code_challenge_method: 'S256',
    ...(acr === ''
      ? {}
      : acr.startsWith('essential')
        ? { claims: JSON.stringify(claims) }
        : { acr_values: uri }),
    // Without consent no refresh token is issued, regardless of the scope.
    ...(prompt === '' ? {} : { prompt }),
    ...(max_age === '' ? {} : { max_age }),
    ...(ui_locales === '' ? {} : { ui_locales }),
  };
  return { asked, verifier, nonce };
}
