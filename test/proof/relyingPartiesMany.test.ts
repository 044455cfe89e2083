/**
 * A thousand relying parties, used in rotation, cost a sign-in no more than ten do: processor time of this
 * process, which runs both the node and its clients, compared within one run. Other tests run at the same
 * time, so the two alternate often.
 */
import { expect, test } from '@jest/globals';
import {
  aPerson,
  aRelyingParty,
  authRequest,
  IS_WHOLE_PROOF,
  TestBrowser,
  redeemCode,
  signInAtNode,
  type TestPerson,
  type TestRelyingParty,
  useNodes,
} from '../support/index.ts';

const nodes = useNodes({ quickCommits: true });

const FEW = 10;
const MANY = 1_000;
const ROUNDS = 10;
/** The number of sign-ins in a round with ten. */
const ENOUGH = 30;
/** And in a round with a thousand, of which the whole proof has each in its turn. */
const EACH = IS_WHOLE_PROOF ? MANY / ROUNDS : 40;
/** So that no card is ordered in between. */
const KEYS_EACH = 100;

test('statements and time with 1,000 in turn are at most 1.1 times those with 10', async () => {
  const rps: TestRelyingParty[] = [];
  for (let i = 0; i < MANY; i += 1) rps.push(await aRelyingParty(nodes));
  // Each is loaded once beforehand: that belongs to the start of a node, not to a sign-in.
  for (const rp of rps) await new TestBrowser(nodes).follow(authRequest(rp).path);

  let person: TestPerson | null = null;
  let done = 0;
  const signInAt = async (rp: TestRelyingParty) => {
    if (done % KEYS_EACH === 0) person = await aPerson(nodes);
    done += 1;
    const request = authRequest(rp);
    const code =
      (await signInAtNode(new TestBrowser(nodes), person as TestPerson, request)).get('code') ?? '';
    await redeemCode(nodes, rp, code, request.verifier);
  };
  const measure = async (some: readonly TestRelyingParty[], many: number, from: number) => {
    const { statements } = nodes.cost;
    const before = process.cpuUsage();
    for (let i = 0; i < many; i += 1) await signInAt(some[(from + i) % some.length] as TestRelyingParty);
    const { user, system } = process.cpuUsage(before);
    return { statements: (nodes.cost.statements - statements) / many, ms: (user + system) / 1_000 / many };
  };
  const few = rps.slice(0, FEW);
  await measure(few, KEYS_EACH, 0);
  const [ofFew, ofMany] = [[], []] as { statements: number; ms: number }[][];
  for (let round = 0; round < ROUNDS; round += 1) {
    ofFew?.push(await measure(few, ENOUGH, 0));
    ofMany?.push(await measure(rps, EACH, (round * MANY) / ROUNDS));
  }
  const mean = (measured: typeof ofFew, what: 'statements' | 'ms') =>
    (measured ?? []).reduce((sum, one) => sum + one[what], 0) / ROUNDS;
  for (const what of ['statements', 'ms'] as const) {
    const [with10, with1000] = [mean(ofFew, what), mean(ofMany, what)];
    const ratio = with1000 / with10;
    console.info(
      `${what} of a sign-in: ${with10.toFixed(2)} with 10, ${with1000.toFixed(2)} with 1,000: ${ratio.toFixed(3)}`,
    );
    expect(ratio).toBeLessThanOrEqual(1.1);
  }
}, 240_000);
