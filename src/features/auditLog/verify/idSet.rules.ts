/** A set of event ids, at about a bit for each: ids are dense. */
const CHUNK_BITS = 65_536;

export class IdSet {
  readonly #chunks = new Map<number, Uint8Array>();
  /** Larger than a double holds. */
  readonly #large = new Set<string>();

  /** @returns false when it was in the set already */
  add(id: string): boolean {
    if (this.has(id)) return false;
    const number = Number(id);
    if (!Number.isSafeInteger(number) || number < 0) {
      this.#large.add(id);
      return true;
    }
    const place = Math.floor(number / CHUNK_BITS);
    const chunk = this.#chunks.get(place) ?? new Uint8Array(CHUNK_BITS / 8);
    this.#chunks.set(place, chunk);
    const bit = number % CHUNK_BITS;
    chunk[bit >> 3] = (chunk[bit >> 3] ?? 0) | (1 << (bit & 7));
    return true;
  }

  has(id: string): boolean {
    const number = Number(id);
    if (!Number.isSafeInteger(number) || number < 0) return this.#large.has(id);
    const bit = number % CHUNK_BITS;
    const byte = this.#chunks.get(Math.floor(number / CHUNK_BITS))?.[bit >> 3] ?? 0;
    return (byte & (1 << (bit & 7))) !== 0;
  }
}
