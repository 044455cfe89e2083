/**
 * Personal data is shown only after a key that was given at self-service itself, at most five minutes ago:
 * never by an existing session, at any page or form, on either of two nodes.
 */
import { describe, expect, test } from '@jest/globals';
import { formatIdNumber } from '../src/domain/person/idNumber.ts';
import {
  aPerson,
  aRelyingParty,
  authRequest,
  TestBrowser,
  holdUp,
  type BrowserPage,
  readReturnedCode,
  signInAtNode,
  signInAt,
  takeOut,
  type TestPerson,
  toAnswer,
  useNodes,
} from './support/index.ts';

const PAGES = [
  '',
  '/card',
  '/sign-in',
  '/contact',
  '/public-sites',
  '/activity',
  '/data/read',
  '/access',
  '/data',
  '/close',
];

const nodes = useNodes({ count: 2, withoutErrors: true });

/** Signed in at a public site with a key, a moment ago, and redirected to self-service by that session. */
async function arrived(person: TestPerson): Promise<{ browser: TestBrowser; page: BrowserPage }> {
  const rp = await aRelyingParty(nodes);
  const browser = new TestBrowser(nodes);
  await signInAtNode(browser, person, authRequest(rp, { scope: 'openid' }));
  return { browser, page: await browser.follow('/self-service') };
}

async function bySession(person: TestPerson): Promise<TestBrowser> {
  const { browser, page } = await arrived(person);
  expect((await browser.send(page, {})).page).toBe('self-home');
  return browser;
}

async function withKey(person: TestPerson): Promise<TestBrowser> {
  const browser = new TestBrowser(nodes);
  expect((await signInAt(browser, person, '/self-service')).page).toBe('self-home');
  return browser;
}

/** As pages write them, and as files do. */
const personalOf = ({ idNumber, cpr }: TestPerson) => [
  idNumber,
  formatIdNumber(idNumber),
  cpr,
  `${cpr.slice(0, 6)}-${cpr.slice(6)}`,
  'Prøvegade',
  '@mail.example',
];
const shownOf = (person: TestPerson, text: string) =>
  personalOf(person).filter((personal) => text.includes(personal));

async function fetchData(browser: TestBrowser): Promise<BrowserPage> {
  return await browser.post(await browser.follow('/self-service/data'), {});
}

const eventsOf = async ({ identityId }: TestPerson, kind: string) =>
  (
    await nodes.database.query('SELECT FROM audit_events WHERE identity_id = $1 AND kind = $2', [
      identityId,
      kind,
    ])
  ).length;

