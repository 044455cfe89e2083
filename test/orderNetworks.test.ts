/** An order online without a match counts for the networks that it came from, the wider ones too. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { DEFAULT_RULES } from '../src/core/rules.ts';
import { TEXTS } from '../src/web/language.ts';
import { Browser } from './support/browser.ts';
import { Nodes } from './support/nodes.ts';
import { aRegistered, postOrder } from './support/ordering.ts';

let nodes: Nodes;
beforeAll(async () => {
  nodes = await Nodes.start({ count: 2, proxyHops: 1, rules: DEFAULT_RULES });
});
afterAll(() => nodes.close({ withoutErrors: true }));

const at = (address: string) => new Browser(nodes, 0, address);

async function levelOf(network: string): Promise<number | null> {
  const subject = nodes.world.keyring.hmac('attempts', `network ${network}`);
  const [row] = await nodes.database.query<{ level: number }>(
    'SELECT level FROM network_tries WHERE subject = $1',
    [subject],
  );
  return row?.level ?? null;
}

test('a /48 is slowed, of however many networks it is made, and nothing that was typed is lost', async () => {
  const entry = await aRegistered(nodes);
  const wrong = { documentNumber: '200000000' };
  const first = await postOrder(at('2001:db8:aa:1::1'), entry, wrong);
  expect(first.headers.location).toBe('/order/no-match');
  for (let i = 0; i < 100 && (await levelOf('2001:db8:aa/48')) === null; i += 1)
    await new Promise((resolve) => setTimeout(resolve, 30));
  for (const network of ['2001:db8:aa:1', '2001:db8:aa:0/56', '2001:db8:aa/48'])
    expect([network, await levelOf(network)]).toEqual([network, 1]);

  await nodes.database.query('UPDATE network_tries SET level = 240 WHERE subject = $1', [
    nodes.world.keyring.hmac('attempts', 'network 2001:db8:aa/48'),
  ]);
  const slowed = await postOrder(at('2001:db8:aa:ff01::1'), entry);
  expect([slowed.status, slowed.page]).toEqual([429, 'order']);
  expect(slowed.headers['retry-after']).toBe('20');
  expect(slowed.text).toContain(TEXTS.da.unseen.slowed);
  expect(slowed.text).toContain(`value="${entry.cpr}"`);
  // Neither counted nor judged: from elsewhere the same order is one like any other.
  const elsewhere = await postOrder(at('2001:db8:ab::1'), entry);
  expect(elsewhere.headers.location).toBe('/order/received');
});
