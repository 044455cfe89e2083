/**
 * Cookies that a sibling domain sets for first-party clients make no one another person there, over TLS; and
 * a node of the previous version, which knows only the former cookies, still works.
 */
import { expect, test } from '@jest/globals';
import { FIRST_PARTY_CLIENTS } from '../src/domain/relyingParty/firstPartyClient.ts';
import { TestBrowser, type BrowserPage, signInAt, toAnswer, useNodes, usePerson } from './support/index.ts';

const SIBLING = 'https://evil.noegle.example';
const SITE = 'noegle-self-service';
const PATH = '/self-service';

const nodes = useNodes({ count: 2, issuer: 'https://id.noegle.example', proxyHops: 1 });
const mallory = usePerson(nodes, { givenName: 'Mallory' });
const person = usePerson(nodes);

/** All cookies of a browser, set by the sibling for the whole domain, under all names that it may set. */
async function plantAll(from: TestBrowser, into: TestBrowser, paths: readonly string[] = []): Promise<void> {
  const cookies = await from.readCookies();
  for (const { name, value, path } of cookies) {
    const secure = name.replace(/^__Host-/, '__Secure-');
    const isAnothers = secure !== name && cookies.some((other) => other.name === secure);
    for (const one of isAnothers ? [name] : [name, secure]) {
      for (const where of [path, '/', PATH, ...paths]) {
        const line = `${one}=${value}; Domain=noegle.example; Path=${where}; Secure; HttpOnly; SameSite=Lax`;
        await into.plant(line, SIBLING);
      }
    }
  }
}

const isMallorys = ({ text }: BrowserPage) => text.includes(mallory.fullName);
const cookieIn = async (browser: TestBrowser, name: string) =>
  (await browser.readCookies()).find((one) => one.name === name)?.value;

test.each(FIRST_PARTY_CLIENTS.filter(({ clientId }) => clientId !== 'noegle-order'))(
  '$clientId: a session is in two cookies, of which one is only of this host',
  async ({ clientId, path }) => {
    const browser = new TestBrowser(nodes);
    await signInAt(browser, person, path);
    const siteCookies = (await browser.readCookies()).filter(({ name }) => name.includes(clientId));
    const content = await cookieIn(browser, `__Host-${clientId}`);
    expect(content).toMatch(/^[A-Za-z0-9_-]{43}$/);
    // What a node of the previous version reads, and nothing of a completed sign-in.
    expect(siteCookies).toEqual(
      expect.arrayContaining([
        { name: `__Host-${clientId}`, value: content, path: '/' },
        { name: `__Secure-${clientId}`, value: content, path },
      ]),
    );
    expect(siteCookies).toHaveLength(2);
  },
);

test('a planted session is no one’s, also where it comes before the person’s own', async () => {
  const attacker = new TestBrowser(nodes);
  expect(isMallorys(await signInAt(attacker, mallory, PATH))).toBe(true);

  const fresh = new TestBrowser(nodes);
  await plantAll(attacker, fresh);
  expect(await cookieIn(fresh, `__Secure-${SITE}`)).toBeTruthy();
  expect(await cookieIn(fresh, `__Host-${SITE}`)).toBeUndefined();
  for (let i = 0; i < 2; i += 1) {
    const begun = await fresh.request(PATH);
    expect([begun.status, begun.headers.location]).toEqual([303, expect.stringContaining('/auth?')]);
  }

  const own = new TestBrowser(nodes);
  await signInAt(own, person, PATH);
  await plantAll(attacker, own, [`${PATH}/contact`]);
  for (const path of [PATH, PATH, `${PATH}/contact`, `${PATH}/contact`]) {
    const page = await own.request(path);
    expect([page.status, isMallorys(page)]).toEqual([200, false]);
  }
  expect((await own.request(PATH)).text).toContain(person.fullName);

  // Control: with the cookie that no sibling can set, the session is hers.
  await fresh.setCookie(
    `__Host-${SITE}=${await cookieIn(attacker, `__Host-${SITE}`)}; Path=/; Secure; HttpOnly; SameSite=Lax`,
  );
  expect(isMallorys(await fresh.request(PATH))).toBe(true);
});

