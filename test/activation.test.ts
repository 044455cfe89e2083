/** Activation of an ID: two letters, a key, a chosen user ID and password. Through the public form. */
import { describe, expect, test } from '@jest/globals';
import { TERMS_VERSION } from '../src/domain/issuing/terms.ts';
import { drawActivationId } from '../src/features/activation/activationId.ts';
import { submitTemporaryPassword } from '../src/features/activation/submitTemporaryPassword.ts';
import { blockTarget } from '../src/features/factors/block.ts';
import { orderPasswordLetter } from '../src/features/identity/orderPasswordLetter.ts';
import { da } from '../src/ui/words/words.da.ts';
import {
  aChoice,
  anotherKey,
  aPerson,
  authRequest,
  TestBrowser,
  challengeOf,
  type Chosen,
  countWrong,
  expectToSignIn,
  hiddenFields,
  holdUp,
  readDeliveredLetters,
  isActive,
  issueApplication,
  type IssuedTestIdentity,
  waitForLetters,
  type BrowserPage,
  redeemCode,
  readReturnedCode,
  sendAllLetters,
  signInAtNode,
  startActivation,
  takeOut,
  toChoosePage,
  toDonePage,
  toKeyPage,
  useNodes,
  useRelyingParty,
  valueOf,
  watchResults,
} from './support/index.ts';

const words = da.activate;
const HOUR = 3_600_000;
/** Includes what the database's clock is ahead of the suite's, which stands still. */
const HALF_A_MINUTE = 45_000;
const DAY = 24 * HOUR;
const nodes = useNodes({ count: 2, proxyHops: 1, withoutErrors: true });
const rp = useRelyingParty(nodes);

async function eventsOf(identityId: string): Promise<string[]> {
  const rows = await nodes.database.query<{ kind: string }>(
    'SELECT kind FROM audit_events WHERE identity_id = $1 ORDER BY id',
    [identityId],
  );
  return rows.map(({ kind }) => kind);
}

async function noticesOf(identityId: string): Promise<string[]> {
  const rows = await nodes.database.query<{ kind: string }>(
    'SELECT kind FROM notices WHERE identity_id = $1 ORDER BY at, kind',
    [identityId],
  );
  return rows.map(({ kind }) => kind);
}

async function issued(): Promise<IssuedTestIdentity> {
  return await waitForLetters(nodes, await issueApplication(nodes));
}

