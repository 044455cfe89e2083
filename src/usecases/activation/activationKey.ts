/** A browser on its way: what its cookie holds is random, and only its keyed hash is kept. */
import { ACTIVATION_MS } from '../../core/issuing/activation.ts';
import type { World } from '../world.ts';

export function drawActivation({ dice }: World): string {
  return dice.bytes(32).toString('base64url');
}

export function activationKey({ keyring }: World, content: string): Buffer {
  return keyring.hmac('records', `activation ${content}`);
}

export function activationExpiry(now: Date): Date {
  return new Date(now.getTime() + ACTIVATION_MS);
}
