/**
 * What people type and paste, through the front door: numbers in every script, marks that nobody sees, ends that came
 * along, characters that no text has. What can be read is read; what cannot is said beside its field, and nothing is lost.
 */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { issue, lettersCome } from './support/applications.ts';
import { startActivation } from './support/activation.ts';
import { da } from '../src/web/text/da.ts';
import { en } from '../src/web/text/en.ts';
import { Browser, challengeOf, hiddenFields, type PageSeen } from './support/browser.ts';
import { signInAt } from './support/desk.ts';
import { atCounter, signedIn, twoOperators, type AtCounter, type Operators } from './support/deskStaff.ts';
import { authRequest, keyFor, returned } from './support/flow.ts';
import { formBody } from './support/http.ts';
import { Nodes } from './support/nodes.ts';
import { aRegistered, fillIn, orderedBy, postOrder, visitor } from './support/ordering.ts';
import { aPerson, aRelyingParty, type TestRelyingParty } from './support/people.ts';

let nodes: Nodes;
let rp: TestRelyingParty;
let officer: AtCounter;
let operators: Operators;
beforeAll(async () => {
  nodes = await Nodes.start({ count: 2, proxyHops: 1 });
  rp = await aRelyingParty(nodes);
  operators = await twoOperators(nodes);
  officer = await atCounter(nodes, operators, 'officer');
});
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
    const choosePage = await browser.send(keyPage, { key });
    expect(choosePage.page).toBe('activate-choose');
    const chosen = { userId: 'van\u0001dmand', password: 'Fire hvide gæs\t', terms: '1', understood: '1' };
    const again = await browser.send(choosePage, chosen);
    expect(errorAt(again, 'userId')).toBe(da.activate.choose.faults.userId.unreadable);
    expect(errorAt(again, 'password')).toBe(da.activate.choose.faults.password.unreadable);
    expect(valueOf(again, 'userId')).toBe('van\uFFFDdmand');

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

/** All that was ever counted: tries at names and networks. */
async function triesCounted(): Promise<number> {
  const [row] = await nodes.database.query<{ tries: number }>(
    'SELECT (SELECT coalesce(sum(tries), 0) FROM attempts)::int + (SELECT count(*) FROM network_tries)::int AS tries',
  );
  return row?.tries ?? -1;
}

/** The words that stand beside a field. */
function errorAt(page: PageSeen, field: string): string | undefined {
  return new RegExp(`id="${field}-error">([^<]*)<`).exec(page.text)?.[1];
}

function valueOf(page: PageSeen, field: string): string | undefined {
  const input = new RegExp(`<input[^>]* name="${field}"[^>]*>`).exec(page.text)?.[0] ?? '';
  return / value="([^"]*)"/.exec(input)?.[1] ?? '';
}

