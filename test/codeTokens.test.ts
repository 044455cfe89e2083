/** Code tokens over two nodes: file, sign-ins, adjusting and the end; longer stories are in the proof. */
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { SUBSTANTIAL } from '../src/domain/signIn/levels.ts';
import { readAttempts } from '../src/db/signIn/attempts.ts';
import { runTokensCommand } from '../src/cli/imports/tokens.ts';
import { hashKeySubject } from '../src/features/authentication/attemptSubjectHashes.ts';
import { findCodeTokenToHandOver } from '../src/features/codeTokens/index.ts';
import { performActionOnce } from '../src/features/desk/actions/performAction.ts';
import { aCodeToken, importFile, intoStock, SoftToken, tokenSteps } from './support/codeTokens.ts';
import {
  aPerson,
  aRelyingParty,
  authRequest,
  keyFor,
  makeScratchFolder,
  openCounterSession,
  REASON,
  SHOWN,
  TestBrowser,
  toKeyPage,
  twoOperators,
  useNodes,
  type BrowserPage,
} from './support/index.ts';

const nodes = useNodes({ count: 2, binding: () => 'require' });
const { rowOf, noticesTo, claimsOf, submitCode, isSignedIn, atSelfService, open, confirm, block } =
  tokenSteps(nodes);

const HEADER = 'serial,kind,seed,digits,period,algorithm,counter';
const HEX = 'a1'.repeat(20);

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
      // All that is wrong with a row, and a number that differs by a hyphen only.
      'N,sms,a1,7,5,MD5,x',
      `nt1001,hotp,${HEX},6,,,`,
    ];
    const report = await importFile(nodes, lines.join('\r\n'));
    expect(report).toMatchObject({ rows: 15, imported: 0, faultCount: 18, faultyRows: 13 });
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
      '15 bad_serial',
      '15 bad_kind',
      '15 short_seed',
      '15 bad_digits',
      '15 bad_algorithm',
      '16 serial_twice',
      '16 seed_twice',
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
    const again = await importFile(nodes, `${HEADER}\nNT-2003,totp,${HEX},6,,,\nNT2001,totp,${HEX},6,,,`);
    expect(again).toMatchObject({ imported: 0 });
    expect(again.faults).toEqual([
      { line: 2, fault: 'seed_taken' },
      { line: 3, fault: 'seed_twice' },
      { line: 3, fault: 'serial_taken' },
      { line: 3, fault: 'seed_taken' },
    ]);
  });
});

test('the command says how many it imported, and how many are in stock', async () => {
  const file = path.join(makeScratchFolder('tokens'), 'tokens.csv');
  const importOne = async (serial: string, seed: string) => {
    writeFileSync(file, `\uFEFFserial;kind;seed;digits\n${serial};totp;${seed.repeat(20)};6\n`);
    const { app } = nodes.node(0);
    return await runTokensCommand(app, ['import', file], async () => undefined);
  };
  const countStock = async () =>
    (await nodes.database.query("SELECT FROM code_tokens WHERE state = 'in_stock'")).length;
  const before = await countStock();
  const { text } = await importOne('NT-3001', 'e1');
  expect(text).toContain(`1 code token was imported; ${before + 1} in stock now.`);
  expect(await countStock()).toBe(before + 1);
  const { failure } = await importOne('NT3001', 'e1');
  expect(failure).toBe('1 of 1 rows cannot be imported: nothing was');
});

describe('a sign-in', () => {
  test('takes no more statements and commits by a code than by a key', async () => {
    const person = await aPerson(nodes);
    const rp = await aRelyingParty(nodes);
    const token = await aCodeToken(nodes, person);
    await submitCode(person, rp, token.show());
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
    const { page, login } = await submitCode(
      person,
      rp,
      ` ${token.show().slice(0, 3)} ${token.show().slice(3)}`,
    );
    const claims = await claimsOf(rp, page, login.verifier);
    expect(claims).toMatchObject({ acr: SUBSTANTIAL, amr: ['pwd', 'otp', 'mfa'] });
    const twice = await submitCode(person, rp, token.show());
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
      expect(isSignedIn(await submitCode(person, rp, token.show()))).toBe(true);
      expect((await rowOf(token))['drift_steps']).toBe(drift);
    }
    // The card still serves.
    const browser = new TestBrowser(nodes);
    const keyPage = await toKeyPage(browser, person, authRequest(rp));
    expect(isSignedIn({ page: await browser.send(keyPage, { key: keyFor(person, keyPage) }) })).toBe(true);
  });

  test('wrong codes and wrong keys are one count; what is no code is none', async () => {
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
    for (const _ of [1, 2]) {
      const browser = new TestBrowser(nodes);
      const page = await toKeyPage(browser, person, authRequest(rp));
      await browser.send(page, { key: keyFor(person, page) === '000000' ? '111111' : '000000' });
    }
    const fourth = await submitCode(person, rp, token.showWrong());
    expect(fourth.page.text).toContain('lukker vi for koder og nøgler');
    expect((await submitCode(person, rp, token.showWrong())).page.page).toBe('locked');
    expect((await toKeyPage(new TestBrowser(nodes), person, authRequest(rp))).page).toBe('locked');
  });
});

