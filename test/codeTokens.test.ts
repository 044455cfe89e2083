/** The story of code tokens, over two nodes: from the file of their maker to the end of each. */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { SUBSTANTIAL } from '../src/domain/signIn/levels.ts';
import { aCodeToken, importFile, intoStock, SoftToken } from './support/codeTokens.ts';
import {
  aPerson,
  aRelyingParty,
  authRequest,
  hiddenFields,
  keyFor,
  openCounterSession,
  payloadOf,
  readReturnedCode,
  REASON,
  redeemCode,
  SHOWN,
  signInAt,
  TestBrowser,
  toKeyPage,
  twoOperators,
  useNodes,
  type BrowserPage,
  type TestPerson,
  type TestRelyingParty,
} from './support/index.ts';

const nodes = useNodes({ count: 2, binding: () => 'require' });

const HEADER = 'serial,kind,seed,digits,period,algorithm,counter';
const HEX = 'a1'.repeat(20);

const rowOf = async ({ serialNumber }: SoftToken) =>
  (
    await nodes.database.query<Record<string, unknown>>(
      'SELECT *, last_step::float8 AS step FROM code_tokens WHERE serial_number = $1',
      [serialNumber],
    )
  )[0] ?? {};
const stateOf = async (token: SoftToken) => (await rowOf(token))['state'];
const noticesTo = async ({ identityId }: TestPerson) =>
  (
    await nodes.database.query<{ kind: string }>(
      `SELECT kind FROM notices WHERE identity_id = $1 AND kind LIKE 'code_token%' ORDER BY at, kind`,
      [identityId],
    )
  ).map(({ kind }) => kind.replace('code_token_', ''));
const run = async (task: string) => await nodes.node(0).app.tasks[task]?.({});

describe('the file', () => {
  test('each fault is named by its line, and nothing is imported', async () => {
    const lines = [
      HEADER,
      `NT-1001,totp,${HEX},6,30,SHA-1,`,
      'NT-1002,hotp,MFRGGZDFMZTWQ2LKNNWG23TPOBYXE43U,6,,,7',
      `NT-1003,totp,${HEX},6,30,,`,
      `NT-1001,totp,${'b2'.repeat(20)},8,60,sha256,`,
      `N,totp,${HEX},6`,
      `NT-1005,sms,${HEX},6,30,,`,
      'NT-1006,totp,not a seed!,6,30,,',
      'NT-1007,totp,a1a1a1,6,30,,',
      `NT-1008,totp,${'c3'.repeat(20)},7,30,,`,
      `NT-1009,totp,${'c3'.repeat(20)},6,5,,`,
      `NT-1010,totp,${'c3'.repeat(20)},6,30,MD5,`,
      `NT-1011,totp,${'c3'.repeat(20)},6,30,,4`,
      `NT-1012,hotp,${'c3'.repeat(20)},6,30,,0`,
    ];
    const report = await importFile(nodes, lines.join('\r\n'));
    expect(report).toMatchObject({ rows: 13, imported: 0, faultCount: 11 });
    expect(report.faults.map(({ line, fault }) => `${line} ${fault}`)).toEqual([
      '4 seed_twice',
      '5 serial_twice',
      '6 field_count',
      '7 bad_kind',
      '8 bad_seed',
      '9 short_seed',
      '10 bad_digits',
      '11 bad_period',
      '12 bad_algorithm',
      '13 bad_counter',
      '14 bad_period',
    ]);
    expect(await nodes.database.query('SELECT FROM code_tokens')).toEqual([]);
  });

  test('a file that is none is refused as a whole, without a word of what is in it', async () => {
    await expect(importFile(nodes, '')).rejects.toThrow('the file is empty');
    await expect(importFile(nodes, `${HEADER}\n`)).rejects.toThrow('a header and no rows');
    await expect(importFile(nodes, `NT-1,totp,${HEX},6\n`)).rejects.toThrow(
      /it lacks serial, kind, seed, digits; nothing is known of column 1, 2, 3, 4\. Its columns are/,
    );
    await expect(importFile(nodes, `serial,kind,seed,digits,seed\n`)).rejects.toThrow(
      'column 5 is there already',
    );
  });

  test('what was imported is in stock, sealed, and imported once', async () => {
    const base32 = `${HEADER}\nNT-2001,hotp,mfrg gzdf mztw q2lk nnwg 23tp obyx e43u,8,,SHA-256,7\nnt-2002,totp,${HEX},6,,,`;
    expect(await importFile(nodes, base32)).toMatchObject({ rows: 2, imported: 2 });
    const rows = await nodes.database.query<Record<string, unknown>>(
      'SELECT serial_number, kind, digits, period_seconds, algorithm, state, last_step::int FROM code_tokens ORDER BY 1',
    );
    expect(rows.map((row) => Object.values(row).join(' '))).toEqual([
      'NT-2001 hotp 8  SHA-256 in_stock 6',
      'NT-2002 totp 6 30 SHA-1 in_stock -1',
    ]);
    const dump = JSON.stringify(
      await nodes.database.query(
        'SELECT encode(seed_sealed, $1) AS s, encode(seed_lookup, $1) AS l FROM code_tokens',
        ['hex'],
      ),
    );
    expect(dump).not.toContain(HEX);
    const again = await importFile(
      nodes,
      `${HEADER}\nNT-2003,totp,${HEX},6,,,\nNT-2001,totp,${'d4'.repeat(20)},6,,,`,
    );
    expect(again).toMatchObject({ imported: 0 });
    expect(again.faults).toEqual([
      { line: 2, fault: 'seed_taken' },
      { line: 3, fault: 'serial_taken' },
    ]);
  });
});

