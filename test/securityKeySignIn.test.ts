/** The story of a sign-in by a security key or a passkey: beside the card, and in place of both. */
import { Script } from 'node:vm';
import { describe, expect, test } from '@jest/globals';
import { LOW, SUBSTANTIAL } from '../src/domain/signIn/levels.ts';
import { WEBAUTHN_PATH } from '../src/ui/webauthn/webauthn.ts';
import type { AnswerOverrides } from './support/authenticator.ts';
import {
  aPerson,
  aRelyingParty,
  aSecurityKey,
  authRequest,
  keyFor,
  payloadOf,
  readReturnedCode,
  redeemCode,
  requestOptionsOf,
  sendAssertion,
  TestBrowser,
  signInAt,
  toKeyPage,
  useNodes,
  type BrowserPage,
  type TestRelyingParty,
} from './support/index.ts';

const nodes = useNodes({ count: 2 });

async function claimsOf(rp: TestRelyingParty, page: BrowserPage, verifier: string) {
  const code = readReturnedCode(page).get('code') ?? '';
  const tokens = await redeemCode(nodes, rp, code, verifier, 1);
  expect(tokens.status).toBe(200);
  return payloadOf(tokens.id_token);
}

test('after user ID and password a security key takes the place of the key', async () => {
  const person = await aPerson(nodes);
  const rp = await aRelyingParty(nodes);
  const held = await aSecurityKey(nodes, person);
  const login = authRequest(rp);
  const browser = new TestBrowser(nodes);
  const page = await toKeyPage(browser, person, login);
  expect(page.page).toBe('key');
  const claims = await claimsOf(rp, await sendAssertion(browser, page, held), login.verifier);
  expect(claims).toMatchObject({ acr: SUBSTANTIAL, amr: ['pwd', 'hwk', 'user', 'mfa'] });
  // The card still serves.
  const again = new TestBrowser(nodes);
  const login2 = authRequest(rp);
  const keyPage = await toKeyPage(again, person, login2);
  const byCard = await again.send(keyPage, { key: keyFor(person, keyPage) });
  expect(await claimsOf(rp, byCard, login2.verifier)).toMatchObject({ amr: ['pwd', 'otp', 'mfa'] });
});

test('a passkey signs in without user ID and password, and says so', async () => {
  const person = await aPerson(nodes);
  const rp = await aRelyingParty(nodes, { kind: 'bank' });
  const held = await aSecurityKey(nodes, person, { synced: true });
  const login = authRequest(rp);
  const browser = new TestBrowser(nodes);
  const page = await browser.follow(login.path);
  expect(page.page).toBe('password');
  const claims = await claimsOf(rp, await sendAssertion(browser, page, held), login.verifier);
  expect(claims).toMatchObject({ acr: SUBSTANTIAL, amr: ['swk', 'user', 'mfa'] });
});

