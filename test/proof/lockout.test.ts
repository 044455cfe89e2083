/**
 * A stranger with thousands of attempts never stops the owner in a known browser; the other suite has 160.
 */
import { expect, test } from '@jest/globals';
import { DEFAULT_RULES } from '../../src/domain/rules.ts';
import { aPerson, aRelyingParty, attackForDays, IS_WHOLE_PROOF, useNodes } from '../support/index.ts';

const nodes = useNodes({ count: 2, rules: DEFAULT_RULES, proxyHops: 1, withoutErrors: true });

/** Ten thousand take three minutes beside others. */
const ATTEMPTS = IS_WHOLE_PROOF ? 10_000 : 4_000;

test(`${ATTEMPTS} attempts from 50 addresses: the owner signs in all the while, and the card is not touched`, async () => {
  const bank = await aRelyingParty(nodes, { kind: 'bank' });
  const { harvest, signIns } = await attackForDays(nodes, await aPerson(nodes), bank, ATTEMPTS);
  expect(signIns).toBeGreaterThanOrEqual(ATTEMPTS / 500);
  // Most of them meet the lock: nothing is compared, and nothing counted.
  expect(harvest.get('locked')).toBeGreaterThan(ATTEMPTS * 0.8);
});
