/**
 * What people type and paste: digits in every script, invisible characters, surrounding space that was copied
 * along, characters that no text has. What can be read is accepted; the rest gets an error at its field, and
 * nothing is lost.
 */
import { beforeAll, describe, expect, test } from '@jest/globals';
import {
  aPerson,
  aRegistered,
  type CounterSession,
  openCounterSession,
  authRequest,
  TestBrowser,
  challengeOf,
  errorAt,
  fillIn,
  issueApplication,
  keyFor,
  waitForLetters,
  type Operators,
  orderedBy,
  postOrder,
  readReturnedCode,
  signInStaff,
  signInAt,
  inLanguage,
  startActivation,
  twoOperators,
  useNodes,
  useRelyingParty,
  valueOf,
  createSiteClient,
} from './support/index.ts';
import { da } from '../src/ui/words/words.da.ts';
import { en } from '../src/ui/words/words.en.ts';

let officer: CounterSession;
let operators: Operators;
const nodes = useNodes({ count: 2, proxyHops: 1, withoutErrors: true });
const rp = useRelyingParty(nodes);
beforeAll(async () => {
  operators = await twoOperators(nodes);
  officer = await openCounterSession(nodes, operators, 'officer');
});

/** Persian digits, between the marks that right-to-left text is copied with. */
function inPersian(text: string): string {
  const digits = text.replace(/[0-9]/g, (digit) => String.fromCodePoint(0x6f0 + Number(digit)));
  return `\u2067${digits}\u2069`;
}

/** Full-width digits, with a zero-width mark and a dash that no Danish keyboard has. */
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
    const browser = new TestBrowser(nodes);
    const page = await browser.follow(authRequest(rp).path);
    const keyPage = await browser.send(page, { userId: typed(person.idNumber), password: person.password });
    expect(keyPage.page).toBe('key');
    const wrong = await browser.send(keyPage, { key: typed('12345') });
    expect(wrong.text).toContain('Det tæller ikke som et forsøg.');
    const answer = await browser.send(wrong, { key: typed(keyFor(person, wrong)) });
    expect(readReturnedCode(answer).get('code')).toBeTruthy();
  });

  test('an ID is taken into use, and a change is confirmed', async () => {
    const person = await waitForLetters(nodes, await issueApplication(nodes));
    const browser = createSiteClient(nodes);
    const idNumber = typed(person.idNumber);
    const keyPage = await startActivation(browser, { ...person, idNumber });
    expect(keyPage.page).toBe('activate-key');
    const key = typed(person.keys.get(challengeOf(keyPage).keyNumber) ?? '');
    const choosePage = await browser.send(keyPage, { key });
    expect(choosePage.page).toBe('activate-choose');
    const chosen = { userId: 'van\u0001dmand', password: 'Fire hvide gæs\t', terms: '1', understood: '1' };
    const again = await browser.send(choosePage, chosen);
    expect(errorAt(again, 'userId')).toBe(da.activate.choose.faults.userId.unreadable);
    expect(errorAt(again, 'password')).toBe(da.activate.choose.faults.password.unreadable);
    expect(valueOf(again, 'userId')).toBe('van\uFFFDdmand');

    const owner = await aPerson(nodes);
    const own = new TestBrowser(nodes);
    await signInAt(own, owner, '/self-service');
    const card = await own.follow('/self-service/card');
    const asked = await own.send(card, { do: 'threshold', threshold: typed('40').replace('\u2212', '') });
    expect(asked.page).toBe('self-confirm');
    expect((await own.send(asked, { key: typed(keyFor(owner, asked)) })).page).toBe('self-told');
  });

  test('a CPR and a document number order, and an ID is blocked by its number', async () => {
    const entry = await aRegistered(nodes);
    const document = { documentNumber: typed(entry.passport ?? '') };
    const received = await postOrder(createSiteClient(nodes), entry, {
      cpr: typed(entry.cpr),
      ...document,
    });
    expect(received.headers.location).toBe('/order/received');
    expect(await orderedBy(nodes, entry)).toHaveLength(1);

    const person = await aPerson(nodes);
    const browser = createSiteClient(nodes);
    const page = await browser.follow('/block/card');
    const fields = { userId: typed(person.idNumber), password: person.password, what: 'identity' };
    expect((await browser.send(page, fields)).page).toBe('block-received');
    const rows = await nodes.database.query(
      'SELECT FROM identities WHERE id = $1 AND blocked_at IS NOT NULL',
      [person.identityId],
    );
    expect(rows).toHaveLength(1);
  });

  test('the desk finds someone by either number', async () => {
    const person = await aPerson(nodes);
    // Days have passed since.
    const counter = await signInStaff(nodes, officer.person);
    for (const [by, number] of [
      ['cpr', person.cpr],
      ['id_number', person.idNumber],
    ] as const) {
      const found = await counter.search({ by, number: typed(number) });
      expect(found.text).toContain(`<h1>${person.fullName}</h1>`);
    }
  });
});

/** Everything counted: attempts at names and networks. */
async function triesCounted(): Promise<number> {
  const [row] = await nodes.database.query<{ tries: number }>(
    'SELECT (SELECT coalesce(sum(tries), 0) FROM attempts)::int + (SELECT count(*) FROM network_tries)::int AS tries',
  );
  return row?.tries ?? -1;
}

