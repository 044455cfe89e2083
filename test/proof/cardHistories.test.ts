/** Random histories over use cases on two nodes. */
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { historyPlans, walkMany } from '../support/cardHistory.ts';
import { IS_WHOLE_PROOF, useNodes } from '../support/index.ts';

const nodes = useNodes({ count: 2, quickCommits: true });

/** Two thousand take eight minutes beside others. */
const MANY = IS_WHOLE_PROOF ? 2_000 : 150;

test(`${MANY} histories of at least 30 steps: what must never be never is`, async () => {
  const counts = await walkMany(nodes, fc.sample(historyPlans, MANY));
  const lines = [...counts].sort(([a], [b]) => a.localeCompare(b)).map(([what, many]) => `${what}: ${many}`);
  console.info(lines.join('\n'));
  const happened = (pattern: RegExp) =>
    [...counts].reduce((sum, [what, many]) => sum + (pattern.test(what) ? many : 0), 0);
  expect(happened(/signed in/)).toBeGreaterThan(MANY);
  expect(happened(/^new-key.*active/)).toBeGreaterThan(MANY / 20);
  expect(happened(/killed$/)).toBeGreaterThan(MANY / 4);
  for (const pattern of [/card_waiting/, /^block-card: done/, /locked/])
    expect([pattern.source, happened(pattern) > 0]).toEqual([pattern.source, true]);
});