/** The attacker's pending link, opened in a browser in which all of the attacker's cookies are planted. */
async function expectNoSignIn(attacker: TestBrowser, link: string): Promise<void> {
  const victim = new TestBrowser(nodes);
  await plantAll(attacker, victim);
  const page = await victim.request(link);
  expect([page.page, isMallorys(page)]).toEqual(['site-not-signed-in', false]);
  // Control: with the cookie that no sibling can set, the browser is redirected onwards.
  const tab = (await attacker.readCookies()).find(({ name }) => name.startsWith(`__Host-${SITE}.`));
  await victim.setCookie(`${tab?.name}=1; Path=/; Secure; HttpOnly; SameSite=Lax`);
  const control = await victim.request(link);
  expect([200, 303]).toContain(control.status);
  expect(control.page).not.toBe('site-not-signed-in');
}

test('a planted sign-in on its way leads no one in', async () => {
  const attacker = new TestBrowser(nodes);
  await expectNoSignIn(attacker, await toAnswer(attacker, mallory, await attacker.follow(PATH)));
});

test('nor does one that a session of Nøgle has redirected to', async () => {
  const signedIn = new TestBrowser(nodes);
  await signInAt(signedIn, mallory, PATH);
  const attacker = await (await signedIn.copyWithout(`__Secure-${SITE}`)).copyWithout(`__Host-${SITE}`);
  const page = await attacker.follow(PATH);
  expect([page.page, isMallorys(page)]).toEqual(['site-continue', true]);
  await expectNoSignIn(attacker, page.url);
});

test('five tabs on their way keep five small cookies, and what was left lying goes', async () => {
  const browser = new TestBrowser(nodes);
  for (let i = 0; i < 7; i += 1) await browser.request(PATH);
  await browser.setCookie(`__Host-${SITE}.AAAAAAAAAAAA=1; Path=/; Secure; HttpOnly; SameSite=Lax`);
  await browser.request(PATH);
  const cookieNames = (await browser.cookiesFor(PATH)).map((one) => one.slice(0, one.indexOf('=')));
  const tabs = (prefix: string) =>
    cookieNames.filter((name) => name.startsWith(prefix)).map((name) => name.slice(prefix.length));
  expect(tabs(`__Host-${SITE}.`).sort()).toEqual(tabs(`__Secure-${SITE}.`).sort());
  expect(tabs(`__Host-${SITE}.`)).toHaveLength(5);
  const everywhere = await browser.cookiesFor('/auth');
  const siteCookies = everywhere.filter((one) => one.includes(SITE));
  expect(siteCookies.join('; ').length).toBeLessThan(5 * 50);
});

test('a session that a node of the previous version made stays valid, also next to one of this version', async () => {
  const browser = new TestBrowser(nodes);
  await signInAt(browser, person, PATH);
  const content = (await cookieIn(browser, `__Host-${SITE}`)) ?? '';
  const { keyring } = nodes.context;
  const keyOf = (one: string) =>
    keyring.hmac('records', `own session ${SITE} ${one}`, keyring.oldestKid('records'));
  const former = Buffer.alloc(32, 7).toString('base64url');
  // As that node signs in in this browser: its own content, and the earlier session is over.
  const moved = await nodes.database.query('UPDATE own_sessions SET id = $2 WHERE id = $1 RETURNING 1', [
    keyOf(content),
    keyOf(former),
  ]);
  expect(moved).toHaveLength(1);
  const line = `__Secure-${SITE}=${former}; Path=${PATH}; Secure; HttpOnly; SameSite=Lax`;
  await browser.setCookie(line);
  for (let i = 0; i < 2; i += 1) expect((await browser.request(PATH)).text).toContain(person.fullName);
  const other = new TestBrowser(nodes);
  await other.setCookie(line);
  for (let i = 0; i < 2; i += 1) expect((await other.request(PATH)).text).toContain(person.fullName);
});
