/** The database is unavailable: reported within two seconds, nothing lost, back without a restart. */
import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import pg from 'pg';
import { TERMS_VERSION } from '../src/domain/issuing/terms.ts';
import { HashingQueueFull, type PasswordHasher } from '../src/platform/hashing/passwordHasher.ts';
import { da } from '../src/ui/words/words.da.ts';
import {
  aPerson,
  aRelyingParty,
  asRelyingParty,
  openCounterSession,
  authRequest,
  TestBrowser,
  challengeOf,
  encodeForm,
  expectWithin,
  issueApplication,
  keyFor,
  waitForLetters,
  Nodes,
  type BrowserPage,
  redeemCode,
  request,
  readReturnedCode,
  signInAtNode,
  type TestPerson,
  type TestRelyingParty,
  toKeyPage,
  twoOperators,
  timedToo,
  waitUntilReadiness,
} from './support/index.ts';
import { CutProxy } from './support/cutProxy.ts';

let nodes: Nodes;
let proxy: CutProxy;
let person: TestPerson;
let rp: TestRelyingParty;
beforeAll(async () => {
  proxy = await CutProxy.toDatabase();
  nodes = await Nodes.start({ databaseUrl: (url) => proxy.url(url) });
  person = await aPerson(nodes);
  rp = await aRelyingParty(nodes);
});
afterAll(async () => {
  proxy.restore();
  await nodes.close();
  await proxy.close();
});

const waitUntil = (status: 200 | 503) => waitUntilReadiness(nodes.node(0), status);

for (const how of ['cut', 'hang'] as const) {
  timedToo(
    `with the connections ${how === 'cut' ? 'cut' : 'hanging'}: 503 with Retry-After, then it continues`,
    async () => {
      const browser = new TestBrowser(nodes);
      const login = authRequest(rp);
      const keyPage = await toKeyPage(browser, person, login);
      const code = (await signInAtNode(new TestBrowser(nodes), person, login)).get('code') ?? '';
      // The client cache has to ask again: its entries live for two seconds.
      await new Promise((resolve) => setTimeout(resolve, 2_100));

      proxy[how]();
      const asked = [
        browser.request(keyPage.formUrl),
        browser.post(keyPage, { key: '000000' }),
        browser.request(authRequest(rp).path),
        asRelyingParty(nodes, rp, '/token', {
          grant_type: 'authorization_code',
          code,
          redirect_uri: rp.redirectUri,
          code_verifier: login.verifier,
        }),
        waitUntil(503),
      ];
      const startedAt = performance.now();
      const answered = await Promise.all(asked);
      const ms = performance.now() - startedAt;
      const answers = answered.filter((answer) => 'headers' in answer);
      expect(answered.map(({ status }) => status)).toEqual([503, 503, 503, 503, 503]);
      expectWithin(ms, 2_000);
      for (const answer of answers) {
        expect(answer.headers['retry-after']).toBe('2');
        expect(answer.headers.location).toBeUndefined();
        expect(answer.headers['set-cookie']).toBeUndefined();
      }
      expect(answers[0]?.text).toContain('Nøgle er ude af drift et øjeblik');
      expect(JSON.parse(answers[3]?.text ?? '')).toMatchObject({ error: 'temporarily_unavailable' });
      await request(nodes.node(0)).get('/health/live').expect(200);

      proxy.restore();
      if (how === 'hang') proxy.cut();
      proxy.restore();
      await waitUntil(200);
      const now = await browser.follow(keyPage.formUrl);
      expect(
        readReturnedCode(await browser.send(now, { key: keyFor(person, now) })).get('code'),
      ).toBeTruthy();
      expect((await redeemCode(nodes, rp, code, login.verifier)).status).toBe(200);
    },
  );
}