async function claimsOf(rp: TestRelyingParty, page: BrowserPage, verifier: string) {
  const tokens = await redeemCode(nodes, rp, readReturnedCode(page).get('code') ?? '', verifier, 1);
  return payloadOf(tokens.id_token);
}

/** Gives a code at a new sign-in. */
async function give(person: TestPerson, rp: TestRelyingParty, code: string) {
  const browser = new TestBrowser(nodes);
  const login = authRequest(rp);
  const page = await toKeyPage(browser, person, login);
  expect(page.page).toBe('key');
  return { browser, login, page: await browser.send(page, { step: 'code-token', code }) };
}

const isSignedIn = ({ page }: { page: BrowserPage }) => page.headers.location?.includes('code=') ?? false;

describe('a sign-in', () => {
  test('takes no more statements and commits by a code than by a key', async () => {
    const person = await aPerson(nodes);
    const rp = await aRelyingParty(nodes);
    const token = await aCodeToken(nodes, person);
    await give(person, rp, token.show());
    nodes.clock.forward(30_000);
    const costOf = async (send: (page: BrowserPage) => Record<string, string>) => {
      const browser = new TestBrowser(nodes);
      const page = await toKeyPage(browser, person, authRequest(rp));
      const before = nodes.cost;
      expect(isSignedIn({ page: await browser.post(page, send(page)) })).toBe(true);
      return [nodes.cost.statements - before.statements, nodes.cost.commits - before.commits];
    };
    const byKey = await costOf((page) => ({ key: keyFor(person, page) }));
    const byCode = await costOf(() => ({ step: 'code-token', code: token.show() }));
    expect(byCode).toEqual(byKey);
  });

  test('a code takes the place of the key, once, and its drift is learned', async () => {
    const person = await aPerson(nodes);
    const rp = await aRelyingParty(nodes);
    const token = await aCodeToken(nodes, person);
    const { page, login } = await give(person, rp, ` ${token.show().slice(0, 3)} ${token.show().slice(3)}`);
    const claims = await claimsOf(rp, page, login.verifier);
    expect(claims).toMatchObject({ acr: SUBSTANTIAL, amr: ['pwd', 'otp', 'mfa'] });
    const twice = await give(person, rp, token.show());
    expect([twice.page.page, twice.page.text.includes('Den kode er brugt')]).toEqual(['key', true]);
    // It is not counted: a person who signs in at two places has no other.
    const subject = await nodes.database.query(
      'SELECT FROM attempts a JOIN identities i ON a.subject = i.key_tries WHERE i.id = $1 AND a.wrong > 0',
      [person.identityId],
    );
    expect(subject).toEqual([]);
    // Half a minute fast at each sign-in: followed as far as it goes.
    for (const drift of [1, 2, 3]) {
      nodes.clock.forward(60_000);
      token.aheadSeconds += 30;
      expect(isSignedIn(await give(person, rp, token.show()))).toBe(true);
      expect((await rowOf(token))['drift_steps']).toBe(drift);
    }
    // The card still serves.
    const browser = new TestBrowser(nodes);
    const keyPage = await toKeyPage(browser, person, authRequest(rp));
    expect(isSignedIn({ page: await browser.send(keyPage, { key: keyFor(person, keyPage) }) })).toBe(true);
  });

  test('a counter is looked ahead of, and an earlier code is none', async () => {
    const person = await aPerson(nodes);
    const rp = await aRelyingParty(nodes);
    const token = await aCodeToken(nodes, person, 'hotp');
    token.presses += 8;
    const earlier = token.show(-1);
    expect(isSignedIn(await give(person, rp, token.show()))).toBe(true);
    expect((await give(person, rp, earlier)).page.text).toContain('Koden er ikke rigtig');
    token.presses += 40;
    expect((await give(person, rp, token.show())).page.text).toContain('Uret i din kodeviser går forkert');
  });

  test('without a card in use the code serves alone', async () => {
    const person = await aPerson(nodes);
    const rp = await aRelyingParty(nodes);
    const token = await aCodeToken(nodes, person);
    await nodes.database.query(`UPDATE key_cards SET state = 'used_up' WHERE identity_id = $1`, [
      person.identityId,
    ]);
    const { page, login } = await give(person, rp, token.show());
    expect(await claimsOf(rp, page, login.verifier)).toMatchObject({ amr: ['pwd', 'otp', 'mfa'] });
  });

  test('bad input is refused in words; wrong codes and wrong keys count together, and block both', async () => {
    const person = await aPerson(nodes);
    const rp = await aRelyingParty(nodes);
    const token = await aCodeToken(nodes, person);
    const malformed = await give(person, rp, '12345');
    expect(malformed.page.text).toContain('Koden skal være 6 tal');
    token.aheadSeconds = 19 * 60;
    const far = await give(person, rp, token.show());
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
    expect((await give(person, rp, token.showWrong())).page.text).toContain('lukker vi for koder og nøgler');
    expect((await give(person, rp, token.showWrong())).page.page).toBe('locked');
    const locked = await toKeyPage(new TestBrowser(nodes), person, authRequest(rp));
    expect(locked.page).toBe('locked');
    nodes.clock.forward(9 * 3_600_000);
    for (const _ of [1, 2, 3, 4]) await give(person, rp, token.showWrong());
    const last = await give(person, rp, token.showWrong());
    expect(last.page.page).toBe('refused');
    expect(await stateOf(token)).toBe('blocked');
    const cards = await nodes.database.query('SELECT state FROM key_cards WHERE identity_id = $1', [
      person.identityId,
    ]);
    expect(cards).toEqual([{ state: 'blocked' }]);
    expect(await noticesTo(person)).toEqual(['active', 'blocked']);
  });
});

