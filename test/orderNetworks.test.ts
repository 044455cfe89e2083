/**
 * An order online without a match counts for the networks that it came from, the wider ones too; and no few
 * networks fill a node with orders.
 */
import { describe, expect, test } from '@jest/globals';
import { DEFAULT_RULES } from '../src/domain/rules.ts';
import { PasswordHasher, type HashingOptions } from '../src/platform/hashing/passwordHasher.ts';
import { TEXTS_BY_LANGUAGE } from '../src/ui/language.ts';
import {
  aRegistered,
  TestBrowser,
  countWrong,
  orderedBy,
  postOrder,
  slowDown,
  useNodes,
} from './support/index.ts';

/** The real one, on one core, which records the account of each call. */
class CountingOrderHasher extends PasswordHasher {
  readonly asked: HashingOptions[] = [];

  override async hash(password: string, options: HashingOptions = {}) {
    this.asked.push(options);
    return await super.hash(password, options);
  }
}

const hasher = new CountingOrderHasher({
  maxConcurrent: 1,
  setting: DEFAULT_RULES.hashing,
  deadlineMs: 30_000,
});

const nodes = useNodes({ count: 2, proxyHops: 1, rules: DEFAULT_RULES, hasher, withoutErrors: true });

const at = (address: string) => new TestBrowser(nodes, 0, address);

async function levelOf(network: string): Promise<number | null> {
  const subject = nodes.context.keyring.hmac('attempts', `network ${network}`);
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
    nodes.context.keyring.hmac('attempts', 'network 2001:db8:aa/48'),
  ]);
  const slowed = await postOrder(at('2001:db8:aa:ff01::1'), entry);
  expect([slowed.status, slowed.page]).toEqual([429, 'order-check']);
  expect(slowed.headers['retry-after']).toBe('20');
  expect(slowed.text).toContain(TEXTS_BY_LANGUAGE.da.unseen.slowed);
  expect(slowed.text).toContain(`value="${entry.cpr}"`);
  // Neither counted nor verified: from elsewhere the same order is one like any other.
  const elsewhere = await postOrder(at('2001:db8:ab::1'), entry);
  expect(elsewhere.headers.location).toBe('/order/received');
});

test('of a /24 sixteen orders are under way, and of the next nothing is looked up before its turn', async () => {
  const entry = await aRegistered(nodes);
  const other = await aRegistered(nodes);
  let release = () => {};
  const released = new Promise<void>((resolve) => (release = resolve));
  const held = Array.from({ length: 16 }, () => hasher.runInNetworkTurn('203.0.113.0/24', () => released));
  const end = slowDown(nodes, 'FROM register_entries', 0);
  const waits = postOrder(at('203.0.113.77'), entry);
  const elsewhere = await postOrder(at('203.0.114.77'), other);
  expect(elsewhere.headers.location).toBe('/order/received');
  const lookedUp = end();
  expect(await orderedBy(nodes, entry)).toEqual([]);
  const endOfBoth = slowDown(nodes, 'FROM register_entries', 0);
  release();
  await Promise.all(held);
  expect((await waits).headers.location).toBe('/order/received');
  // Each order runs the same statements.
  expect([lookedUp, endOfBoth()]).toEqual([lookedUp, lookedUp]);
});

describe('where as much as may be is hashed', () => {
  const wrong = { name: 'En Anden' };

  /** Hashes on this account wait in the queue while something is sent. */
  async function whileInFlight<T>(many: number, account: HashingOptions, send: () => Promise<T>): Promise<T> {
    const line = Array.from({ length: 40 }, () => hasher.hash('x'));
    line.push(...Array.from({ length: many }, () => hasher.hash('x', account)));
    const answer = await send();
    await Promise.all(line);
    return answer;
  }

  test('for a CPR number, match and no match are asked to come again, and nothing counted', async () => {
    const entry = await aRegistered(nodes);
    hasher.asked.length = 0;
    await postOrder(at('198.51.100.1'), entry, wrong);
    const { identity } = hasher.asked[0] ?? {};
    expect(identity).toBeTruthy();
    const counted = await countWrong(nodes, async () => {
      const answers = await whileInFlight(2, { identity: identity ?? null }, async () =>
        Promise.all([postOrder(at('198.51.100.2'), entry), postOrder(at('198.51.100.3'), entry, wrong)]),
      );
      expect(answers.map(({ status, page }) => [status, page])).toEqual([
        [503, 'order-check'],
        [503, 'order-check'],
      ]);
    });
    expect(counted).toBe(0);
    expect(await orderedBy(nodes, entry)).toEqual([]);
    hasher.asked.length = 0;
    expect((await postOrder(at('198.51.100.2'), entry)).headers.location).toBe('/order/received');
    // One hash for a match too, on the same account.
    expect(hasher.asked).toMatchObject([{ identity, network: '198.51.100.2' }]);
  });

  test('from a network, others continue', async () => {
    const [entry, other] = [await aRegistered(nodes), await aRegistered(nodes)];
    const account = { network: '198.51.101.1' };
    const [busy, served] = await whileInFlight(8, account, async () =>
      Promise.all([postOrder(at(account.network), other), postOrder(at('198.51.101.2'), entry)]),
    );
    expect([busy.status, busy.page]).toEqual([503, 'order-check']);
    expect(served.headers.location).toBe('/order/received');
  });
});
