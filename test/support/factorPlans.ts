/** What may happen in a history of the rules (factorHistory.ts), and how often. */
import fc from 'fast-check';

const STEPS = [
  'open',
  'open',
  'card-key',
  'card-key',
  'card-key-again',
  'wear-out',
  'answer',
  'answer',
  'answer-alone',
  'answer-again',
  'answer-of-copy',
  'add',
  'add',
  'add-confirmed',
  'add-at-desk',
  'end-key',
  'order',
  'order',
  'sent',
  'sent',
  'first-key',
  'not-arrived',
  'spend-many',
  'code',
  'code',
  'code',
  'code-again',
  'token-order',
  'token-sent',
  'token-sent',
  'token-first-code',
  'token-first-code',
  'token-end',
  'hours-pass',
  'day-passes',
] as const;
const SELDOM = ['token-at-desk', 'token-at-desk', 'block-card', 'add-many'] as const;
const RARE = ['block', 'reopen'] as const;
export type FactorStep = (typeof STEPS)[number] | (typeof SELDOM)[number] | (typeof RARE)[number];

export interface FactorPlan {
  readonly name: FactorStep;
  readonly number: number;
}

export const factorPlans: fc.Arbitrary<readonly FactorPlan[]> = fc.array(
  fc.record({
    name: fc.oneof(
      { weight: 60, arbitrary: fc.constantFrom<FactorStep>(...STEPS) },
      { weight: 4, arbitrary: fc.constantFrom<FactorStep>(...SELDOM) },
      { weight: 1, arbitrary: fc.constantFrom<FactorStep>(...RARE) },
    ),
    number: fc.nat(1_000),
  }),
  { minLength: 30, maxLength: 60 },
);
