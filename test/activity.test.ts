/** A person reads and ends their events, sessions and accesses, over two nodes. */
import { readFileSync } from 'node:fs';
import { beforeEach, describe, expect, test } from '@jest/globals';
import { formatCpr } from '../src/domain/person/cpr.ts';
import {
  aPerson,
  aRelyingParty,
  authRequest,
  hiddenFields,
  keyFor,
  TestBrowser,
  type BrowserPage,
  redeemCode,
  refreshTokens,
  readReturnedCode,
  signInAt,
  type TestPerson,
  tokensAt,
  toKeyPage,
  useLogoutSite,
  useNodes,
  userinfo,
} from './support/index.ts';

const FIREFOX = 'Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:145.0) Gecko/20100101 Firefox/145.0';
const IPHONE =
  'Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.1 Mobile/15E148 Safari/604.1';
const OFFLINE = { scope: 'openid profile offline_access', prompt: 'consent' };

const site = useLogoutSite();
const nodes = useNodes(() => ({
  count: 2,
  proxyHops: 1,
  privateOrigins: [site.origin],
  withoutErrors: true,
}));
beforeEach(() => {
  site.received.length = 0;
});
function aBrowser(userAgent = FIREFOX, address = '192.0.2.10'): TestBrowser {
  const browser = new TestBrowser(nodes, 0, address);
  browser.userAgent = userAgent;
  return browser;
}

/** With a key, or by the session of this browser. */
async function signedIn(person: TestPerson, browser = aBrowser()): Promise<TestBrowser> {
  const first = await browser.follow('/self-service');
  if (first.page === 'site-continue') {
    expect((await browser.send(first, {})).page).toBe('self-home');
    return browser;
  }
  const page = first.page === 'self-home' ? first : await signInAt(browser, person, '/self-service');
  expect(page.page).toBe('self-home');
  return browser;
}

let serial = 0;
/** A relying party that is notified of log-outs. */
async function aListener(overrides: Parameters<typeof aRelyingParty>[1] = {}) {
  const path = `/rp-${++serial}`;
  const backchannel_logout_uri = `${site.origin}${path}`;
  return { ...(await aRelyingParty(nodes, { backchannel_logout_uri, ...overrides })), path };
}

const sendNotifications = async () => await nodes.node(0).app.tasks['tellLogouts']?.({});

/** Sends the page's form that contains these fields. */
async function end(browser: TestBrowser, fields: Record<string, string>): Promise<BrowserPage> {
  const page = await browser.follow('/self-service/access');
  return await browser.send(page, fields);
}

const lines = (page: BrowserPage) =>
  [...page.text.matchAll(/<li><time[^>]*>([^<]*)<\/time><div>(.*?)<\/div><\/li>/g)].map(([, , text = '']) =>
    text.replace(/<a class="noegle-not-me".*$/, '').replaceAll(/<[^>]+>/g, ' '),
  );

