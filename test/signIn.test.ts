/** The story of a sign-in. */
import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { SUBSTANTIAL } from '../src/domain/signIn/levels.ts';
import {
  aKey,
  aPerson,
  aRelyingParty,
  aSecurityKey,
  asRelyingParty,
  authRequest,
  TestBrowser,
  measureTogether,
  payloadOf,
  redeemCode,
  readReturnedCode,
  sendAssertion,
  signInAtNode,
  signInWithKey,
  toKeyPage,
  type BrowserPage,
  type HeldSecurityKey,
  type TestAuthRequest,
  type TestPerson,
  type TestRelyingParty,
  useNodes,
  userinfo,
} from './support/index.ts';

const nodes = useNodes({ count: 2 });

test('password and numbered key give the relying party a code, tokens and claims', async () => {
  const person = await aPerson(nodes);
  const rp = await aRelyingParty(nodes);
  const request = authRequest(rp);
  const result = await signInAtNode(new TestBrowser(nodes), person, request);
  expect(result.get('iss')).toBe(nodes.issuer);
  const tokens = await redeemCode(nodes, rp, result.get('code') ?? '', request.verifier, 1);
  expect(tokens.status).toBe(200);

  const claims = payloadOf(tokens.id_token);
  expect(claims).toMatchObject({ iss: nodes.issuer, acr: SUBSTANTIAL, amr: ['pwd', 'otp', 'mfa'] });
  expect(typeof claims['auth_time']).toBe('number');
  expect(claims).not.toHaveProperty(['dk.cpr']);

  const info = JSON.parse((await userinfo(nodes, tokens.access_token)).text) as Record<string, unknown>;
  expect(info).toMatchObject({ sub: claims['sub'], name: person.fullName, birthdate: '1985-07-01' });
  expect(info).not.toHaveProperty(['dk.cpr']);
  expect(info).not.toHaveProperty(['nemid.pid']);
});