test('from two letters to a first sign-in, by way of the sign-in that waits, with restarts in between', async () => {
  const person = await issued();
  const browser = new TestBrowser(nodes);
  const request = authRequest(rp);
  const passwordPage = await browser.follow(request.path);
  const [, link = ''] = /href="(\/activate\?from=[^"]+)"/.exec(passwordPage.text) ?? [];
  const start = await browser.follow(link);
  expect([start.page, start.url]).toEqual(['activate', `${nodes.issuer}/activate`]);

  await nodes.restart();
  // As people type it from paper.
  const typed = person.temporaryPassword.toUpperCase().replace(/(.{4})(?=.)/g, '$1 - ');
  const idNumber = person.idNumber.replace(/(.{3})(?=.)/g, '$1 ');
  const keyPage = await browser.send(start, { userId: idNumber, password: typed });
  expect(keyPage.page).toBe('activate-key');
  expect(keyPage.text).toContain(words.key.first);
  // Reload and back are the same case.
  expect(challengeOf(await browser.follow('/activate'))).toEqual(challengeOf(keyPage));

  await nodes.restart();
  const choosePage = await browser.send(keyPage, {
    key: person.keys.get(challengeOf(keyPage).keyNumber) ?? '',
  });
  expect(choosePage.page).toBe('activate-choose');
  // The card is in use immediately.
  const [card] = await nodes.database.query<{ state: string; activates_at: Date | null }>(
    'SELECT state, activates_at FROM key_cards WHERE identity_id = $1',
    [person.identityId],
  );
  expect(card).toEqual({ state: 'active', activates_at: null });

  await nodes.restart();
  const chosen = aChoice(nodes);
  // The terms were accepted with the application: the button confirms them, without a tick.
  expect(choosePage.text).toContain(words.choose.confirms);
  expect(choosePage.text).not.toContain('type="checkbox"');
  const done = await browser.send(choosePage, { ...chosen });
  expect(done.page).toBe('activate-done');
  expect(done.text).toContain(words.done.everywhere);
  expect(done.text).not.toContain(words.another);
  const [, back = ''] = /href="(\/login\/[^"]+)"/.exec(done.text) ?? [];
  const again = await browser.follow(back);
  expect([again.page, again.url]).toEqual(['password', passwordPage.formUrl]);
  expect(again.text).toContain(da.password.activated);
  expect(again.text).toContain(`value="${chosen.userId}"`);
  const signInKey = await browser.send(again, { userId: chosen.userId, password: chosen.password });
  const code = readReturnedCode(
    await browser.send(signInKey, { key: person.keys.get(challengeOf(signInKey).keyNumber) ?? '' }),
  ).get('code');
  const tokens = await redeemCode(nodes, rp, code ?? '', request.verifier);
  expect(tokens.status).toBe(200);

  expect(
    (await eventsOf(person.identityId)).filter((kind) => !/letter|card_(issued|sent)/.test(kind)),
  ).toEqual([
    'identity_issued',
    'activation_key_given',
    'card_activate',
    'terms_confirmed',
    'user_id_chosen',
    'password_chosen',
    'identity_activated',
    'signed_in',
  ]);
  expect(await noticesOf(person.identityId)).toEqual(
    expect.arrayContaining(['card_sent', 'card_active', 'id_activated']),
  );
  // The ID number works as a user ID too.
  expect(
    (await toKeyPage(new TestBrowser(nodes), { ...chosen, userId: person.idNumber }, authRequest(rp))).page,
  ).toBe('key');
});

