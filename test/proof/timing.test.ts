/**
 * Unknown, wrong and locked take the same time. In the proof, where no other test runs beside it: what is measured
 * is the difference of medians within one run, against what one case differs from itself.
 */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { Browser } from '../support/browser.ts';
import { authRequest } from '../support/flow.ts';
import { Nodes } from '../support/nodes.ts';
import { aPerson, aRelyingParty, type TestPerson, type TestRelyingParty } from '../support/people.ts';

let nodes: Nodes;
let rp: TestRelyingParty;
beforeAll(async () => {
  nodes = await Nodes.start({ realHashes: true });
  rp = await aRelyingParty(nodes);
});
afterAll(() => nodes.close());

test('unknown, wrong and locked take the same time', async () => {
  const people: TestPerson[] = [];
  for (let i = 0; i < 200; i += 1) people.push(await aPerson(nodes));
  // Locked beforehand, in the way that five wrong passwords do it.
  const locked = people.slice(0, 100);
  for (const person of locked) {
    await nodes.database.query(
      `INSERT INTO attempts VALUES ($1, 5, 5, $2::timestamptz, $2::timestamptz + interval '8 hours')
       ON CONFLICT DO NOTHING`,
      [nodes.world.keyring.hmac('attempts', `password of identity ${person.identityId}`), nodes.clock.now()],
    );
  }

  const browser = new Browser(nodes);
  const first = await browser.follow(authRequest(rp).path);
  const timeOf = async (userId: string) => {
    const startedAt = performance.now();
    await browser.post(first, { userId, password: 'not it at all' });
    return performance.now() - startedAt;
  };
  const times: Record<'unknown' | 'wrong' | 'locked', number[]> = { unknown: [], wrong: [], locked: [] };
  for (let i = 0; i < 10; i += 1) await timeOf(`warm-up-${i}`);
  for (let i = 0; i < 300; i += 1) {
    const cases = [
      ['unknown', `nobody-here-${i}`],
      ['wrong', people[100 + (i % 100)]?.userId ?? ''],
      ['locked', people[i % 100]?.userId ?? ''],
    ] as const;
    // Interleaved, and in turns, so that no case always comes first.
    for (const turn of [0, 1, 2]) {
      const [kind, userId] = cases[(i + turn) % 3] as (typeof cases)[number];
      times[kind].push(await timeOf(userId));
    }
  }

  const noise = Math.abs(median(half(times.wrong, 0)) - median(half(times.wrong, 1)));
  const allowed = Math.max(2 * noise, 1);
  const differences = {
    'unknown - wrong': median(times.unknown) - median(times.wrong),
    'locked - wrong': median(times.locked) - median(times.wrong),
  };
  console.info(`medians differ by ${JSON.stringify(differences)} ms; ${allowed.toFixed(2)} ms allowed`);
  for (const difference of Object.values(differences))
    expect(Math.abs(difference)).toBeLessThanOrEqual(allowed);
});

function median(values: number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
}

function half(values: number[], parity: number): number[] {
  return values.filter((_, i) => i % 2 === parity);
}