describe('a session of another site, however young', () => {
  test('becomes none of self-service by a link: its person says so', async () => {
    const person = await aPerson(nodes);
    const { browser, page } = await arrived(person);
    expect([page.page, page.text.includes(person.fullName)]).toEqual(['site-continue', true]);
    const count = async () =>
      (await nodes.database.query('SELECT FROM own_sessions WHERE identity_id = $1', [person.identityId]))
        .length;
    expect(await count()).toBe(0);
    // Requested again, in the other language, and by a person who has only the address.
    expect((await browser.follow(page.url)).page).toBe('site-continue');
    expect((await browser.follow(`${page.url}?language=en`)).text).toContain('Go on to Nøgle self-service');
    const stranger = await new TestBrowser(nodes).request(page.url, { method: 'POST', body: '' });
    expect([stranger.status, stranger.page]).toEqual([400, 'site-not-signed-in']);
    expect((await browser.send(page, {})).page).toBe('self-home');
    expect(await count()).toBe(1);
    // The second of two clicks.
    expect((await browser.send(page, {})).page).toBe('self-home');
    expect(await count()).toBe(1);
  });

  test('shows no number and no address, and fetches no file', async () => {
    const person = await aPerson(nodes);
    const browser = await bySession(person);
    for (const path of PAGES) {
      const page = await browser.follow(`/self-service${path}`);
      expect([path, page.status, shownOf(person, page.text)]).toEqual([path, 200, []]);
    }
    const refused = await fetchData(browser);
    expect([refused.status, shownOf(person, refused.text)]).toEqual([303, []]);
    expect(refused.headers.location).toContain('prompt=login');
    expect(await eventsOf(person, 'data_exported')).toBe(0);
  });

  test('ends no session elsewhere, and still blocks and signs out', async () => {
    const person = await aPerson(nodes);
    const elsewhere = await withKey(person);
    const browser = await bySession(person);
    const [{ uid } = { uid: '' }] = await nodes.database.query<{ uid: string }>(
      `SELECT session_uid AS uid FROM own_sessions WHERE identity_id = $1 AND key_at IS NOT NULL`,
      [person.identityId],
    );
    const page = await browser.follow('/self-service/access');
    expect(page.text).not.toMatch(/name="session"|value="everywhere"/);
    for (const fields of [{ do: 'session', session: uid }, { do: 'everywhere' }]) {
      expect((await browser.post(page, fields)).headers.location).toContain('prompt=login');
    }
    expect((await elsewhere.follow('/self-service')).page).toBe('self-home');
    const blocked = await browser.send(await browser.follow('/self-service/block'), { what: 'identity' });
    expect(blocked.page).toBe('self-blocked');
  });

  test('is none more for an address that leaves out what asks for the whole sign-in', async () => {
    const person = await aPerson(nodes);
    const browser = await bySession(person);
    const asked = await browser.request('/self-service/again?to=/self-service/data');
    const address = new URL(asked.headers.location ?? '');
    expect(address.searchParams.get('prompt')).toBe('login');
    address.searchParams.delete('prompt');
    const page = await browser.follow(address.href);
    expect(page.page).toBe('site-continue');
    await browser.send(page, {});
    expect((await fetchData(browser)).headers.location).toContain('prompt=login');
  });

  test('nor by a sign-in that was begun before that other one', async () => {
    const person = await aPerson(nodes);
    const browser = new TestBrowser(nodes);
    // On a shared computer: begun, and left for the next person who signs in somewhere.
    const begun = await browser.request('/self-service/data');
    await signInAtNode(browser, person, authRequest(await aRelyingParty(nodes)));
    const page = await browser.follow(begun.headers.location ?? '');
    expect(page.page).toBe('site-continue');
    expect((await browser.send(page, {})).text).toContain('Derfor skal du logge på her');
  });

  test('with password and key at self-service itself it is shown, and the file comes', async () => {
    const person = await aPerson(nodes);
    const browser = await bySession(person);
    const begun = await browser.follow('/self-service/again?to=/self-service/contact');
    expect(begun.page).toBe('password');
    const page = await browser.follow(await toAnswer(browser, person, begun));
    expect([page.page, shownOf(person, page.text)]).toEqual(['self-contact', ['Prøvegade', '@mail.example']]);
    const home = shownOf(person, (await browser.follow('/self-service')).text);
    expect(home).toEqual([formatIdNumber(person.idNumber), '@mail.example']);
    const file = await fetchData(browser);
    expect([file.status, shownOf(person, file.text).length > 2]).toEqual([200, true]);
    expect(await eventsOf(person, 'data_exported')).toBe(1);
    // It redirects no one elsewhere.
    const away = await browser.follow('/self-service/again?to=https://evil.example/');
    expect((await browser.follow(await toAnswer(browser, person, away))).page).toBe('self-home');
  });
});