describe('what happened', () => {
  test('each sign-in with its relying party, card, browser and network, in words', async () => {
    const person = await aPerson(nodes);
    const bank = await aRelyingParty(nodes, { kind: 'bank', name_da: 'Østbanken', require_fresh_key: false });
    const shop = await aRelyingParty(nodes, { name_da: 'Biblioteket', name_en: 'The library' });
    const phone = aBrowser(IPHONE, '198.51.100.7');
    await tokensAt(nodes, phone, person, bank);
    await tokensAt(nodes, phone, person, shop);
    const browser = await signedIn(person);
    const page = await browser.follow('/self-service/activity');
    const [mine, went, bankLine] = lines(page);
    expect(mine).toContain('Du loggede på hos');
    expect(mine).toContain('Firefox på Windows, fra det netværk, du bruger nu');
    expect(went).toContain('Du gik videre til Biblioteket. Du var logget på i forvejen.');
    expect(bankLine).toContain(`Du loggede på hos Østbanken med en nøgle fra kort ${person.cardNumber}`);
    expect(bankLine).toContain('Safari på iOS, fra netværket 198.51.100.7');
    const english = await browser.follow('/self-service/activity?language=en');
    expect(english.text).toContain('You went on to The library.');
    expect(english.text).toContain('Firefox on Windows, from the network that you are using now');
  });

  test('why staff looked is stated in the reader’s language, of rows with a sentence too', async () => {
    const person = await aPerson(nodes);
    const look = { staffId: person.identityId, role: 'officer', shown: true };
    const write = async (why: object) =>
      await nodes.database.query(
        `INSERT INTO audit_events (kind, identity_id, details) VALUES ('searched_by_staff', $1, $2::jsonb)`,
        [person.identityId, JSON.stringify({ ...look, ...why })],
      );
    await write({ reason: 'Ringer om sit kort' });
    await write({ reason: 'Kontrol af, at ingen får to ID’er' });
    await write({ reasonCode: 'no_second_id' });
    await write({ reasonCode: 'of_a_later_version' });
    const browser = await signedIn(person);
    const reasonsOf = async (language: string, label: string) => {
      const { text } = await browser.follow(`/self-service/activity?language=${language}`);
      return [...text.matchAll(new RegExp(`${label}: ([^<]*)`, 'g'))].map(([, reason]) => reason);
    };
    const danish = 'Kontrol af, at ingen får to ID’er';
    expect(await reasonsOf('da', 'Begrundelse')).toEqual([danish, danish, 'Ringer om sit kort']);
    const english = 'A check that nobody gets two IDs';
    expect(await reasonsOf('en', 'Reason')).toEqual([english, english, 'Ringer om sit kort']);
  });

  test('going on to the same place again and again is recorded once for the session', async () => {
    const person = await aPerson(nodes);
    const rp = await aRelyingParty(nodes);
    const browser = await signedIn(person);
    for (let i = 0; i < 3; i += 1) await tokensAt(nodes, browser, person, rp);
    const shown = lines(await browser.follow('/self-service/activity'));
    expect(shown.filter((line) => line.includes('Du gik videre til'))).toHaveLength(1);
  });

  test('browser and network are nowhere in clear, open for no one else, and are gone with the salt', async () => {
    const [anna, bo] = [await aPerson(nodes), await aPerson(nodes)];
    const browser = await signedIn(anna, aBrowser(FIREFOX, '203.0.113.99'));
    await signedIn(bo);
    const dump = await nodes.database.query<{ line: string }>('SELECT e::text AS line FROM audit_events e');
    expect(dump.some(({ line }) => /Firefox|Windows|203\.0\.113\.99|192\.0\.2\.10/.test(line))).toBe(false);
    const saltOf = `(SELECT log_salt FROM people p JOIN identities i ON i.person_id = p.id WHERE i.id = $2)`;
    const setSalt = async (salt: string, values: unknown[]) =>
      await nodes.database.query(
        `UPDATE people p SET log_salt = ${salt} FROM identities i WHERE i.person_id = p.id AND i.id = $1`,
        values,
      );
    expect((await browser.follow('/self-service/activity')).text).toContain('Firefox på Windows');
    await setSalt(saltOf, [anna.identityId, bo.identityId]);
    const page = await browser.follow('/self-service/activity');
    expect([page.status, page.text.includes('Firefox')]).toEqual([200, false]);
    expect(lines(page)[0]).toContain('Du loggede på hos');
  });

  test('a header that says nonsense is an unknown browser', async () => {
    for (const userAgent of ['', 'x'.repeat(4_000), '<script>alert(1)</script>/1.0', 'DROP TABLE "people"']) {
      const person = await aPerson(nodes);
      const page = await (await signedIn(person, aBrowser(userAgent))).follow('/self-service/activity');
      expect([page.status, page.text.includes('alert(1)'), page.text.includes('xxxx')]).toEqual([
        200,
        false,
        false,
      ]);
      expect(lines(page)[0]).toContain('Ukendt browser');
    }
  });

  test('paged: each event once, the newest first, and by any request only one’s own', async () => {
    const [anna, bo] = [await aPerson(nodes), await aPerson(nodes)];
    await nodes.database.query(
      `INSERT INTO audit_events (kind, identity_id, details)
       SELECT 'threshold_changed', CASE WHEN n % 2 = 0 THEN $1::uuid ELSE $2 END, jsonb_build_object('threshold', n)
       FROM generate_series(1000, 1119) n`,
      [anna.identityId, bo.identityId],
    );
    const browser = await signedIn(anna);
    const seen: number[] = [];
    let path: string | undefined = '/self-service/activity';
    let pages = 0;
    while (path) {
      const page: BrowserPage = await browser.follow(path);
      seen.push(
        ...lines(page)
          .flatMap((line) => /ved (\d{4}) nøgler/.exec(line)?.[1] ?? [])
          .map(Number),
      );
      pages += 1;
      path = /href="(\/self-service\/activity\?before=\d+)"/.exec(page.text)?.[1];
    }
    expect(seen).toEqual(Array.from({ length: 60 }, (_, i) => 1118 - 2 * i));
    expect(pages).toBeGreaterThan(2);
    for (const before of ['999999999999999999', '1', '0', '-1', 'x', '1e9', '9'.repeat(40)]) {
      const page = await browser.follow(`/self-service/activity?before=${before}`);
      expect([page.status, /ved \d{3}[13579] nøgler/.test(page.text)]).toEqual([200, false]);
    }
  });

  test('an event of a later version has no words yet, and is shown as another event', async () => {
    const person = await aPerson(nodes);
    const browser = await signedIn(person);
    await nodes.database.query(
      `INSERT INTO audit_events (kind, identity_id, details) VALUES ('of_tomorrow', $1, '{}')`,
      [person.identityId],
    );
    expect(lines(await browser.follow('/self-service/activity'))[0]?.trim()).toBe('Noget andet.');
  });
});

