/**
 * So many of one key at a time, and the others in order behind them: what comes over hundreds of connections
 * takes no more of a node than what comes over a few. A key for which nothing is under way is forgotten.
 */
import { HashingLine } from '../hashingLine.ts';

interface Turn {
  readonly line: HashingLine;
  /** Under way or waiting. */
  many: number;
}

export class Turns {
  readonly #atOnce: number;
  readonly #turns = new Map<string, Turn>();

  constructor(atOnce: number) {
    this.#atOnce = atOnce;
  }

  /** @throws TooBusy after the deadline. @throws HashingAborted */
  async take<T>(
    key: string,
    work: () => Promise<T>,
    { deadlineMs, signal }: { deadlineMs: number; signal?: AbortSignal | undefined },
  ): Promise<T> {
    const turn = this.#turns.get(key) ?? this.#begin(key);
    turn.many += 1;
    try {
      return await turn.line.join(work, { priority: 'usual', deadlineMs, signal });
    } finally {
      turn.many -= 1;
      if (turn.many === 0) this.#turns.delete(key);
    }
  }

  #begin(key: string): Turn {
    const turn = { line: new HashingLine({ cores: this.#atOnce, long: Number.POSITIVE_INFINITY }), many: 0 };
    this.#turns.set(key, turn);
    return turn;
  }
}
