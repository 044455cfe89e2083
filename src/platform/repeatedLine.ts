/**
 * A line of the log that many requests would write, such as one of an outage: one immediately, then one a
 * second with the number of them, in the words of the last.
 */
import { runOutsideRequest } from './requestTrace.ts';

const QUIET_MS = 1_000;

export class RepeatedLine<About extends object> {
  readonly #write: (about: About & { readonly many: number }) => void;
  #isQuiet = false;
  #last: About | null = null;
  #many = 0;

  constructor(write: (about: About & { readonly many: number }) => void) {
    this.#write = write;
  }

  report(about: About): void {
    this.#many += 1;
    this.#last = about;
    if (!this.#isQuiet) this.#flush();
  }

  #flush(): void {
    if (this.#last === null) return;
    const line = { ...this.#last, many: this.#many };
    this.#last = null;
    this.#many = 0;
    this.#isQuiet = true;
    // A lost connection was opened by some earlier request: the line names one only if `report` did.
    runOutsideRequest(() => {
      this.#write(line);
      setTimeout(() => {
        this.#isQuiet = false;
        this.#flush();
      }, QUIET_MS).unref();
    });
  }
}
