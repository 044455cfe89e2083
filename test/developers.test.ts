/**
 * The playground of the sandbox: every step of the flow is shown, and what is forged or stale gets a clear
 * page.
 */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { beforeAll, expect, test } from '@jest/globals';
import { FailedCallLog } from '../src/sandbox/failedCalls.ts';
import type { DemoListing } from '../src/features/demoListing.ts';
import {
  aKey,
  aPerson,
  aRelyingParty,
  TestBrowser,
  freePort,
  hiddenFields,
  keyFor,
  logOut,
  Nodes,
  type BrowserPage,
  signInWithKey,
  tokensAt,
  useNodes,
  usePerson,
} from './support/index.ts';

let listing: DemoListing = { relyingParties: [], people: [] };
const nodes = useNodes({ count: 2, demo: () => listing });
const person = usePerson(nodes);
beforeAll(async () => {
  const { clientId, clientSecret } = await aRelyingParty(nodes, {
    token_endpoint_auth_method: 'client_secret_post',
    redirect_uris: [`${nodes.issuer}/developers/cb`],
    post_logout_redirect_uris: [`${nodes.issuer}/developers`],
  });
  const { userId, password, fullName } = person;
  listing = {
    relyingParties: [{ clientId, clientSecret, kind: 'public' }],
    people: [{ userId, password, fullName, about: 'public sites on' }],
  };
});

const text = (page: BrowserPage) => page.text.replaceAll('&quot;', '"').replaceAll('&amp;', '&');

/** Opens the page with the request; returns it with the address that its link leads to. */
async function compose(browser: TestBrowser, extra: Record<string, string> = {}) {
  const [{ clientId } = { clientId: '' }] = listing.relyingParties;
  const chosen = {
    client_id: clientId,
    profile: 'yes',
    acr: '',
    prompt: '',
    max_age: '',
    ui_locales: '',
    ...extra,
  };
  const page = await browser.follow(`/developers/request?${new URLSearchParams(chosen)}`);
  const href = /href="(\/auth\?[^"]+)"/.exec(page.text)?.[1]?.replaceAll('&amp;', '&') ?? '';
  return { page, href };
}

async function signInFrom(browser: TestBrowser, href: string): Promise<BrowserPage> {
  const passwordPage = await browser.follow(href);
  const keyPage = await browser.send(passwordPage, { userId: person.userId, password: person.password });
  return await browser.send(keyPage, { key: keyFor(person, keyPage) });
}

/** Follows the redirect back to the playground. */
async function back(browser: TestBrowser, page: BrowserPage): Promise<BrowserPage> {
  if (!page.headers.location) return page;
  const { pathname, search } = new URL(page.headers.location);
  const code = new URLSearchParams(search).get('code');
  if (code) nodes.secrets.add(code, 'code');
  return await browser.follow(pathname + search);
}

test('from the form to the tokens, decoded, and on to refresh, introspection and log-out', async () => {
  const browser = new TestBrowser(nodes);
  expect((await browser.follow('/developers')).page).toBe('developers');
  const { page, href } = await compose(browser, { offline_access: 'yes', prompt: 'consent' });
  expect([page.page, page.text.includes('code_challenge_method')]).toEqual(['developers-request', true]);
  const asked = await signInFrom(browser, href);
  const consent = asked.page === 'consent' ? await browser.send(asked, { accept: '1' }) : asked;
  const answer = await back(browser, consent);
  expect([answer.page, answer.status]).toEqual(['developers-answer', 200]);
  const shown = text(answer);
  for (const part of ['POST /token', 'GET /me', '"id_token"', '"acr"', 'published key', 'Answer: 200'])
    expect(shown).toContain(part);
  for (const [, token = ''] of shown.matchAll(/"(?:access|refresh)_token": "([^"]+)"/g))
    nodes.secrets.add(token, 'token');
  for (const [what, part] of [
    ['introspect', '"active": true'],
    ['refresh', 'grant_type=refresh_token'],
    ['revoke', 'Answer: 200'],
    ['userinfo', 'Answer: 401'],
  ] as const) {
    const form = { ...hiddenFields(answer), what };
    const next = await browser.request('/developers/next', { form });
    expect([what, next.page, text(next).includes(part)]).toEqual([what, 'developers-answer', true]);
  }
  const logout = /href="(\/session\/end\?[^"]+)"/.exec(answer.text)?.[1]?.replaceAll('&amp;', '&') ?? '';
  expect((await browser.follow(logout)).page).toBe('developers');
  expect((await browser.follow('/session')).page).toBe('no-session');
});

