/** The life of code tokens over two nodes: by post, at the desk, with a button, to the last wrong code. */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { aCodeToken, intoStock, SoftToken, tokenSteps } from '../support/codeTokens.ts';
import {
  aPerson,
  aRelyingParty,
  authRequest,
  keyFor,
  openCounterSession,
  REASON,
  SHOWN,
  TestBrowser,
  toKeyPage,
  twoOperators,
  useNodes,
} from '../support/index.ts';

const nodes = useNodes({ count: 2, binding: () => 'require' });
const {
  rowOf,
  stateOf,
  noticesTo,
  run,
  claimsOf,
  submitCode,
  isSignedIn,
  atSelfService,
  open,
  confirm,
  block,
} = tokenSteps(nodes);

describe('a sign-in', () => {
  test('a counter is looked ahead of, and an earlier code is none', async () => {
    const person = await aPerson(nodes);
    const rp = await aRelyingParty(nodes);
    const token = await aCodeToken(nodes, person, 'hotp');
    token.presses += 8;
    const earlier = token.show(-1);
    expect(isSignedIn(await submitCode(person, rp, token.show()))).toBe(true);
    expect((await submitCode(person, rp, earlier)).page.text).toContain('Koden er ikke rigtig');
    token.presses += 40;
    expect((await submitCode(person, rp, token.show())).page.text).toContain(
      'Uret i din kodeviser går forkert',
    );
  });

  test('without a card in use the code serves alone', async () => {
    const person = await aPerson(nodes);
    const rp = await aRelyingParty(nodes);
    const token = await aCodeToken(nodes, person);
    await nodes.database.query(`UPDATE key_cards SET state = 'used_up' WHERE identity_id = $1`, [
      person.identityId,
    ]);
    const { page, login } = await submitCode(person, rp, token.show());
    expect(await claimsOf(rp, page, login.verifier)).toMatchObject({ amr: ['pwd', 'otp', 'mfa'] });
  });

  test('a code gives no more guesses at what only a key of the card gives', async () => {
    const person = await aPerson(nodes);
    const token = await aCodeToken(nodes, person, 'hotp');
    let guesses = 0;
    let isLocked = false;
    for (let round = 0; round < 5 && !isLocked; round += 1) {
      const browser = new TestBrowser(nodes);
      const name = await browser.follow('/self-service');
      const key = await browser.send(name, { userId: person.userId, password: person.password });
      await browser.send(key, { step: 'code-token', code: token.show() });
      token.presses += 1;
      expect((await browser.follow('/self-service')).page).toBe('self-home');
      let page = await open(browser);
      page = await browser.send(page, { do: 'order' });
      // One less than lock keys and codes together.
      for (let guess = 0; guess < 4 && !isLocked; guess += 1) {
        page = await browser.send(page, { key: keyFor(person, page) === '000000' ? '111111' : '000000' });
        isLocked = page.page !== 'self-confirm';
        guesses += 1;
      }
    }
    expect([guesses, isLocked]).toEqual([5, true]);
    // The card itself is as it was.
    const browser = await atSelfService(person);
    const refused = await browser.send(await open(browser), { do: 'order' });
    expect((await browser.send(refused, { key: keyFor(person, refused) })).text).toContain('for mange gange');
    nodes.clock.forward(8 * 3_600_000 + 1);
    const later = await atSelfService(person);
    const done = await confirm(later, person, await later.send(await open(later), { do: 'order' }));
    expect(done.page).toBe('self-told');
  });

  test('bad input is refused in words; wrong codes and wrong keys count together, and block both', async () => {
    const person = await aPerson(nodes);
    const rp = await aRelyingParty(nodes);
    const token = await aCodeToken(nodes, person);
    const malformed = await submitCode(person, rp, '12345');
    expect(malformed.page.text).toContain('Koden skal være 6 cifre');
    token.aheadSeconds = 19 * 60;
    const far = await submitCode(person, rp, token.show());
    expect([far.page.page, far.page.text.includes('Brug en nøgle fra dit kort i dag')]).toEqual([
      'key',
      true,
    ]);
    token.aheadSeconds = 0;
    const wrongKey = async () => {
      const browser = new TestBrowser(nodes);
      const page = await toKeyPage(browser, person, authRequest(rp));
      return await browser.send(page, { key: keyFor(person, page) === '000000' ? '111111' : '000000' });
    };
    for (const _ of [1, 2]) expect((await wrongKey()).page).toBe('key');
    expect((await submitCode(person, rp, token.showWrong())).page.text).toContain(
      'lukker vi for koder og nøgler',
    );
    expect((await submitCode(person, rp, token.showWrong())).page.page).toBe('locked');
    const locked = await toKeyPage(new TestBrowser(nodes), person, authRequest(rp));
    expect(locked.page).toBe('locked');
    nodes.clock.forward(9 * 3_600_000);
    for (const _ of [1, 2, 3, 4]) await submitCode(person, rp, token.showWrong());
    const last = await submitCode(person, rp, token.showWrong());
    expect(last.page.page).toBe('refused');
    expect(await stateOf(token)).toBe('blocked');
    const cards = await nodes.database.query('SELECT state FROM key_cards WHERE identity_id = $1', [
      person.identityId,
    ]);
    expect(cards).toEqual([{ state: 'blocked' }]);
    expect(await noticesTo(person)).toEqual(['active', 'blocked']);
  });
});

