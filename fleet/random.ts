/** Numbers that a seed determines, so that a run can be repeated (xmur3 and mulberry32). */
export class SeededRandom {
  #state: number;

  constructor(seed: string) {
    let hash = 1_779_033_703 ^ seed.length;
    for (const sign of seed) {
      hash = Math.imul(hash ^ (sign.codePointAt(0) ?? 0), 3_432_918_353);
      hash = (hash << 13) | (hash >>> 19);
    }
    this.#state = hash >>> 0;
  }

  /** From 0 up to, and without, 1. */
  next(): number {
    this.#state = (this.#state + 0x6d_2b_79_f5) >>> 0;
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), this.#state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  }

  between(from: number, to: number): number {
    return from + this.next() * (to - from);
  }

  pick<T>(list: readonly T[]): T {
    const found = list[Math.floor(this.next() * list.length)];
    if (found === undefined) throw new Error('nothing to pick from');
    return found;
  }

  shuffle<T>(list: readonly T[]): T[] {
    const shuffled = [...list];
    for (let i = shuffled.length - 1; i > 0; i -= 1) {
      const other = Math.floor(this.next() * (i + 1));
      [shuffled[i], shuffled[other]] = [shuffled[other] as T, shuffled[i] as T];
    }
    return shuffled;
  }
}
