/** Two tabs of one browser concurrently: in every interleaving no one gets a code that is worthless. */
import { expect, test } from '@jest/globals';
import { TEXTS_BY_LANGUAGE } from '../src/ui/language.ts';
import {
  aPerson,
  aRelyingParty,
  authRequest,
  TestBrowser,
  holdUp,
  isActive,
  keyFor,
  type BrowserPage,
  redeemCode,
  readReturnedCode,
  signInAtNode,
  slowDown,
  toKeyPage,
  useNodes,
  userinfo,
} from './support/index.ts';

const nodes = useNodes({ count: 2 });

/** All requests have read before the first one writes. */
async function atOnce<T>(work: () => Promise<T>): Promise<T> {
  const repair = slowDown(nodes, 'INSERT INTO oidc_records', 100);
  try {
    return await work();
  } finally {
    repair();
  }
}

test('six relying parties on one session concurrently: every code is valid, and the person stays signed in', async () => {
  const person = await aPerson(nodes);
  const rps = await Promise.all(Array.from({ length: 6 }, () => aRelyingParty(nodes)));
  const browser = new TestBrowser(nodes);
  await signInAtNode(browser, person, authRequest(await aRelyingParty(nodes)));
  const requests = rps.map((rp) => authRequest(rp));
  const ends = await atOnce(() => Promise.all(requests.map((request) => browser.follow(request.path))));
  for (const [i, end] of ends.entries()) {
    const rp = rps[i]!;
    const tokens = await redeemCode(
      nodes,
      rp,
      readReturnedCode(end).get('code') ?? '',
      requests[i]!.verifier,
      i,
    );
    expect(tokens.status).toBe(200);
    expect((await userinfo(nodes, tokens.access_token, i + 1)).status).toBe(200);
  }
  expect(readReturnedCode(await browser.follow(authRequest(rps[0]!).path)).get('code')).toBeTruthy();
});

test('a fresh key at the bank in one tab, a public site on the session in the other', async () => {
  const person = await aPerson(nodes);
  const bank = await aRelyingParty(nodes, { kind: 'bank' });
  const site = await aRelyingParty(nodes);
  const browser = new TestBrowser(nodes);
  await signInAtNode(browser, person, authRequest(site));
  const [atBank, atSite] = [authRequest(bank), authRequest(site)];
  const keyPage = await toKeyPage(browser, person, atBank);
  // The public site has read the session and answers last, after the bank's sign-in has saved it.
  const { reached, release } = holdUp(nodes, 'INSERT INTO oidc_records');
  const riding = browser.request(atSite.path);
  await reached;
  const first = await browser.post(keyPage, { key: keyFor(person, keyPage) });
  release();
  const second = await riding;
  expect(
    (await redeemCode(nodes, bank, readReturnedCode(first).get('code') ?? '', atBank.verifier)).status,
  ).toBe(200);
  expect(
    (await redeemCode(nodes, site, readReturnedCode(second).get('code') ?? '', atSite.verifier)).status,
  ).toBe(200);
  expect(readReturnedCode(await browser.follow(authRequest(site).path)).get('code')).toBeTruthy();
});

test('what was issued without offline access ends with its session, whichever tab it came from', async () => {
  const person = await aPerson(nodes);
  const rp = await aRelyingParty(nodes);
  const browser = new TestBrowser(nodes);
  const request = authRequest(rp);
  const result = await signInAtNode(browser, person, request);
  const tokens = await redeemCode(nodes, rp, result.get('code') ?? '', request.verifier);
  const logout = await browser.follow('/session/end');
  expect(logout.page).toBe('logout');
  const action = /action="([^"]+)"/.exec(logout.text)?.[1] ?? '';
  const xsrf = /name="xsrf" value="([^"]+)"/.exec(logout.text)?.[1] ?? '';
  const body = new URLSearchParams({ xsrf, logout: 'yes' }).toString();
  const out = await browser.request(action, { method: 'POST', body });
  expect(out.status).toBe(303);
  expect((await userinfo(nodes, tokens.access_token, 1)).status).toBe(401);
  expect(await isActive(nodes, rp, tokens.access_token, 1)).toBe(false);
  expect((await browser.follow(authRequest(rp).path)).page).toBe('password');
});

test('a sign-in that began on a session which ends on the way is not lost', async () => {
  const person = await aPerson(nodes);
  const bank = await aRelyingParty(nodes, { kind: 'bank' });
  const browser = new TestBrowser(nodes);
  await signInAtNode(browser, person, authRequest(await aRelyingParty(nodes)));
  const request = authRequest(bank);
  const keyPage = await toKeyPage(browser, person, request);
  await nodes.database.query(
    `UPDATE oidc_records SET expires_at = now() - interval '1 s' WHERE model = 'Session' AND account_id = $1`,
    [person.identityId],
  );
  const end = await browser.send(keyPage, { key: keyFor(person, keyPage) });
  const tokens = await redeemCode(nodes, bank, readReturnedCode(end).get('code') ?? '', request.verifier);
  expect(tokens.status).toBe(200);
});

