/** The choice "works on public sites", enforced at authorization and everywhere after. */
import { beforeAll, describe, expect, test } from '@jest/globals';
import { LOW } from '../src/domain/signIn/levels.ts';
import type { Person } from '../src/domain/person/person.ts';
import { findPublicSitesBlocker } from '../src/domain/signIn/publicSites.ts';
import { choosePublicSites } from '../src/features/identity/choosePublicSites.ts';
import {
  aPerson,
  aRelyingParty,
  authRequest,
  type TestAuthRequest,
  TestBrowser,
  holdOnNode,
  isActive,
  keyFor,
  OnNode0,
  type BrowserPage,
  redeemCode,
  refreshTokens,
  readReturnedCode,
  signInAtNode,
  type TestPerson,
  type TestRelyingParty,
  toKeyPage,
  useNodes,
  userinfo,
} from './support/index.ts';

let bank: TestRelyingParty;
let publicSite: TestRelyingParty;
const nodes = useNodes({ count: 2 });
beforeAll(async () => {
  bank = await aRelyingParty(nodes, { kind: 'bank' });
  publicSite = await aRelyingParty(nodes);
});

const OFFLINE = { scope: 'openid profile offline_access', prompt: 'consent' };

async function tokensAt(browser: TestBrowser, person: TestPerson, rp: TestRelyingParty) {
  const request = authRequest(rp, OFFLINE);
  const result = await signInAtNode(browser, person, request);
  return await redeemCode(nodes, rp, result.get('code') ?? '', request.verifier);
}

async function switchOff(person: TestPerson): Promise<void> {
  await choosePublicSites(nodes.node(1).app.context, person.identityId, false);
}

async function toQuestion(
  browser: TestBrowser,
  person: TestPerson,
  request: TestAuthRequest,
): Promise<BrowserPage> {
  const keyPage = await toKeyPage(browser, person, request);
  const page = await browser.send(keyPage, { key: keyFor(person, keyPage) });
  expect(page.page).toBe('public-sites');
  return page;
}

/** A yes as the form of the question sends it, from any origin. */
const FORGED = { accept: '1', step: 'public-sites' };

async function tracesOf({ identityId }: TestPerson) {
  const [found] = await nodes.database.query<{ events: number; notices: string[] }>(
    `SELECT (SELECT count(*)::int FROM audit_events WHERE identity_id = $1 AND kind = 'public_sites_changed') AS events,
      ARRAY(SELECT kind FROM notices WHERE identity_id = $1 ORDER BY at) AS notices`,
    [identityId],
  );
  return { events: found?.events, notices: found?.notices.filter((kind) => kind.startsWith('public')) };
}