describe('a server that takes no writes', () => {
  const onServer = async (text: string) => {
    const client = new pg.Client(nodes.database.url);
    await client.connect();
    await client.query('SET default_transaction_read_only = off');
    await client.query(text.replace('$DB', client.escapeIdentifier(client.database ?? '')));
    await client.end();
  };
  const askAll = async (keyPage: BrowserPage, browser: TestBrowser) =>
    await Promise.all(Array.from({ length: 12 }, () => browser.post(keyPage, { key: '000000' })));

  test('is unavailable: not ready, 503 with Retry-After, and its successor is reached with the next connection', async () => {
    const browser = new TestBrowser(nodes);
    const keyPage = await toKeyPage(browser, person, authRequest(rp));
    // The server reports it on one connection; the others are kept, and new ones are refused.
    await nodes.context.database.query({ name: 'demote', text: 'SET default_transaction_read_only = on' });
    await onServer('ALTER DATABASE $DB SET default_transaction_read_only = on');
    try {
      const answers = await askAll(keyPage, browser);
      expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 503));
      for (const answer of answers) expect(answer.headers['retry-after']).toBe('2');
      expect((await waitUntil(503)).checks['database']).not.toBe('ok');
    } finally {
      await onServer('ALTER DATABASE $DB RESET default_transaction_read_only');
    }
    // No restart, and no earlier connection: the successor takes writes immediately.
    await waitUntil(200);
    const now = await browser.follow(keyPage.formUrl);
    expect(readReturnedCode(await browser.send(now, { key: keyFor(person, now) })).get('code')).toBeTruthy();
  });

  for (const [state, what] of Object.entries({
    '25006': 'read-only',
    '40001': 'serialization',
    '42501': 'a missing right',
    '53100': 'disk full',
    '53300': 'too many connections',
    '57P03': 'starting',
    '58030': 'disk error',
  })) {
    test(`what it says for "${what}" (${state}) is 503, not 500`, async () => {
      const browser = new TestBrowser(nodes);
      const keyPage = await toKeyPage(browser, person, authRequest(rp));
      await nodes.database.query(`
        CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS
          $$ BEGIN RAISE EXCEPTION 'as by a server' USING ERRCODE = '${state}'; END $$;
        CREATE TRIGGER refuse BEFORE UPDATE ON key_cards EXECUTE FUNCTION refuse();
        CREATE TRIGGER refuse BEFORE UPDATE ON attempts EXECUTE FUNCTION refuse();`);
      const answer = await browser.post(keyPage, { key: keyFor(person, keyPage) });
      await nodes.database.query('DROP FUNCTION refuse CASCADE');
      expect([answer.status, answer.headers['retry-after']]).toEqual([503, '2']);
      const now = await browser.follow(keyPage.formUrl);
      expect(
        readReturnedCode(await browser.send(now, { key: keyFor(person, now) })).get('code'),
      ).toBeTruthy();
    });
  }

  test('an outage is a line a second, without a stack, however many requests meet it', async () => {
    const browser = new TestBrowser(nodes);
    const page = await toKeyPage(browser, person, authRequest(rp));
    const before = nodes.log.length;
    proxy.cut();
    await Promise.all(Array.from({ length: 40 }, () => browser.request(page.formUrl)));
    proxy.restore();
    const errors = () =>
      nodes.log
        .slice(before)
        .split('\n')
        .filter((line) => line.includes('"level":"error"'));
    const isLogged = () => errors().some((line) => line.includes('the database does not answer'));
    // Logged immediately, or when a second has passed since the last line, which may be of the previous
    // outage.
    for (let i = 0; i < 250 && !isLogged(); i += 1) await new Promise((resolve) => setTimeout(resolve, 20));
    expect(isLogged()).toBe(true);
    expect(errors().slice(4)).toEqual([]);
    expect(errors().join('')).not.toContain('stack');
  });
});