test('nothing is refreshed where no refresh token was given', async () => {
  const browser = new TestBrowser(nodes);
  const answer = await back(browser, await signInFrom(browser, (await compose(browser)).href));
  expect(answer.page).toBe('developers-answer');
  for (const [, token = ''] of text(answer).matchAll(/"access_token": "([^"]+)"/g))
    nodes.secrets.add(token, 'token');
  const offered = [...answer.text.matchAll(/name="what" value="(\w+)"/g)].map(([, what]) => what);
  expect(offered).toEqual(['userinfo', 'introspect', 'revoke']);
});

test('the card marks the key that is asked for', async () => {
  const browser = new TestBrowser(nodes);
  const keyPage = await browser.send(await browser.follow((await compose(browser)).href), {
    userId: person.userId,
    password: person.password,
  });
  const key = keyFor(person, keyPage);
  const card = await browser.follow(`/developers/people/${person.userId}`);
  expect(card.page).toBe('developers-card');
  expect(/<mark>\d{4} (\d{6})<\/mark>/.exec(card.text)?.[1]).toBe(key);
  expect((await browser.follow('/developers/people')).text).toContain(person.userId);
  expect((await browser.follow('/developers/people/nobody')).status).toBe(404);
});

test('an error is shown with what it means', async () => {
  const browser = new TestBrowser(nodes);
  const { href } = await compose(browser, { prompt: 'none' });
  const answer = await back(browser, await browser.follow(href));
  expect(text(answer)).toContain('login_required');
  expect(text(answer)).toContain('ask again without');
});

test('a state that is forged, cut, of another browser or too old is a clear page; so are odd requests', async () => {
  const browser = new TestBrowser(nodes);
  const { href } = await compose(browser);
  const state = new URLSearchParams(href.split('?')[1]).get('state') ?? '';
  const other = new TestBrowser(nodes);
  await compose(other);
  const expectErrorPage = async (by: TestBrowser, path: string) => {
    const { status, page } = await by.follow(path);
    expect([path.slice(0, 40), status, page]).toEqual([path.slice(0, 40), 400, 'trouble']);
  };
  await expectErrorPage(other, `/developers/cb?code=x&state=${state}`);
  for (const bad of ['', 'x', state.slice(0, -2), `Z${state.slice(1)}`, `${state}AAAA`])
    await expectErrorPage(browser, `/developers/cb?code=x&state=${bad}`);
  for (const query of [
    '',
    'client_id=nobody',
    `${new URLSearchParams({ client_id: 'x', prompt: 'y' })}`,
    'client_id=a&client_id=b',
  ])
    await expectErrorPage(browser, `/developers/request?${query}`);
  const [{ clientId } = { clientId: '' }] = listing.relyingParties;
  await expectErrorPage(browser, `/developers/request?client_id=${clientId}&acr=high`);
  nodes.clock.forward(61 * 60_000);
  await expectErrorPage(browser, `/developers/cb?code=x&state=${state}`);
  // The code is invalid: the answer of the token endpoint is shown.
  const fresh = await compose(browser);
  const young = new URLSearchParams(fresh.href.split('?')[1]).get('state') ?? '';
  const answer = await browser.follow(`/developers/cb?code=x&state=${young}`);
  expect([answer.status, text(answer).includes('invalid_grant')]).toEqual([200, true]);
});