test('one attempt in half a minute is verified; an unknown name is answered alike', async () => {
  const person = await issued();
  const pages: string[][] = [];
  for (const userId of [person.idNumber, '987654321']) {
    const browser = new TestBrowser(nodes);
    const seen: string[] = [];
    const send = async (password: string) => {
      const post = await browser.post(await browser.follow('/activate'), { userId, password });
      expect([post.status, post.headers.location]).toEqual([303, '/activate']);
      const page = await browser.follow('/activate');
      seen.push(page.text.replaceAll(userId, '*').replaceAll(/name="csrf" value="[^"]*"/g, ''));
      return page;
    };
    const wrong = await send('not it at all');
    expect(wrong.text).toContain(words.start.errors.wrong_temporary);
    expect(wrong.text).toContain(`value="${userId}"`);
    expect(wrong.text).not.toContain('not it at all');
    // Not verified, though it is right for one of them.
    expect((await send(person.temporaryPassword)).text).toContain(words.start.errors.too_soon);
    nodes.clock.forward(20_000);
    expect((await send(person.temporaryPassword)).text).toContain(words.start.errors.too_soon);
    expect((await send('')).text).toContain(words.start.errors.incomplete);
    pages.push(seen);
    nodes.clock.forward(HALF_A_MINUTE - 20_000);
  }
  expect(pages[1]).toEqual(pages[0]);
  // After forty wrong ones the right one still works: nothing locks.
  for (let i = 0; i < 5; i += 1) {
    nodes.clock.forward(HALF_A_MINUTE);
    await startActivation(new TestBrowser(nodes), { ...person, temporaryPassword: 'wrong again' });
  }
  nodes.clock.forward(HALF_A_MINUTE);
  expect((await startActivation(new TestBrowser(nodes), person)).page).toBe('activate-key');
});

test('a stranger who tries from elsewhere every half minute keeps no one out, nor do 16 concurrently on two nodes', async () => {
  const person = await issued();
  const elsewhere = { ...person, temporaryPassword: 'a stranger guesses' };
  const stranger = async () => await startActivation(new TestBrowser(nodes, 0, '198.18.7.1'), elsewhere);
  for (let i = 0; i < 25; i += 1) {
    expect((await stranger()).text).toContain(words.start.errors.wrong_temporary);
    if (i < 24) nodes.clock.forward(HALF_A_MINUTE);
  }
  // The stranger made an attempt just now, and has to wait; the owner has not.
  expect((await stranger()).text).toContain(words.start.errors.too_soon);
  expect((await startActivation(new TestBrowser(nodes, 1, '198.18.9.1'), person)).page).toBe('activate-key');

  // Of concurrent attempts from one network one is verified.
  const at = (i: number) => startActivation(new TestBrowser(nodes, i, '198.18.8.1'), elsewhere);
  const seen = await Promise.all(Array.from({ length: 16 }, (_, i) => at(i)));
  const verified = seen.filter(({ text }) => text.includes(words.start.errors.wrong_temporary));
  expect([verified.length, seen.length]).toEqual([1, 16]);
});

test('all networks together have so many an hour, for unknown names as well, on two nodes', async () => {
  const person = await issued();
  const rules = { ...nodes.context.rules, temporary: { perHour: 5 } };
  let network = 0;
  const outcomeOf = async (typedName: string, password: string) => {
    const context = { ...nodes.node(network).app.context, rules };
    network += 1;
    const activation = drawActivationId(context);
    const address = `198.19.${Math.floor(network / 200)}.${1 + (network % 200)}`;
    const outcome = await submitTemporaryPassword(context, { activation, typedName, password, address });
    if (typeof outcome === 'string') return outcome;
    return 'renewed' in outcome ? 'right' : outcome.outcome.kind;
  };
  for (const name of [person.idNumber, '987654320']) {
    const seen = await Promise.all(Array.from({ length: 16 }, () => outcomeOf(name, 'no')));
    expect(seen.filter((kind) => kind === 'wrong_temporary')).toHaveLength(5);
    expect(seen.filter((kind) => kind === 'too_soon')).toHaveLength(11);
  }
  expect(await outcomeOf(person.idNumber, person.temporaryPassword)).toBe('too_soon');
  // It expires by the hour; a right answer is refunded.
  nodes.clock.forward(HOUR / 5 + 1_000);
  for (let i = 0; i < 3; i += 1)
    expect(await outcomeOf(person.idNumber, person.temporaryPassword)).toBe('right');
  expect(await outcomeOf(person.idNumber, 'no')).toBe('wrong_temporary');
  expect(await outcomeOf(person.idNumber, person.temporaryPassword)).toBe('too_soon');
});

test('used, expired, replaced, not sent: each is told to whoever has the right one', async () => {
  const used = await issued();
  const chosen = aChoice(nodes);
  await toDonePage(new TestBrowser(nodes), used, chosen);
  const usedPage = await startActivation(new TestBrowser(nodes), used);
  expect(usedPage.text).toContain(words.message.used.title);
  await expectToSignIn(nodes, rp, used, chosen);

  const identityId = await issueApplication(nodes);
  const early = await readDeliveredLetters(nodes, identityId);
  expect((await startActivation(new TestBrowser(nodes), early)).text).toContain(
    words.start.errors.wrong_temporary,
  );
  await sendAllLetters(nodes);
  nodes.clock.forward(HALF_A_MINUTE);
  const begun = new TestBrowser(nodes);
  const beforehand = await startActivation(begun, early);
  expect(beforehand.page).toBe('activate-key');
  const [letter] = await nodes.database.query<{ valid_until: Date }>(
    `SELECT valid_until FROM letters WHERE identity_id = $1 AND kind = 'password'`,
    [identityId],
  );
  const left = (letter?.valid_until.getTime() ?? 0) - nodes.clock.now().getTime();
  expect(left).toBeGreaterThan(28 * DAY);
  nodes.clock.forward(left - HOUR / 2);
  const lastMinute = new TestBrowser(nodes);
  const choosePage = await toChoosePage(lastMinute, early);
  nodes.clock.forward(HOUR / 2);
  const expired = await startActivation(new TestBrowser(nodes), early);
  expect(expired.text).toContain(words.message.expired.title);
  expect(expired.text).toContain('Borgerservice');
  // A person who began in time is not sent away between two steps.
  const done = await lastMinute.send(choosePage, { ...aChoice(nodes), terms: '1', understood: '1' });
  expect(done.page).toBe('activate-done');

  const other = await issued();
  await orderPasswordLetter(nodes.context, other.identityId, { by: 'system' });
  expect((await startActivation(new TestBrowser(nodes), other)).text).toContain(
    words.start.errors.wrong_temporary,
  );
});

test('a blocked ID is reported only after the right one, and nothing of it opens', async () => {
  const person = await issued();
  const browser = new TestBrowser(nodes);
  const choosePage = await toChoosePage(browser, person);
  await blockTarget(nodes.context, person.identityId, 'identity', { by: 'system' });
  const after = await browser.send(choosePage, { ...aChoice(nodes), terms: '1', understood: '1' });
  expect(after.text).toContain(words.message.id_blocked.title);
  expect((await startActivation(new TestBrowser(nodes), person)).text).toContain(
    words.message.id_blocked.title,
  );
  nodes.clock.forward(HALF_A_MINUTE);
  const wrong = await startActivation(new TestBrowser(nodes), { ...person, temporaryPassword: 'wrong' });
  expect(wrong.text).not.toContain(words.message.id_blocked.title);
});

test('what is chosen is looked at, and nothing but the password has to be typed again', async () => {
  const person = await issued();
  const taken = await aPerson(nodes);
  const browser = new TestBrowser(nodes);
  // Terms from before: they have to be accepted again.
  await nodes.database.query('DELETE FROM applications WHERE identity_id = $1', [person.identityId]);
  const page = await toChoosePage(browser, person);
  const send = async (fields: Record<string, string>) => await browser.send(page, fields);
  const all = await send({ userId: 'abc', password: 'kort' });
  for (const text of [
    words.choose.faults.userId.too_short,
    words.choose.faults.password.too_short,
    words.choose.faults.terms,
    words.choose.faults.understood,
  ]) {
    expect(all.text).toContain(text);
  }
  expect(all.text).toContain('<title>Fejl:');
  expect(all.text).toContain('value="abc"');
  const ticked = { terms: '1', understood: '1' };
  const faultOf = async (userId: string, password: string) =>
    (await send({ userId, password, ...ticked })).text;
  const { faults } = words.choose;
  expect(await faultOf('0107854386', 'en helt fin sætning')).toContain(faults.userId.like_a_number);
  expect(await faultOf('x'.repeat(49), 'en helt fin sætning')).toContain(faults.userId.too_long);
  expect(await faultOf('anna-her', 'Anna-Her')).toContain(faults.password.is_name);
  expect(await faultOf('anna-her', person.idNumber)).toContain(faults.password.is_name);
  expect(await faultOf('anna-her', 'PassWord1')).toContain(faults.password.common);
  expect(await faultOf('anna-her', 'Sommer2026!')).toContain(faults.password.common);
  expect(await faultOf('anna-her', '🔑'.repeat(129))).toContain(faults.password.too_long);
  const late = await browser.send(page, {
    userId: 'anna-her',
    password: 'en helt fin sætning',
    ...ticked,
    version: '2020-01-01',
  });
  expect(late.text).toContain(faults.terms);
  const other = await send({
    userId: taken.userId.toUpperCase(),
    password: 'en helt fin sætning',
    ...ticked,
  });
  expect(other.text).toContain(faults.userId.taken);
  expect(other.text).toContain(`value="${taken.userId.toUpperCase()}"`);
  expect(other.text).toMatch(/id="terms" name="terms" value="1" checked/);
  const done = await send({ userId: '  Anna-1-Ny ', password: '🔑'.repeat(128), ...ticked });
  expect(done.page).toBe('activate-done');
  await expectToSignIn(nodes, rp, person, { userId: 'anna-1-ny', password: '🔑'.repeat(128) });
  const [terms] = await nodes.database.query<{ details: object }>(
    `SELECT details FROM audit_events WHERE identity_id = $1 AND kind = 'terms_confirmed'`,
    [person.identityId],
  );
  expect(terms?.details).toEqual({ version: TERMS_VERSION, language: 'da' });
});

test('another language keeps the name that was typed, at the start and at the choice', async () => {
  const person = await issued();
  const browser = new TestBrowser(nodes);
  const start = await browser.follow('/activate');
  const english = await browser.send(start, { userId: person.idNumber, password: 'x', switchTo: 'en' });
  expect([english.text.includes('<html lang="en"'), valueOf(english, 'userId')]).toEqual([
    true,
    person.idNumber,
  ]);
  expect(english.text).not.toContain('-error"');
  const keyPage = await browser.send(english, {
    userId: person.idNumber,
    password: person.temporaryPassword,
  });
  const key = person.keys.get(challengeOf(keyPage).keyNumber) ?? '';
  const choose = await browser.send(keyPage, { key });
  const danish = await browser.send(choose, { userId: 'min-egen', password: '', switchTo: 'da' });
  expect([danish.text.includes('<html lang="da"'), valueOf(danish, 'userId')]).toEqual([true, 'min-egen']);
});

test('a new password by letter: the old one works until then, and everything of before ends', async () => {
  const person = await aPerson(nodes);
  const request = authRequest(rp, { scope: 'openid profile offline_access', prompt: 'consent' });
  const before = await signInAtNode(new TestBrowser(nodes), person, request);
  const tokens = await redeemCode(nodes, rp, before.get('code') ?? '', request.verifier);
  await orderPasswordLetter(nodes.context, person.identityId, { by: 'system' });
  const letters = { ...(await waitForLetters(nodes, person.identityId)), keys: person.keys };
  expect((await toKeyPage(new TestBrowser(nodes), person, authRequest(rp))).page).toBe('key');

  const browser = new TestBrowser(nodes);
  const start = await browser.follow('/activate');
  const keyPage = await browser.send(start, { userId: person.userId, password: letters.temporaryPassword });
  // The card in use is asked for.
  expect(challengeOf(keyPage).cardNumber).toBe(person.cardNumber);
  expect(keyPage.text).not.toContain(words.key.first);
  const choosePage = await browser.send(keyPage, {
    key: person.keys.get(challengeOf(keyPage).keyNumber) ?? '',
  });
  expect(choosePage.text).toContain(`value="${person.userId}"`);
  expect(await isActive(nodes, rp, tokens.access_token)).toBe(true);
  const { password } = aChoice(nodes);
  const done = await browser.send(choosePage, {
    userId: person.userId,
    password,
    terms: '1',
    understood: '1',
  });
  expect(done.page).toBe('activate-done');
  for (const node of [0, 1]) expect(await isActive(nodes, rp, tokens.access_token, node)).toBe(false);
  expect((await toKeyPage(new TestBrowser(nodes), person, authRequest(rp))).page).toBe('password');
  await expectToSignIn(nodes, rp, letters, { userId: person.userId, password });
  expect(await noticesOf(person.identityId)).toContain('password_changed');
  expect(await eventsOf(person.identityId)).not.toContain('identity_activated');
});

test('a temporary password at a sign-in opens nothing there and leads to where it does', async () => {
  const person = await issued();
  const browser = new TestBrowser(nodes);
  const passwordPage = await browser.follow(authRequest(rp).path);
  const message = await browser.send(passwordPage, {
    userId: person.idNumber,
    password: person.temporaryPassword.toUpperCase(),
  });
  expect([message.page, message.text.includes(da.refused.not_activated.title)]).toEqual(['refused', true]);
  const [, link = ''] = /href="(\/activate\?from=[^"]+)"/.exec(message.text) ?? [];
  const start = await browser.follow(link);
  const keyPage = await browser.send(start, { userId: person.idNumber, password: person.temporaryPassword });
  const choosePage = await browser.send(keyPage, {
    key: person.keys.get(challengeOf(keyPage).keyNumber) ?? '',
  });
  const chosen = aChoice(nodes);
  const done = await browser.send(choosePage, { ...chosen, terms: '1', understood: '1' });
  const [, back = ''] = /href="(\/login\/[^"]+)"/.exec(done.text) ?? [];
  const ready = await browser.follow(back);
  expect([ready.page, ready.text.includes(`value="${chosen.userId}"`)]).toEqual(['password', true]);
  expect(ready.text).not.toContain(person.idNumber);
  await expectToSignIn(nodes, rp, person, chosen);

  // When it is given up there, the relying party gets the reason; a blocking with it works.
  const other = await issued();
  const second = new TestBrowser(nodes);
  const refused = await second.send(await second.follow(authRequest(rp).path), {
    userId: other.idNumber,
    password: other.temporaryPassword,
  });
  const answer = readReturnedCode(await second.send(refused, { cancel: '1' }));
  expect(answer.get('error_description')).toMatch(/^not_activated: /);
  const blockPage = await second.follow('/block/card');
  await second.post(blockPage, {
    userId: other.idNumber,
    password: other.temporaryPassword,
    what: 'identity',
  });
  expect((await startActivation(new TestBrowser(nodes), other)).text).toContain(
    words.message.id_blocked.title,
  );
});

