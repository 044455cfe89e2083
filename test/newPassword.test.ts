/** A new password by a key of the card in use and a letter, for people who forgot it: `/new-password`. */
import { expect, test } from '@jest/globals';
import { blockTarget } from '../src/features/factors/block.ts';
import { da } from '../src/ui/words/words.da.ts';
import { en } from '../src/ui/words/words.en.ts';
import {
  aChoice,
  aPerson,
  authRequest,
  countSpentKeys,
  encodeForm,
  expectToSignIn,
  findNewPasswordKey,
  HOUR,
  keyFor,
  listEvents,
  listSecretLetters,
  maskNewPasswordPage,
  NEW_PASSWORD_PATH,
  readKeyNumber,
  request,
  signInAtNode,
  timedOnly,
  TestBrowser,
  toKeyPage,
  toNewPasswordKeyPage,
  useNodes,
  useRelyingParty,
  waitForLetters,
  type TestPerson,
} from './support/index.ts';

const nodes = useNodes({ count: 2 });
const bank = useRelyingParty(nodes, { kind: 'bank' });
const ENGLISH = { 'accept-language': 'en' };

async function noticesOf({ identityId }: TestPerson): Promise<string[]> {
  const rows = await nodes.database.query<{ kind: string }>(
    'SELECT kind FROM notices WHERE identity_id = $1 ORDER BY at, kind',
    [identityId],
  );
  return rows.map(({ kind }) => kind);
}

test('gets a letter by a key, and chooses a new password; until then the old one works', async () => {
  const person = await aPerson(nodes);
  const browser = new TestBrowser(nodes);
  const passwordPage = await browser.follow(authRequest(bank).path);
  expect(passwordPage.text).toContain(da.newPassword.link);
  expect(passwordPage.text).toContain(`href="${NEW_PASSWORD_PATH}"`);

  const first = await browser.follow(NEW_PASSWORD_PATH);
  expect([first.page, first.text.includes(da.newPassword.lead)]).toEqual(['new-password', true]);
  const page = await browser.send(first, { userId: ` ${person.userId.toUpperCase()} ` });
  expect([page.status, page.page]).toEqual([200, 'new-password-key']);
  expect(page.text).toContain(da.newPasswordKey.lookFor);
  expect(page.text).not.toContain(person.cardNumber);
  const key = findNewPasswordKey(person, page);
  const received = await browser.send(page, { key: ` ${key.slice(0, 3)} - ${key.slice(3)}` });
  expect([received.url, received.page]).toEqual([
    `${nodes.issuer}/new-password/received`,
    'new-password-received',
  ]);
  expect(received.text).toContain(da.newPasswordReceived.title);
  expect(received.headers['set-cookie']).toBeUndefined();

  expect(await listSecretLetters(nodes, person)).toEqual(['password']);
  expect(await countSpentKeys(nodes, person)).toBe(1);
  expect((await listEvents(nodes, person)).map(({ kind }) => kind)).toEqual(
    expect.arrayContaining(['new_password_key_given', 'password_letter_ordered']),
  );
  expect(await noticesOf(person)).toEqual(['new_password_ordered']);
  // A sign-in sees nothing of it.
  await signInAtNode(new TestBrowser(nodes), person, authRequest(bank));

  const letter = { ...(await waitForLetters(nodes, person.identityId)), keys: person.keys };
  const keyPage = await browser.send(await browser.follow('/activate'), {
    userId: person.userId,
    password: letter.temporaryPassword,
  });
  const choosePage = await browser.send(keyPage, { key: keyFor(person, keyPage) });
  const { password } = aChoice(nodes);
  const chosen = { userId: person.userId, password };
  const done = await browser.send(choosePage, { ...chosen, terms: '1', understood: '1' });
  expect(done.page).toBe('activate-done');
  expect((await toKeyPage(new TestBrowser(nodes), person, authRequest(bank))).page).toBe('password');
  await expectToSignIn(nodes, bank, letter, chosen);
});