describe('a line of the log', () => {
  const pathsOn = (page: BrowserPage) =>
    [...page.text.matchAll(/href="(\/self-service\/activity\/[^"]+)"/g)].map(([, path = '']) => path);

  test('is one for a change and its key, and the page of the change says the number', async () => {
    const person = await aPerson(nodes);
    const browser = await signedIn(person);
    const card = await browser.follow('/self-service/card');
    const asked = await browser.send(card, { do: 'threshold', threshold: '30' });
    const told = await browser.send(asked, { key: keyFor(person, asked) });
    expect(told.text).toContain('Gemt: vi sender et nyt kort, når der er 30 nøgler tilbage.');
    expect(told.text).toContain('<h2>Kvittering</h2>');
    const log = lines(await browser.follow('/self-service/activity'));
    const found = log.filter((line) => /30 nøgler|bekræftede/.test(line));
    expect(found).toHaveLength(1);
    expect(found[0]).toContain(`Bekræftet med en nøgle fra kort ${person.cardNumber}.`);
    expect(found[0]).toContain('Firefox på Windows');
  });

  test('leads to what helps if it was someone else, and only its own person sees it', async () => {
    const [anna, bo] = [await aPerson(nodes), await aPerson(nodes)];
    const rp = await aRelyingParty(nodes, { name_da: 'Biblioteket' });
    const phone = aBrowser(IPHONE, '198.51.100.7');
    await tokensAt(nodes, phone, anna, rp);
    const browser = await signedIn(anna);
    const log = await browser.follow('/self-service/activity');
    const paths = pathsOn(log);
    expect(paths).toHaveLength(lines(log).length);
    const ofPhone = paths[lines(log).findIndex((line) => line.includes('Biblioteket'))] ?? '';
    const page = await browser.follow(ofPhone);
    expect([page.status, page.page]).toEqual([200, 'self-concern']);
    expect(page.text).toContain('Du loggede på hos Biblioteket');
    for (const path of ['block', 'access']) expect(page.text).toContain(`href="/self-service/${path}"`);
    expect((await browser.follow(`${ofPhone}?language=en`)).text).toContain('Wasn’t this you?');
    await browser.follow(`${ofPhone}?language=da`);

    const theirs = await signedIn(bo);
    const odd = ['0', 'x', '9'.repeat(18), '9'.repeat(40), 'open-1-password', 'open-x'];
    for (const path of [ofPhone, ...odd.map((id) => `/self-service/activity/${id}`)]) {
      const other = await theirs.follow(path);
      expect([path, other.page, other.text.includes('Biblioteket')]).toEqual([path, 'self-activity', false]);
    }

    const form = { ...hiddenFields(page), do: 'session' };
    const ended = await browser.request('/self-service/access', { form });
    expect([ended.status, ended.headers.location]).toEqual([303, '/self-service/access?done=session']);
    expect((await phone.follow('/session')).page).toBe('no-session');
  });

  test('of wrong answers in this hour has its page too', async () => {
    const person = await aPerson(nodes);
    const guess = aBrowser();
    await guess.send(await guess.follow(authRequest(await aRelyingParty(nodes)).path), {
      userId: person.userId,
      password: 'helt forkert',
    });
    const browser = await signedIn(person);
    const open = pathsOn(await browser.follow('/self-service/activity')).find((path) =>
      path.includes('open-'),
    );
    expect((await browser.follow(open ?? '')).text).toContain('Det gav dem ikke adgang.');
  });
});

