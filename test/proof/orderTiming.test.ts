/** Ordering online: the response time does not reveal who has an ID. Measured while no other test runs. */
import { expect, test } from '@jest/globals';
import { aKnown, aRegistered, postOrder, useNodes, createSiteClient } from '../support/index.ts';

const nodes = useNodes({ count: 2, proxyHops: 1, realHashes: true });

test('new, known and no match take the same time', async () => {
  const many = 40;
  const times: Record<'new' | 'known' | 'no match', number[]> = { new: [], known: [], 'no match': [] };
  const kinds = Object.keys(times) as (keyof typeof times)[];
  /**
   * One of each concurrently, as they reach a node: an answer waits for a fixed tick, which is most of its
   * time.
   */
  const timeEach = async (first: number) => {
    const asked = [];
    for (const turn of [0, 1, 2]) {
      // Alternating, so that no case always comes first.
      const kind = kinds[(first + turn) % 3] ?? 'new';
      asked.push({ kind, entry: kind === 'known' ? (await aKnown(nodes)).entry : await aRegistered(nodes) });
    }
    return await Promise.all(
      asked.map(async ({ kind, entry }) => {
        const browser = createSiteClient(nodes);
        const startedAt = performance.now();
        const answer = await postOrder(browser, entry, kind === 'no match' ? { name: 'En Anden' } : {});
        const took = performance.now() - startedAt;
        expect(answer.headers.location).toBe(kind === 'no match' ? '/order/no-match' : '/order/received');
        return { kind, took };
      }),
    );
  };
  await timeEach(0);
  for (let i = 0; i < many; i += 1) {
    for (const { kind, took } of await timeEach(i)) times[kind].push(took);
  }
  const noise = Math.abs(median(half(times.known, 0)) - median(half(times.known, 1)));
  const allowed = Math.max(2 * noise, 1);
  const differences = {
    'new - known': median(times.new) - median(times.known),
    'no match - known': median(times['no match']) - median(times.known),
  };
  console.info(`medians differ by ${JSON.stringify(differences)} ms; ${allowed.toFixed(2)} ms allowed`);
  for (const difference of Object.values(differences)) {
    expect(Math.abs(difference)).toBeLessThanOrEqual(allowed);
  }
}, 120_000);

function median(values: number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
}

function half(values: number[], parity: number): number[] {
  return values.filter((_, i) => i % 2 === parity);
}