test('what there is to a name costs the same number of statements, at a sign-in and here', async () => {
  const [fresh, inUse] = [await issued(), await aPerson(nodes)];
  // Networks and wrong answers are counted some time after the answer: not while this counts.
  const counts = ['INSERT INTO network_tries AS n', 'INSERT INTO failures'].map((text) => {
    const held = holdUp(nodes, text, 100);
    held.reached.catch(() => undefined);
    return held;
  });
  // These are read again every few seconds, with or without requests.
  let ofRelyingParties = 0;
  const repair = watchResults(nodes, 'FROM relying_parties', () => (ofRelyingParties += 1));
  const costOf = async (from: string, userId: string, password: string) => {
    const browser = new TestBrowser(nodes);
    const page = await browser.follow(from);
    const before = nodes.cost.statements - ofRelyingParties;
    const post = await browser.post(page, { userId, password });
    expect(post.status).toBe(303);
    return nodes.cost.statements - ofRelyingParties - before;
  };
  const atSignIn = [
    await costOf(authRequest(rp).path, 'nobody-at-all-34', 'wrong'),
    await costOf(authRequest(rp).path, inUse.userId, 'wrong'),
    await costOf(authRequest(rp).path, fresh.idNumber, 'wrong'),
    await costOf(authRequest(rp).path, fresh.idNumber, fresh.temporaryPassword),
  ];
  expect(atSignIn).toEqual(atSignIn.map(() => atSignIn[0]));
  const here = [
    await costOf('/activate', 'nobody-at-all-34', 'wrong'),
    await costOf('/activate', inUse.userId, 'wrong'),
    await costOf('/activate', fresh.idNumber, 'wrong'),
  ];
  expect(here).toEqual(here.map(() => here[0]));
  repair();
  for (const held of counts) held.release();
});

