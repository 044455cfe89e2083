/** The id of an activation: the cookie has a random value, and the database stores only its keyed hash. */
import { createHash } from 'node:crypto';
import { drawSecret } from '../../domain/random.ts';
import { ACTIVATION_MS } from '../../domain/issuing/activation.ts';
import type { AppContext } from '../appContext.ts';

export function drawActivationId({ random }: AppContext): string {
  return drawSecret(random);
}

export function hashActivationId({ keyring }: AppContext, content: string): Buffer {
  return keyring.hmac('records', `activation ${content}`);
}

/**
 * Derives the content of the cookie after a key from its previous content, the nonce of the page and the
 * typed values: the same form, sent again to any node, results in the same content. Without the page and the
 * key no one can derive it.
 */
export function renewActivationId(
  { keyring }: AppContext,
  { activation, nonce, typed }: { activation: string; nonce: string; typed: readonly string[] },
): string {
  const form = createHash('sha256').update(JSON.stringify(typed)).digest('base64url');
  return keyring
    .hmac('records', `activation after key v1 ${activation} ${nonce} ${form}`)
    .toString('base64url');
}

export function readActivationExpiry(now: Date): Date {
  return new Date(now.getTime() + ACTIVATION_MS);
}

/** The token depends on the content of this browser's cookie. */
export function csrfOfActivation({ keyring }: AppContext, { content }: { readonly content: string }): string {
  return keyring.csrfToken(`activation ${content}`);
}
