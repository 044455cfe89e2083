/** Sign-ins by a security key beside other sessions and levels, and what is asked afterwards. */
import { describe, expect, test } from '@jest/globals';
import { LOW, SUBSTANTIAL } from '../../src/domain/signIn/levels.ts';
import { endIdentity } from '../../src/db/cards/cardSets.ts';
import { blockTarget } from '../../src/features/factors/block.ts';
import {
  aPerson,
  aRelyingParty,
  aSecurityKey,
  authRequest,
  isActive,
  orderNewCard,
  payloadOf,
  readReturnedCode,
  redeemCode,
  refreshTokens,
  requestOptionsOf,
  sendAllLetters,
  sendAssertion,
  signInAtNode,
  TestBrowser,
  toKeyPage,
  useNodes,
  type BrowserPage,
  type TestAuthRequest,
  type TestRelyingParty,
} from '../support/index.ts';

const nodes = useNodes({ count: 2 });
const BY = { by: 'person' } as const;

const codeOf = ({ headers: { location } }: BrowserPage) =>
  location?.includes('code=') ? new URL(location).searchParams.get('code') : null;

async function claimsOf(rp: TestRelyingParty, page: BrowserPage, { verifier }: TestAuthRequest) {
  const tokens = await redeemCode(nodes, rp, readReturnedCode(page).get('code') ?? '', verifier, 1);
  return payloadOf(tokens.id_token);
}

describe('levels', () => {
  test('proofing Low: a key alone reaches no more, and the answer is the right error', async () => {
    const person = await aPerson(nodes, { proofing: 'Low' });
    const held = await aSecurityKey(nodes, person);
    const low = await aRelyingParty(nodes, { min_acr: LOW, min_proofing: LOW });
    const login = authRequest(low);
    const browser = new TestBrowser(nodes);
    const back = await sendAssertion(browser, await browser.follow(login.path), held);
    expect(await claimsOf(low, back, login)).toMatchObject({ acr: LOW, amr: ['hwk', 'user', 'mfa'] });

    const essential = JSON.stringify({ id_token: { acr: { essential: true, value: SUBSTANTIAL } } });
    const asking = authRequest(low, { claims: essential });
    const other = new TestBrowser(nodes);
    const refused = await sendAssertion(other, await other.follow(asking.path), held);
    const end = refused.headers.location ? refused : await other.send(refused, { cancel: '1' });
    expect(readReturnedCode(end).get('error')).toBe('unmet_authentication_requirements');

    const strict = await aRelyingParty(nodes);
    const third = new TestBrowser(nodes);
    const turned = await sendAssertion(third, await third.follow(authRequest(strict).path), held);
    const away = turned.headers.location ? turned : await third.send(turned, { cancel: '1' });
    expect(readReturnedCode(away).get('code')).toBeNull();
  });

  test('a session of a password is raised by a security key, and keeps its password', async () => {
    const person = await aPerson(nodes);
    const held = await aSecurityKey(nodes, person, { synced: true });
    const low = await aRelyingParty(nodes, { min_acr: LOW });
    const browser = new TestBrowser(nodes);
    await toKeyPage(browser, person, authRequest(low, { acr_values: LOW }));
    const login = authRequest(low, { acr_values: SUBSTANTIAL });
    const page = await browser.follow(login.path);
    expect(page.page).toBe('key');
    const back = await sendAssertion(browser, page, held);
    const claims = await claimsOf(low, back, login);
    expect(claims).toMatchObject({ acr: SUBSTANTIAL, amr: ['pwd', 'swk', 'user', 'mfa'] });
    // Its key may not be another person's.
    const other = await aPerson(nodes);
    const theirs = await aSecurityKey(nodes, other);
    const second = new TestBrowser(nodes);
    await toKeyPage(second, person, authRequest(low, { acr_values: LOW }));
    const raise = await second.follow(authRequest(low, { acr_values: SUBSTANTIAL }).path);
    const credential = JSON.stringify(
      theirs.authenticator.get({ challenge: requestOptionsOf(raise).challenge, allowCredentials: [] }),
    );
    expect((await second.send(raise, { credential })).page).toBe('key');
  });

  test('`prompt=login` and `max_age` ask again; where it must resist phishing, a card does not serve', async () => {
    const person = await aPerson(nodes);
    const held = await aSecurityKey(nodes, person);
    const rp = await aRelyingParty(nodes);
    const browser = new TestBrowser(nodes);
    const first = authRequest(rp, { acr_values: 'phr' });
    const page = await browser.follow(first.path);
    const before = await claimsOf(rp, await sendAssertion(browser, page, held), first);
    const silent = authRequest(rp, { acr_values: 'phr', prompt: 'none' });
    expect((await claimsOf(rp, await browser.follow(silent.path), silent))['acr']).toBe('phr');
    const hardware = authRequest(rp, { acr_values: 'phrh', prompt: 'none' });
    expect(readReturnedCode(await browser.follow(hardware.path)).get('error')).toBe('login_required');
    for (const params of [{ prompt: 'login' }, { max_age: '0' }] as Record<string, string>[]) {
      nodes.clock.forward(2_000);
      const again = authRequest(rp, { acr_values: 'phr', ...params });
      const asked = await browser.follow(again.path);
      expect(asked.page).toBe('password');
      const claims = await claimsOf(rp, await sendAssertion(browser, asked, held), again);
      expect(claims['acr']).toBe('phr');
      expect(Number(claims['auth_time'])).toBeGreaterThanOrEqual(Number(before['auth_time']));
    }
  });

  test('refresh keeps `acr`, and consent and public sites afterwards keep the resistance', async () => {
    const person = await aPerson(nodes, { publicSites: false });
    const held = await aSecurityKey(nodes, person, {}, { isAttested: true });
    const rp = await aRelyingParty(nodes, { trusted: false });
    const login = authRequest(rp, {
      acr_values: 'phrh',
      scope: 'openid profile offline_access',
      prompt: 'consent',
    });
    const browser = new TestBrowser(nodes);
    const asked = await sendAssertion(browser, await browser.follow(login.path), held);
    expect(asked.page).toBe('public-sites');
    const consent = await browser.send(asked, { accept: '1' });
    expect(consent.page).toBe('consent');
    const back = await browser.send(consent, { accept: '1' });
    const tokens = await redeemCode(nodes, rp, readReturnedCode(back).get('code') ?? '', login.verifier);
    expect(payloadOf(tokens.id_token)['acr']).toBe('phrh');
    const fresh = await refreshTokens(nodes, rp, tokens.refresh_token ?? '', 1);
    expect([fresh.status, payloadOf(fresh.id_token)['acr']]).toEqual([200, 'phrh']);
    expect(await isActive(nodes, rp, fresh.access_token)).toBe(true);
  });
});

