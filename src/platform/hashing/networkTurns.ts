/**
 * Limits how much runs concurrently for one key, and queues the rest in order: hundreds of connections use no
 * more of a node than a few. A key with nothing in flight is forgotten.
 */
import { HashingQueue } from './hashingQueue.ts';

interface NetworkQueue {
  readonly line: HashingQueue;
  /** Running or waiting. */
  many: number;
}

export class NetworkTurns {
  readonly #maxConcurrent: number;
  readonly #queues = new Map<string, NetworkQueue>();

  constructor(atOnce: number) {
    this.#maxConcurrent = atOnce;
  }

  /** @throws HashingQueueFull after the deadline. @throws HashingAborted when the client disconnects */
  async run<T>(
    key: string,
    work: () => Promise<T>,
    { deadlineMs, signal }: { deadlineMs: number; signal?: AbortSignal | undefined },
  ): Promise<T> {
    const turn = this.#queues.get(key) ?? this.#start(key);
    turn.many += 1;
    try {
      return await turn.line.run(work, { priority: 'usual', deadlineMs, signal });
    } finally {
      turn.many -= 1;
      if (turn.many === 0) this.#queues.delete(key);
    }
  }

  #start(key: string): NetworkQueue {
    const turn = {
      line: new HashingQueue({ cores: this.#maxConcurrent, long: Number.POSITIVE_INFINITY }),
      many: 0,
    };
    this.#queues.set(key, turn);
    return turn;
  }
}
