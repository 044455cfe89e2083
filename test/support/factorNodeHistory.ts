/**
 * Random histories of one person's factors over the use cases, on two nodes: those of the cards
 * (cardHistory.ts), with security keys and code tokens beside them. After each step the invariants of all
 * are checked.
 */
import fc from 'fast-check';
import { historyPlans, CardHistory, type CountingPrintHouse, type HistoryPlan } from './cardHistory.ts';
import { CodeTokenSteps } from './codeTokenSteps.ts';
import type { Nodes } from './nodes.ts';
import { SecurityKeySteps } from './securityKeySteps.ts';
import { SignInSteps } from './signInSteps.ts';

const KEY_STEPS = [
  'key-add',
  'key-add',
  'key-add-at-desk',
  'key-add-at-desk',
  'key-add-twice-at-once',
  'key-add-confirmed',
  'key-add-confirmed',
  'key-end',
  'key-beside',
  'key-beside',
  'key-alone',
  'key-alone',
  'key-twice-at-once',
  'key-twice-at-once',
  'key-again',
  'key-while-it-ends',
] as const;
const TOKEN_STEPS = [
  'token-order',
  'token-order',
  'token-sent',
  'token-sent',
  'token-first-code',
  'token-first-code',
  'token-first-code',
  'token-wait-over',
  'token-at-desk',
  'token-at-desk',
  'token-at-desk',
  'token-code',
  'token-code',
  'token-code-twice-at-once',
  'token-code-twice-at-once',
  'token-code-again',
  'token-end',
] as const;
const RARE_STEPS = ['key-while-blocked', 'token-while-blocked', 'block-keys'] as const;
export type FactorStepName =
  | (typeof KEY_STEPS)[number]
  | (typeof TOKEN_STEPS)[number]
  | (typeof RARE_STEPS)[number];

interface FactorNodeStep {
  readonly name: FactorStepName;
  readonly node: number;
  readonly number: number;
}

export interface FactorNodePlan {
  readonly cards: HistoryPlan;
  /** Between two steps of the cards, so many of the others. */
  readonly others: readonly FactorNodeStep[];
}

export const factorNodePlans: fc.Arbitrary<FactorNodePlan> = fc.record({
  cards: historyPlans,
  others: fc.array(
    fc.record({
      name: fc.oneof(
        { weight: 60, arbitrary: fc.constantFrom<FactorStepName>(...KEY_STEPS, ...TOKEN_STEPS) },
        { weight: 1, arbitrary: fc.constantFrom<FactorStepName>(...RARE_STEPS) },
      ),
      node: fc.integer({ min: 0, max: 1 }),
      number: fc.nat(1_000),
    }),
    { minLength: 30, maxLength: 45 },
  ),
});

export class FactorNodeHistory {
  readonly counts = new Map<string, number>();
  readonly #cards: CardHistory;
  readonly #nodes: Nodes;

  constructor(nodes: Nodes, house: CountingPrintHouse) {
    this.#nodes = nodes;
    this.#cards = new CardHistory(nodes, house);
  }

  /** @throws at the first step that breaks an invariant */
  async walk({ cards: { keysSpent, steps }, others }: FactorNodePlan): Promise<void> {
    await this.#cards.begin(keysSpent);
    const signIns = new SignInSteps(this.#nodes, this.#cards);
    const keys = new SecurityKeySteps(this.#nodes, this.#cards, signIns);
    const tokens = new CodeTokenSteps(this.#nodes, this.#cards, signIns);
    const done: string[] = [];
    try {
      for (let i = 0; i < Math.max(steps.length, others.length); i += 1) {
        const [card, other] = [steps[i], others[i]];
        if (card) {
          done.push(card.name);
          await this.#cards.step(card);
        }
        if (other) {
          done.push(other.name);
          const all = other.name.startsWith('token') ? tokens : keys;
          this.#note(`${other.name}: ${await all.act(other.name, other.node, other.number)}`);
        }
        await signIns.holdAfterBlock();
        await keys.hold();
        // The page costs a password.
        if (i % 4 === 3) this.#note(`page: ${await signIns.holdPage(i, keys.listCounting())}`);
      }
    } catch (error) {
      const words = error instanceof Error ? error.message : 'failed';
      throw new Error(`${words} after ${done.join(', ')}`, { cause: error });
    }
    for (const [what, many] of this.#cards.counts) this.counts.set(what, many);
  }

  #note(what: string): void {
    this.counts.set(what, (this.counts.get(what) ?? 0) + 1);
  }
}
