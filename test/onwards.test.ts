/**
 * No page whose form may lead to a relying party has a form-action directive: browsers apply it to redirects,
 * too.
 */
import { expect, test } from '@jest/globals';
import { blockTarget } from '../src/features/factors/block.ts';
import {
  aPerson,
  authRequest,
  TestBrowser,
  confirmLogout,
  keyFor,
  orderNewCard,
  type BrowserPage,
  signInAtNode,
  type TestPerson,
  toKeyPage,
  useNodes,
  useRelyingParty,
} from './support/index.ts';

const nodes = useNodes();
const rp = useRelyingParty(nodes);

const policyOf = ({ headers }: BrowserPage) => String(headers['content-security-policy']);

async function afterKey(person: TestPerson, params: Record<string, string> = {}): Promise<BrowserPage> {
  const browser = new TestBrowser(nodes);
  const keyPage = await toKeyPage(browser, person, authRequest(rp, params));
  return await browser.send(keyPage, { key: keyFor(person, keyPage) });
}

test('pages of a sign-in, of its refusal and of a log-out, with what the provider shows itself', async () => {
  const [person, blocked, off, child, renewing, guessed] = [
    await aPerson(nodes),
    await aPerson(nodes),
    await aPerson(nodes, { publicSites: false }),
    await aPerson(nodes, { publicSites: false, birthdate: '2020-01-01' }),
    await aPerson(nodes),
    await aPerson(nodes),
  ];
  await blockTarget(nodes.context, blocked.identityId, 'identity', { by: 'person' });
  await orderNewCard(nodes.context, renewing.identityId, { by: 'person' });
  await nodes.node(0).app.tasks['sendLetters']?.({});

  const browser = new TestBrowser(nodes);
  const password = await browser.follow(authRequest(rp).path);
  const forged = await browser.post(password, { csrf: 'x' });
  const wrong = await browser.send(password, { userId: person.userId, password: 'not it' });
  const stranger = new TestBrowser(nodes);
  let locked = await stranger.follow(authRequest(rp).path);
  for (let i = 0; i < 6 && locked.page === 'password'; i += 1) {
    locked = await stranger.send(locked, { userId: guessed.userId, password: `wrong ${i}` });
  }
  await signInAtNode(browser, person, authRequest(rp));
  const logout = await browser.follow('/session/end');
  const stay = await confirmLogout(browser, logout, {});
  const seen = {
    password,
    wrong,
    forged,
    locked,
    key: await toKeyPage(new TestBrowser(nodes), person, authRequest(rp)),
    refused: await toKeyPage(new TestBrowser(nodes), blocked, authRequest(rp)),
    consent: await afterKey(person, { prompt: 'consent' }),
    question: await afterKey(off),
    child: await afterKey(child),
    'new-card': await afterKey(renewing),
    'form-post': await afterKey(person, { response_mode: 'form_post' }),
    expired: await browser.follow('/login/nothing'),
    'bad-request': await browser.follow('/auth?client_id=nobody'),
    logout,
    'still-signed-in': await browser.follow(stay.headers.location ?? ''),
    'logged-out': await new TestBrowser(nodes).follow('/session/end'),
  };
  const found = Object.entries(seen).map(([name, page]) => [name, page.page, policyOf(page)] as const);
  expect(found.map(([name, page]) => [name, page])).toEqual([
    ['password', 'password'],
    ['wrong', 'password'],
    ['forged', 'trouble'],
    ['locked', 'locked'],
    ['key', 'key'],
    ['refused', 'refused'],
    ['consent', 'consent'],
    ['question', 'public-sites'],
    ['child', 'public-sites'],
    ['new-card', 'new-card'],
    ['form-post', undefined],
    ['expired', 'trouble'],
    ['bad-request', 'trouble'],
    ['logout', 'logout'],
    ['still-signed-in', 'still-signed-in'],
    ['logged-out', 'logged-out'],
  ]);
  for (const [name, , policy] of found) {
    expect([name, policy]).toEqual([name, expect.stringContaining("default-src 'none'")]);
    expect([name, policy]).toEqual([name, expect.not.stringContaining('form-action')]);
  }
});

test('pages whose forms all end at Nøgle say so', async () => {
  const browser = new TestBrowser(nodes);
  await signInAtNode(browser, await aPerson(nodes), authRequest(rp));
  for (const path of [
    '/session',
    '/order',
    '/activate',
    '/block',
    '/self-service/signed-out',
    '/desk/signed-out',
  ]) {
    const page = await browser.follow(path);
    expect([path, page.status, policyOf(page)]).toEqual([
      path,
      200,
      expect.stringContaining("form-action 'self'"),
    ]);
  }
});