test('it returns only to a pending sign-in', async () => {
  for (const from of [
    'https://evil.example/',
    '//evil.example',
    '../evil',
    'x',
    'a'.repeat(65),
    'x\'"><script>aaaaaaa',
  ]) {
    const browser = new TestBrowser(nodes);
    const page = await browser.follow(`/activate?from=${encodeURIComponent(from)}`);
    expect([page.status, page.page]).toEqual([200, 'activate']);
    expect(page.headers['set-cookie']?.join()).not.toContain('evil');
    expect(page.text).not.toMatch(/evil|<script>/);
  }
});

test('without its cookie, or with another form, nothing is verified', async () => {
  const person = await issued();
  const browser = new TestBrowser(nodes);
  const page = await browser.follow('/activate');
  const [cookie = ''] = page.headers['set-cookie'] ?? [];
  expect(cookie).toMatch(/^noegle-activation=[\w-]{43}; path=\/; samesite=lax; httponly$/i);
  const typed = { userId: person.idNumber, password: person.temporaryPassword };
  const stranger = await new TestBrowser(nodes).post(page, typed);
  expect([stranger.status, stranger.headers.location]).toEqual([303, '/activate']);
  const other = new TestBrowser(nodes);
  await other.follow('/activate');
  expect((await other.post(page, typed)).status).toBe(403);
  const noToken = await browser.request('/activate', {
    form: { step: 'start', ...typed },
  });
  expect(noToken.status).toBe(400);
  const { csrf = '' } = hiddenFields(page);
  const noStep = await browser.request('/activate', { form: { csrf, ...typed } });
  expect(noStep.status).toBe(400);
});

