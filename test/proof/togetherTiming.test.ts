/** Sixteen concurrent ones, with no other load: the median round counts. */
import { expect, test } from '@jest/globals';
import { BUDGET, measureTogether } from '../support/index.ts';

test(`sixteen concurrently take ${BUDGET.statements} SQL statements and ${BUDGET.commits} commits each, at most`, async () => {
  const { median, all } = await measureTogether(11);
  console.info(`16 at once: ${all}`);
  expect(median.statements).toBeLessThanOrEqual(BUDGET.statements);
  expect(median.commits).toBeLessThanOrEqual(BUDGET.commits);
});
