/** Ordering online: 200 concurrent orders result in one ID. */
import { expect, test } from '@jest/globals';
import { aKnown, aRegistered, orderedBy, postOrder, useNodes, createSiteClient } from '../support/index.ts';

const nodes = useNodes({ count: 2, proxyHops: 1, withoutErrors: true });

async function sentAndTold(identityId: string): Promise<Record<string, string[]> | undefined> {
  const [row] = await nodes.database.query<Record<string, string[]>>(
    `SELECT ARRAY(SELECT kind FROM letters WHERE identity_id = $1 ORDER BY kind) AS letters,
       ARRAY(SELECT kind FROM notices WHERE identity_id = $1 ORDER BY kind) AS notices`,
    [identityId],
  );
  return row;
}

test.each(['new', 'known'])('200 concurrent orders of someone %s, over two nodes', async (who) => {
  const known = who === 'known' ? await aKnown(nodes) : null;
  const entry = known?.entry ?? (await aRegistered(nodes));
  const answers = await Promise.all(
    Array.from({ length: 200 }, async (_, i) => await postOrder(createSiteClient(nodes, i), entry)),
  );
  const counts: Record<string, number> = {};
  for (const { status, headers } of answers) {
    const outcome = `${status} ${headers.location ?? ''}`;
    counts[outcome] = (counts[outcome] ?? 0) + 1;
  }
  console.info(`200 orders of somebody ${who}: ${JSON.stringify(counts)}`);
  expect(Object.keys(counts).filter((outcome) => !['303 /order/received', '503 '].includes(outcome))).toEqual(
    [],
  );
  expect(counts['303 /order/received']).toBeGreaterThan(0);
  const identities = await orderedBy(nodes, entry);
  expect(identities).toHaveLength(1);
  expect(await sentAndTold(identities[0]?.id ?? '')).toEqual({
    letters: known ? ['notice'] : ['notice', 'password', 'welcome'],
    notices: ['ordered_online'],
  });
});