/** A developer's web site on this machine: publishes keys, and accepts log-outs or not. */
async function aSite(host: string, keys: () => object[]) {
  const asked: string[] = [];
  const server = createServer((req, res) => {
    asked.push(req.url ?? '');
    if (req.url === '/moved')
      return void res.writeHead(302, { location: 'https://elsewhere.example/' }).end();
    if (req.url === '/not-mine') return void res.writeHead(404).end();
    res.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify({ keys: keys() }));
  });
  await new Promise<void>((resolve) => server.listen(0, host, resolve));
  const { port } = server.address() as AddressInfo;
  return { asked, port, close: () => server.close() };
}

test('a site on this machine is called at any port, and its developer sees what fails', async () => {
  const printed: string[] = [];
  const calls = new FailedCallLog(nodes.clock, (line) => printed.push(line));
  const demo = () => ({ ...listing, failedCalls: calls.latest });
  const own = await Nodes.start({ demo, sandboxCalls: calls });
  const key = await aKey('own');
  const site = await aSite('127.0.0.1', () => [key.jwk]);
  const six = await aSite('::1', () => [key.jwk]);
  try {
    const signedInPerson = await aPerson(own);
    for (const origin of [
      `http://127.0.0.1:${site.port}`,
      `http://localhost:${site.port}`,
      `http://[::1]:${six.port}`,
    ]) {
      const rp = await aRelyingParty(own, {
        token_endpoint_auth_method: 'private_key_jwt',
        jwks_uri: `${origin}/keys`,
      });
      expect([origin, (await signInWithKey(own, { rp, person: signedInPerson }, key)).status]).toEqual([
        origin,
        200,
      ]);
    }
    expect((await new TestBrowser(own).follow('/developers')).text).not.toContain('that failed');
    const browser = new TestBrowser(own);
    const out = async (uri: string) => {
      const rp = await aRelyingParty(own, { backchannel_logout_uri: uri });
      const tokens = await tokensAt(own, browser, signedInPerson, rp);
      expect(tokens.status).toBe(200);
    };
    const free = await freePort();
    const bad: Record<string, string> = {
      [`http://localhost:${free}/out`]: 'ECONNREFUSED',
      [`http://127.0.0.1:${site.port}/not-mine`]: 'it answered 404',
      [`http://127.0.0.1:${site.port}/moved`]: 'no redirect is followed',
      'https://10.0.0.1/out': 'private network',
    };
    for (const uri of Object.keys(bad)) await out(uri);
    await out(`http://127.0.0.1:${site.port}/taken`);
    await logOut(browser);
    await own.node(0).app.tasks['tellLogouts']?.({});
    expect(site.asked).toContain('/taken');
    const { text: page } = await new TestBrowser(own).follow('/developers');
    for (const [uri, why] of Object.entries(bad)) {
      expect(page).toContain(uri);
      expect(page).toContain(why);
      expect(printed).toContainEqual(expect.stringMatching(`^Nøgle called ${uri} and failed: .*${why}`));
    }
    expect(page).not.toContain('/taken');
  } finally {
    site.close();
    six.close();
    await own.close();
  }
}, 30_000);

test('only the sandbox calls this machine', async () => {
  const key = await aKey('own');
  const site = await aSite('127.0.0.1', () => [key.jwk]);
  const rp = await aRelyingParty(nodes, {
    token_endpoint_auth_method: 'private_key_jwt',
    jwks_uri: `http://127.0.0.1:${site.port}/keys`,
  });
  expect((await signInWithKey(nodes, { rp, person }, key)).status).toBe(401);
  site.close();
  expect(site.asked).toEqual([]);
});

test('in production there is none of it', async () => {
  const production = await Nodes.start();
  const browser = new TestBrowser(production);
  for (const path of [
    '/developers',
    '/developers/request',
    '/developers/cb',
    '/developers/people',
    '/developers/people/anna',
  ])
    expect([path, (await browser.follow(path)).status]).toEqual([path, 404]);
  await production.close();
});