describe('by post', () => {
  test('ordered with a key, sent alone, activated with code and key after a day; stopped by its person', async () => {
    await nodes.database.query(`UPDATE code_tokens SET state = 'void', given_at = now(), given_by = 'desk', ended_at = now(),
      identity_id = (SELECT id FROM identities LIMIT 1) WHERE state = 'in_stock'`);
    const person = await aPerson(nodes);
    const rp = await aRelyingParty(nodes);
    const browser = await atSelfService(person);
    expect((await open(browser)).text).toContain('Lige nu har vi ikke flere');
    const [one, two] = [new SoftToken(nodes), new SoftToken(nodes)];
    await intoStock(nodes, one);
    const ordered = await confirm(browser, person, await browser.send(await open(browser), { do: 'order' }));
    expect([ordered.page, ordered.text.includes('Din kodeviser er bestilt')]).toEqual(['self-told', true]);
    expect(await stateOf(one)).toBe('ordered');
    await run('sendLetters');
    expect(await stateOf(one)).toBe('sent');
    const letters = readdirSync(path.join(nodes.folder, 'letters')).filter((name) =>
      name.includes('-token-'),
    );
    expect(letters.map((name) => path.extname(name)).toSorted()).toEqual(['.json', '.pdf']);
    const json = letters.find((name) => name.endsWith('.json')) ?? '';
    expect(JSON.parse(readFileSync(path.join(nodes.folder, 'letters', json), 'utf8'))).toMatchObject({
      kind: 'token',
      serialNumber: one.serialNumber,
    });
    const days = await nodes.database.query('SELECT holds FROM letter_days WHERE identity_id = $1', [
      person.identityId,
    ]);
    expect(days).toEqual([{ holds: 'card' }]);

    const wrong = await browser.send(await open(browser), { do: 'activate', code: one.showWrong() });
    expect([wrong.page, wrong.text.includes('Koden passer ikke')]).toEqual(['self-code-token', true]);
    const waits = await confirm(
      browser,
      person,
      await browser.send(wrong, { do: 'activate', code: one.show() }),
    );
    expect(waits.text).toContain('kan bruges om et døgn');
    expect(await noticesTo(person)).toEqual(['ordered', 'sent', 'waits']);
    // Nothing counts before the wait is over.
    nodes.clock.forward(60_000);
    const early = await toKeyPage(new TestBrowser(nodes), person, authRequest(rp));
    expect(early.text).not.toContain(one.serialNumber);
    await run('checkDue');
    expect(await stateOf(one)).toBe('sent');
    nodes.clock.forward(25 * 3_600_000);
    await run('checkDue');
    expect(await stateOf(one)).toBe('active');
    expect(isSignedIn(await submitCode(person, rp, one.show()))).toBe(true);

    // A thief orders another one and begins its wait: its person stops it.
    await intoStock(nodes, two);
    const again = await atSelfService(person);
    await confirm(again, person, await again.send(await open(again), { do: 'order' }));
    await run('sendLetters');
    await confirm(again, person, await again.send(await open(again), { do: 'activate', code: two.show() }));
    const stopped = await again.send(await open(again), { do: 'stop' });
    expect([stopped.text.includes('Det er stoppet'), await stateOf(two), await stateOf(one)]).toEqual([
      true,
      'blocked',
      'active',
    ]);
  });

  test('one that did not come is given up, and only its letter waits for no one', async () => {
    const person = await aPerson(nodes);
    const token = new SoftToken(nodes);
    await intoStock(nodes, token);
    const browser = await atSelfService(person);
    await confirm(browser, person, await browser.send(await open(browser), { do: 'order' }));
    await run('sendLetters');
    const lost = await browser.send(await open(browser), { do: 'not-arrived' });
    expect([lost.text.includes('er gjort ugyldig'), await stateOf(token)]).toEqual([true, 'void']);
  });
});