test('a double click is one: each step, both halves concurrently', async () => {
  const person = await issued();
  const browser = new TestBrowser(nodes);
  const twice = async (page: BrowserPage, fields: Record<string, string>) => {
    const answers = await Promise.all([browser.post(page, fields), browser.post(page, fields)]);
    for (const { status } of answers) expect(status).toBe(303);
    return await browser.follow('/activate');
  };
  const start = await browser.follow('/activate');
  const keyPage = await twice(start, { userId: person.idNumber, password: person.temporaryPassword });
  expect(keyPage.page).toBe('activate-key');
  const choosePage = await twice(keyPage, { key: person.keys.get(challengeOf(keyPage).keyNumber) ?? '' });
  expect(choosePage.page).toBe('activate-choose');
  expect((await twice(choosePage, { ...aChoice(nodes), terms: '1', understood: '1' })).page).toBe(
    'activate-done',
  );
});

test('a wrong key that is sent twice concurrently is one attempt', async () => {
  const person = await issued();
  const browser = new TestBrowser(nodes);
  const page = await startActivation(browser, person);
  const key = anotherKey(person.keys.get(challengeOf(page).keyNumber) ?? '');
  const twice = async () => {
    const answers = await Promise.all([browser.post(page, { key }), browser.post(page, { key })]);
    expect(answers.map(({ status }) => status)).toEqual([303, 303]);
  };
  expect(await countWrong(nodes, twice)).toBe(1);
  expect((await browser.follow('/activate')).text).toContain('form-error-message');
});