describe('beside another person in the browser', () => {
  test('the session of who was there ends, in the transaction of the key', async () => {
    const [first, second] = [await aPerson(nodes), await aPerson(nodes)];
    const held = await aSecurityKey(nodes, second);
    const rp = await aRelyingParty(nodes, { backchannel_logout_uri: 'https://rp.example/logout' });
    const browser = new TestBrowser(nodes);
    const login = authRequest(rp);
    await redeemCode(
      nodes,
      rp,
      (await signInAtNode(browser, first, login)).get('code') ?? '',
      login.verifier,
    );
    const again = authRequest(rp, { prompt: 'login' });
    const back = await sendAssertion(browser, await browser.follow(again.path), held);
    expect(codeOf(back)).not.toBeNull();
    const alive = await nodes.database.query(
      `SELECT FROM oidc_records WHERE account_id = $1 AND model = 'Session' AND ended_at IS NULL`,
      [first.identityId],
    );
    expect(alive).toHaveLength(0);
    const told = await nodes.database.query('SELECT FROM logouts WHERE identity_id = $1', [first.identityId]);
    expect(told).toHaveLength(1);
  });

  test('the password of one and the security key of another are no sign-in of either', async () => {
    const [first, second] = [await aPerson(nodes), await aPerson(nodes)];
    await aSecurityKey(nodes, first);
    const theirs = await aSecurityKey(nodes, second);
    const browser = new TestBrowser(nodes);
    const page = await toKeyPage(browser, first, authRequest(await aRelyingParty(nodes)));
    const { challenge } = requestOptionsOf(page);
    const credential = JSON.stringify(theirs.authenticator.get({ challenge, allowCredentials: [] }));
    const answer = await browser.send(page, { credential });
    expect([answer.page, answer.text.includes('alert-error')]).toEqual(['key', true]);
  });
});

