/**
 * So many of one key at a time, and the others in order behind them: what comes over hundreds of connections
 * takes no more of a node than what comes over a few. A key for which nothing is under way is forgotten.
 */
import { HashingQueue } from './hashingQueue.ts';

interface NetworkQueue {
  readonly line: HashingQueue;
  /** Under way or waiting. */
  many: number;
}

export class NetworkTurns {
  readonly #maxConcurrent: number;
  readonly #queues = new Map<string, NetworkQueue>();

  constructor(atOnce: number) {
    this.#maxConcurrent = atOnce;
  }

  /** @throws HashingQueueFull after the deadline. @throws HashingAborted */
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