test('the terms are there in both languages, with their version', async () => {
  const browser = new TestBrowser(nodes);
  const danish = await browser.follow('/terms');
  expect([danish.page, danish.text.includes(`Version ${TERMS_VERSION}`)]).toEqual(['terms', true]);
  const english = await browser.follow('/terms?language=en');
  expect(english.text).toContain('Terms of Nøgle');
});

test('of 40 completions with one temporary password over two nodes one wins', async () => {
  const person = await issued();
  const pages: { browser: TestBrowser; page: BrowserPage }[] = [];
  for (let i = 0; i < 8; i += 1) {
    const browser = new TestBrowser(nodes, i);
    const page = await toChoosePage(browser, person);
    for (let copy = 0; copy < 5; copy += 1) pages.push({ browser: await browser.copy(), page });
  }
  const chosen = pages.map(() => aChoice(nodes));
  const answers = await Promise.all(
    pages.map(({ browser, page }, i) =>
      browser.post(page, { ...(chosen[i] as Chosen), terms: '1', understood: '1' }),
    ),
  );
  expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([303]));
  const events = await eventsOf(person.identityId);
  for (const kind of ['identity_activated', 'password_chosen', 'user_id_chosen', 'terms_confirmed']) {
    expect([kind, events.filter((one) => one === kind).length]).toEqual([kind, 1]);
  }
  const [row] = await nodes.database.query<{ user_id: string }>(
    'SELECT user_id FROM identities WHERE id = $1',
    [person.identityId],
  );
  const winner = chosen.find(({ userId }) => userId === row?.user_id);
  await expectToSignIn(nodes, rp, person, winner as Chosen);
  const seen = await Promise.all(pages.map(async ({ browser }) => await browser.follow('/activate')));
  expect(seen.filter(({ page }) => page === 'activate-done')).toHaveLength(5);
  expect(seen.filter(({ text }) => text.includes(words.message.used.title))).toHaveLength(35);
});

