/**
 * The queue for hashes: as many run concurrently as there are cores, and a short queue waits. While the queue
 * is long one core is left to everything else: otherwise a person who is refused waits seconds for that
 * response, and those who were admitted as long for their next page.
 *
 * A place in the queue is released immediately when its deadline passes or its client disconnects, so that
 * work for which no one waits is not started. Work that has started runs to its end.
 */

/**
 * The queue is full, the wait was too long, or too much of one person or network is in flight. Nothing was
 * verified.
 */
export class HashingQueueFull extends Error {
  readonly statusCode = 503;
}

/** The client disconnected before its hash began. Nothing was verified, and there is no one to respond to. */
export class HashingAborted extends Error {
  /** The status with which proxies log a request whose client closed the connection. */
  readonly statusCode = 499;
}

/**
 * In this order. A rehash starts only when no one else waits, one at a time, and leaves one core free where
 * there are two.
 */
export type HashingPriority = 'known' | 'usual' | 'rehash';

/** Why work was not started. `client_gone`: no one waited for it any longer. */
export type HashingRefusal = 'queue_full' | 'too_long' | 'in_flight' | 'client_gone';

/** Follows what persons wait for. A rehash, for which no one waits, is not reported. */
export interface QueueObserver {
  readonly observeWait: (ms: number) => void;
  readonly observeRefusal: (reason: HashingRefusal) => void;
}

interface QueuePlace {
  /** Starts the work. Returns false where the deadline has passed. */
  readonly begin: () => boolean;
}

export interface QueuePlaceOptions {
  readonly priority: HashingPriority;
  /** From the call until the work starts. */
  readonly deadlineMs: number;
  readonly signal?: AbortSignal | undefined;
}

export class HashingQueue {
  readonly #cores: number;
  readonly #long: number;
  readonly #observer: QueueObserver | null;
  /** In order of arrival. */
  readonly #places: Readonly<Record<HashingPriority, Set<QueuePlace>>> = {
    known: new Set(),
    usual: new Set(),
    rehash: new Set(),
  };
  #running = 0;
  #isRehashing = false;

  /** @param options.long the queue length above which one core is left to everything else. */
  constructor({ cores, long, observer }: { cores: number; long: number; observer?: QueueObserver }) {
    this.#cores = cores;
    this.#long = long;
    this.#observer = observer ?? null;
  }

  /** The number of persons who wait. */
  get size(): number {
    return this.#places.known.size + this.#places.usual.size;
  }

  get rehashesWaiting(): number {
    return this.#places.rehash.size;
  }

  /** The number of hashes that run concurrently now. */
  get atOnce(): number {
    return this.size > this.#long ? Math.max(1, this.#cores - 1) : this.#cores;
  }

  /** @throws HashingQueueFull after the deadline. @throws HashingAborted when the client disconnects */
  async run<T>(work: () => Promise<T>, options: QueuePlaceOptions): Promise<T> {
    await this.#waitForTurn(options, options.priority === 'rehash' ? null : this.#observer);
    try {
      return await work();
    } finally {
      this.#running -= 1;
      if (options.priority === 'rehash') this.#isRehashing = false;
      this.#startNext();
    }
  }

  #waitForTurn(
    { priority, deadlineMs, signal }: QueuePlaceOptions,
    observer: QueueObserver | null,
  ): Promise<void> {
    return new Promise((resolve, reject) => {
      const refuse = (reason: 'too_long' | 'client_gone') => {
        observer?.observeRefusal(reason);
        reject(
          reason === 'too_long'
            ? new HashingQueueFull('it waited for too long')
            : new HashingAborted('the client is gone'),
        );
      };
      if (signal?.aborted) return refuse('client_gone');
      const places = this.#places[priority];
      const startedAt = performance.now();
      const deadline = startedAt + deadlineMs;
      let timer: NodeJS.Timeout | undefined;
      const leave = () => {
        places.delete(place);
        clearTimeout(timer);
        signal?.removeEventListener('abort', abort);
      };
      const giveUp = (reason: 'too_long' | 'client_gone') => {
        leave();
        refuse(reason);
        this.#startNext();
      };
      const expire = () => giveUp('too_long');
      const abort = () => giveUp('client_gone');
      const place: QueuePlace = {
        begin: () => {
          leave();
          // A process that was blocked runs its timers late.
          const now = performance.now();
          if (now > deadline) {
            refuse('too_long');
            return false;
          }
          observer?.observeWait(now - startedAt);
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