describe('a person whose ID works at the bank only', () => {
  test('is asked at a public site, says yes, and lands there signed in without starting again', async () => {
    const bent = await aPerson(nodes, { publicSites: false });
    const browser = new TestBrowser(nodes);
    const request = authRequest(publicSite);
    const page = await toQuestion(browser, bent, request);
    expect(page.text).toContain('Vil du også bruge det på offentlige hjemmesider?');
    const result = readReturnedCode(await browser.send(page, { accept: '1' }));
    const tokens = await redeemCode(nodes, publicSite, result.get('code') ?? '', request.verifier);
    expect((await userinfo(nodes, tokens.access_token, 1)).status).toBe(200);
    expect(await tracesOf(bent)).toEqual({ events: 1, notices: ['public_sites_on'] });
    const by = `SELECT details FROM audit_events WHERE identity_id = $1 AND kind = 'public_sites_changed'`;
    expect(await nodes.database.query(by, [bent.identityId])).toEqual([
      { details: { on: true, by: 'person' } },
    ]);
    // And the session is sufficient from now on.
    expect(readReturnedCode(await browser.follow(authRequest(publicSite).path)).get('code')).toBeTruthy();
  });

  test('with the session of the bank both factors are asked for first; a no is reported to the site', async () => {
    const bent = await aPerson(nodes, { publicSites: false });
    const browser = new TestBrowser(nodes);
    expect((await signInAtNode(browser, bent, authRequest(bank))).get('code')).toBeTruthy();
    const keyPage = await toKeyPage(browser, bent, authRequest(publicSite));
    // Before the key there is nothing to say yes to.
    expect((await browser.send(keyPage, FORGED)).page).toBe('key');
    const page = await browser.send(keyPage, { key: keyFor(bent, keyPage) });
    expect(page.page).toBe('public-sites');
    const back = readReturnedCode(await browser.send(page, { cancel: '1' }));
    expect(back.get('error')).toBe('access_denied');
    expect(back.get('error_description')).toMatch(/^public_sites_off: /);
    expect(await tracesOf(bent)).toEqual({ events: 0, notices: [] });
    // The bank is not affected, and a yes at the next attempt continues.
    const again = await toQuestion(browser, bent, authRequest(publicSite));
    expect(readReturnedCode(await browser.send(again, { accept: '1' })).get('code')).toBeTruthy();
  });

  test('twenty times yes concurrently over two nodes: one record, one notice, and one sign-in', async () => {
    const bent = await aPerson(nodes, { publicSites: false });
    const browser = new TestBrowser(nodes);
    const page = await toQuestion(browser, bent, authRequest(publicSite));
    const browsers = await Promise.all(Array.from({ length: 20 }, () => browser.copy()));
    const answers = await Promise.all(browsers.map((one) => one.post(page, { accept: '1' })));
    const codes = new Set(answers.map((answer) => readReturnedCode(answer).get('code')));
    expect([codes.size, codes.has(null)]).toEqual([1, false]);
    expect(await tracesOf(bent)).toEqual({ events: 1, notices: ['public_sites_on'] });
  });

  test('a yes said twice is no yes to the consent page that comes next', async () => {
    const stranger = await aRelyingParty(nodes, { trusted: false });
    const bent = await aPerson(nodes, { publicSites: false });
    const browser = new TestBrowser(nodes);
    const page = await toQuestion(browser, bent, authRequest(stranger));
    const browsers = await Promise.all([1, 2, 3].map(() => browser.copy()));
    await Promise.all(browsers.map((one) => one.post(page, { accept: '1' })));
    const consent = await browser.send(page, { accept: '1' });
    expect(consent.page).toBe('consent');
    const consentGiven = `SELECT 1 FROM audit_events WHERE identity_id = $1 AND kind = 'consent_given'`;
    expect(await nodes.database.query(consentGiven, [bent.identityId])).toEqual([]);
    expect(await tracesOf(bent)).toEqual({ events: 1, notices: ['public_sites_on'] });
    expect(readReturnedCode(await browser.send(consent, { accept: '1' })).get('code')).toBeTruthy();
  });

  test('where a password is enough there is no yes, but the way to one', async () => {
    const low = await aRelyingParty(nodes, { min_acr: LOW, scope: 'openid profile' });
    const bent = await aPerson(nodes, { publicSites: false });
    const browser = new TestBrowser(nodes);
    const passwordPage = await browser.follow(authRequest(low, { acr_values: LOW }).path);
    const page = await browser.send(passwordPage, { userId: bent.userId, password: bent.password });
    expect(page.page).toBe('public-sites');
    expect(page.text).toContain('href="/order/sign-in"');
    expect((await browser.send(page, FORGED)).page).toBe('public-sites');
    expect(await tracesOf(bent)).toEqual({ events: 0, notices: [] });
  });

  test('nor after a key on the password of an earlier request', async () => {
    const low = await aRelyingParty(nodes, { min_acr: LOW, scope: 'openid profile' });
    const bent = await aPerson(nodes);
    const browser = new TestBrowser(nodes);
    const passwordPage = await browser.follow(authRequest(low, { acr_values: LOW }).path);
    await browser.send(passwordPage, { userId: bent.userId, password: bent.password });
    const keyPage = await browser.follow(authRequest(publicSite).path);
    expect(keyPage.page).toBe('key');
    await switchOff(bent);
    const page = await browser.send(keyPage, { key: keyFor(bent, keyPage) });
    expect([page.page, page.text.includes('name="accept"')]).toEqual(['public-sites', false]);
    await browser.send(page, FORGED);
    expect(await tracesOf(bent)).toEqual({ events: 1, notices: ['public_sites_off'] });
  });

  test('without a session the page comes only after both factors, and leaves no session behind', async () => {
    const bent = await aPerson(nodes, { publicSites: false });
    const browser = new TestBrowser(nodes);
    const keyPage = await toKeyPage(browser, bent, authRequest(publicSite));
    expect(keyPage.page).toBe('key');
    const page = await browser.send(keyPage, { key: keyFor(bent, keyPage) });
    expect(page.page).toBe('public-sites');
    // Reload, back and a second view are the same case.
    expect((await browser.follow(page.formUrl)).page).toBe('public-sites');
    expect(readReturnedCode(await browser.send(page, { cancel: '1' })).get('error_description')).toMatch(
      /^public_sites_off: /,
    );
    expect((await browser.follow(authRequest(publicSite).path)).page).toBe('password');
    const silent = readReturnedCode(await browser.follow(authRequest(publicSite, { prompt: 'none' }).path));
    expect(silent.get('error')).toBe('login_required');
  });

  test('prompt=none with a session reports the error code', async () => {
    const bent = await aPerson(nodes, { publicSites: false });
    const browser = new TestBrowser(nodes);
    await signInAtNode(browser, bent, authRequest(bank));
    const silent = readReturnedCode(await browser.follow(authRequest(publicSite, { prompt: 'none' }).path));
    expect([silent.get('error'), silent.get('error_description')?.split(':')[0]]).toEqual([
      'interaction_required',
      'public_sites_off',
    ]);
    // A site that the person has not agreed to is not told what their ID works for.
    const stranger = await aRelyingParty(nodes, { trusted: false });
    const asked = authRequest(stranger, { scope: 'openid', prompt: 'none' });
    expect(readReturnedCode(await browser.follow(asked.path)).get('error')).toBe('consent_required');
  });
});

