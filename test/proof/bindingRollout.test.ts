/** Row MACs are rolled out over two nodes, reverted, and rolled out again, while hundreds of sign-ins run. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { BindingRollout } from '../support/bindingRollout.ts';

/** 500 sign-ins and more take a minute next to other suites: `NOEGLE_PROOF_WHOLE=yes`. */
const IS_WHOLE = process.env['NOEGLE_PROOF_WHOLE'] === 'yes';
const rollout = new BindingRollout();
/** What the docs forbid operators to do: the existing rows were not backfilled. */
const hasty = new BindingRollout([
  ['read', 'read'],
  ['write', 'write'],
  ['require', 'require'],
]);
beforeAll(async () => {
  await rollout.begin(30);
  await hasty.begin(30);
});
afterAll(async () => {
  await rollout.nodes.close({ withoutErrors: true });
  await hasty.nodes.close();
});

test('no sign-in fails and no session ends, forth, back and forth again', async () => {
  await rollout.walk(IS_WHOLE ? 36 : 16);
  console.info(`${rollout.signIns} sign-ins, ${rollout.failures.length} failures`);
  expect(rollout.failures).toEqual([]);
  expect(rollout.signIns).toBeGreaterThanOrEqual(IS_WHOLE ? 500 : 230);
});

test('where a step is left out, the node that requires it does not start', async () => {
  await expect(hasty.walk(8)).rejects.toThrow('ALARM: the row of this relying party');
  expect(hasty.failures).toEqual([]);
});
