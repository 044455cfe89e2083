/**
 * Every typed field of every form, and every address line, with input that no person sends on purpose: no
 * 500, nothing lost, and an error text at the field.
 */
import { beforeAll, describe, expect, test } from '@jest/globals';
import {
  aPerson,
  type CounterSession,
  openCounterSession,
  authRequest,
  TestBrowser,
  encodeForm,
  errorAt,
  hiddenFields,
  type BrowserPage,
  signInStaff,
  signInAt,
  inLanguage,
  twoOperators,
  useNodes,
  useRelyingParty,
  valueOf,
  createSiteClient,
} from './support/index.ts';

let officer: CounterSession;
const nodes = useNodes({ count: 2, proxyHops: 1, withoutErrors: true });
const rp = useRelyingParty(nodes);
beforeAll(async () => {
  officer = await openCounterSession(nodes, await twoOperators(nodes), 'officer');
}, 60_000);

/** No text has these: cut off, or from a terminal. */
const UNREADABLE = ['\0', '\u0001', '\u001B', '\u007F', '\u0085', '\uD800'];
/** Odd, but valid text: each field decides about them. */
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
  readonly open: () => Promise<{ browser: TestBrowser; page: BrowserPage }>;
  readonly filled: Record<string, string>;
  /** The fields that a person types. */
  readonly typed: readonly string[];
}

const opened = async (browser: TestBrowser, path: string) => ({ browser, page: await browser.follow(path) });
const atDesk = async (path: string) => await opened((await signInStaff(nodes, officer.person)).browser, path);
const inSelfService = async (path: string) => {
  const browser = new TestBrowser(nodes);
  await signInAt(browser, await aPerson(nodes), '/self-service');
  return await opened(browser, path);
};
const PASSWORD = { password: 'Noget helt andet' };
const ISSUE = {
  reason: 'Vil have et ID',
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
    open: async () => await opened(createSiteClient(nodes), authRequest(rp).path),
    filled: { userId: 'nobody-here', ...PASSWORD },
    typed: ['userId'],
  },
  {
    at: 'blocking',
    open: async () => await opened(createSiteClient(nodes), '/block/card'),
    filled: { userId: 'nobody-here', ...PASSWORD },
    typed: ['userId'],
  },
  {
    at: 'a new password',
    open: async () => await opened(createSiteClient(nodes), '/new-password'),
    filled: { userId: 'nobody-here' },
    typed: ['userId'],
  },
  {
    at: 'activation',
    open: async () => await opened(createSiteClient(nodes), '/activate'),
    filled: { userId: '123456789', ...PASSWORD },
    typed: ['userId'],
  },
  {
    at: 'an order',
    open: async () => await opened(createSiteClient(nodes), '/order'),
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
      'reason',
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
  const fieldOf = (fields: Record<string, string>, page: BrowserPage) =>
    encodeForm({ ...hiddenFields(page), ...fields });

  test('what no text has is reported at its field, and all else is kept', async () => {
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

  test('what is odd is not an error of Nøgle’s', async () => {
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
    expect((await browser.request(page.formUrl, { method: 'POST', body })).status).toBe(413);
    const broken = `${fieldOf({ ...filled }, page)}&${typed[0] ?? ''}x=%E6%F8%E5`;
    expect((await browser.request(page.formUrl, { method: 'POST', body: broken })).status).toBe(400);
  });
});

test('an address in the address line with odd characters in it is a page, never a fault', async () => {
  const browser = await inLanguage(new TestBrowser(nodes), 'en');
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