/** The text of each session of a page, the list of its values as `label: value`. */
const sessionsOn = (page: BrowserPage) =>
  [...page.text.matchAll(/<section class="noegle-item noegle-session">(.*?)<\/dl>/gs)].map(([, text = '']) =>
    text
      .replaceAll('</dt><dd>', ': ')
      .replaceAll(/<[^>]+>/g, ' ')
      .replaceAll(/\s+/g, ' ')
      .trim(),
  );

describe('where somebody is signed in', () => {
  test('each place with its device, browser, network and last use; self-service and /session say the same', async () => {
    nodes.clock.leaveMinuteEdge();
    const person = await aPerson(nodes);
    const rp = await aRelyingParty(nodes, { name_da: 'Biblioteket' });
    await tokensAt(nodes, aBrowser(IPHONE, '198.51.100.7'), person, rp);
    const browser = await signedIn(person);
    const [mine, phone, ...more] = sessionsOn(await browser.follow('/self-service/access'));
    expect(mine).toMatch(/^Computer: Firefox på Windows Her er du nu Netværk: Det, du bruger nu Logget på: /);
    expect(mine).not.toContain('Sidst brugt');
    expect(phone).toMatch(
      /^Telefon eller tablet: Safari på iOS Netværk: 198\.51\.100\.7 Logget på: \S+dag den /,
    );
    expect(phone).toMatch(/Sidst brugt: \S+dag den .* kl\. \d\d\.\d\d Hjemmesider: Biblioteket$/);
    expect(more).toEqual([]);
    expect(sessionsOn(await browser.follow('/session'))).toEqual([mine, phone]);
    const dump = await nodes.database.query<{ line: string }>(
      `SELECT r::text || encode(payload, 'escape') AS line FROM oidc_records r WHERE account_id = $1`,
      [person.identityId],
    );
    expect(dump.length).toBeGreaterThan(1);
    expect(dump.some(({ line }) => /Firefox|Safari|iOS|198\.51\.100\.7/.test(line))).toBe(false);
  });

  test('the last use is that of the latest request that saves the session, from the network of that request', async () => {
    const person = await aPerson(nodes);
    const rp = await aRelyingParty(nodes);
    const elsewhere = aBrowser(IPHONE, '198.51.100.7');
    await tokensAt(nodes, elsewhere, person, rp);
    const browser = await signedIn(person);
    const moved = await elsewhere.copy('203.0.113.5');
    await moved.follow(authRequest(await aRelyingParty(nodes)).path);
    expect(sessionsOn(await browser.follow('/self-service/access'))[1]).toContain('Netværk: 203.0.113.5');
  });

  test('all other places are ended at once, this one stays', async () => {
    const person = await aPerson(nodes);
    const rp = await aRelyingParty(nodes);
    const others = [aBrowser(IPHONE), aBrowser(), aBrowser()];
    for (const other of others) await tokensAt(nodes, other, person, rp);
    const browser = await signedIn(person);
    const done = await end(browser, { do: 'others' });
    expect(done.text).toContain('Der er logget af alle andre steder.');
    expect(sessionsOn(done)).toHaveLength(1);
    for (const other of others) expect((await other.follow('/session')).page).toBe('no-session');
    expect((await browser.follow('/self-service')).page).toBe('self-home');
  });

  test('a session that is ended here takes effect at the next refresh and is notified by the back channel, once', async () => {
    const person = await aPerson(nodes);
    const rp = await aListener({ scope: 'openid profile offline_access' });
    const elsewhere = aBrowser(IPHONE, '198.51.100.7');
    const tokens = await tokensAt(nodes, elsewhere, person, rp);
    const browser = await signedIn(person);
    const page = await browser.follow('/self-service/access');
    const uid = /name="session" value="([^"]+)"/.exec(page.text)?.[1] ?? '';
    const copies = await Promise.all(Array.from({ length: 10 }, () => browser.copy()));
    const ends = await Promise.all(
      copies.map(async (copy) => await copy.post(page, { do: 'session', session: uid })),
    );
    const done = ends.filter(({ headers }) => headers.location?.endsWith('done=session'));
    expect([ends.every(({ status }) => status === 303), done.length]).toEqual([true, 1]);
    await sendNotifications();
    expect(site.at(rp.path).map(({ sid }) => sid)).toEqual([tokens.sid]);
    expect((await userinfo(nodes, tokens.access_token, 1)).status).toBe(401);
    expect((await elsewhere.follow('/session')).page).toBe('no-session');
    expect((await browser.follow('/self-service/access')).text).not.toContain('name="session"');
    expect((await browser.follow('/self-service/activity')).text).toContain('Du loggede af.');
  });

  test('what it may do when no one is signed in continues: that is ended as access', async () => {
    const person = await aPerson(nodes);
    const rp = await aListener({ scope: 'openid profile offline_access' });
    const elsewhere = aBrowser();
    const tokens = await tokensAt(nodes, elsewhere, person, rp, OFFLINE);
    const browser = await signedIn(person);
    const page = await browser.follow('/self-service/access');
    const uid = /name="session" value="([^"]+)"/.exec(page.text)?.[1] ?? '';
    await browser.send(page, { do: 'session', session: uid });
    const next = await refreshTokens(nodes, rp, tokens.refresh_token ?? '');
    expect(next.access_token).toEqual(expect.any(String));

    const list = await browser.follow('/self-service/access');
    expect(list.text).toContain('Kan hente oplysninger, også når du ikke er logget på.');
    site.received.length = 0;
    await sendNotifications();
    site.received.length = 0;
    expect((await end(browser, { do: 'access', service: rp.clientId })).text).toContain(
      'Adgangen er fjernet',
    );
    expect((await refreshTokens(nodes, rp, next.refresh_token ?? tokens.refresh_token ?? '')).error).toBe(
      'invalid_grant',
    );
    expect((await userinfo(nodes, next.access_token ?? '')).status).toBe(401);
  });

  test('everywhere is everywhere, here too', async () => {
    const person = await aPerson(nodes);
    const rp = await aListener();
    const elsewhere = aBrowser();
    await tokensAt(nodes, elsewhere, person, rp);
    const browser = await signedIn(person);
    expect((await end(browser, { do: 'everywhere' })).status).toBe(200);
    await sendNotifications();
    expect(site.at(rp.path)).toHaveLength(1);
    expect((await elsewhere.follow('/session')).page).toBe('no-session');
    expect((await browser.follow('/self-service')).page).toBe('password');
  });

  test('another person’s session stays, in whichever name it is requested', async () => {
    const [anna, bo] = [await aPerson(nodes), await aPerson(nodes)];
    const rp = await aListener({ scope: 'openid profile offline_access' });
    const theirs = aBrowser();
    const tokens = await tokensAt(nodes, theirs, bo, rp, OFFLINE);
    const [{ uid } = { uid: '' }] = await nodes.database.query<{ uid: string }>(
      `SELECT uid FROM oidc_records WHERE account_id = $1 AND model = 'Session'`,
      [bo.identityId],
    );
    const browser = await signedIn(anna);
    for (const odd of ['\u0000', '', "x' OR true --", 'x'.repeat(200)]) {
      const page = await browser.follow('/self-service/access');
      expect((await browser.post(page, { do: 'session', session: odd })).status).toBe(400);
      expect((await browser.post(page, { do: 'access', service: odd })).status).toBe(400);
    }
    for (const fields of [
      { do: 'session', session: uid },
      { do: 'access', service: rp.clientId },
    ]) {
      expect((await end(browser, fields)).text).not.toMatch(/Der er logget af|Adgangen er fjernet/);
    }
    await sendNotifications();
    expect(site.received).toEqual([]);
    expect((await theirs.follow('/session')).page).toBe('session');
    expect((await refreshTokens(nodes, rp, tokens.refresh_token ?? '')).error).toBeUndefined();
  });
});