describe('a key that was given at self-service', () => {
  test.each([
    ['by the clock of the rules', async () => nodes.clock.forward(6 * 60_000)],
    [
      'by that of the database',
      async (person: TestPerson) => {
        await nodes.database.query(
          `UPDATE own_sessions SET key_at = key_at - interval '6 minutes' WHERE identity_id = $1`,
          [person.identityId],
        );
      },
    ],
  ])('shows for five minutes, %s, also for a form that is sent again', async (_clock, pass) => {
    const person = await aPerson(nodes);
    const browser = await withKey(person);
    const data = await browser.follow('/self-service/data');
    const list = await browser.follow('/self-service/access');
    expect((await browser.post(data, {})).status).toBe(200);
    await pass(person);
    expect((await browser.post(data, {})).headers.location).toContain('prompt=login');
    for (const path of PAGES) {
      const page = await browser.follow(`/self-service${path}`);
      expect([path, page.status, shownOf(person, page.text)]).toEqual([path, 200, []]);
    }
    const late = await browser.send(list, { do: 'everywhere' });
    expect(late.page).toBe('password');
    const back = await browser.follow(await toAnswer(browser, person, late));
    expect([back.page, back.text.includes('er ikke gjort')]).toEqual(['self-access', true]);
    expect(await eventsOf(person, 'signed_out_everywhere')).toBe(0);
  });

  test.each([
    ['too old', `UPDATE own_sessions SET key_at = key_at - interval '6 minutes' WHERE identity_id = $1`],
    ['of somebody who is blocked', 'UPDATE identities SET blocked_at = now() WHERE id = $1'],
  ])('is checked when all of the file is read: %s by that time', async (_what, pass) => {
    const person = await aPerson(nodes);
    const race = async () => {
      const browser = await withKey(person);
      const data = await browser.follow('/self-service/data');
      const { reached, release } = holdUp(nodes, 'SELECT id FROM applications WHERE identity_id');
      const answer = browser.post(data, {});
      await reached;
      await nodes.database.query(pass, [person.identityId]);
      release();
      return await answer;
    };
    const refused = await race();
    expect([refused.status, shownOf(person, refused.text)]).toEqual([303, []]);
    expect(await eventsOf(person, 'data_exported')).toBe(0);
  });

  test('for something else there is none: a change that a key confirmed shows nothing', async () => {
    const person = await aPerson(nodes);
    const browser = await bySession(person);
    const asked = await browser.send(await browser.follow('/self-service/card'), {
      do: 'threshold',
      threshold: '40',
    });
    const key = person.keys.get(/data-key-number="(\d{4})"/.exec(asked.text)?.[1] ?? '') ?? '';
    expect((await browser.send(asked, { key })).text).toContain('Gemt: vi sender et nyt kort');
    expect((await fetchData(browser)).headers.location).toContain('prompt=login');
  });

  test('control: without the check the file comes by a session only', async () => {
    const person = await aPerson(nodes);
    const browser = await bySession(person);
    const repair = takeOut(nodes, 'coalesce(o.key_at', 'coalesce(clock_timestamp()');
    const file = await fetchData(browser);
    repair();
    expect(shownOf(person, file.text).length).toBeGreaterThan(0);
  });
});

describe('the page that asks whether a site may have the CPR number', () => {
  const ASKED = { scope: 'openid ssn', prompt: 'consent' };

  test('says it after a key, and not to only a session; the site gets it by a yes', async () => {
    const person = await aPerson(nodes);
    const [one, two] = [
      await aRelyingParty(nodes, { trusted: false }),
      await aRelyingParty(nodes, { trusted: false }),
    ];
    const browser = new TestBrowser(nodes);
    const page = await browser.follow(authRequest(one, ASKED).path);
    const keyPage = await browser.send(page, { userId: person.userId, password: person.password });
    const number = /data-key-number="(\d{4})"/.exec(keyPage.text)?.[1] ?? '';
    const shown = await browser.send(keyPage, { key: person.keys.get(number) ?? '' });
    expect([shown.page, shownOf(person, shown.text)]).toEqual(['consent', [personalOf(person)[3]]]);
    expect(readReturnedCode(await browser.send(shown, { accept: '1' })).get('code')).toBeTruthy();

    const silent = await browser.follow(authRequest(two, ASKED).path);
    expect([silent.page, shownOf(person, silent.text)]).toEqual(['consent', []]);
    expect(silent.text).toContain('Vises kun, lige efter at du har skrevet en nøgle');
    expect(readReturnedCode(await browser.send(silent, { accept: '1' })).get('code')).toBeTruthy();
  });
});
