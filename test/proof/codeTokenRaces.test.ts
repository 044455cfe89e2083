/**
 * Races on two nodes for a code, and for the last device in stock. Each runs a second time with its guard
 * removed, and must then be lost.
 */
import { expect, test } from '@jest/globals';
import { lockIdentity } from '../../src/db/cards/cardSets.ts';
import { orderCodeToken } from '../../src/features/codeTokens/index.ts';
import { blockTarget } from '../../src/features/factors/block.ts';
import { aCodeToken, intoStock, SoftToken } from '../support/codeTokens.ts';
import {
  aPerson,
  authRequest,
  holdUp,
  takeOut,
  TestBrowser,
  toKeyPage,
  useNodes,
  useRelyingParty,
  type BrowserPage,
} from '../support/index.ts';

const nodes = useNodes({ count: 2 });
const rp = useRelyingParty(nodes);

const DECIDES = 'UPDATE code_tokens t SET last_step';
const MANY = 20;

const isSignedIn = ({ headers: { location } }: BrowserPage) => location?.includes('code=') ?? false;

/** All codes are compared before the first one is decided. */
async function sendTogether(sends: readonly (() => Promise<BrowserPage>)[]): Promise<BrowserPage[]> {
  const held = holdUp(nodes, DECIDES, sends.length);
  const answers = Promise.all(sends.map(async (send) => await send()));
  await held.reached;
  held.release();
  return await answers;
}

async function raceForCode(kind: 'hotp' | 'totp'): Promise<{ signedIn: number; spent: number }> {
  const person = await aPerson(nodes);
  const token = await aCodeToken(nodes, person, kind);
  const sends: (() => Promise<BrowserPage>)[] = [];
  for (let i = 0; i < MANY; i += 1) {
    const browser = new TestBrowser(nodes, i);
    const page = await toKeyPage(browser, person, authRequest(rp));
    sends.push(async () => await browser.send(page, { step: 'code-token', code: token.show() }));
  }
  const pages = await sendTogether(sends);
  return {
    signedIn: pages.filter(isSignedIn).length,
    spent: pages.filter(({ text }) => text.includes('Den kode er brugt')).length,
  };
}

test.each(['totp', 'hotp'] as const)(
  'one code of a %s, given 20 times at once, signs in once',
  async (kind) => {
    expect(await raceForCode(kind)).toEqual({ signedIn: 1, spent: MANY - 1 });
    const repair = takeOut(nodes, 't.last_step < ', '-2 < ');
    const without = await raceForCode(kind);
    repair();
    expect(without.signedIn).toBeGreaterThan(1);
  },
);

test('a block that was acknowledged lets no code through that was compared before it', async () => {
  const person = await aPerson(nodes);
  const token = await aCodeToken(nodes, person);
  const browser = new TestBrowser(nodes);
  const page = await toKeyPage(browser, person, authRequest(rp));
  const held = holdUp(nodes, DECIDES);
  const answer = browser.send(page, { step: 'code-token', code: token.show() });
  await held.reached;
  await blockTarget(nodes.node(1).app.context, person.identityId, 'card', { by: 'person' });
  held.release();
  expect(isSignedIn(await answer)).toBe(false);
});

/** Eight people order at once on both nodes. @returns to how many a device was promised */
async function raceForStock(): Promise<{ ordered: number; refused: number }> {
  const people = await Promise.all(Array.from({ length: 8 }, async () => await aPerson(nodes)));
  await intoStock(nodes, new SoftToken(nodes), new SoftToken(nodes), new SoftToken(nodes));
  const held = holdUp(nodes, 'FROM code_tokens k WHERE k.state = ', people.length);
  const orders = Promise.allSettled(
    people.map(async ({ identityId }, i) => {
      const { context } = nodes.node(i % 2).app;
      return await context.database.transaction(async (db) => {
        await lockIdentity(db, identityId);
        return await orderCodeToken(context, db, identityId, { hasAddress: true });
      });
    }),
  );
  await held.reached;
  held.release();
  const results = await orders;
  const values = results.map((result) => (result.status === 'fulfilled' ? result.value : 'failed'));
  return {
    ordered: values.filter((value) => value === null).length,
    refused: values.filter((value) => value === 'out_of_code_tokens').length,
  };
}

test('of three devices in stock eight people get three, each their own, and nobody waits for another', async () => {
  expect(await raceForStock()).toEqual({ ordered: 3, refused: 5 });
  const owners = await nodes.database.query<{ many: number }>(
    `SELECT count(DISTINCT identity_id)::int AS many FROM code_tokens WHERE state = 'ordered'`,
  );
  expect(owners[0]?.many).toBe(3);
  // Without its locks the same device is promised to several: the statement that assigns it refuses them.
  const repair = takeOut(nodes, 'LIMIT 1 FOR UPDATE SKIP LOCKED', 'LIMIT 1');
  const without = await raceForStock();
  repair();
  expect(without.ordered).toBeLessThan(3);
});