test('two people in two tabs, both begun signed out: the second is who is signed in, without a page between', async () => {
  const [anna, bent] = [await aPerson(nodes), await aPerson(nodes)];
  const rp = await aRelyingParty(nodes);
  const browser = new TestBrowser(nodes);
  const requests = [authRequest(rp), authRequest(rp)] as const;
  const pages: BrowserPage[] = [];
  for (const [i, person] of [anna, bent].entries())
    pages.push(await toKeyPage(browser, person, requests[i]!));
  await browser.send(pages[0]!, { key: keyFor(anna, pages[0]!) });
  const end = await browser.send(pages[1]!, { key: keyFor(bent, pages[1]!) });
  const tokens = await redeemCode(nodes, rp, readReturnedCode(end).get('code') ?? '', requests[1].verifier);
  const info = JSON.parse((await userinfo(nodes, tokens.access_token)).text) as { name: string };
  expect(info.name).toBe(bent.fullName);
});

test('what the provider shows itself has a policy too, and form_post leads back', async () => {
  const person = await aPerson(nodes);
  const rp = await aRelyingParty(nodes);
  const browser = new TestBrowser(nodes);
  const page = await toKeyPage(browser, person, authRequest(rp, { response_mode: 'form_post' }));
  const end = await browser.send(page, { key: keyFor(person, page) });
  expect(end.text).toContain(`action="${rp.redirectUri}"`);
  // The hash of its script, without `'none'` next to it.
  expect(end.headers['content-security-policy']).toMatch(
    /^default-src 'none'; ?script-src 'sha256-[^' ]+'; ?/,
  );
  const refused = await browser.follow(
    authRequest(rp, { response_mode: 'form_post', prompt: 'none login' }).path,
  );
  expect(refused.headers['content-security-policy']).toMatch(
    /^default-src 'none'; ?script-src 'sha256-[^' ]+'; ?/,
  );
});

/** The text of a page and its links within `<main>`. */
function readMain({ status, text }: BrowserPage): { status: number; heading: string; links: string[] } {
  const [, main = ''] = /<main[^>]*>([^]*)<\/main>/.exec(text) ?? [];
  const [, heading = ''] = /<h1>([^<]*)/.exec(main) ?? [];
  return { status, heading, links: [...main.matchAll(/href="([^"]*)"/g)].map(([, href = '']) => href) };
}

test('back at a sign-in that is over: what happened, in either language, and the way on', async () => {
  const { over } = TEXTS_BY_LANGUAGE.da;
  const person = await aPerson(nodes);
  const rp = await aRelyingParty(nodes, { name_da: 'Gudenå Sparekasse', name_en: 'Gudenå Savings Bank' });
  const origin = `${new URL(rp.redirectUri).origin}/`;
  const onward = { status: 400, links: [origin, '/'] };

  const browser = new TestBrowser(nodes);
  const keyPage = await toKeyPage(browser, person, authRequest(rp));
  const twin = await browser.copy();
  readReturnedCode(await browser.send(keyPage, { key: keyFor(person, keyPage) }));
  const finished = await browser.follow(keyPage.formUrl);
  expect(readMain(finished)).toEqual({ ...onward, heading: over.signedIn.title('Gudenå Sparekasse') });
  const english = await browser.follow(`${keyPage.formUrl}?language=en`);
  const { signedIn } = TEXTS_BY_LANGUAGE.en.over;
  expect(readMain(english).heading).toBe(signedIn.title('Gudenå Savings Bank'));
  // The same cookies as before the key: it is told that it has ended, and not as whom.
  const other = await twin.follow(keyPage.formUrl);
  expect(readMain(other)).toEqual({ ...onward, heading: over.ended.title });
  expect(other.text).not.toContain(person.userId);

  const cancelling = new TestBrowser(nodes);
  const first = await cancelling.follow(authRequest(rp).path);
  readReturnedCode(await cancelling.send(first, { cancel: '1' }));
  expect(readMain(await cancelling.follow(first.formUrl))).toEqual({ ...onward, heading: over.ended.title });

  const slow = new TestBrowser(nodes);
  const late = await toKeyPage(slow, person, authRequest(rp));
  nodes.clock.forward(61 * 60_000);
  expect(readMain(await slow.follow(late.formUrl))).toEqual({ ...onward, heading: over.timedOut.title });
  const program = await slow.request(late.formUrl, { headers: { accept: 'application/json' } });
  expect(JSON.parse(program.text)).toMatchObject({ error: 'expired' });

  // Nothing is known here, or what is there names no one who is registered: no way out but the list of
  // sites, and home.
  const away = { status: 400, heading: over.unknown.title, links: ['/services', '/'] };
  expect(readMain(await new TestBrowser(nodes).follow(late.formUrl))).toEqual(away);
  const { pathname } = new URL(late.formUrl);
  for (const planted of ['https://evil.example', 'nobody-registered', `${rp.clientId}.evil.example`]) {
    const misled = new TestBrowser(nodes);
    await misled.setCookie(`noegle-site=${planted}; path=${pathname}`);
    expect(readMain(await misled.follow(late.formUrl))).toEqual(away);
  }
});
