/** A stranger with 10,000 attempts never stops the owner in a known browser; the other suite has 400. */
import { expect, test } from '@jest/globals';
import { DEFAULT_RULES } from '../../src/domain/rules.ts';
import { aPerson, aRelyingParty, attackForDays, useNodes } from '../support/index.ts';

const nodes = useNodes({ count: 2, rules: DEFAULT_RULES, proxyHops: 1, withoutErrors: true });

test('10,000 attempts from 50 addresses: the owner signs in all the while, and the card is not touched', async () => {
  const bank = await aRelyingParty(nodes, { kind: 'bank' });
  const { harvest, signIns } = await attackForDays(nodes, await aPerson(nodes), bank, 10_000);
  expect(signIns).toBeGreaterThanOrEqual(20);
  // Most of them meet the lock: nothing is compared, and nothing counted.
  expect(harvest.get('locked')).toBeGreaterThan(9_000);
});
