/** The random source that callers pass in. The real one is platform/random.ts; tests pass their own. */
export interface Random {
  /** A uniform integer from 0 to `limit - 1`. `limit` is from 1 to 2^48 - 1. */
  below(limit: number): number;
  bytes(length: number): Buffer;
  uuid(): string;
}

/**
 * A 256-bit random value, which can be neither guessed nor drawn twice, as base64url for cookies, forms and
 * URLs.
 */
export function drawSecret(random: Pick<Random, 'bytes'>): string {
  return random.bytes(32).toString('base64url');
}
