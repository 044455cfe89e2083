/** A code presented with a wrong verifier is invalidated, for everyone and on every node; nothing else is. */
import { randomBytes } from 'node:crypto';
import { expect, test } from '@jest/globals';
import {
  aPerson,
  aRelyingParty,
  asRelyingParty,
  authRequest,
  TestBrowser,
  holdUp,
  redeemCode,
  readReturnedCode,
  signInAtNode,
  takeOut,
  type TestRelyingParty,
  useNodes,
  userinfo,
} from './support/index.ts';

const nodes = useNodes({ count: 2 });

const wrong = () => randomBytes(32).toString('base64url');

/** A first code that was redeemed, and a second one of the same session and grant. */
async function aSecondCode() {
  const rp = await aRelyingParty(nodes);
  const browser = new TestBrowser(nodes);
  const [first, second] = [authRequest(rp), authRequest(rp)];
  const before = (await signInAtNode(browser, await aPerson(nodes), first)).get('code') ?? '';
  const tokens = await redeemCode(nodes, rp, before, first.verifier);
  const code = readReturnedCode(await browser.follow(second.path)).get('code') ?? '';
  return { rp, tokens, code, verifier: second.verifier };
}

test('the right one comes too late, on every node; what was issued before lives', async () => {
  const { rp, tokens, code, verifier } = await aSecondCode();
  expect((await redeemCode(nodes, rp, code, wrong(), 0)).error).toBe('invalid_grant');
  for (const node of [0, 1]) {
    expect((await redeemCode(nodes, rp, code, verifier, node)).error).toBe('invalid_grant');
  }
  expect((await userinfo(nodes, tokens.access_token)).status).toBe(200);
});

test('control: without the end of the code, the right one gets tokens', async () => {
  const { rp, code, verifier } = await aSecondCode();
  const repair = takeOut(nodes, 'WHERE id = ANY($12::bytea[])', 'WHERE false AND id = ANY($12::bytea[])');
  expect((await redeemCode(nodes, rp, code, wrong())).error).toBe('invalid_grant');
  repair();
  expect((await redeemCode(nodes, rp, code, verifier)).status).toBe(200);
});

/** As a client with a secret, with an override of part of the form. */
async function redeemWith(
  rp: TestRelyingParty,
  overrides: Record<string, string>,
  node = 0,
): Promise<{ status: number; error?: string }> {
  const fields = { grant_type: 'authorization_code', redirect_uri: rp.redirectUri, ...overrides };
  const { status, text } = await asRelyingParty(nodes, rp, '/token', fields, node);
  return { status, ...(JSON.parse(text) as object) };
}

test.each([
  ['a verifier that is none', { code_verifier: 'x' }, 'invalid_request'],
  ['no verifier', {}, 'invalid_grant'],
  ['another address', { redirect_uri: 'https://rp.example/cb2' }, 'invalid_grant'],
])('%s ends it as well', async (_what, overrides, error) => {
  const { rp, tokens, code, verifier } = await aSecondCode();
  const fits = 'redirect_uri' in overrides ? { code_verifier: verifier } : {};
  expect((await redeemWith(rp, { code, ...fits, ...overrides })).error).toBe(error);
  expect((await redeemCode(nodes, rp, code, verifier, 1)).error).toBe('invalid_grant');
  expect((await userinfo(nodes, tokens.access_token)).status).toBe(200);
});

test('so does another client that has it', async () => {
  const { code, rp, verifier, tokens } = await aSecondCode();
  const other = await aRelyingParty(nodes);
  expect((await redeemCode(nodes, other, code, verifier)).error).toBe('invalid_grant');
  for (const node of [0, 1]) {
    expect((await redeemCode(nodes, rp, code, verifier, node)).error).toBe('invalid_grant');
  }
  expect((await userinfo(nodes, tokens.access_token)).status).toBe(200);
});

test('who is no client, or sends half of it, leaves it valid', async () => {
  const { code, rp, verifier } = await aSecondCode();
  const unknownClient = { ...rp, clientSecret: 'not-the-secret-of-anybody-at-all-000000' };
  expect((await redeemWith(unknownClient, { code, code_verifier: wrong() })).error).toBe('invalid_client');
  expect((await redeemWith(rp, { code, code_verifier: verifier, redirect_uri: '' })).error).toBe(
    'invalid_request',
  );
  expect((await redeemCode(nodes, rp, code, verifier)).status).toBe(200);
});

const SAVE = 'INSERT INTO oidc_records AS r';

test('a wrong one while the right one is under way: the code is over, and nothing else', async () => {
  const { rp, tokens, code, verifier } = await aSecondCode();
  const held = holdUp(nodes, SAVE);
  const right = redeemCode(nodes, rp, code, verifier, 0);
  await held.reached;
  expect((await redeemCode(nodes, rp, code, wrong(), 1)).error).toBe('invalid_grant');
  held.release();
  expect((await right).error).toBe('invalid_grant');
  expect((await userinfo(nodes, tokens.access_token, 1)).status).toBe(200);
});

test('the right one while a wrong one is under way: its tokens live, until it is used again', async () => {
  const { rp, code, verifier } = await aSecondCode();
  const held = holdUp(nodes, SAVE);
  const late = redeemCode(nodes, rp, code, wrong(), 0);
  await held.reached;
  const right = await redeemCode(nodes, rp, code, verifier, 1);
  expect(right.status).toBe(200);
  held.release();
  expect((await late).error).toBe('invalid_grant');
  expect((await userinfo(nodes, right.access_token)).status).toBe(200);
  expect((await redeemCode(nodes, rp, code, verifier)).error).toBe('invalid_grant');
  expect((await userinfo(nodes, right.access_token, 1)).status).toBe(401);
});

test('eight right and eight wrong ones concurrently over two nodes: never more than one is answered', async () => {
  const { rp, code, verifier } = await aSecondCode();
  const all = await Promise.all(
    Array.from(
      { length: 16 },
      async (_, i) => await redeemCode(nodes, rp, code, i % 4 < 2 ? verifier : wrong(), i),
    ),
  );
  expect(all.filter(({ status }) => status === 200).length).toBeLessThanOrEqual(1);
  for (const node of [0, 1]) {
    expect((await redeemCode(nodes, rp, code, verifier, node)).error).toBe('invalid_grant');
  }
});