test('reads it in English, and switches without losing what was typed', async () => {
  const person = await aPerson(nodes);
  const browser = new TestBrowser(nodes);
  const first = await browser.request(NEW_PASSWORD_PATH, { headers: ENGLISH });
  expect(first.text).toContain(en.newPassword.lead);
  const danish = await browser.follow(NEW_PASSWORD_PATH);
  const name = await browser.post(danish, { userId: person.userId, switchTo: 'en' });
  expect([name.page, name.text.includes(en.newPassword.lead)]).toEqual(['new-password', true]);
  expect(name.text).toContain(`value="${person.userId}"`);
  const page = await browser.send(name, { userId: person.userId });
  expect(page.text).toContain(en.newPasswordKey.lookFor);
  const back = await browser.post(page, { key: '', switchTo: 'da' });
  expect([back.page, back.text.includes(da.newPasswordKey.lookFor)]).toEqual(['new-password-key', true]);
  expect(readKeyNumber(back)).toBe(readKeyNumber(page));
  const received = await browser.send(back, { key: findNewPasswordKey(person, back) });
  expect(received.text).toContain(da.newPasswordReceived.title);
  expect(await listSecretLetters(nodes, person)).toEqual(['password']);
});

test('every name sees the same pages, and a letter is sent to one of them', async () => {
  const person = await aPerson(nodes);
  const wrong = await aPerson(nodes);
  const blocked = await aPerson(nodes);
  const cardless = await aPerson(nodes);
  const young = await aPerson(nodes, { birthdate: '2013-03-02', publicSites: false });
  const homeless = await aPerson(nodes, { address: null });
  const empty = await aPerson(nodes);
  await blockTarget(nodes.context, blocked.identityId, 'identity', { by: 'person' });
  await blockTarget(nodes.context, cardless.identityId, 'card', { by: 'person' });
  await nodes.database.query('UPDATE key_cards SET spent = ~(spent & ~spent) WHERE id = $1', [empty.cardId]);
  const people: [string, TestPerson | null][] = [
    [person.userId, person],
    [wrong.userId, null],
    [blocked.userId, blocked],
    [cardless.userId, cardless],
    [young.userId, young],
    [homeless.userId, homeless],
    [empty.userId, empty],
    ['nobody-at-all-7', null],
    ['nobody-at-all-8', null],
  ];
  const seen = await Promise.all(
    people.map(async ([name, owner]) => {
      const browser = new TestBrowser(nodes);
      const first = await browser.follow(NEW_PASSWORD_PATH);
      const page = await browser.send(first, { userId: name });
      const key = owner?.keys.get(readKeyNumber(page)) ?? '000000';
      const malformed = await browser.post(page, { key: '12a' });
      const answer = await browser.post(malformed, { key });
      const received = await browser.follow(answer.headers.location ?? '');
      const again = await browser.send(await browser.follow(NEW_PASSWORD_PATH), { userId: name });
      expect(readKeyNumber(again)).toBe(readKeyNumber(page));
      return [page, malformed, answer, received, again].map(maskNewPasswordPage).join('\n');
    }),
  );
  expect(new Set(seen).size).toBe(1);
  expect(seen[0]).toContain(da.newPasswordReceived.title);
  expect(await listSecretLetters(nodes, person)).toEqual(['password']);
  for (const one of [wrong, blocked, cardless, young, homeless, empty])
    expect(await listSecretLetters(nodes, one)).toEqual([]);
  // A right key that led to nothing is not spent, and the person's log says why.
  for (const [one, why] of [
    [young, 'under_15'],
    [homeless, 'no_address'],
  ] as const) {
    expect(await countSpentKeys(nodes, one)).toBe(0);
    expect(await listEvents(nodes, one)).toContainEqual({
      kind: 'new_password_refused',
      details: expect.objectContaining({ why }) as object,
    });
  }
});

