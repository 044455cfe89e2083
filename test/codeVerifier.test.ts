/** A code that comes with a wrong code_verifier is over, for everybody and on every node; nothing else is. */
import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { Browser } from './support/browser.ts';
import { authRequest, redeem, returned, signIn, userinfo } from './support/flow.ts';
import { Nodes } from './support/nodes.ts';
import { aPerson, aRelyingParty } from './support/people.ts';
import { takeOut } from './support/sabotage.ts';

let nodes: Nodes;
beforeAll(async () => {
  nodes = await Nodes.start({ count: 2 });
});
afterAll(() => nodes.close());

const wrong = () => randomBytes(32).toString('base64url');

/** A first code that was redeemed, and a second one of the same session and grant. */
async function aSecondCode() {
  const rp = await aRelyingParty(nodes);
  const browser = new Browser(nodes);
  const [first, second] = [authRequest(rp), authRequest(rp)];
  const before = (await signIn(browser, await aPerson(nodes), first)).get('code') ?? '';
  const tokens = await redeem(nodes, rp, before, first.verifier);
  const code = returned(await browser.follow(second.path)).get('code') ?? '';
  return { rp, tokens, code, verifier: second.verifier };
}

test('the right one comes too late, on every node; what was issued before lives', async () => {
  const { rp, tokens, code, verifier } = await aSecondCode();
  expect((await redeem(nodes, rp, code, wrong(), 0)).error).toBe('invalid_grant');
  for (const node of [0, 1]) {
    expect((await redeem(nodes, rp, code, verifier, node)).error).toBe('invalid_grant');
  }
  expect((await userinfo(nodes, tokens.access_token)).status).toBe(200);
});

test('control: without the end of the code, the right one gets tokens', async () => {
  const { rp, code, verifier } = await aSecondCode();
  const repair = takeOut(nodes, 'WHERE id = ANY($12::bytea[])', 'WHERE false AND id = ANY($12::bytea[])');
  expect((await redeem(nodes, rp, code, wrong())).error).toBe('invalid_grant');
  repair();
  expect((await redeem(nodes, rp, code, verifier)).status).toBe(200);
});

test('another client cannot end it', async () => {
  const { code, rp, verifier } = await aSecondCode();
  expect((await redeem(nodes, await aRelyingParty(nodes), code, wrong())).error).toBe('invalid_grant');
  expect((await redeem(nodes, rp, code, verifier)).status).toBe(200);
});