describe('switching off', () => {
  test('ends refresh, userinfo, introspection and session at public sites on both nodes; the bank continues', async () => {
    const anna = await aPerson(nodes);
    const bankOffline = await aRelyingParty(nodes, { kind: 'bank' });
    const browser = new TestBrowser(nodes);
    const atBank = await tokensAt(browser, anna, bankOffline);
    const atPublic = await tokensAt(new TestBrowser(nodes), anna, publicSite);
    await switchOff(anna);
    for (const node of [0, 1]) {
      expect((await userinfo(nodes, atPublic.access_token, node)).status).toBe(401);
      expect(await isActive(nodes, publicSite, atPublic.access_token, node)).toBe(false);
      expect(await isActive(nodes, publicSite, atPublic.refresh_token ?? '', node)).toBe(false);
      expect((await refreshTokens(nodes, publicSite, atPublic.refresh_token ?? '', node)).error).toBe(
        'invalid_grant',
      );
      // Asked again: a yes takes both factors.
      expect((await browser.follow(authRequest(publicSite).path)).page).toBe('password');

      expect((await userinfo(nodes, atBank.access_token, node)).status).toBe(200);
      expect(await isActive(nodes, bankOffline, atBank.access_token, node)).toBe(true);
      expect((await refreshTokens(nodes, bankOffline, atBank.refresh_token ?? '', node)).status).toBe(200);
    }
    const events = await nodes.database.query<{ kind: string }>(
      `SELECT kind FROM audit_events WHERE identity_id = $1 AND kind = 'public_sites_changed'`,
      [anna.identityId],
    );
    expect(events).toHaveLength(1);
  });

  test('and on again gives nothing back that was ended: a new sign-in is asked for, and works', async () => {
    const anna = await aPerson(nodes);
    const browser = new TestBrowser(nodes);
    const old = await tokensAt(browser, anna, publicSite);
    await switchOff(anna);
    await choosePublicSites(nodes.context, anna.identityId, true);
    expect((await userinfo(nodes, old.access_token)).status).toBe(401);
    expect((await refreshTokens(nodes, publicSite, old.refresh_token ?? '')).error).toBe('invalid_grant');
    const request = authRequest(publicSite);
    const page = await browser.follow(request.path);
    expect(page.page).toBe('password');
    const result = await signInAtNode(browser, anna, request);
    expect((await redeemCode(nodes, publicSite, result.get('code') ?? '', request.verifier)).status).toBe(
      200,
    );
  });
});