describe('who has access', () => {
  test('ended here: refresh and back channel feel it, others do not, and the next sign-in asks anew', async () => {
    const person = await aPerson(nodes);
    const registration = { scope: 'openid profile offline_access', trusted: false };
    const [one, two] = [await aListener(registration), await aListener(registration)];
    const browser = aBrowser();
    const mine = await tokensAt(nodes, browser, person, one, OFFLINE);
    const others = await tokensAt(nodes, browser, person, two, OFFLINE);
    await signedIn(person, browser);
    expect((await browser.follow('/self-service/access')).text).toContain('Får: Navn, Fødselsdato, Sprog.');

    const page = await browser.follow('/self-service/access');
    const copies = await Promise.all(Array.from({ length: 10 }, () => browser.copy()));
    const ends = await Promise.all(
      copies.map(async (copy) => await copy.post(page, { do: 'access', service: one.clientId })),
    );
    expect(ends.filter(({ headers }) => headers.location?.endsWith('done=access'))).toHaveLength(1);
    await sendNotifications();
    expect(site.received.map(({ path, sid }) => ({ path, sid }))).toEqual([
      { path: one.path, sid: mine.sid },
    ]);
    expect((await refreshTokens(nodes, one, mine.refresh_token ?? '')).error).toBe('invalid_grant');
    expect((await refreshTokens(nodes, two, others.refresh_token ?? '')).error).toBeUndefined();
    expect((await browser.follow(authRequest(one, { scope: 'openid profile' }).path)).page).toBe('consent');
    const [{ events } = { events: 0 }] = await nodes.database.query<{ events: number }>(
      `SELECT count(*)::int AS events FROM audit_events WHERE identity_id = $1 AND kind = 'access_ended'`,
      [person.identityId],
    );
    expect(events).toBe(1);
  });

  test('a site that never got anything, or nothing for long, is not notified', async () => {
    const person = await aPerson(nodes);
    const parties = [await aListener(), await aListener(), await aListener()];
    const browser = await signedIn(person);
    for (const rp of parties) await tokensAt(nodes, browser, person, rp);
    const [nothing, over, live] = parties.map(({ clientId }) => clientId);
    await nodes.database.query(
      `DELETE FROM oidc_records WHERE client_id = $1 AND model NOT IN ('Grant', 'Interaction')`,
      [nothing],
    );
    await nodes.database.query(
      `UPDATE oidc_records SET expires_at = now() - interval '1 minute' WHERE client_id = $1 AND model = 'Grant'`,
      [over],
    );
    for (const service of [nothing, over, live]) await end(browser, { do: 'access', service: service ?? '' });
    await sendNotifications();
    expect(site.received.map(({ path }) => path)).toEqual([parties[2]?.path]);
  });

  test('a code that was on its way is no longer valid afterwards', async () => {
    const person = await aPerson(nodes);
    const rp = await aRelyingParty(nodes);
    const browser = await signedIn(person);
    const request = authRequest(rp);
    let page = await browser.follow(request.path);
    if (page.page === 'consent') page = await browser.send(page, { accept: '1' });
    const code = readReturnedCode(page).get('code') ?? '';
    await end(browser, { do: 'access', service: rp.clientId });
    expect((await redeemCode(nodes, rp, code, request.verifier)).error).toBe('invalid_grant');
  });
});

