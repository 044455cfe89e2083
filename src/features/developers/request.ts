/**
 * An authorization request as a developer puts it together, and what has to come back with its answer. No node keeps
 * anything of it: it travels sealed in `state`, and fits the browser that it began in.
 */
import { createHash } from 'node:crypto';
import { LANGUAGES } from '../../domain/language/language.ts';
import { drawSecret, type Random } from '../../domain/random.ts';
import { LOW, SUBSTANTIAL } from '../../domain/signIn/levels.ts';
import type { Keyring } from '../../platform/keyring.ts';
import { z } from 'zod';

/** What the form asks for; each is what its field may say. */
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

/** Null where it is not ours, too old, or of another browser. */
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
    // Cut, changed, or made up: an authenticated box does not open, or is no box at all.
    return null;
  }
}

export interface RequestedParameters {
  readonly clientId: string;
  readonly scopes: readonly string[];
  readonly choices: Readonly<Record<PlaygroundOption, string>>;
}

/** The parameters of `/auth`, without `state`, and what the answer will be held against. */
export function composeRequest(wish: RequestedParameters, redirectUri: string, random: Random) {
  const [verifier, nonce] = [drawSecret(random), random.bytes(12).toString('base64url')];
  const { acr, prompt, max_age, ui_locales } = wish.choices;
  const uri = acr.endsWith('low') ? LOW : SUBSTANTIAL;
  const claims = { id_token: { acr: { essential: true, values: [uri] } } };
  const asked: Record<string, string> = {
    client_id: wish.clientId,
    response_type: 'code',
    redirect_uri: redirectUri,
    scope: wish.scopes.join(' '),
    nonce,
    code_challenge: createHash('sha256').update(verifier).digest('base64url'),
    code_challenge_method: 'S256',
    ...(acr === ''
      ? {}
      : acr.startsWith('essential')
        ? { claims: JSON.stringify(claims) }
        : { acr_values: uri }),
    // Without consent there is no refresh token, whatever scope is asked for.
    ...(prompt === '' ? {} : { prompt }),
    ...(max_age === '' ? {} : { max_age }),
    ...(ui_locales === '' ? {} : { ui_locales }),
  };
  return { asked, verifier, nonce };
}