describe('switching off while a request is held half-way', () => {
  test.each([
    ['after the account was read', 'i.threshold, o.language'],
    ['before the grant and the code are written', 'INSERT INTO oidc_records'],
  ])('of /auth with a session, %s: the code is no longer valid', async (_case, text) => {
    const anna = await aPerson(nodes);
    const browser = new OnNode0(nodes);
    await signInAtNode(browser, anna, authRequest(publicSite));
    const request = authRequest(publicSite);
    const { held, letGo } = holdOnNode(nodes, text);
    const answer = browser.follow(request.path);
    await held;
    await switchOff(anna);
    letGo();
    const page = await answer;
    const code = page.headers.location ? readReturnedCode(page).get('code') : null;
    if (code)
      expect((await redeemCode(nodes, publicSite, code, request.verifier, 1)).error).toBe('invalid_grant');
    else expect(page.page).toBe('password');
  });

  test('of the end of a sign-in: the code is no longer valid', async () => {
    const anna = await aPerson(nodes);
    const browser = new OnNode0(nodes);
    const request = authRequest(publicSite);
    const keyPage = await toKeyPage(browser, anna, request);
    const { held, letGo } = holdOnNode(nodes, 'INSERT INTO oidc_records');
    const answer = browser.post(keyPage, { key: keyFor(anna, keyPage) });
    await held;
    await switchOff(anna);
    letGo();
    const code = readReturnedCode(await answer).get('code') ?? '';
    expect(code).not.toBe('');
    expect((await redeemCode(nodes, publicSite, code, request.verifier, 1)).error).toBe('invalid_grant');
  });

  test.each(['/token', 'refresh'])('of %s: what comes out is no longer valid', async (which) => {
    const anna = await aPerson(nodes);
    const request = authRequest(publicSite, OFFLINE);
    const result = await signInAtNode(new TestBrowser(nodes), anna, request);
    const code = result.get('code') ?? '';
    let take = () => redeemCode(nodes, publicSite, code, request.verifier, 0);
    if (which === 'refresh') {
      const first = await take();
      take = () => refreshTokens(nodes, publicSite, first.refresh_token ?? '', 0);
    }
    const { held, letGo } = holdOnNode(nodes, 'INSERT INTO oidc_records');
    const answer = take();
    await held;
    await switchOff(anna);
    letGo();
    const tokens = await answer;
    expect(tokens.status).toBe(200);
    expect((await userinfo(nodes, tokens.access_token, 1)).status).toBe(401);
    expect(await isActive(nodes, publicSite, tokens.refresh_token ?? '', 1)).toBe(false);
  });
});

describe('who cannot have it', () => {
  test.each([
    ['under 15', { birthdate: '2014-04-05' }, 'Du skal være fyldt 15 år', 'under_15'],
    ['without a CPR number', { cpr: null }, 'Det kræver et CPR-nummer', 'no_cpr'],
  ] as const)('%s: the page says so, and it cannot be switched on', async (_who, given, title, blocker) => {
    const freja = await aPerson(nodes, { publicSites: false, ...given });
    expect(await choosePublicSites(nodes.context, freja.identityId, true)).toBe(blocker);
    const browser = new TestBrowser(nodes);
    const keyPage = await toKeyPage(browser, freja, authRequest(publicSite));
    const page = await browser.send(keyPage, { key: keyFor(freja, keyPage) });
    expect(page.page).toBe('public-sites');
    expect(page.text).toContain(title);
    expect(page.text).not.toContain('name="accept"');
    expect((await browser.send(page, FORGED)).page).toBe('public-sites');
    expect(await tracesOf(freja)).toEqual({ events: 0, notices: [] });
    expect(readReturnedCode(await browser.send(page, { cancel: '1' })).get('error_description')).toMatch(
      /^public_sites_off: /,
    );
    // With the session of the bank no factor is needed for that.
    await signInAtNode(browser, freja, authRequest(bank));
    expect((await browser.follow(authRequest(publicSite).path)).text).toContain(title);
  });

  test('the 15th birthday begins at midnight in Denmark', () => {
    const person = { birthdate: '2011-11-24' } as Person;
    expect(findPublicSitesBlocker(person, true, new Date('2026-11-23T22:59:59Z'))).toBe('under_15');
    expect(findPublicSitesBlocker(person, true, new Date('2026-11-23T23:00:00Z'))).toBeNull();
  });
});
