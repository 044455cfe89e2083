/**
 * The CPR numbers of a file as bits, a page of 1,250 bytes for each birth date. A file of the whole country
 * takes at most about 50 MB; a set of numbers would take ten times that.
 */
export class SeenCprNumbers {
  readonly #pages = new Map<string, Uint8Array>();

  /** Returns false when the number was added before. */
  add(cpr: string): boolean {
    const date = cpr.slice(0, 6);
    const serial = Number(cpr.slice(6));
    let page = this.#pages.get(date);
    if (!page) this.#pages.set(date, (page = new Uint8Array(1_250)));
    const [at, bit] = [serial >> 3, 1 << (serial & 7)];
    const isNew = ((page[at] ?? 0) & bit) === 0;
    page[at] = (page[at] ?? 0) | bit;
    return isNew;
  }
}