describe('a single one, from the authorization request to the tokens', () => {
  class SignInCountingBrowser extends TestBrowser {
    requests = 0;
    override async request(...args: Parameters<TestBrowser['request']>) {
      this.requests += 1;
      return await super.request(...args);
    }
  }

  /** One sign-in. @returns the number of requests that it took */
  type SignInPath = () => Promise<number>;

  async function byAddress(rp: TestRelyingParty, person: TestPerson): Promise<number> {
    const browser = new SignInCountingBrowser(nodes);
    const request = authRequest(rp);
    const code = (await signInAtNode(browser, person, request)).get('code') ?? '';
    expect((await redeemCode(nodes, rp, code, request.verifier, 1)).status).toBe(200);
    return browser.requests + 1;
  }

  async function byPushed(rp: TestRelyingParty, person: TestPerson): Promise<number> {
    const browser = new SignInCountingBrowser(nodes);
    const { path, verifier } = authRequest(rp);
    const fields = Object.fromEntries(new URLSearchParams(path.slice('/auth?'.length)));
    const pushed = JSON.parse((await asRelyingParty(nodes, rp, '/request', fields)).text) as Record<
      string,
      string
    >;
    const query = new URLSearchParams({ client_id: rp.clientId, request_uri: pushed['request_uri'] ?? '' });
    const code =
      (await signInAtNode(browser, person, { path: `/auth?${query}`, verifier })).get('code') ?? '';
    expect((await redeemCode(nodes, rp, code, verifier, 1)).status).toBe(200);
    return 1 + browser.requests + 1;
  }

  async function bySecurityKey(
    rp: TestRelyingParty,
    held: HeldSecurityKey,
    toPage: (browser: SignInCountingBrowser, login: TestAuthRequest) => Promise<BrowserPage>,
  ): Promise<number> {
    const browser = new SignInCountingBrowser(nodes);
    const login = authRequest(rp);
    const answer = await sendAssertion(browser, await toPage(browser, login), held);
    const code = readReturnedCode(answer).get('code') ?? '';
    expect((await redeemCode(nodes, rp, code, login.verifier, 1)).status).toBe(200);
    return browser.requests + 1;
  }

  async function inSession(rp: TestRelyingParty, browser: SignInCountingBrowser): Promise<number> {
    const before = browser.requests;
    const request = authRequest(rp);
    const code = readReturnedCode(await browser.follow(request.path)).get('code') ?? '';
    expect((await redeemCode(nodes, rp, code, request.verifier, 1)).status).toBe(200);
    return browser.requests - before + 1;
  }

  const WAYS: Record<string, () => Promise<SignInPath>> = {
    'password and key': async () => {
      const [rp, person] = [await aRelyingParty(nodes), await aPerson(nodes)];
      return () => byAddress(rp, person);
    },
    'the same, the request pushed': async () => {
      const [rp, person] = [await aRelyingParty(nodes), await aPerson(nodes)];
      return () => byPushed(rp, person);
    },
    'the same, `private_key_jwt` at `/token`': async () => {
      const key = await aKey('own');
      const jwks = { keys: [key.jwk] };
      const rp = await aRelyingParty(nodes, { token_endpoint_auth_method: 'private_key_jwt', jwks });
      const person = await aPerson(nodes);
      return async () => {
        const browser = new SignInCountingBrowser(nodes);
        expect((await signInWithKey(nodes, { rp, person, browser }, key)).status).toBe(200);
        return browser.requests + 1;
      };
    },
    'the same, its key orders a new card': async () => {
      const rp = await aRelyingParty(nodes);
      // The second of two keys leaves as many as the threshold says.
      const person = await aPerson(nodes, { keysSpent: 126 });
      return () => byAddress(rp, person);
    },
    'password and security key': async () => {
      const [rp, person] = [await aRelyingParty(nodes), await aPerson(nodes)];
      const held = await aSecurityKey(nodes, person);
      return () => bySecurityKey(rp, held, async (browser, login) => await toKeyPage(browser, person, login));
    },
    'a passkey in place of both': async () => {
      const [rp, person] = [await aRelyingParty(nodes), await aPerson(nodes)];
      const held = await aSecurityKey(nodes, person, { synced: true });
      return () => bySecurityKey(rp, held, async (browser, login) => await browser.follow(login.path));
    },
    'in a live session, nothing is asked': async () => {
      const [rp, person] = [await aRelyingParty(nodes), await aPerson(nodes)];
      const browser = new SignInCountingBrowser(nodes);
      await signInAtNode(browser, person, authRequest(rp));
      return () => inSession(rp, browser);
    },
  };

  test.each(Object.keys(WAYS))('%s: what docs/explanation/performance.md says', async (name) => {
    const way = await WAYS[name]?.();
    // With the relying party in the nodes' caches.
    await way?.();
    const before = nodes.cost;
    const requests = await way?.();
    const statements = nodes.cost.statements - before.statements;
    const commits = nodes.cost.commits - before.commits;
    const row = `| ${name} | ${requests} | ${statements} | ${commits} |`;
    console.info(row);
    const page = readFileSync('docs/explanation/performance.md', 'utf8').split('\n');
    expect(page.find((line) => line.startsWith(`| ${name} |`))).toBe(row);
    if (name !== 'password and key') return;
    const figures = `${statements} SQL statements and ${commits} commits in ${requests} requests`;
    expect(/\d+ SQL statements.*? requests/.exec(readFileSync('ARCHITECTURE.md', 'utf8'))?.[0]).toBe(figures);
  });
});

// How many share a batch depends on the load of the machine: the proof checks the limits themselves.
test('sixteen concurrently share statements and commits', async () => {
  const { best, all } = await measureTogether(5);
  console.info(`16 at once: ${all}`);
  expect(best.statements).toBeLessThan(6);
  expect(best.commits).toBeLessThan(3);
});
