/**
 * Runs the calls of concurrent requests as one statement. No call waits for others to join: when no statement
 * is in flight, a call goes at the end of this turn of the event loop, with the other calls of the turn.
 * Calls that arrive while a statement is in flight go together when it returns, with the calls that its
 * results lead to in that turn. So an idle node pays nothing, and the busier a node is, the less a call
 * costs.
 *
 * A batch is one statement and so one commit; its callers are answered after it. A batch that waits for a
 * locked row delays its other calls until it is cancelled and each call runs separately. It does not delay
 * later calls.
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
   * @param make returns a result for each input, in their order
   * @param conflictsWith true for an input that cannot be in one statement with these others: it goes in the
   *   next
   */
  constructor(
    make: (inputs: readonly In[]) => Promise<readonly Out[]>,
    conflictsWith: (input: In, others: readonly In[]) => boolean = () => false,
  ) {
    this.#runStatement = make;
    this.#conflictsWith = conflictsWith;
  }

  /** @throws the error of the statement, to all calls of the batch */
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
      // One of the calls caused the failure; the separate runs show which one.
      else await Promise.all(calls.map((call) => this.#runOne(call)));
    }
    this.#inFlight -= 1;
    // At the end of the turn: calls that the results lead to immediately go in the same batch.
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
    const batch: BatchCall<In, Out>[] = [];
    const remaining: BatchCall<In, Out>[] = [];
    for (const call of this.#waiting) {
      const others = batch.map(({ input }) => input);
      const fits = batch.length < BATCH_SIZE && !this.#conflictsWith(call.input, others);
      (fits ? batch : remaining).push(call);
    }
    this.#waiting = remaining;
    return batch;
  }
}

/** True when nothing was committed: the statement can be run again. */
function isRolledBack(error: unknown): boolean {
  return !(error instanceof DatabaseUnavailable && error.isUnknown);
}

interface BatchCall<In, Out> {
  readonly input: In;
  resolve(answer: Out): void;
  reject(error: unknown): void;
}

const BATCH_SIZE = 50;
/** The longest wait while another statement is in flight: ten times as long as one takes. */
const MAX_WAIT_MS = 25;
