/**
 * What people type and paste, through the front door: numbers in every script, marks that nobody sees, ends that came
 * along, characters that no text has. What can be read is read; what cannot is said beside its field, and nothing is lost.
 */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { issue, lettersCome } from './support/applications.ts';
import { startActivation } from './support/activation.ts';
import { Browser, challengeOf } from './support/browser.ts';
import { signInAt } from './support/desk.ts';
import { atCounter, signedIn, twoOperators, type AtCounter } from './support/deskStaff.ts';
import { authRequest, keyFor, returned } from './support/flow.ts';
import { Nodes } from './support/nodes.ts';
import { aRegistered, orderedBy, postOrder, visitor } from './support/ordering.ts';
import { aPerson, aRelyingParty, type TestRelyingParty } from './support/people.ts';

let nodes: Nodes;
let rp: TestRelyingParty;
let officer: AtCounter;
beforeAll(async () => {
  nodes = await Nodes.start({ count: 2, proxyHops: 1 });
  rp = await aRelyingParty(nodes);
  officer = await atCounter(nodes, await twoOperators(nodes), 'officer');
}, 60_000);
afterAll(async () => {
  expect(nodes.log).not.toContain('"level":50');
  await nodes.close();
});

/** Persian digits, between the marks that right-to-left text is copied with. */
function inPersian(text: string): string {
  const digits = text.replace(/[0-9]/g, (digit) => String.fromCodePoint(0x6f0 + Number(digit)));
  return `\u2067${digits}\u2069`;
}

/** Full-width digits, with a zero-width mark and a dash that no keyboard here has. */
function inFullWidth(text: string): string {
  const digits = text.replace(/[0-9]/g, (digit) => String.fromCodePoint(0xff10 + Number(digit)));
  return `\uFEFF${digits.slice(0, 2)}\u200B\u2212${digits.slice(2)}`;
}

describe.each([
  ['Persian', inPersian],
  ['full-width', inFullWidth],
])('in %s digits', (_script, typed) => {
  test('an ID number and a key sign in', async () => {
    const person = await aPerson(nodes);
    const browser = new Browser(nodes);
    const page = await browser.follow(authRequest(rp).path);
    const keyPage = await browser.send(page, { userId: typed(person.idNumber), password: person.password });
    expect(keyPage.page).toBe('key');
    const wrong = await browser.send(keyPage, { key: typed('12345') });
    expect(wrong.text).toContain('Det tæller ikke som et forsøg.');
    const answer = await browser.send(wrong, { key: typed(keyFor(person, wrong)) });
    expect(returned(answer).get('code')).toBeTruthy();
  });

  test('an ID is taken into use, and a change is confirmed', async () => {
    const person = await lettersCome(nodes, await issue(nodes));
    const browser = visitor(nodes);
    const idNumber = typed(person.idNumber);
    const keyPage = await startActivation(browser, { ...person, idNumber });
    expect(keyPage.page).toBe('activate-key');
    const key = typed(person.keys.get(challengeOf(keyPage).keyNumber) ?? '');
    expect((await browser.send(keyPage, { key })).page).toBe('activate-choose');

    const owner = await aPerson(nodes);
    const own = new Browser(nodes);
    await signInAt(own, owner, '/self-service');
    const card = await own.follow('/self-service/card');
    const asked = await own.send(card, { do: 'threshold', threshold: typed('40').replace('\u2212', '') });
    expect(asked.page).toBe('self-confirm');
    expect((await own.send(asked, { key: typed(keyFor(owner, asked)) })).page).toBe('self-told');
  });

  test('a CPR and a document number order, and an ID is blocked by its number', async () => {
    const entry = await aRegistered(nodes);
    const document = { documentNumber: typed(entry.passport ?? '') };
    const received = await postOrder(visitor(nodes), entry, { cpr: typed(entry.cpr), ...document });
    expect(received.headers.location).toBe('/order/received');
    expect(await orderedBy(nodes, entry)).toHaveLength(1);

    const person = await aPerson(nodes);
    const browser = visitor(nodes);
    const page = await browser.follow('/block');
    const fields = { userId: typed(person.idNumber), password: person.password, what: 'identity' };
    expect((await browser.send(page, fields)).page).toBe('block-received');
    const rows = await nodes.database.query(
      'SELECT FROM identities WHERE id = $1 AND blocked_at IS NOT NULL',
      [person.identityId],
    );
    expect(rows).toHaveLength(1);
  });

  test('the desk finds somebody by either number', async () => {
    const person = await aPerson(nodes);
    // Days have gone by since.
    const counter = await signedIn(nodes, officer.person);
    for (const [by, number] of [
      ['cpr', person.cpr],
      ['id_number', person.idNumber],
    ] as const) {
      const found = await counter.search({ by, number: typed(number) });
      expect(found.text).toContain(`<h1>${person.fullName}</h1>`);
    }
  });
});
