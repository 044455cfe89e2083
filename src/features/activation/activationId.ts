/** A browser on its way: what its cookie holds is random, and only its keyed hash is kept. */
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
 * What the cookie holds after a key, by what it held before, the nonce of the page and what was typed on it:
 * the same form, sent again to any node, leads to the same content. Without the page and the key nobody
 * arrives at it.
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
