/** Chance as the core is handed it. The real dice are in platform/dice.ts; tests bring their own. */
export interface Dice {
  /** An even draw from 0 to `limit - 1`. `limit` is from 1 to 2^48 - 1. */
  below(limit: number): number;
  bytes(length: number): Buffer;
  uuid(): string;
}

/** 256 bits, which nobody guesses and no two draw, as text for cookies, forms and addresses. */
export function drawSecret(dice: Pick<Dice, 'bytes'>): string {
  return dice.bytes(32).toString('base64url');
}