/** Another language is a cookie. */
async function speaking(browser: Browser, language: 'da' | 'en'): Promise<Browser> {
  await browser.request(`/block?language=${language}`);
  return browser;
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

  test.each(FORMS)('%j at the sign-in is told apart before anything is counted', async (typed) => {
    nodes.secrets.add(typed, 'CPR number');
    const browser = await speaking(new Browser(nodes), language);
    const before = await triesCounted();
    const page = await browser.follow(authRequest(rp, { login_hint: typed }).path);
    expect(valueOf(page, 'userId')).toBe('');
    const again = await browser.send(page, { userId: typed, password: 'Noget helt andet' });
    expect(again.page).toBe('password');
    expect(errorAt(again, 'userId')).toBe(words.password.cpr_number);
    expect(errorAt(again, 'password')).toBeUndefined();
    expect(again.text.match(/aria-invalid/g)).toHaveLength(1);
    expect([valueOf(again, 'userId'), valueOf(again, 'password')]).toEqual(['', '']);
    expect(again.text).not.toContain(typed.slice(-4));
    expect(await triesCounted()).toBe(before);
  });

  test('at blocking, at activation and among staff as well', async () => {
    const before = await triesCounted();
    const browser = await speaking(visitor(nodes), language);
    const blocking = await browser.send(await browser.follow('/block'), {
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
    const browser = visitor(nodes);
    const page = await browser.follow(authRequest(rp).path);
    const again = await browser.send(page, { userId, password: 'Noget helt andet' });
    expect(errorAt(again, 'userId')).toBe(da.password.wrong);
  }
});

test('an operator who proposes a CPR number is told so, and it is not looked up', async () => {
  const operator = await signedIn(nodes, operators.first);
  const fields = { do: 'propose', userId: inPersian('010785-1234'), role: 'officer', bank: '' };
  const page = await operator.post('/desk/staff', fields);
  expect(errorAt(page, 'userId')).toBe(da.deskStaff.errors.user_is_cpr);
  expect(valueOf(page, 'userId')).toBe('');
});

test('a hint that has a CPR number in it is not shown', async () => {
  for (const login_hint of ['urn:cpr:010785-1234', 'cpr 010785 1234', '0107851234']) {
    const page = await new Browser(nodes).follow(authRequest(rp, { login_hint }).path);
    expect(valueOf(page, 'userId')).toBe('');
    expect(page.text).not.toContain('1234"');
  }
});

describe('what came along from a table or a page', () => {
  test('goes: name and key sign in', async () => {
    const person = await aPerson(nodes);
    const browser = new Browser(nodes);
    const page = await browser.follow(authRequest(rp).path);
    const userId = `\t\u200B${person.userId}\u200B\r\n`;
    const keyPage = await browser.send(page, { userId, password: person.password });
    expect(keyPage.page).toBe('key');
    const answer = await browser.send(keyPage, { key: `${keyFor(person, keyPage)}\t` });
    expect(returned(answer).get('code')).toBeTruthy();
  });

  test('goes: an order is an order', async () => {
    const entry = await aRegistered(nodes);
    const typed = Object.fromEntries(
      ['cpr', 'name', 'documentNumber'].map((name) => [name, `${fillIn(entry)[name] ?? ''}\t\r\n`]),
    );
    const received = await postOrder(visitor(nodes), entry, { ...typed, email: '\tanna@mail.example\n' });
    expect(received.headers.location).toBe('/order/received');
    expect(await orderedBy(nodes, entry)).toHaveLength(1);
  });

  test.each(['\u200Bsøren@SMØRREBRØD.dk \t', 'søren@xn--smrrebrd-64af.dk'])(
    'an address is read: %j',
    async (email) => {
      const entry = await aRegistered(nodes);
      const received = await postOrder(visitor(nodes), entry, { email });
      expect(received.headers.location).toBe('/order/received');

      const person = await aPerson(nodes);
      const browser = new Browser(nodes);
      await signInAt(browser, person, '/self-service');
      const asked = await browser.send(await browser.follow('/self-service/contact'), { do: 'email', email });
      expect(asked.page).toBe('self-confirm');
      expect(asked.text).toContain('søren@smørrebrød.dk');
    },
  );

  test('is never taken off a password, but said: in neither choosing nor signing in it counts', async () => {
    const person = await aPerson(nodes);
    const before = await triesCounted();
    const browser = new Browser(nodes);
    const page = await browser.follow(authRequest(rp).path);
    const again = await browser.send(page, { userId: person.userId, password: `${person.password}\t` });
    expect(errorAt(again, 'password')).toBe(da.password.password_unreadable);
    expect(valueOf(again, 'userId')).toBe(person.userId);
    expect(await triesCounted()).toBe(before);
    const own = new Browser(nodes);
    await signInAt(own, person, '/self-service');
    const change = await own.follow('/self-service/sign-in');
    const chosen = await own.send(change, { do: 'password', password: 'Fire hvide gæs\n' });
    expect(errorAt(chosen, 'password')).toBe(da.selfService.signIn.faults.password.unreadable);
  });
});

/** No text has these: cut off, or out of a terminal. */
const UNREADABLE = ['\0', '\u0001', '\u001B', '\u007F', '\u0085', '\uD800'];
/** Odd, and texts all the same: what is said of them is the field's own matter. */
const ODD = [
  '\u202E"><script>alert(1)</script>',
  "'; DROP TABLE identities; --",
  '%00%ZZ&x=1;',
  '👩‍🚀\u0301\u0301\u0301',
  '__proto__',
  'constructor',
  '\u2028\u2029',
  'ŠŘ\u0338'.repeat(400),
];

interface FieldsOfAForm {
  readonly at: string;
  /** A browser that is shown the form. */
  readonly open: () => Promise<{ browser: Browser; page: PageSeen }>;
  readonly filled: Record<string, string>;
  /** Which of them are typed. */
  readonly typed: readonly string[];
}

const opened = async (browser: Browser, path: string) => ({ browser, page: await browser.follow(path) });
const atDesk = async (path: string) => await opened((await signedIn(nodes, officer.person)).browser, path);
const inSelfService = async (path: string) => {
  const browser = new Browser(nodes);
  await signInAt(browser, await aPerson(nodes), '/self-service');
  return await opened(browser, path);
};
const PASSWORD = { password: 'Noget helt andet' };
const ISSUE = {
  step: 'check',
  cpr: '',
  givenName: 'Søren',
  familyName: 'Ågård',
  idKind: 'passport',
  idNumber: 'P1234567',
  idExpires: '24-11-2031',
  valid: 'yes',
  language: 'da',
  publicSites: 'no',
  guardian: 'Moderen',
  email: 'anna@mail.example',
  street: 'Vejen 1',
  postcode: '8900',
  city: 'Randers',
};

const TABLE: readonly FieldsOfAForm[] = [
  {
    at: 'the sign-in',
    open: async () => await opened(visitor(nodes), authRequest(rp).path),
    filled: { userId: 'nobody-here', ...PASSWORD },
    typed: ['userId'],
  },
  {
    at: 'blocking',
    open: async () => await opened(visitor(nodes), '/block'),
    filled: { userId: 'nobody-here', ...PASSWORD },
    typed: ['userId'],
  },
  {
    at: 'activation',
    open: async () => await opened(visitor(nodes), '/activate'),
    filled: { userId: '123456789', ...PASSWORD },
    typed: ['userId'],
  },
  {
    at: 'an order',
    open: async () => await opened(visitor(nodes), '/order'),
    filled: {
      cpr: '010785-1234',
      name: 'Anna Andersen',
      documentKind: 'passport',
      documentNumber: '201234567',
      email: 'anna@mail.example',
      terms: 'yes',
    },
    typed: ['cpr', 'name', 'documentNumber', 'email'],
  },
  {
    at: 'the threshold',
    open: async () => await inSelfService('/self-service/card'),
    filled: { do: 'threshold', threshold: '40' },
    typed: ['threshold'],
  },
  {
    at: 'an e-mail address',
    open: async () => await inSelfService('/self-service/contact'),
    filled: { do: 'email', email: 'anna@mail.example' },
    typed: ['email'],
  },
  {
    at: 'a new user ID',
    open: async () => await inSelfService('/self-service/sign-in'),
    filled: { do: 'user-id', userId: 'et-andet-navn' },
    typed: ['userId'],
  },
  {
    at: 'a search by number',
    open: async () => await atDesk('/desk/search'),
    filled: { by: 'cpr', number: '010785-1234', reason: 'Henvendelse ved skranken' },
    typed: ['number', 'reason'],
  },
  {
    at: 'a search by name',
    open: async () => await atDesk('/desk/search'),
    filled: { by: 'name', givenName: 'Anna', familyName: 'X', birthdate: '1-7-1985', reason: 'Henvendelse' },
    typed: ['givenName', 'familyName', 'birthdate', 'reason'],
  },
  {
    at: 'the desk',
    open: async () => await atDesk('/desk/issue'),
    filled: { ...ISSUE, cpr: '010785-1234' },
    typed: [
      'cpr',
      'givenName',
      'familyName',
      'idNumber',
      'idExpires',
      'guardian',
      'email',
      'street',
      'postcode',
      'city',
    ],
  },
  {
    at: 'the desk, without a CPR number',
    open: async () => await atDesk('/desk/issue'),
    filled: { ...ISSUE, noCpr: 'yes', birthdate: '1-7-1985' },
    typed: ['birthdate'],
  },
];

describe.each(TABLE)('whatever is pasted into $at', ({ open, filled, typed }) => {
  const fieldOf = (fields: Record<string, string>, page: PageSeen) =>
    formBody({ ...hiddenFields(page), ...fields });

  test('what no text has is said at its field, and all else is kept', async () => {
    const { browser, page } = await open();
    for (const [i, odd] of UNREADABLE.entries()) {
      const name = typed[i % typed.length] ?? '';
      for (const field of i === 0 ? typed : [name]) {
        const value = `${filled[field] ?? ''}${odd}${filled[field] ?? ''}`;
        const answer = await browser.send(page, { ...filled, [field]: value });
        expect([field, odd, answer.status, answer.page]).toEqual([field, odd, 200, page.page]);
        expect([field, odd, errorAt(answer, field)]).toEqual([field, odd, expect.stringMatching(/.{15}/)]);
        for (const other of typed.filter((one) => one !== field)) {
          expect([other, valueOf(answer, other)]).toEqual([other, filled[other]]);
        }
        expect(answer.text).not.toMatch(/[^\P{Cc}\n]/u);
      }
    }
  });

  test('what is odd is no fault of ours', async () => {
    const { browser, page } = await open();
    for (const field of typed) {
      const answers = await Promise.all(
        ODD.map(async (odd) => await browser.send(page, { ...filled, [field]: odd })),
      );
      for (const [i, { status, page: shown, text }] of answers.entries()) {
        expect([field, ODD[i], status < 500, shown === 'trouble']).toEqual([field, ODD[i], true, false]);
        expect(text).not.toContain('<script>alert');
      }
    }
    const body = fieldOf({ ...filled, [typed[0] ?? '']: 'x'.repeat(2_001) }, page);
    expect((await browser.request(page.url, { method: 'POST', body })).status).toBe(413);
    const broken = `${fieldOf({ ...filled }, page)}&${typed[0] ?? ''}x=%E6%F8%E5`;
    expect((await browser.request(page.url, { method: 'POST', body: broken })).status).toBe(400);
  });
});

test('an address in the address line with odd characters in it is a page, never a fault', async () => {
  const browser = await speaking(new Browser(nodes), 'en');
  for (const odd of [
    '%00',
    '%1B%7F',
    '%ED%A0%80',
    '%E6',
    '%E2%80%AE%3Cscript%3E',
    '%09anna%0D%0A',
    '%D9%A0%DB%B1',
  ]) {
    for (const path of [
      `/services?q=${odd}`,
      `/help?q=${odd}`,
      `/block?language=${odd}`,
      `/activate?from=${odd}`,
      `/self-service/activity?before=${odd}`,
      `/self-service/confirm/${odd}`,
      `/desk/search/${odd}?deed=${odd}&came=${odd}`,
      `/developers/request?client_id=${odd}`,
      `/login/${odd}`,
      `${authRequest(rp).path}&login_hint=${odd}`,
      `${authRequest(rp).path}&ui_locales=${odd}&max_age=${odd}`,
      `/session/end?client_id=${odd}&state=${odd}`,
    ]) {
      const { status, text } = await browser.request(path);
      expect([path, status < 500]).toEqual([path, true]);
      expect(text).not.toMatch(/[^\P{Cc}\n]|<script>/u);
    }
  }
});
