/** Chance as the core is handed it. The real dice are in platform/dice.ts; tests bring their own. */
export interface Random {
  /** An even draw from 0 to `limit - 1`. `limit` is from 1 to 2^48 - 1. */
  below(limit: number): number;
  bytes(length: number): Buffer;
  uuid(): string;
}

/** 256 bits, which nobody guesses and no two draw, as text for cookies, forms and addresses. */
export function drawSecret(random: Pick<Random, 'bytes'>): string {
  return random.bytes(32).toString('base64url');
}