describe.each([
  ['da', da],
  ['en', en],
] as const)('a CPR number instead of a user ID, in %s', (language, words) => {
  const FORMS = [
    '010785-1234',
    '610785 9999',
    '99 99 99 99 99',
    inPersian('0107851234'),
    '\u200B010785/1234',
  ];

  test.each(FORMS)('%j at the sign-in is distinguished before anything is counted', async (typed) => {
    nodes.secrets.add(typed, 'CPR number');
    const browser = await inLanguage(new TestBrowser(nodes), language);
    const before = await triesCounted();
    const page = await browser.follow(authRequest(rp, { login_hint: typed }).path);
    expect(valueOf(page, 'userId')).toBe('');
    const again = await browser.send(page, { userId: typed, password: 'Noget helt andet' });
    expect(again.page).toBe('password');
    expect(errorAt(again, 'userId')).toBe(words.password.cpr_number);
    expect(errorAt(again, 'password')).toBeUndefined();
    expect(again.text.match(/aria-invalid/g)).toHaveLength(1);
    expect([valueOf(again, 'userId'), valueOf(again, 'password')]).toEqual(['', '']);
    expect(again.text.replaceAll(/value="[^"]*"/g, '')).not.toContain(typed.slice(-4));
    expect(await triesCounted()).toBe(before);
  });

  test('at blocking, at activation and among staff as well', async () => {
    const before = await triesCounted();
    const browser = await inLanguage(createSiteClient(nodes), language);
    const blocking = await browser.send(await browser.follow('/block/card'), {
      userId: '010785-1234',
      password: 'Noget helt andet',
    });
    expect(blocking.page).toBe('block');
    expect(errorAt(blocking, 'userId')).toBe(words.password.cpr_number);
    expect(valueOf(blocking, 'userId')).toBe('');

    const started = { idNumber: '010785-1234', temporaryPassword: 'abcd2345efgh' };
    const activating = await startActivation(browser, started);
    expect(activating.page).toBe('activate');
    expect(errorAt(activating, 'userId')).toBe(words.activate.start.errors.cpr_number);
    expect(valueOf(activating, 'userId')).toBe('');
    expect(await triesCounted()).toBe(before);
  });
});

test('an ID number of nine digits and a user ID with ten digits in it are no CPR numbers', async () => {
  for (const userId of ['123456789', 'anna0107851234']) {
    const browser = createSiteClient(nodes);
    const page = await browser.follow(authRequest(rp).path);
    const again = await browser.send(page, { userId, password: 'Noget helt andet' });
    expect(errorAt(again, 'userId')).toBe(da.password.wrong);
  }
});

test('an operator who proposes a CPR number is told so, and it is not looked up', async () => {
  const operator = await signInStaff(nodes, operators.first);
  const fields = { do: 'propose', userId: inPersian('010785-1234'), staffRole: 'officer', bank: '' };
  const page = await operator.post('/desk/staff', fields);
  expect(errorAt(page, 'userId')).toBe(da.deskStaff.errors.user_is_cpr);
  expect(valueOf(page, 'userId')).toBe('');
});

test('a hint that has a CPR number in it is not shown', async () => {
  for (const login_hint of ['urn:cpr:010785-1234', 'cpr 010785 1234', '0107851234']) {
    const page = await new TestBrowser(nodes).follow(authRequest(rp, { login_hint }).path);
    expect(valueOf(page, 'userId')).toBe('');
    expect(page.text).not.toContain('1234"');
  }
});

describe('what came along from a table or a page', () => {
  test('goes: name and key sign in', async () => {
    const person = await aPerson(nodes);
    const browser = new TestBrowser(nodes);
    const page = await browser.follow(authRequest(rp).path);
    const userId = `\t\u200B${person.userId}\u200B\r\n`;
    const keyPage = await browser.send(page, { userId, password: person.password });
    expect(keyPage.page).toBe('key');
    const answer = await browser.send(keyPage, { key: `${keyFor(person, keyPage)}\t` });
    expect(readReturnedCode(answer).get('code')).toBeTruthy();
  });

  test('goes: an order is an order', async () => {
    const entry = await aRegistered(nodes);
    const typed = Object.fromEntries(
      ['cpr', 'name', 'documentNumber'].map((name) => [name, `${fillIn(entry)[name] ?? ''}\t\r\n`]),
    );
    const received = await postOrder(createSiteClient(nodes), entry, {
      ...typed,
      email: '\tanna@mail.example\n',
    });
    expect(received.headers.location).toBe('/order/received');
    expect(await orderedBy(nodes, entry)).toHaveLength(1);
  });

  test.each(['\u200Bsøren@SMØRREBRØD.dk \t', 'søren@xn--smrrebrd-64af.dk'])(
    'an address is read: %j',
    async (email) => {
      const entry = await aRegistered(nodes);
      const received = await postOrder(createSiteClient(nodes), entry, { email });
      expect(received.headers.location).toBe('/order/received');

      const person = await aPerson(nodes);
      const browser = new TestBrowser(nodes);
      await signInAt(browser, person, '/self-service');
      const fields = { do: 'email', email, currentPassword: person.password };
      const asked = await browser.send(await browser.follow('/self-service/contact'), fields);
      expect(asked.page).toBe('self-confirm');
      expect(asked.text).toContain('søren@smørrebrød.dk');
    },
  );

  test('is never taken off a password, but said: in neither choosing nor signing in it counts', async () => {
    const person = await aPerson(nodes);
    const before = await triesCounted();
    const browser = new TestBrowser(nodes);
    const page = await browser.follow(authRequest(rp).path);
    const again = await browser.send(page, { userId: person.userId, password: `${person.password}\t` });
    expect(errorAt(again, 'password')).toBe(da.password.password_unreadable);
    expect(valueOf(again, 'userId')).toBe(person.userId);
    expect(await triesCounted()).toBe(before);
    const own = new TestBrowser(nodes);
    await signInAt(own, person, '/self-service');
    const change = await own.follow('/self-service/sign-in');
    const chosen = await own.send(change, { do: 'password', password: 'Fire hvide gæs\n' });
    expect(errorAt(chosen, 'password')).toBe(da.selfService.signIn.faults.password.unreadable);
  });
});
