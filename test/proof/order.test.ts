/** Ordering online: 200 at once come to one ID, and the clock does not tell who has one. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { RegisterEntry } from '../../src/core/issuing/register.ts';
import { Nodes } from '../support/nodes.ts';
import { aRegistered, orderedBy, postOrder, visitor } from '../support/ordering.ts';
import { aPerson } from '../support/people.ts';

let nodes: Nodes;
beforeAll(async () => {
  nodes = await Nodes.start({ count: 2, proxyHops: 1 });
});
afterAll(async () => {
  expect(nodes.log).not.toContain('"level":50');
  await nodes.close();
});

async function aKnown(): Promise<{ entry: RegisterEntry; identityId: string }> {
  const entry = await aRegistered(nodes);
  const { cpr, givenName, familyName, birthdate, address } = entry;
  const { identityId } = await aPerson(nodes, { cpr, givenName, familyName, birthdate, address });
  return { entry, identityId };
}

async function sentAndTold(identityId: string): Promise<Record<string, string[]> | undefined> {
  const [row] = await nodes.database.query<Record<string, string[]>>(
    `SELECT ARRAY(SELECT kind FROM letters WHERE identity_id = $1 ORDER BY kind) AS letters,
       ARRAY(SELECT kind FROM notices WHERE identity_id = $1 ORDER BY kind) AS notices`,
    [identityId],
  );
  return row;
}

test.each(['new', 'known'])('200 orders of somebody %s at once, over two nodes', async (who) => {
  const known = who === 'known' ? await aKnown() : null;
  const entry = known?.entry ?? (await aRegistered(nodes));
  const answers = await Promise.all(
    Array.from({ length: 200 }, async (_, i) => await postOrder(visitor(nodes, i), entry)),
  );
  const counts: Record<string, number> = {};
  for (const { status, headers } of answers) {
    const came = `${status} ${headers.location ?? ''}`;
    counts[came] = (counts[came] ?? 0) + 1;
  }
  console.info(`200 orders of somebody ${who}: ${JSON.stringify(counts)}`);
  expect(Object.keys(counts).filter((came) => !['303 /order/received', '503 '].includes(came))).toEqual([]);
  expect(counts['303 /order/received']).toBeGreaterThan(0);
  const identities = await orderedBy(nodes, entry);
  expect(identities).toHaveLength(1);
  expect(await sentAndTold(identities[0]?.id ?? '')).toEqual({
    letters: known ? ['notice'] : ['notice', 'password', 'welcome'],
    notices: ['ordered_online'],
  });
});

test('new, known and no match take the same time', async () => {
  const many = 40;
  const times: Record<'new' | 'known' | 'no match', number[]> = { new: [], known: [], 'no match': [] };
  const timeOf = async (kind: keyof typeof times) => {
    const entry = kind === 'known' ? (await aKnown()).entry : await aRegistered(nodes);
    const browser = visitor(nodes);
    const startedAt = performance.now();
    const answer = await postOrder(browser, entry, kind === 'no match' ? { name: 'En Anden' } : {});
    const took = performance.now() - startedAt;
    expect(answer.headers.location).toBe(kind === 'no match' ? '/order/no-match' : '/order/received');
    return took;
  };
  const kinds = Object.keys(times) as (keyof typeof times)[];
  for (const kind of kinds) await timeOf(kind);
  for (let i = 0; i < many; i += 1) {
    // In turns, so that no case always comes first.
    for (const turn of [0, 1, 2]) {
      const kind = kinds[(i + turn) % 3] ?? 'new';
      times[kind].push(await timeOf(kind));
    }
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
