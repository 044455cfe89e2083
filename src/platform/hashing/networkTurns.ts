/**
 * Limits how much runs concurrently for one key, and queues the rest in order: hundreds of connections use no
 * more of a node than a few. A key with nothing in flight is forgotten.
 */
import { HashingQueue, type QueueObserver } from './hashingQueue.ts';

interface NetworkQueue {
  readonly queue: HashingQueue;
  /** Running or waiting. */
  inFlight: number;
}

export class NetworkTurns {
  readonly #maxConcurrent: number;
  readonly #observer: QueueObserver;
  readonly #queues = new Map<string, NetworkQueue>();

  constructor(atOnce: number, observer: QueueObserver) {
    this.#maxConcurrent = atOnce;
    this.#observer = observer;
  }

  /** @throws HashingQueueFull after the deadline. @throws HashingAborted when the client disconnects */
  async run<T>(
    key: string,
    work: () => Promise<T>,
    { deadlineMs, signal }: { deadlineMs: number; signal?: AbortSignal | undefined },
  ): Promise<T> {
    const entry = this.#queues.get(key) ?? this.#start(key);
    entry.inFlight += 1;
    try {
      return await entry.queue.run(work, { priority: 'usual', deadlineMs, signal });
    } finally {
      entry.inFlight -= 1;
      if (entry.inFlight === 0) this.#queues.delete(key);
    }
  }

  #start(key: string): NetworkQueue {
    const entry = {
      queue: new HashingQueue({
        cores: this.#maxConcurrent,
        long: Number.POSITIVE_INFINITY,
        observer: this.#observer,
      }),
      inFlight: 0,
    };
    this.#queues.set(key, entry);
    return entry;
  }
}
