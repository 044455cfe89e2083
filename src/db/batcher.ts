/**
 * Calls of concurrent requests, made as one statement. Nobody waits for company: a call that finds none under way goes at the
 * end of this turn of the loop with those of the same turn, and those that come while it is under way go together when it is
 * back, with what its answers lead to in that turn. So a node with little to do pays nothing, and the busier it is the less a
 * call costs. A batch is one statement and so one commit; its callers are answered after it. One that is held up, by a row
 * that somebody else has, holds up those that it went with, until it is given up and each goes by itself; nobody waits for it
 * who came later.
 */
import { DatabaseUnavailable } from './connection/databaseErrors.ts';

export class Batcher<In, Out> {
  readonly #runStatement: (inputs: readonly In[]) => Promise<readonly Out[]>;
  readonly #conflictsWith: (input: In, others: readonly In[]) => boolean;
  #waiting: BatchCall<In, Out>[] = [];
  #inFlight = 0;
  #maxWaitTimer: NodeJS.Timeout | null = null;
  #endOfTurn: NodeJS.Immediate | null = null;

  /**
   * @param make an answer for each input, in their order.
   * @param conflictsWith true for an input that cannot go with these others: it goes with the next.
   */
  constructor(
    make: (inputs: readonly In[]) => Promise<readonly Out[]>,
    conflictsWith: (input: In, others: readonly In[]) => boolean = () => false,
  ) {
    this.#runStatement = make;
    this.#conflictsWith = conflictsWith;
  }

  /** @throws what the statement throws, to all whom it was made for */
  submit(input: In): Promise<Out> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ input, resolve, reject });
      if (this.#inFlight === 0) this.#endOfTurn ??= setImmediate(() => void this.#runBatch());
      else this.#maxWaitTimer ??= setTimeout(() => void this.#runBatch(), MAX_WAIT_MS);
    });
  }

  async #runBatch(): Promise<void> {
    if (this.#maxWaitTimer) clearTimeout(this.#maxWaitTimer);
    this.#maxWaitTimer = null;
    if (this.#endOfTurn) clearImmediate(this.#endOfTurn);
    this.#endOfTurn = null;
    const calls = this.#nextBatch();
    if (calls.length === 0) return;
    if (this.#waiting.length > 0) this.#maxWaitTimer = setTimeout(() => void this.#runBatch(), MAX_WAIT_MS);
    this.#inFlight += 1;
    try {
      const answers = await this.#runStatement(calls.map(({ input }) => input));
      calls.forEach((call, i) => call.resolve(answers[i] as Out));
    } catch (error) {
      if (calls.length === 1 || !isRolledBack(error)) for (const call of calls) call.reject(error);
      // One of them stood in the way; which one shows when each goes by itself.
      else await Promise.all(calls.map((call) => this.#runOne(call)));
    }
    this.#inFlight -= 1;
    // At the end of the turn: what the answers lead to at once goes along.
    if (this.#waiting.length > 0) this.#endOfTurn ??= setImmediate(() => void this.#runBatch());
  }

  async #runOne({ input, ...call }: BatchCall<In, Out>): Promise<void> {
    try {
      const [answer] = await this.#runStatement([input]);
      call.resolve(answer as Out);
    } catch (error) {
      call.reject(error);
    }
  }

  #nextBatch(): BatchCall<In, Out>[] {
    const taken: BatchCall<In, Out>[] = [];
    const left: BatchCall<In, Out>[] = [];
    for (const call of this.#waiting) {
      const others = taken.map(({ input }) => input);
      const goes = taken.length < BATCH_SIZE && !this.#conflictsWith(call.input, others);
      (goes ? taken : left).push(call);
    }
    this.#waiting = left;
    return taken;
  }
}

/** Nothing of it was committed: it can be made again. */
function isRolledBack(error: unknown): boolean {
  return !(error instanceof DatabaseUnavailable && error.isUnknown);
}

interface BatchCall<In, Out> {
  readonly input: In;
  resolve(answer: Out): void;
  reject(error: unknown): void;
}

const BATCH_SIZE = 50;
/** Of those that wait while another is under way; ten times as long as one takes. */
const MAX_WAIT_MS = 25;