test('a wrong code at the desk counts with wrong keys; the same form is one attempt; a right one resets nothing', async () => {
  const officer = await openCounterSession(nodes, await twoOperators(nodes), 'officer');
  const person = await aPerson(nodes);
  const [token, stock] = [await aCodeToken(nodes, person), new SoftToken(nodes)];
  await intoStock(nodes, stock);
  const act = async (action: string, fields: Record<string, string>, again = false) => {
    const at = `${new URL((await officer.find(person)).url).pathname}/${action}`;
    const page = await officer.browser.follow(at);
    const form = { ...SHOWN, ...REASON, ...fields };
    if (again) await officer.post(at, form, page);
    return await officer.follow(await officer.post(at, form, page));
  };
  const give = async (code: string, again = false) =>
    await act('give-code-token', { serialNumber: stock.serialNumber, code }, again);
  const adjust = async (code: string, nextCode: string) => await act('adjust-code-token', { code, nextCode });
  const countWrong = async () => {
    const subject = hashKeySubject(nodes.context, person.identityId);
    return (await readAttempts(nodes.context.database, subject)).attempts?.inARow ?? 0;
  };
  expect((await give('12345')).text).toContain('Koden passer ikke til den kodeviser');
  expect(
    (await act('give-code-token', { serialNumber: stock.serialNumber, code: '', idMatches: '' })).page,
  ).toBe('desk-deed');
  expect(await countWrong()).toBe(0);
  expect((await give(stock.showWrong(), true)).text).toContain('Koden passer ikke til den kodeviser');
  expect(await countWrong()).toBe(1);
  expect((await adjust(token.showWrong(), token.showWrong())).text).toContain('De to koder passer ikke');
  await adjust(token.show(3), token.show(5));
  expect(await countWrong()).toBe(3);
  // Right: taken, and the count stands. The number is found as it is read aloud.
  const serialNumber = ` ${stock.serialNumber.toLowerCase().replace('-', ' ')}`;
  const given = await act('give-code-token', { serialNumber, code: stock.show() });
  expect(given.text).toContain('er taget i brug');
  expect(await countWrong()).toBe(3);
  const next = new SoftToken(nodes);
  await intoStock(nodes, next);
  const giveNext = async (code: string) =>
    await act('give-code-token', { serialNumber: next.serialNumber, code });
  expect((await giveNext(next.showWrong())).text).toContain('Bliver den forkert én gang til');
  expect((await giveNext(next.showWrong())).text).toContain('for mange forkerte nøgler eller koder');
  // A right one is not compared any more, and the sign-in is locked as after wrong keys.
  expect((await giveNext(next.show())).text).toContain('for mange forkerte nøgler eller koder');
  const rp = await aRelyingParty(nodes);
  expect((await toKeyPage(new TestBrowser(nodes), person, authRequest(rp))).page).toBe('locked');
});

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
    expect(isSignedIn(await submitCode(person, rp, token.show()))).toBe(true);
    token.aheadSeconds = 40 * 60;
    const beyond = await browser.send(await open(browser), {
      do: 'adjust',
      first: token.show(),
      second: token.show(1),
    });
    expect(beyond.text).toContain('mere end 20 minutter');
  });

  test.each(['card', 'identity'] as const)('blocked with the %s, it gives no code any more', async (what) => {
    const person = await aPerson(nodes);
    const rp = await aRelyingParty(nodes);
    const token = await aCodeToken(nodes, person);
    const browser = await atSelfService(person);
    await block(browser, what);
    expect(await rowOf(token)).toMatchObject({ state: 'blocked', mac: null });
    const page = await toKeyPage(new TestBrowser(nodes), person, authRequest(rp));
    expect([page.page, page.text.includes(token.serialNumber)]).toEqual(['refused', false]);
    expect(await noticesTo(person)).toEqual(what === 'identity' ? ['active'] : ['active', 'blocked']);
  });
});

test('a device that another person got meanwhile is not handed over, and ends nothing', async () => {
  const [anna, bo] = [await aPerson(nodes), await aPerson(nodes)];
  const hers = await aCodeToken(nodes, anna);
  const token = new SoftToken(nodes);
  await intoStock(nodes, token);
  const found = await findCodeTokenToHandOver(nodes.context, token.serialNumber, token.show());
  if (typeof found === 'string') throw new Error(found);
  const give = async ({ identityId }: typeof anna) =>
    await performActionOnce(
      nodes.context,
      identityId,
      {
        kind: 'give-code-token',
        cardFormat: null,
        securityKey: null,
        codeToken: { kind: 'hand_over', ...found },
      },
      { by: 'staff', staffId: bo.identityId, reason: 'Ny kodeviser', deed: randomUUID() },
    );
  expect([await give(bo), await give(anna)]).toEqual(['done', 'no_code_token']);
  expect((await rowOf(hers)).state).toBe('active');
});
