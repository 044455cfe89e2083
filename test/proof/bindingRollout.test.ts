/** Binding rows is rolled out over two nodes, taken back, and rolled out again, while 500 sign-ins and more go on. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { BindingRollout } from '../support/bindingRollout.ts';

const rollout = new BindingRollout();
beforeAll(() => rollout.begin(30));
afterAll(() => rollout.nodes.close({ withoutErrors: true }));

test('no sign-in fails and no session ends, forth, back and forth again', async () => {
  await rollout.walk(36);
  console.info(`${rollout.signIns} sign-ins, ${rollout.failures.length} failures`);
  expect(rollout.failures).toEqual([]);
  expect(rollout.signIns).toBeGreaterThanOrEqual(500);
});