test('is told at its field, and nothing is lost', async () => {
  const person = await aPerson(nodes);
  const browser = new TestBrowser(nodes);
  const first = await browser.follow(NEW_PASSWORD_PATH);
  for (const [userId, error] of [
    ['  ', da.newPassword.errors.incomplete],
    ['010190-1234', da.password.cpr_number],
    ['anna\u0000b', da.password.name_unreadable],
  ] as const) {
    const page = await browser.post(first, { userId });
    expect([userId, page.page]).toEqual([userId, 'new-password']);
    expect(page.text).toContain(error);
    expect(page.text).not.toContain('010190');
  }
  const page = await toNewPasswordKeyPage(nodes, person.userId, browser);
  const malformed = ['', '12345', '1234567', 'nøglen'].map(async (key) => {
    const again = await browser.post(page, { key });
    expect([key, again.status, again.page]).toEqual([key, 200, 'new-password-key']);
    expect(again.text).toContain(da.newPasswordKey.errors.malformed);
    expect(again.text).toContain(`value="${person.userId}"`);
  });
  await Promise.all(malformed);
  expect((await browser.send(page, { key: findNewPasswordKey(person, page) })).page).toBe(
    'new-password-received',
  );
});

test('what no browser sends gets a clear no', async () => {
  const key = { step: 'key', userId: 'anna', keyNumber: '0087', key: '123456' };
  for (const [body, status, type] of [
    ['', 400],
    [encodeForm({ step: 'name' }), 400],
    [encodeForm({ ...key, step: 'other' }), 400],
    [encodeForm({ ...key, keyNumber: 'x' }), 400],
    [encodeForm({ step: 'key', userId: 'anna', keyNumber: '0087' }), 400],
    [`${encodeForm(key)}&userId=bent`, 400],
    [encodeForm({ ...key, userId: 'x'.repeat(2_001) }), 413],
    [JSON.stringify(key), 415, 'application/json'],
  ] as const) {
    const answer = await request(nodes.node(0))
      .post(NEW_PASSWORD_PATH)
      .type(type ?? 'form')
      .set('accept', 'text/html')
      .send(body);
    expect([body.slice(0, 60), answer.status]).toEqual([body.slice(0, 60), status]);
    expect(answer.text).toContain('data-page="trouble"');
  }
});

timedOnly('takes the same time for right, wrong, unknown and blocked', async () => {
  const rounds = 15;
  const times: Record<string, number[]> = {};
  const measure = async (kind: string, work: () => Promise<unknown>) => {
    const startedAt = performance.now();
    await work();
    (times[kind] ??= []).push(performance.now() - startedAt);
  };
  const blocked = await aPerson(nodes);
  await blockTarget(nodes.context, blocked.identityId, 'identity', { by: 'person' });
  // Two more, while everything is made for the first time.
  for (let i = 0; i < rounds + 2; i += 1) {
    if (i === 2) for (const kind of Object.keys(times)) times[kind] = [];
    const [right, wrong] = [await aPerson(nodes), await aPerson(nodes)];
    const names: Record<string, string> = {
      right: right.userId,
      wrong: wrong.userId,
      unknown: `nobody-at-al-${String(i).padStart(2, '0')}`,
      blocked: blocked.userId,
    };
    const kinds = Object.keys(names).map((_, turn, all) => all[(turn + i) % all.length] ?? '');
    const take = async (kind: string) => {
      const browser = new TestBrowser(nodes);
      const first = await browser.follow(NEW_PASSWORD_PATH);
      let page = first;
      await measure(`name ${kind}`, async () => {
        page = await browser.post(first, { userId: names[kind] ?? '' });
      });
      const key = kind === 'right' ? findNewPasswordKey(right, page) : String(100_000 + i);
      await measure(`key ${kind}`, () => browser.post(page, { key }));
    };
    await Promise.all(kinds.map(take));
    expect(await listSecretLetters(nodes, right)).toEqual(['password']);
    nodes.clock.forward(HOUR);
  }
  for (const form of ['name', 'key']) {
    const medians = Object.entries(times)
      .filter(([kind]) => kind.startsWith(form))
      .map(([kind, all]) => [kind, all.toSorted((a, b) => a - b)[rounds >> 1] ?? 0] as const);
    console.info(`medians in ms: ${medians.map(([kind, ms]) => `${kind} ${ms.toFixed(1)}`).join(', ')}`);
    const all = medians.map(([, ms]) => ms);
    expect(Math.max(...all) / Math.min(...all)).toBeLessThan(1.15);
  }
});