test('a client that hangs up and the questions of proxies are logged only at debug', async () => {
  const before = nodes.log.length;
  const lines = (word: string) =>
    nodes.log
      .slice(before)
      .split('\n')
      .filter((line) => line.includes(word));
  // The last answer of the node is kept for a second.
  await new Promise((resolve) => setTimeout(resolve, 1_100));
  proxy.hang();
  const socket = connect(nodes.node(0).port, '127.0.0.1');
  socket.write('GET /health/ready HTTP/1.1\r\nHost: x\r\n\r\n');
  await new Promise((resolve) => setTimeout(resolve, 100));
  socket.resetAndDestroy();
  for (let i = 0; i < 100 && lines('could not be sent').length === 0; i += 1) {
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  proxy.cut();
  proxy.restore();
  await waitUntil(200);
  const logLines = [...lines('could not be sent'), ...lines('/health/')];
  expect(logLines.length).toBeGreaterThan(1);
  for (const line of logLines) expect(line).toContain('"level":"debug"');
});

describe('a form that could not be evaluated comes back as it was sent, without the password', () => {
  const order = {
    termsVersion: TERMS_VERSION,
    language: 'da',
    cpr: '610785-4386',
    name: 'Anna »Ane« Prøve',
    documentKind: 'passport',
    documentNumber: '201234567',
    email: 'anna@mail.example',
    withoutInterpreter: 'yes',
    operatesAlone: 'yes',
    terms: 'yes',
  };
  const secret = 'En adgangskode, ingen ser igen';
  beforeAll(() => nodes.secrets.add(secret, 'password'));

  function expectValuesKept(answer: BrowserPage, page: string, values: readonly string[]): void {
    expect([answer.status, answer.page]).toEqual([503, page]);
    expect(answer.headers).toMatchObject({ 'retry-after': '2', 'cache-control': 'no-store' });
    expect(answer.text).toContain('<title>Fejl: ');
    expect(answer.text).not.toContain(secret);
    for (const value of values) expect(answer.text).toContain(`value="${value}"`);
  }

  test('at /order: with the database unavailable, and with the queue full', async () => {
    const browser = new TestBrowser(nodes);
    const values = ['610785-4386', 'Anna »Ane« Prøve', '201234567', 'anna@mail.example'];
    const body = encodeForm(order);
    proxy.cut();
    const away = await browser.request('/order', { method: 'POST', body });
    proxy.restore();
    expectValuesKept(away, 'order-check', values);
    expect(away.text).toContain(da.unseen.unavailable);
    expect(away.text.match(/value="yes"/g)).toHaveLength(3);
    const repair = fillQueue();
    const busy = await browser.request('/order', { method: 'POST', body });
    repair();
    expectValuesKept(busy, 'order-check', values);
    expect(busy.text).toContain(da.unseen.busy);
    // An attempt that was not verified costs nothing.
    expect((await browser.send(busy, order)).page).toBe('order-no-match');
    // Programs get the same answers as before.
    proxy.cut();
    const json = await browser.request('/order', {
      method: 'POST',
      body,
      headers: { accept: 'application/json' },
    });
    proxy.restore();
    expect([json.status, JSON.parse(json.text)]).toMatchObject([503, { error: 'temporarily_unavailable' }]);
    // A form that is not Nøgle's is refused as such when the database is unavailable, too.
    proxy.cut();
    const bad = await browser.request('/order', { form: { cpr: '1' } });
    proxy.restore();
    expect(bad.status).toBe(400);
  });

  test('at /activate: the ID number at first, the user ID and the ticks at last', async () => {
    const issued = await waitForLetters(nodes, await issueApplication(nodes));
    // Without a record of the terms they are asked for.
    await nodes.database.query('DELETE FROM applications WHERE identity_id = $1', [issued.identityId]);
    const browser = new TestBrowser(nodes);
    const start = await browser.follow('/activate');
    const typed = { userId: issued.idNumber, password: secret };
    proxy.cut();
    const away = await browser.post(start, typed);
    const foreign = await browser.post(start, { ...typed, csrf: 'x' });
    proxy.restore();
    expectValuesKept(away, 'activate', [issued.idNumber]);
    expect([foreign.status, foreign.page]).toEqual([503, 'trouble']);
    const repair = fillQueue();
    expectValuesKept(await browser.post(away, typed), 'activate', [issued.idNumber]);
    repair();
    const keyPage = await browser.send(away, { ...typed, password: issued.temporaryPassword });
    const choosePage = await browser.send(keyPage, {
      key: issued.keys.get(challengeOf(keyPage).keyNumber) ?? '',
    });
    const chosen = { userId: 'anna-valgte', password: secret, terms: '1' };
    proxy.cut();
    const late = await browser.post(choosePage, chosen);
    proxy.restore();
    expectValuesKept(late, 'activate-choose', ['anna-valgte']);
    expect(late.text).toMatch(/id="terms" name="terms" value="1" checked/);
    expect(late.text).not.toMatch(/id="understood" name="understood" value="1" checked/);
    const done = await browser.send(late, { ...chosen, userId: 'anna-valgte', understood: '1' });
    expect(done.page).toBe('activate-done');
  });

  test('at /desk/issue: all of it', async () => {
    const officer = await openCounterSession(nodes, await twoOperators(nodes), 'officer');
    const page = await officer.browser.follow('/desk/issue');
    const fields = { cpr: '610785-4386', givenName: 'Søren', familyName: 'Ågård', terms: 'yes' };
    proxy.cut();
    const away = await officer.post('/desk/issue', fields, page);
    proxy.restore();
    expectValuesKept(away, 'desk-kept', Object.values(fields));
    const again = await officer.post('/desk/issue', {}, away);
    expect([again.status, again.page]).toEqual([200, 'desk-issue']);
    expect(again.text).toContain('value="Ågård"');
  });

  /** @returns a function that undoes it */
  function fillQueue(): () => void {
    const hasher = nodes.context.hasher as Pick<PasswordHasher, 'hash' | 'verify'>;
    const { hash, verify } = hasher;
    hasher.hash = () => Promise.reject(new HashingQueueFull('full'));
    hasher.verify = () => Promise.reject(new HashingQueueFull('full'));
    return () => Object.assign(hasher, { hash, verify });
  }
});

timedToo(
  'a row that stays locked: 503 within two seconds, nothing left running, and nothing invalidated',
  async () => {
    const browser = new TestBrowser(nodes);
    const page = await toKeyPage(browser, person, authRequest(rp));
    const holder = new pg.Client(nodes.database.url);
    await holder.connect();
    await holder.query('BEGIN');
    await holder.query('SELECT FROM key_cards WHERE id = $1 FOR UPDATE', [person.cardId]);
    const startedAt = performance.now();
    const answer = await browser.post(page, { key: keyFor(person, page) });
    expectWithin(performance.now() - startedAt, 2_000);
    expect(answer.status).toBe(503);
    const [waiting] = await nodes.database.query<{ many: number }>(
      `SELECT count(*)::int AS many FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`,
    );
    expect(waiting?.many).toBe(0);
    await holder.query('ROLLBACK');
    await holder.end();
    const now = await browser.follow(page.formUrl);
    expect(challengeOf(now)).toEqual(challengeOf(page));
    expect(readReturnedCode(await browser.send(now, { key: keyFor(person, now) })).get('code')).toBeTruthy();
  },
);

test('a key whose commit was not confirmed is never given twice: it was spent, and the sign-in continues', async () => {
  const browser = new TestBrowser(nodes);
  const page = await toKeyPage(browser, person, authRequest(rp));
  const { keyNumber } = challengeOf(page);
  proxy.loseAnswerTo('signed_in');
  expect(readReturnedCode(await browser.send(page, { key: keyFor(person, page) })).get('code')).toBeTruthy();
  const next = await toKeyPage(new TestBrowser(nodes), person, authRequest(rp));
  expect(challengeOf(next).keyNumber).not.toBe(keyNumber);
});

test('a key whose spending failed is invalidated, and the next is asked for', async () => {
  const browser = new TestBrowser(nodes);
  const page = await toKeyPage(browser, person, authRequest(rp));
  const { keyNumber } = challengeOf(page);
  // The connection dies before the statement has run.
  const { database } = nodes.context;
  const original = database.query.bind(database);
  const { DatabaseUnavailable } = await import('../src/db/database.ts');
  database.query = async (statement, values) => {
    if (statement.text.includes('UPDATE key_cards c SET spent')) {
      database.query = original;
      throw new DatabaseUnavailable('lost during the commit');
    }
    return await original(statement, values);
  };
  const next = await browser.send(page, { key: keyFor(person, page) });
  expect(next.page).toBe('key');
  expect(challengeOf(next).keyNumber).not.toBe(keyNumber);
  const [event] = await nodes.database.query<{ kind: string }>(
    'SELECT kind FROM audit_events WHERE identity_id = $1 ORDER BY id DESC LIMIT 1',
    [person.identityId],
  );
  expect(event?.kind).toBe('key_burnt');
  expect(readReturnedCode(await browser.send(next, { key: keyFor(person, next) })).get('code')).toBeTruthy();
});