describe('the file with all that is known', () => {
  const fetchData = async (browser: TestBrowser) => {
    const answer = await browser.post(await browser.follow('/self-service/data'), {});
    return { answer, data: JSON.parse(answer.text) as Record<string, unknown> };
  };

  test('is only theirs, whole, and without anything that signs in', async () => {
    const [anna, bo] = [
      await aPerson(nodes, { email: 'anna@mail.example' }),
      await aPerson(nodes, { email: 'bo@mail.example' }),
    ];
    const rp = await aRelyingParty(nodes, { name_da: 'Biblioteket' });
    const browser = aBrowser();
    await signedIn(anna, browser);
    await tokensAt(nodes, browser, anna, rp);
    await signedIn(bo);
    const { answer, data } = await fetchData(browser);
    expect(answer.headers).toMatchObject({
      'content-type': 'application/json; charset=utf-8',
      'cache-control': 'no-store',
      'content-disposition': expect.stringMatching(/^attachment; filename="noegle-\d{4}-\d\d-\d\d\.json"$/),
    });
    expect(data).toMatchObject({
      format: 'noegle-export-1',
      person: {
        email: 'anna@mail.example',
        birthdate: expect.any(String),
        cpr: expect.stringMatching(/^\d{10}$/),
      },
      id: { idNumber: anna.idNumber, userId: anna.userId },
      cards: [{ cardNumber: anna.cardNumber.replaceAll('-', ''), state: 'active' }],
      sessions: [{ sites: expect.arrayContaining(['Biblioteket']) }],
      access: [expect.objectContaining({ name: 'Biblioteket' })],
    });
    const seen = (data['activity'] as { kind: string; from: unknown }[]).find(
      ({ kind }) => kind === 'signed_in',
    );
    expect(seen?.from).toEqual({ browser: 'Firefox', system: 'Windows', network: '192.0.2.10' });
    for (const secret of [
      bo.userId,
      bo.idNumber,
      'bo@mail.example',
      anna.password,
      'hash',
      'salt',
      'sealed',
    ]) {
      expect(answer.text).not.toContain(secret);
    }
    for (const [, key] of anna.keys) expect(answer.text).not.toContain(`"${key}"`);
    expect(lines(await browser.follow('/self-service/activity'))[0]).toContain(
      'Du hentede dine oplysninger.',
    );
  });

  test('can be read as a page, which has every member, in both languages, and takes the same key', async () => {
    const person = await aPerson(nodes, { email: 'anna@mail.example' });
    const rp = await aRelyingParty(nodes, { name_da: 'Biblioteket', name_en: 'The library' });
    const browser = await signedIn(person);
    await tokensAt(nodes, browser, person, rp);
    const { data } = await fetchData(browser);
    const danish = await browser.follow('/self-service/data/read');
    const english = await browser.follow('/self-service/data/read?language=en');
    expect([danish.page, english.page]).toEqual(['self-data-read', 'self-data-read']);
    const parts = (page: BrowserPage) =>
      [...page.text.matchAll(/<section data-part="([^"]+)"/g)].map(([, name]) => name);
    const members = Object.keys(data).filter((name) => !['format', 'exportedAt'].includes(name));
    expect([parts(danish), parts(english)]).toEqual([members, members]);
    const { person: who, cards } = data as {
      person: Record<string, unknown>;
      cards: { cardNumber: string }[];
    };
    expect(cards).toHaveLength(1);
    for (const page of [danish, english])
      for (const text of [
        who['name'],
        formatCpr(String(who['cpr'])),
        who['pid'],
        who['email'],
        person.userId,
        person.cardNumber,
      ])
        expect(page.text).toContain(text);
    expect(danish.text).toContain('Biblioteket');
    expect(english.text).toContain('The library');
    expect(lines(await browser.follow('/self-service/activity?language=da'))[0]).toContain('hentede');

    const late = aBrowser();
    await tokensAt(nodes, late, person, rp);
    await signedIn(person, late);
    expect((await late.follow('/self-service/data/read')).page).toBe('password');
  });

  test('no one fetches it without the proof of the session, nor by a link', async () => {
    const browser = await signedIn(await aPerson(nodes));
    const page = await browser.follow('/self-service/data');
    expect((await browser.post(page, { csrf: 'x'.repeat(43) })).status).toBe(403);
    expect((await new TestBrowser(nodes).post(page, {})).status).toBe(303);
  });

  test('its members are those of the docs', async () => {
    const docs = readFileSync('docs/reference/self-service-export.md', 'utf8');
    const documented = new Set([...docs.matchAll(/^\| `([a-zA-Z.]+)` \|/gm)].map(([, name]) => name));
    const { data } = await fetchData(await signedIn(await aPerson(nodes)));
    const names = Object.entries(data).flatMap(([name, value]) =>
      value !== null && typeof value === 'object' && !Array.isArray(value)
        ? Object.keys(value).map((inner) => `${name}.${inner}`)
        : [name],
    );
    expect(names.filter((name) => !documented.has(name))).toEqual([]);
    expect([...documented].filter((name) => !names.includes(name ?? ''))).toEqual([]);
  });
});

test('a step of a sign-in that is given up is no sign-in', async () => {
  const person = await aPerson(nodes);
  const rp = await aRelyingParty(nodes);
  await toKeyPage(aBrowser(), person, authRequest(rp));
  const shown = lines(await (await signedIn(person)).follow('/self-service/activity'));
  expect(shown.filter((line) => line.includes('Du loggede på hos'))).toHaveLength(1);
});