async function atSelfService(person: TestPerson): Promise<TestBrowser> {
  const browser = new TestBrowser(nodes);
  expect((await signInAt(browser, person, '/self-service')).page).toBe('self-home');
  return browser;
}
const open = async (browser: TestBrowser) => await browser.follow('/self-service/code-token');
async function confirm(browser: TestBrowser, person: TestPerson, asked: BrowserPage): Promise<BrowserPage> {
  expect(asked.page).toBe('self-confirm');
  return await browser.send(asked, { key: keyFor(person, asked) });
}

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
    expect(isSignedIn(await give(person, rp, one.show()))).toBe(true);

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

async function block(browser: TestBrowser, what: 'card' | 'identity'): Promise<void> {
  const page = await browser.follow(`/self-service/block/${what}`);
  await browser.request('/self-service/block', { form: { ...hiddenFields(page), what } });
}

describe('adjusting and ending', () => {
  test('two codes in a row and a key bring it back; two that are not do not', async () => {
    const person = await aPerson(nodes);
    const rp = await aRelyingParty(nodes);
    const token = await aCodeToken(nodes, person);
    // Its clock lost them over a long time: a device shows no step twice.
    nodes.clock.forward(20 * 60_000);
    token.aheadSeconds = -17 * 60;
    const browser = await atSelfService(person);
    const page = await open(browser);
    const apart = await browser.send(page, { do: 'adjust', first: token.show(), second: token.show(2) });
    expect([apart.page, apart.text.includes('De to koder passer ikke')]).toEqual(['self-code-token', true]);
    const asked = await browser.send(apart, { do: 'adjust', first: token.show(), second: token.show(1) });
    expect((await confirm(browser, person, asked)).text).toContain('er stillet');
    nodes.clock.forward(60_000);
    expect(isSignedIn(await give(person, rp, token.show()))).toBe(true);
    token.aheadSeconds = 40 * 60;
    const beyond = await browser.send(await open(browser), {
      do: 'adjust',
      first: token.show(),
      second: token.show(1),
    });
    expect(beyond.text).toContain('mere end 20 minutter');
  });

  test.each(['token', 'card', 'identity'] as const)(
    'blocked with the %s, it gives no code any more',
    async (what) => {
      const person = await aPerson(nodes);
      const rp = await aRelyingParty(nodes);
      const token = await aCodeToken(nodes, person);
      const browser = await atSelfService(person);
      if (what === 'token') {
        const blocked = await browser.send(await open(browser), { do: 'block' });
        expect(blocked.text).toContain('Din kodeviser er spærret');
      } else await block(browser, what);
      expect(await rowOf(token)).toMatchObject({ state: 'blocked', mac: null });
      const page = await toKeyPage(new TestBrowser(nodes), person, authRequest(rp));
      expect([page.page, page.text.includes(token.serialNumber)]).toEqual([
        what === 'token' ? 'key' : 'refused',
        false,
      ]);
      expect(await noticesTo(person)).toEqual(what === 'identity' ? ['active'] : ['active', 'blocked']);
    },
  );

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
  expect(isSignedIn(await give(person, rp, token.show()))).toBe(true);
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
