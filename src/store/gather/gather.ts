/**
 * Calls of concurrent requests, made as one statement. Nobody waits for company: a call that finds none under way goes at the
 * end of this turn of the loop with those of the same turn, and those that come while it is under way go together when it is
 * back, with what its answers lead to in that turn. So a node with little to do pays nothing, and the busier it is the less a
 * call costs. A batch is one statement and so one commit; its callers are answered after it. One that is held up, by a row
 * that somebody else has, holds up those that it went with, until it is given up and each goes by itself; nobody waits for it
 * who came later.
 */
import { DatabaseAway } from '../connection/away.ts';

export class Gather<In, Out> {
  readonly #make: (inputs: readonly In[]) => Promise<readonly Out[]>;
  readonly #isApart: (input: In, others: readonly In[]) => boolean;
  #waiting: Call<In, Out>[] = [];
  #underWay = 0;
  #patience: NodeJS.Timeout | null = null;
  #turn: NodeJS.Immediate | null = null;

  /**
   * @param make an answer for each input, in their order.
   * @param isApart true for an input that cannot go with these others: it goes with the next.
   */
  constructor(
    make: (inputs: readonly In[]) => Promise<readonly Out[]>,
    isApart: (input: In, others: readonly In[]) => boolean = () => false,
  ) {
    this.#make = make;
    this.#isApart = isApart;
  }

  /** @throws what the statement throws, to all whom it was made for */
  call(input: In): Promise<Out> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ input, resolve, reject });
      if (this.#underWay === 0) this.#turn ??= setImmediate(() => void this.#go());
      else this.#patience ??= setTimeout(() => void this.#go(), PATIENCE_MS);
    });
  }

  async #go(): Promise<void> {
    if (this.#patience) clearTimeout(this.#patience);
    this.#patience = null;
    if (this.#turn) clearImmediate(this.#turn);
    this.#turn = null;
    const calls = this.#take();
    if (calls.length === 0) return;
    if (this.#waiting.length > 0) this.#patience = setTimeout(() => void this.#go(), PATIENCE_MS);
    this.#underWay += 1;
    try {
      const answers = await this.#make(calls.map(({ input }) => input));
      calls.forEach((call, i) => call.resolve(answers[i] as Out));
    } catch (error) {
      if (calls.length === 1 || !isUndone(error)) for (const call of calls) call.reject(error);
      // One of them stood in the way; which one shows when each goes by itself.
      else await Promise.all(calls.map((call) => this.#makeOne(call)));
    }
    this.#underWay -= 1;
    // At the end of the turn: what the answers lead to at once goes along.
    if (this.#waiting.length > 0) this.#turn ??= setImmediate(() => void this.#go());
  }

  async #makeOne({ input, ...call }: Call<In, Out>): Promise<void> {
    try {
      const [answer] = await this.#make([input]);
      call.resolve(answer as Out);
    } catch (error) {
      call.reject(error);
    }
  }

  #take(): Call<In, Out>[] {
    const taken: Call<In, Out>[] = [];
    const left: Call<In, Out>[] = [];
    for (const call of this.#waiting) {
      const others = taken.map(({ input }) => input);
      const goes = taken.length < AT_MOST && !this.#isApart(call.input, others);
      (goes ? taken : left).push(call);
    }
    this.#waiting = left;
    return taken;
  }
}

/** Nothing of it was committed: it can be made again. */
function isUndone(error: unknown): boolean {
  return !(error instanceof DatabaseAway && error.isUnknown);
}

interface Call<In, Out> {
  readonly input: In;
  resolve(answer: Out): void;
  reject(error: unknown): void;
}

const AT_MOST = 50;
/** Of those that wait while another is under way; ten times as long as one takes. */
const PATIENCE_MS = 25;