describe('the cookie', () => {
  const keyOf = (person: IssuedTestIdentity, page: BrowserPage) =>
    person.keys.get(challengeOf(page).keyNumber) ?? '';

  /** At the key page; `thief` has the cookie that this browser has there. */
  async function copied() {
    const person = await issued();
    const browser = new TestBrowser(nodes);
    const keyPage = await startActivation(browser, person);
    return { person, browser, keyPage, thief: await browser.copy() };
  }

  test('is renewed at the key: an earlier copy knows nothing afterwards, on any node', async () => {
    const { person, browser, keyPage, thief } = await copied();
    const choosePage = await browser.send(keyPage, { key: keyOf(person, keyPage) });
    expect(choosePage.page).toBe('activate-choose');
    for (let node = 0; node < 2; node += 1) {
      const seen = await thief.request('/activate');
      expect([seen.page, seen.text.includes(person.idNumber)]).toEqual(['activate', false]);
    }
    const chosen = aChoice(nodes);
    // The form of the owner's page, and an earlier page.
    const tries = [
      await thief.send(choosePage, { ...chosen, terms: '1', understood: '1' }),
      await thief.send(keyPage, { key: '000000' }),
    ];
    for (const seen of tries) expect(['activate', 'trouble']).toContain(seen.page);
    const done = await browser.send(choosePage, { ...chosen, terms: '1', understood: '1' });
    expect(done.page).toBe('activate-done');
  });

  test('control: with the row where it was, a copy chooses the password', async () => {
    const { person, browser, keyPage, thief } = await copied();
    const repair = takeOut(
      nodes,
      'typed_sealed = NULL, id = $6',
      'typed_sealed = NULL, id = coalesce(id, $6)',
    );
    await browser.post(keyPage, { key: keyOf(person, keyPage) });
    expect((await thief.follow('/activate')).page).toBe('activate-choose');
    repair();
  });

  test('is the same for the same form again, to any node: a lost answer, a second click', async () => {
    const { person, browser, keyPage } = await copied();
    const answers = [0, 1].map(async () => {
      const one = await browser.copy();
      await one.post(keyPage, { key: keyOf(person, keyPage) });
      return one;
    });
    for (const one of await Promise.all(answers))
      expect((await one.follow('/activate')).page).toBe('activate-choose');
    // The answer was lost and the form is sent again; not with another page's nonce, and not for ever.
    const late = await browser.copy();
    await browser.post(keyPage, { key: keyOf(person, keyPage) });
    expect((await browser.follow('/activate')).page).toBe('activate-choose');
    const other = {
      ...keyPage,
      text: keyPage.text.replace(/name="nonce" value="[^"]*"/, 'name="nonce" value="x"'),
    };
    await late.post(other, { key: keyOf(person, keyPage) });
    expect((await late.follow('/activate')).page).toBe('activate');
    nodes.clock.forward(61_000);
    await late.post(keyPage, { key: keyOf(person, keyPage) });
    expect((await late.follow('/activate')).page).toBe('activate');
    expect(
      (await eventsOf(person.identityId)).filter((kind) => kind === 'activation_key_given'),
    ).toHaveLength(1);
  });
});