describe('ending', () => {
  test('a row that was changed by hand gives no code; the block of the ID ends it all the same', async () => {
    const person = await aPerson(nodes);
    const other = await aPerson(nodes);
    const rp = await aRelyingParty(nodes);
    const token = await aCodeToken(nodes, person);
    await nodes.database.query('UPDATE code_tokens SET identity_id = $2 WHERE serial_number = $1', [
      token.serialNumber,
      other.identityId,
    ]);
    const page = await toKeyPage(new TestBrowser(nodes), other, authRequest(rp));
    const answer = await new TestBrowser(nodes).send(page, { step: 'code-token', code: token.show() });
    expect(answer.headers.location ?? '').not.toContain('code=');
    const browser = await atSelfService(other);
    await block(browser, 'identity');
    expect(await stateOf(token)).toBe('blocked');
  });
  test('blocked alone, it gives no code any more, and the card still serves', async () => {
    const person = await aPerson(nodes);
    const rp = await aRelyingParty(nodes);
    const token = await aCodeToken(nodes, person);
    const browser = await atSelfService(person);
    const blocked = await browser.send(await open(browser), { do: 'block' });
    expect(blocked.text).toContain('Din kodeviser er spærret');
    expect(await rowOf(token)).toMatchObject({ state: 'blocked', mac: null });
    const page = await toKeyPage(new TestBrowser(nodes), person, authRequest(rp));
    expect([page.page, page.text.includes(token.serialNumber)]).toEqual(['key', false]);
    expect(await noticesTo(person)).toEqual(['active', 'blocked']);
  });
});

test('at the desk it is handed over by its number and its code, and adjusted; a clerk of no one may not', async () => {
  const operators = await twoOperators(nodes);
  const officer = await openCounterSession(nodes, operators, 'officer');
  const person = await aPerson(nodes);
  const rp = await aRelyingParty(nodes);
  const [token, next] = [new SoftToken(nodes), new SoftToken(nodes)];
  await intoStock(nodes, token, next);
  const act = async (action: string, fields: Record<string, string>, again = false) => {
    const found = await officer.find(person);
    const at = `${new URL(found.url).pathname}/${action}`;
    const page = await officer.browser.follow(at);
    const form = { ...SHOWN, ...REASON, ...fields };
    if (again) await officer.post(at, form, page);
    return await officer.follow(await officer.post(at, form, page));
  };
  const unknown = await act('give-code-token', { serialNumber: 'NT-0000', code: token.show() });
  expect(unknown.text).toContain('Der er ikke nogen kodeviser på lager med det nummer');
  const wrong = await act('give-code-token', { serialNumber: token.serialNumber, code: token.showWrong() });
  expect(wrong.text).toContain('Koden passer ikke til den kodeviser');
  const given = await act('give-code-token', { serialNumber: token.serialNumber, code: token.show() }, true);
  expect(given.text).toContain('er taget i brug. Borgeren får besked.');
  nodes.clock.forward(30_000);
  expect(isSignedIn(await submitCode(person, rp, token.show()))).toBe(true);
  token.aheadSeconds = 15 * 60;
  const adjusted = await act('adjust-code-token', { code: token.show(), nextCode: token.show(1) }, true);
  expect(adjusted.text).toContain('Kodeviseren er stillet.');
  await act('give-code-token', { serialNumber: next.serialNumber, code: next.show() });
  expect([await stateOf(token), await stateOf(next)]).toEqual(['replaced', 'active']);
  expect(await noticesTo(person)).toEqual(['active', 'active']);
  const browser = await atSelfService(person);
  const log = (await browser.follow('/self-service/activity')).text;
  expect(log).toContain(`Du fik kodeviser ${next.serialNumber} af en medarbejder`);
  expect(log).toContain('med en kode fra din kodeviser');
});