describe('what comes afterwards', () => {
  test('a new card that was sent is asked for after a security key alone', async () => {
    const person = await aPerson(nodes);
    const held = await aSecurityKey(nodes, person);
    await orderNewCard(nodes.context, person.identityId, BY);
    await sendAllLetters(nodes);
    const rp = await aRelyingParty(nodes);
    const login = authRequest(rp);
    const browser = new TestBrowser(nodes);
    const page = await sendAssertion(browser, await browser.follow(login.path), held);
    expect(page.page).toBe('new-card');
    const wrong = await browser.send(page, { newKey: '000000' });
    expect(wrong.page).toBe('new-card');
    const back = await browser.send(wrong, { skip: '1' });
    expect(await claimsOf(rp, back, login)).toMatchObject({ amr: ['hwk', 'user', 'mfa'] });
  });

  test('the sign-in was ended while something was still asked: a security key begins again at its page', async () => {
    const person = await aPerson(nodes);
    const held = await aSecurityKey(nodes, person);
    const rp = await aRelyingParty(nodes, { trusted: false });
    const login = authRequest(rp);
    const browser = new TestBrowser(nodes);
    const consent = await sendAssertion(browser, await browser.follow(login.path), held);
    expect(consent.page).toBe('consent');
    await nodes.context.database.transaction(
      async (db) => await endIdentity(db, person.identityId, { block: false, now: nodes.clock.now() }),
    );
    const ended = await browser.send(consent, { accept: '1' });
    expect([ended.page, codeOf(ended)]).toEqual(['password', null]);
    const again = await sendAssertion(browser, ended, held);
    expect(again.page).toBe('consent');
    expect(codeOf(await browser.send(again, { accept: '1' }))).not.toBeNull();
  });

  test('the session that was to be raised ended: its page takes a security key in place of both', async () => {
    const person = await aPerson(nodes);
    const held = await aSecurityKey(nodes, person);
    const low = await aRelyingParty(nodes, { min_acr: LOW });
    const browser = new TestBrowser(nodes);
    await toKeyPage(browser, person, authRequest(low, { acr_values: LOW }));
    const login = authRequest(low, { acr_values: SUBSTANTIAL });
    expect((await browser.follow(login.path)).page).toBe('key');
    const raise = await browser.follow(login.path);
    await nodes.database.query(
      `UPDATE oidc_records SET ended_at = now() WHERE account_id = $1 AND model = 'Session'`,
      [person.identityId],
    );
    const page = await browser.follow(raise.formUrl);
    expect(page.page).toBe('password');
    const back = await sendAssertion(browser, page, held);
    expect(await claimsOf(low, back, login)).toMatchObject({ amr: ['hwk', 'user', 'mfa'] });
  });

  test.each([
    ['in place of both', true],
    ['beside a password', false],
  ])('the answer of before is no answer there, %s', async (_way, isOnly) => {
    const person = await aPerson(nodes);
    const held = await aSecurityKey(nodes, person, { synced: true });
    const rp = await aRelyingParty(nodes, { trusted: false });
    const browser = new TestBrowser(nodes);
    const page = await browser.follow(authRequest(rp).path);
    const answer = held.authenticator.get(requestOptionsOf(page), { signCount: 0 });
    const credential = JSON.stringify(answer);
    expect((await browser.send(page, { credential })).page).toBe('consent');
    await nodes.context.database.transaction(
      async (db) => await endIdentity(db, person.identityId, { block: false, now: nodes.clock.now() }),
    );
    let now = await browser.follow(page.formUrl);
    if (!isOnly) now = await browser.send(now, { userId: person.userId, password: person.password });
    // Its page's form, with something beside it: another form with the same answer.
    const replayed = await browser.send(page, { credential, more: '1' });
    expect([now.page, replayed.page]).toEqual(isOnly ? ['password', 'password'] : ['key', 'key']);
  });

  test('an ID that was blocked gets no further, and its page does not say whose it is', async () => {
    const person = await aPerson(nodes);
    const held = await aSecurityKey(nodes, person);
    const browser = new TestBrowser(nodes);
    const page = await browser.follow(authRequest(await aRelyingParty(nodes)).path);
    await blockTarget(nodes.context, person.identityId, 'identity', BY);
    const answer = await sendAssertion(browser, page, held);
    expect([answer.page, answer.text.includes('alert-error')]).toEqual(['password', true]);
    expect(answer.text).not.toContain(person.userId);
  });
});
