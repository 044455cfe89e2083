/**
 * The line before the hashes: as many at a time as there are cores, and a short line behind them. Behind a
 * long line one core is left to everything else: otherwise a person who is to be turned away waits seconds to
 * hear it, and those who were let in as long for their next page.
 *
 * A place in the line is given up at once when its deadline is over or its client is gone. So work that
 * nobody waits for is not begun. Work that has begun goes on to its end.
 */

/**
 * The line is full, it was waited for too long, or too much of one person or network is in flight. Nothing
 * was judged.
 */
export class HashingQueueFull extends Error {
  readonly statusCode = 503;
}

/** The client went away before its hash began. Nothing was judged, and there is nobody to answer. */
export class HashingAborted extends Error {
  /** As proxies log a request whose client closed the connection. */
  readonly statusCode = 499;
}

/**
 * In this order. A rehash begins only where nobody waits, one at a time, and leaves a core free where there
 * are two.
 */
export type HashingPriority = 'known' | 'usual' | 'rehash';

interface QueuePlace {
  /** Takes the turn. False where the deadline was over. */
  readonly begin: () => boolean;
}

export interface QueuePlaceOptions {
  readonly priority: HashingPriority;
  /** From now until the work begins. */
  readonly deadlineMs: number;
  readonly signal?: AbortSignal | undefined;
}

export class HashingQueue {
  readonly #cores: number;
  readonly #long: number;
  /** In the order in which they came. */
  readonly #places: Readonly<Record<HashingPriority, Set<QueuePlace>>> = {
    known: new Set(),
    usual: new Set(),
    rehash: new Set(),
  };
  #running = 0;
  #isRehashing = false;

  /** @param options.long a line that is longer leaves one core to everything else. */
  constructor({ cores, long }: { cores: number; long: number }) {
    this.#cores = cores;
    this.#long = long;
  }

  /** How many people wait. */
  get size(): number {
    return this.#places.known.size + this.#places.usual.size;
  }

  get rehashesWaiting(): number {
    return this.#places.rehash.size;
  }

  /** How many are hashed at a time now. */
  get atOnce(): number {
    return this.size > this.#long ? Math.max(1, this.#cores - 1) : this.#cores;
  }

  /** @throws HashingQueueFull after the deadline. @throws HashingAborted */
  async run<T>(work: () => Promise<T>, options: QueuePlaceOptions): Promise<T> {
    await this.#waitForTurn(options);
    try {
      return await work();
    } finally {
      this.#running -= 1;
      if (options.priority === 'rehash') this.#isRehashing = false;
      this.#startNext();
    }
  }

  #waitForTurn({ priority, deadlineMs, signal }: QueuePlaceOptions): Promise<void> {
    return new Promise((resolve, reject) => {
      if (signal?.aborted) return reject(new HashingAborted('the client is gone'));
      const places = this.#places[priority];
      const deadline = performance.now() + deadlineMs;
      let timer: NodeJS.Timeout | undefined;
      const leave = () => {
        places.delete(place);
        clearTimeout(timer);
        signal?.removeEventListener('abort', abort);
      };
      const giveUp = (error: Error) => {
        leave();
        reject(error);
        this.#startNext();
      };
      const expire = () => giveUp(new HashingQueueFull('it waited for too long'));
      const abort = () => giveUp(new HashingAborted('the client is gone'));
      const place: QueuePlace = {
        begin: () => {
          leave();
          // A process that was held up runs its timers late.
          if (performance.now() > deadline) {
            reject(new HashingQueueFull('it waited for too long'));
            return false;
          }
          resolve();
          return true;
        },
      };
      places.add(place);
      this.#startNext();
      if (!places.has(place)) return;
      timer = setTimeout(expire, deadlineMs);
      signal?.addEventListener('abort', abort, { once: true });
    });
  }

  #startNext(): void {
    while (this.#running < this.atOnce) {
      const person = findFirstPlace(this.#places.known) ?? findFirstPlace(this.#places.usual);
      const rehash = !person && this.#mayRehash ? findFirstPlace(this.#places.rehash) : undefined;
      const next = person ?? rehash;
      if (!next) return;
      if (!next.begin()) continue;
      this.#running += 1;
      if (next === rehash) this.#isRehashing = true;
    }
  }

  get #mayRehash(): boolean {
    return !this.#isRehashing && this.#running < Math.max(1, this.#cores - 1);
  }
}

function findFirstPlace(places: ReadonlySet<QueuePlace>): QueuePlace | undefined {
  return places.values().next().value;
}
