/** Two nodes, and more pushes than places: each place is given once, and each push is picked up once. */
import { beforeEach, expect, test } from '@jest/globals';
import {
  TestBrowser,
  countWaiting,
  pushRequest,
  takeOut,
  useNodes,
  useRelyingParty,
} from '../support/index.ts';

const nodes = useNodes({ count: 2, proxyHops: 1 });
const open = useRelyingParty(nodes, { token_endpoint_auth_method: 'none' });
beforeEach(free);

const PLACES = 60;
const AT_ONCE = 80;

async function free(): Promise<void> {
  await nodes.database.query(
    `UPDATE waiting_pushes SET id = NULL, request_sealed = NULL, network = NULL, expires_at = '-infinity'`,
  );
}

/** @returns how many pushes were accepted, and how many wait */
async function race(addressOf: (i: number) => string): Promise<{ accepted: number; waiting: number }> {
  const pushed = await Promise.all(
    Array.from({ length: AT_ONCE }, (_, i) => pushRequest(nodes, open, { address: addressOf(i), node: i })),
  );
  const statuses = pushed.map(({ answer }) => answer.status);
  expect(statuses.filter((status) => status !== 201 && status !== 429)).toEqual([]);
  return { accepted: statuses.filter((status) => status === 201).length, waiting: await countWaiting(nodes) };
}

test.each([
  ['one network', () => '198.51.100.7'],
  ['eighty networks', (i: number) => `2001:db8:${i.toString(16)}::1`],
])(
  'of more concurrently than there are places, each that is taken was given once: %s',
  async (_name, addressOf) => {
    for (let round = 0; round < 5; round += 1) {
      await free();
      expect(await race(addressOf)).toEqual({ accepted: PLACES, waiting: PLACES });
    }
  },
);

test('control: where a free place is read and then taken, it is given twice', async () => {
  const repair = takeOut(
    nodes,
    'expires_at <= now() LIMIT 1 FOR UPDATE SKIP LOCKED',
    'expires_at <= now() LIMIT 1',
  );
  // The test cannot force two to read concurrently.
  const rounds: { accepted: number; waiting: number }[] = [];
  const isTwice = () => rounds.some(({ accepted, waiting }) => accepted > waiting);
  for (let round = 0; round < 30 && !isTwice(); round += 1) {
    await free();
    rounds.push(await race(() => '198.51.100.7'));
  }
  repair();
  expect(isTwice()).toBe(true);
});

async function pickUpAtOnce(): Promise<number> {
  const { path } = await pushRequest(nodes, open, { address: '198.51.100.7' });
  const browsers = Array.from({ length: 16 }, (_, i) => new TestBrowser(nodes, i));
  const answers = await Promise.all(browsers.map((browser) => browser.request(path)));
  return answers.filter(({ headers }) => headers.location?.startsWith('/login/')).length;
}

test('of sixteen browsers at two nodes one picks a push up', async () => {
  for (let round = 0; round < 10; round += 1) expect(await pickUpAtOnce()).toBe(1);
});

test('control: where the place is not emptied by who takes it, several do', async () => {
  const repair = takeOut(
    nodes,
    `id = NULL, request_sealed = NULL, network = NULL, expires_at = '-infinity'`,
    'network = network',
  );
  const many = await pickUpAtOnce();
  repair();
  expect(many).toBeGreaterThan(1);
});
