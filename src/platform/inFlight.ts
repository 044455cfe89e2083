/**
 * Counts what is in flight for each key. A key with nothing in flight is forgotten, so that memory is bounded
 * by the running work.
 */
export interface InFlightLimit {
  readonly key: string;
  readonly limit: number;
}

export class InFlightCounter {
  readonly #counts = new Map<string, number>();

  /** The number of keys with something in flight. */
  get size(): number {
    return this.#counts.size;
  }

  /**
   * Counts one for all of the keys, or for none.
   * @returns a function that releases it; null where a limit is reached.
   */
  enter(limits: readonly InFlightLimit[]): (() => void) | null {
    if (limits.some(({ key, limit }) => (this.#counts.get(key) ?? 0) >= limit)) return null;
    for (const { key } of limits) this.#counts.set(key, (this.#counts.get(key) ?? 0) + 1);
    return () => {
      for (const { key } of limits) this.#leave(key);
    };
  }

  #leave(key: string): void {
    const rest = (this.#counts.get(key) ?? 0) - 1;
    if (rest > 0) this.#counts.set(key, rest);
    else this.#counts.delete(key);
  }
}