test('the script is served as a browser can read it, and the page may ask for a security key', async () => {
  const browser = new TestBrowser(nodes);
  const page = await browser.follow(authRequest(await aRelyingParty(nodes)).path);
  expect(page.headers['permissions-policy']).toContain('publickey-credentials-get=(self)');
  expect(page.text).toContain(WEBAUTHN_PATH);
  const { text } = await browser.request(WEBAUTHN_PATH);
  expect(() => new Script(text)).not.toThrow();
  expect(text).toContain('navigator.credentials.get(');
  expect(text).not.toMatch(/^ *(\/\/|\/?\*)(?!\* @type .*\*\/ \()/m);
});

test('wrong keys lock the card, and the same sign-in goes on by a security key', async () => {
  const person = await aPerson(nodes);
  const rp = await aRelyingParty(nodes);
  const held = await aSecurityKey(nodes, person);
  const login = authRequest(rp);
  const browser = new TestBrowser(nodes);
  let page = await toKeyPage(browser, person, login);
  for (let wrong = 0; wrong < 5; wrong += 1) page = await browser.send(page, { key: '000000' });
  expect([page.page, page.text.includes('data-card-number')]).toEqual(['key', false]);
  expect(page.text).toMatch(
    /Nøglen er skrevet forkert for mange gange i træk. Du kan skrive en nøgle igen .+ kl\./,
  );
  // So does the page of a later sign-in.
  const later = await toKeyPage(new TestBrowser(nodes), person, authRequest(rp));
  expect([later.page, later.text.includes('for mange gange i træk')]).toEqual(['key', true]);
  const claims = await claimsOf(rp, await sendAssertion(browser, page, held), login.verifier);
  expect(claims).toMatchObject({ acr: SUBSTANTIAL, amr: ['pwd', 'hwk', 'user', 'mfa'] });
  // Control: a person without one sees the lock.
  const other = await aPerson(nodes);
  const elsewhere = new TestBrowser(nodes);
  let locked = await toKeyPage(elsewhere, other, authRequest(rp));
  for (let wrong = 0; wrong < 5; wrong += 1) locked = await elsewhere.send(locked, { key: '000000' });
  expect(locked.page).toBe('locked');
});

test('the way that was last chosen in this browser is shown first', async () => {
  const person = await aPerson(nodes);
  const rp = await aRelyingParty(nodes);
  const held = await aSecurityKey(nodes, person);
  const browser = new TestBrowser(nodes);
  const login = () => authRequest(rp, { prompt: 'login' });
  const isFirst = (page: BrowserPage, what: string, before: string) =>
    page.text.indexOf(what) < page.text.indexOf(before);
  const countMainButtons = ({ text }: BrowserPage) =>
    text.slice(0, text.indexOf('</main>')).split('button-primary').length - 1;
  const [card, key, name] = ['data-card-number', 'data-webauthn="get"', 'name="userId"'];
  const first = await toKeyPage(browser, person, login());
  expect(isFirst(first, key, card)).toBe(true);
  await browser.send(first, { key: keyFor(person, first) });

  const second = await toKeyPage(browser, person, login());
  expect(isFirst(second, card, key)).toBe(true);
  expect(countMainButtons(second)).toBe(1);
  await sendAssertion(browser, second, held);

  const third = await toKeyPage(browser, person, login());
  expect(isFirst(third, key, card)).toBe(true);
  expect(countMainButtons(third)).toBe(1);
  const alone = await browser.follow(login().path);
  expect(isFirst(alone, name, key)).toBe(true);
  await sendAssertion(browser, alone, held);
  expect(isFirst(await browser.follow(login().path), key, name)).toBe(true);

  // Another person, who has nothing to choose between.
  const other = await aPerson(nodes);
  const page = await toKeyPage(browser, other, login());
  await browser.send(page, { key: keyFor(other, page) });
  expect((await browser.cookiesFor('/login/x')).join()).not.toContain('noegle-way');
  expect(isFirst(await browser.follow(login().path), name, key)).toBe(true);
});

describe('asked for by `acr_values`', () => {
  test.each([
    ['phr', { synced: true }, 'phr'],
    ['phr', {}, 'phr'],
    [`phr ${SUBSTANTIAL}`, {}, 'phr'],
    [`${SUBSTANTIAL} phr`, {}, SUBSTANTIAL],
  ])('%s, by %j: %s', async (acrValues, options, acr) => {
    const person = await aPerson(nodes);
    const rp = await aRelyingParty(nodes);
    const held = await aSecurityKey(nodes, person, options);
    const login = authRequest(rp, { acr_values: acrValues });
    const browser = new TestBrowser(nodes);
    const page = await toKeyPage(browser, person, login);
    const claims = await claimsOf(rp, await sendAssertion(browser, page, held), login.verifier);
    expect(claims['acr']).toBe(acr);
  });

  test('`phrh` takes a key whose model its maker vouched for', async () => {
    const person = await aPerson(nodes);
    const rp = await aRelyingParty(nodes);
    const plain = await aSecurityKey(nodes, person);
    const browser = new TestBrowser(nodes);
    const login = authRequest(rp, { acr_values: 'phrh' });
    const refused = await toKeyPage(browser, person, login);
    expect(refused.page).toBe('refused');
    // Where one is added: in a tab of its own, by the card, and this sign-in stays.
    expect(refused.text).toContain('<a href="/self-service/security-keys" target="_blank" rel="noopener">');
    const keys = await signInAt(new TestBrowser(nodes), person, '/self-service/security-keys');
    expect(keys.page).toBe('self-security-keys');
    const back = readReturnedCode(await browser.send(refused, { cancel: '1' }));
    expect(back.get('error')).toBe('unmet_authentication_requirements');
    expect(back.get('error_description')).toMatch(/^no_security_key: /);

    const attested = await aSecurityKey(nodes, person, {}, { isAttested: true });
    const login2 = authRequest(rp, { acr_values: 'phrh' });
    const page = await browser.follow(login2.path);
    const byPlain = await sendAssertion(browser, page, plain);
    expect(byPlain.page).toBe('password');
    const claims = await claimsOf(rp, await sendAssertion(browser, byPlain, attested), login2.verifier);
    expect(claims).toMatchObject({ acr: 'phrh', amr: ['hwk', 'user', 'mfa'] });
  });

  test('a level that the proofing does not allow is refused on a page, also to a security key alone', async () => {
    const person = await aPerson(nodes, { proofing: 'Low' });
    const rp = await aRelyingParty(nodes, { min_proofing: LOW });
    const held = await aSecurityKey(nodes, person);
    const claims = JSON.stringify({ id_token: { acr: { essential: true, value: SUBSTANTIAL } } });
    const browser = new TestBrowser(nodes);
    const first = await browser.follow(authRequest(rp, { claims }).path);
    const refused = await sendAssertion(browser, first, held);
    expect(refused.page).toBe('refused');
    const back = readReturnedCode(await browser.send(refused, { cancel: '1' }));
    expect(back.get('error')).toBe('unmet_authentication_requirements');
    expect(back.get('error_description')).toMatch(/^acr_unattainable: /);
  });

  test('a card is of no use where a security key is asked for', async () => {
    const person = await aPerson(nodes);
    const rp = await aRelyingParty(nodes);
    await aSecurityKey(nodes, person);
    const browser = new TestBrowser(nodes);
    const page = await toKeyPage(browser, person, authRequest(rp, { acr_values: 'phr' }));
    expect(page.page).toBe('key');
    expect(page.text).not.toContain('data-card-number');
    const { cardNumber } = person;
    const [keyNumber = '', key = ''] = [...person.keys][0] ?? [];
    const answer = await browser.send(page, { step: 'key', cardNumber, keyNumber, key });
    expect(answer.page).toBe('key');
  });
});

describe('refused, in words, and with nothing half done', () => {
  const wrong: readonly [string, AnswerOverrides][] = [
    ['another origin', { origin: 'https://nogle.example' }],
    ['another relying party id', { rpId: 'nogle.example' }],
    ['another challenge', { challenge: 'AAAA' }],
    ['a user who was not verified', { userVerified: false }],
    ['a counter that fell', { signCount: 1 }],
    ['the handle of another person', { userHandle: Buffer.alloc(16).toString('base64url') }],
    ['an unknown credential', { credentialId: Buffer.alloc(32).toString('base64url') }],
  ];
  test.each(wrong)('%s', async (name, overrides) => {
    const person = await aPerson(nodes);
    const rp = await aRelyingParty(nodes);
    const held = await aSecurityKey(nodes, person);
    if (name.includes('counter')) {
      const once = new TestBrowser(nodes);
      const first = await toKeyPage(once, person, authRequest(rp));
      await sendAssertion(once, first, held, { signCount: 5 });
    }
    for (const isOnly of [false, true]) {
      const login = authRequest(rp);
      const browser = new TestBrowser(nodes);
      const page = isOnly ? await browser.follow(login.path) : await toKeyPage(browser, person, login);
      const answer = await sendAssertion(browser, page, held, overrides);
      expect(answer.page).toBe(isOnly ? 'password' : 'key');
      expect(answer.text).toContain('alert-error');
      // The right answer is accepted on the page that follows.
      const right = await sendAssertion(browser, answer, held, { signCount: isOnly ? 11 : 10 });
      expect(readReturnedCode(right).get('code')).not.toBeNull();
    }
  });

  test.each(['{', '{}', '[]', 'null', 'x'.repeat(7_000)])(
    'what no browser sends: %.5s',
    async (credential) => {
      const rp = await aRelyingParty(nodes);
      const browser = new TestBrowser(nodes);
      const page = await browser.follow(authRequest(rp).path);
      const answer = await browser.send(page, { credential });
      expect([answer.status, answer.page]).toEqual([200, 'password']);
    },
  );

  test('one that still waits, and one that has ended', async () => {
    const person = await aPerson(nodes);
    const rp = await aRelyingParty(nodes);
    const held = await aSecurityKey(nodes, person, {}, { countsFrom: new Date(Date.now() + 86_400_000) });
    const browser = new TestBrowser(nodes);
    const page = await toKeyPage(browser, person, authRequest(rp));
    expect(page.text).not.toContain('data-webauthn="get"');
    const first = await browser.follow(authRequest(rp).path);
    const answer = await sendAssertion(browser, first, held);
    expect(answer.page).toBe('password');
    expect(answer.text).toContain('alert-error');
  });

  test('an answer is accepted once, also by another node', async () => {
    const person = await aPerson(nodes);
    const rp = await aRelyingParty(nodes);
    const held = await aSecurityKey(nodes, person, { synced: true });
    const browser = new TestBrowser(nodes);
    const page = await browser.follow(authRequest(rp).path);
    const thief = await browser.copy();
    // It does not count: only the challenge makes an answer differ from another.
    const answer = held.authenticator.get(requestOptionsOf(page), { signCount: 0 });
    const credential = JSON.stringify(answer);
    const code = readReturnedCode(await browser.send(page, { credential })).get('code');
    expect(code).not.toBeNull();
    // The same form gets the same answer, when the first one was lost.
    const lost = await thief.copy();
    expect(readReturnedCode(await lost.send(page, { credential })).get('code')).toBe(code);
    const replay = await thief.send(page, { credential, form: 'A'.repeat(43) });
    expect(replay.headers.location ?? '').not.toContain('code=');
    const elsewhere = new TestBrowser(nodes);
    const other = await elsewhere.follow(authRequest(rp).path);
    expect((await elsewhere.send(other, { credential })).page).toBe('password');
  });
});
