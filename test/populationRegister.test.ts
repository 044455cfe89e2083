/**
 * The population register: loaded from a file, found by CPR number, and applied to the people who have an ID.
 */
import { describe, expect, test } from '@jest/globals';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createCommandRecorder } from '../src/cli/operator.ts';
import { importRegisterFile } from '../src/cli/imports/register.ts';
import { findPublicSitesBlocker } from '../src/domain/signIn/publicSites.ts';
import { importDemoRegister } from '../src/sandbox/demoRegister.ts';
import { prepareDemoPeople } from '../src/sandbox/demoPeople.ts';
import { findIdentityWithPerson } from '../src/db/people/identities.ts';
import { createDatabaseRegister } from '../src/db/people/populationRegister.ts';
import { hashFingerprints } from '../src/features/issuing/recognisePerson.ts';
import { orderPasswordLetter } from '../src/features/identity/orderPasswordLetter.ts';
import { importRegister } from '../src/features/populationRegister/importRegister.ts';
import {
  aFile,
  aPerson,
  aRegisterFile,
  aRelyingParty,
  authRequest,
  TestBrowser,
  cprAt,
  HEADER,
  keyFor,
  orderNewCard,
  redeemCode,
  type RegisterFileRow,
  signInAtNode,
  slowDown,
  takeOut,
  type TestPerson,
  toKeyPage,
  useNodes,
  userinfo,
  writeRow,
} from './support/index.ts';

const DAY_MS = 24 * 3_600_000;
const BY = { by: 'person' } as const;

const nodes = useNodes({ count: 2, withoutErrors: true });

let serial = 0;
const nextCpr = () => {
  const cpr = cprAt((serial += 1));
  nodes.secrets.add(cpr, 'CPR number');
  return cpr;
};
const load = (rows: readonly RegisterFileRow[], node = 0) =>
  importRegister(nodes.node(node).app.context, aRegisterFile(rows));
const find = (cpr: string) => createDatabaseRegister(nodes.context.database, nodes.context.keyring).find(cpr);
const counts = ({
  rows,
  added,
  changed,
  unchanged,
  people,
  skippedCount,
}: Awaited<ReturnType<typeof load>>) => [rows, added, changed, unchanged, people, skippedCount];

/** A person with an ID, and their row in the register. */
async function aRegistered(
  overrides: Partial<RegisterFileRow> = {},
): Promise<{ person: TestPerson; row: RegisterFileRow }> {
  const cpr = nextCpr();
  const person = await aPerson(nodes, { cpr });
  const [{ address }] = await lastAddress(person);
  const row = { cpr, name: person.fullName, address: address?.street ?? '', ...overrides };
  await load([row]);
  return { person, row };
}

async function lastAddress({ identityId }: TestPerson) {
  const [found] = await nodes.database.query<{
    id: string;
    address: Buffer | null;
    former: Buffer | null;
    email: Buffer | null;
    moved_at: Date | null;
    address_protected: boolean;
    name: string;
    likeness: Buffer;
    blocked_at: Date | null;
  }>(
    `SELECT p.id, p.address_sealed AS address, p.former_address_sealed AS former, p.email_sealed AS email, p.moved_at,
       p.address_protected, p.given_name || ' ' || p.family_name AS name, p.likeness, i.blocked_at
     FROM people p JOIN identities i ON i.person_id = p.id WHERE i.id = $1`,
    [identityId],
  );
  if (!found) throw new Error('no such person');
  const open = (sealed: Buffer | null) =>
    sealed &&
    (JSON.parse(nodes.context.keyring.open('seal', sealed, `address ${found.id}`)) as { street: string });
  return [{ ...found, address: open(found.address), former: open(found.former) }] as const;
}

async function eventsAndNotices({ identityId }: TestPerson) {
  const rows = await nodes.database.query<{ what: string }>(
    `SELECT 'audit ' || (details->>'what') AS what FROM audit_events WHERE identity_id = $1 AND kind = 'register_changed'
     UNION ALL SELECT 'notice ' || kind FROM notices WHERE identity_id = $1
     UNION ALL SELECT 'letter ' || kind || CASE WHEN to_former_address THEN ' to the old address: ' || (notice->>'kind') ELSE '' END
       || CASE WHEN state = 'waiting' THEN '' ELSE ' ' || state END FROM letters WHERE identity_id = $1`,
    [identityId],
  );
  return rows.map(({ what }) => what).sort();
}

describe('the file', () => {
  test('is loaded, found by CPR number, and sealed; loaded again it changes nothing', async () => {
    const [cpr, other] = [nextCpr(), nextCpr()];
    const rows: RegisterFileRow[] = [
      {
        cpr: `${cpr.slice(0, 6)}-${cpr.slice(6)}`,
        name: '  José   Møller ',
        address: 'Gade 1, "st."',
        isProtected: '1',
        passport: '207',
      },
      { cpr: other, address: '', postcode: '', city: '', status: 'emigrated', isProtected: '' },
    ];
    expect(counts(await load(rows))).toEqual([2, 2, 0, 0, 0, 0]);
    expect(await find(cpr)).toEqual({
      cpr,
      givenName: 'José',
      familyName: 'Møller',
      birthdate: expect.stringMatching(/^\d{4}-\d\d-\d\d$/),
      status: 'active',
      address: { street: 'Gade 1, "st."', postcode: '8900', city: 'Randers C' },
      addressProtected: true,
      passport: '207',
      drivingLicence: null,
      email: null,
    });
    expect(await find(other)).toMatchObject({ status: 'emigrated', address: null, addressProtected: false });
    expect(await find(nextCpr())).toBeNull();
    expect(counts(await load(rows))).toEqual([2, 0, 0, 2, 0, 0]);
    expect(
      counts(await load([{ ...rows[0], cpr, name: 'José Møller-Holm' }, rows[1] as RegisterFileRow])),
    ).toEqual([2, 0, 1, 1, 0, 0]);
    expect(await find(cpr)).toMatchObject({ familyName: 'Møller-Holm' });
    const dump = await nodes.database.query<{ row: string }>('SELECT e::text AS row FROM register_entries e');
    expect(JSON.stringify(dump)).not.toContain('M\u00f8ller');
  });

  test.each<[Partial<RegisterFileRow>, object]>([
    [
      { given: 'Ida Marie', family: 'de la Cour Holm' },
      { givenName: 'Ida Marie', familyName: 'de la Cour Holm' },
    ],
    [
      { name: '', given: '', family: 'Suharto' },
      { givenName: '', familyName: 'Suharto' },
    ],
    [
      { given: 'Raghav Selvam', family: 'EJ EFTERNAVN' },
      { givenName: 'Raghav Selvam', familyName: '' },
    ],
    [{ name: 'Raghav Selvam Ej Efternavn' }, { givenName: 'Raghav Selvam', familyName: '' }],
    [{ name: 'Ej Fornavn Suharto' }, { givenName: '', familyName: 'Suharto' }],
    [{ name: 'Suharto' }, { givenName: 'Suharto', familyName: '', nameIsWhole: true }],
    [{ name: 'Anna von der Heide' }, { givenName: 'Anna von der Heide', familyName: '', nameIsWhole: true }],
    [
      { name: 'Anna Heide', given: '', family: '' },
      { givenName: 'Anna', familyName: 'Heide' },
    ],
  ])('names are taken as they come, and never parted by a guess: %j', async (typed, names) => {
    const cpr = nextCpr();
    await load([{ cpr, ...typed }]);
    const { givenName, familyName, nameIsWhole } = (await find(cpr)) ?? {};
    expect({ givenName, familyName, ...(nameIsWhole ? { nameIsWhole } : {}) }).toEqual(names);
  });

  test.each<[Partial<RegisterFileRow>, object | null]>([
    [
      { postcode: '100', city: 'Tórshavn' },
      { postcode: '100', city: 'Tórshavn', country: 'FO' },
    ],
    [
      { postcode: 'FO-100', city: 'Tórshavn' },
      { postcode: '100', city: 'Tórshavn', country: 'FO' },
    ],
    [
      { postcode: '3900', city: 'Nuuk' },
      { postcode: '3900', city: 'Nuuk', country: 'GL' },
    ],
    [
      { postcode: '800', city: 'Høje Taastrup' },
      { postcode: '0800', city: 'Høje Taastrup' },
    ],
    [{ postcode: 'DK-8900 ' }, { postcode: '8900', city: 'Randers C' }],
    [
      { postcode: '10115', city: 'Berlin', country: 'Tyskland' },
      { postcode: '10115', city: 'Berlin', country: 'DE' },
    ],
    [{ address: '', postcode: '', city: '', country: 'DE', status: 'emigrated' }, null],
  ])('addresses are taken as they are written: %j', async (typed, address) => {
    const cpr = nextCpr();
    expect(counts(await load([{ cpr, ...typed }]))).toEqual([1, 1, 0, 0, 0, 0]);
    expect((await find(cpr))?.address).toEqual(address && { street: 'Prøvegade 1', ...address });
  });

  test('a file may have names in two columns in place of one', async () => {
    const cpr = nextCpr();
    const header = HEADER.replace('name', 'family_name,given_names');
    const row = writeRow({ cpr, name: 'Heide,Anna' }).replaceAll('"', '');
    expect(counts(await importRegister(nodes.context, aFile([header, row])))).toEqual([1, 1, 0, 0, 0, 0]);
    expect(await find(cpr)).toMatchObject({ givenName: 'Anna', familyName: 'Heide' });
    const half = importRegister(nodes.context, aFile([HEADER.replace('name', 'family_name'), row]));
    await expect(half).rejects.toThrow('it lacks name');
  });

  test('bad rows are named by line, without their content, and the rest goes in', async () => {
    const good = [nextCpr(), nextCpr(), nextCpr(), nextCpr()];
    const [first, second, third, fourth] = good as [string, string, string, string];
    const fresh = () => ({ cpr: nextCpr() });
    const lines = [
      `\uFEFF${HEADER.replace('cpr,name', ' CPR ,Name')}\r`,
      `${writeRow({ cpr: first })}\r`,
      writeRow({ cpr: '3202850001' }),
      writeRow({ cpr: '12345' }),
      writeRow({ ...fresh(), name: ' ' }),
      writeRow({ ...fresh(), status: 'asleep' }),
      writeRow({ ...fresh(), postcode: '890' }),
      writeRow({ ...fresh(), city: '' }),
      writeRow({ ...fresh(), isProtected: 'perhaps' }),
      '',
      `${writeRow(fresh())},one too many`,
      `${nextCpr()},Anna`,
      writeRow({ ...fresh(), name: '@@' }).replace('@@', '"Anna" Prøve'),
      writeRow({ ...fresh(), name: '@@' }).replace('@@', '"Anna'),
      writeRow({ cpr: second, address: 'Gade 1, 2. tv.' }),
      Buffer.from(writeRow({ ...fresh(), name: 'Søren' }), 'latin1'),
      writeRow({ cpr: first, name: 'En Anden' }),
      writeRow({ ...fresh(), name: 'Anna\u0000Prøve' }),
      writeRow({ ...fresh(), name: 'x'.repeat(300) }),
      writeRow({ ...fresh(), name: 'x'.repeat(2_000_000) }),
      writeRow({ cpr: third }),
      // This quote is never closed, and swallows nothing.
      writeRow({ ...fresh(), name: '@@' }).replace('@@', 'An"na'),
      writeRow({ cpr: fourth, name: '"Anna" Prøve' }),
    ];
    const outcome = await importRegister(nodes.context, aFile(lines, 65_536));
    expect(outcome.skipped.map(({ line, fault }) => `${line} ${fault}`)).toEqual([
      '3 bad_cpr',
      '4 bad_cpr',
      '5 no_name',
      '6 unknown_status',
      '7 bad_postcode',
      '8 address_incomplete',
      '9 bad_protected',
      '11 field_count',
      '12 field_count',
      '13 bad_quoting',
      '14 bad_quoting',
      '16 not_utf8',
      '17 cpr_twice',
      '18 bad_characters',
      '19 too_long',
      '20 too_long',
      '22 bad_quoting',
    ]);
    expect(counts(outcome)).toEqual([21, 4, 0, 0, 0, 17]);
    for (const cpr of good) expect(await find(cpr)).toMatchObject({ cpr });
    expect(await find(first)).toMatchObject({ familyName: 'Prøve' });
    expect(await find(fourth)).toMatchObject({ givenName: '"Anna"' });
  });

  test.each([
    ['semicolons', ';'],
    ['tabs', '\t'],
  ])('%s between the columns are read, as spreadsheets write them here', async (_what, delimiter) => {
    const cpr = nextCpr();
    const row = writeRow({ cpr, name: 'José Møller', address: 'GADE' }).replaceAll(',', delimiter);
    const quoted = row.replace('GADE', '"Gade 1; ""st."""');
    const header = HEADER.replaceAll(',', delimiter);
    const file = aFile([`\uFEFF${header}\r`, `${quoted}\r`], 3);
    // A tab does not delimit a field, quoted or not.
    expect(counts(await importRegister(nodes.context, file))).toEqual([1, 1, 0, 0, 0, 0]);
    expect(await find(cpr)).toMatchObject({ familyName: 'Møller', address: { street: 'Gade 1; "st."' } });
  });

  test("a spreadsheet's line on the separator and its empty columns at the end do no harm", async () => {
    const cpr = nextCpr();
    const lines = [
      '\uFEFFsep=,\r',
      `${HEADER},,\r`,
      `${writeRow({ cpr })},,\r`,
      `${writeRow({ cpr: nextCpr() })},,x`,
    ];
    const outcome = await importRegister(nodes.context, aFile(lines, 7));
    expect(outcome.skipped).toEqual([{ line: 4, fault: 'field_count' }]);
    expect(await find(cpr)).toMatchObject({ familyName: 'Prøve' });
  });

  test('what a letter could not be addressed to is left out and named; a death counts all the same', async () => {
    const left = ['李伟', 'محمد علي', 'अनिल'].map((name) => ({ cpr: nextCpr(), name }));
    const good = ['Łukasz Nguyễn', 'Γιώργος Παπαδόπουλος', 'Иван Петров', 'Ḥasan Ṁór'].map((name) => {
      return { cpr: nextCpr(), name };
    });
    const street = { cpr: nextCpr(), address: '北京路 1' };
    const dead = { cpr: nextCpr(), name: '李伟', status: 'dead' } as const;
    const outcome = await load([...left, street, ...good, dead]);
    expect(outcome.skipped.map(({ fault }) => fault)).toEqual(Array(4).fill('not_printable'));
    for (const { cpr } of [...good, dead]) expect(await find(cpr)).not.toBeNull();
  });

  test('what another encoding or a spreadsheet has spoilt is left out, and named for what it is', async () => {
    // UTF-8 as decoded by a program that takes it for another encoding.
    const wrongly = (name: string) => new TextDecoder('windows-1252').decode(Buffer.from(name));
    const mangled = [
      ...['Sørine Ærø-Ågård', 'Łucja Žižek', 'Ølga ÆBLE'].map(wrongly),
      'S?ren Holm',
      'S¿ren Holm',
      'S+APg-ren Holm',
      'S\uFFFDren Holm',
    ].map((name) => ({ cpr: nextCpr(), name }));
    const good = ['JOÃO Å’Berg', 'Åse Å–Holm', 'Âdne Ãsa', 'Søren Å\u00A0Holm'].map((name) => {
      return { cpr: nextCpr(), name };
    });
    const short = ['107854386', '6,10785E+09', '10785-4386'].map((cpr) => ({ cpr }));
    const outcome = await load([...mangled, ...good, ...short]);
    expect(outcome.skipped.map(({ fault }) => fault)).toEqual([
      ...mangled.map(() => 'mangled'),
      ...short.map(() => 'short_cpr'),
    ]);
    for (const { cpr } of mangled) expect(await find(cpr)).toBeNull();
    for (const { cpr } of good) expect(await find(cpr)).not.toBeNull();
  });

  test('a file that is no text in UTF-8 is refused as a whole, with how to save it', async () => {
    const refusal = (bytes: Buffer) =>
      importRegister(nodes.context, aFile([bytes], 2)).then(
        () => 'taken',
        (error: Error) => error.message,
      );
    const utf16 = Buffer.from(`${HEADER}\n${writeRow({ cpr: nextCpr() })}`, 'utf16le');
    const marked = Buffer.concat([Buffer.from([0xff, 0xfe]), utf16]);
    for (const bytes of [utf16, marked, Buffer.from(utf16).swap16()]) {
      expect(await refusal(bytes)).toMatch(/^the file is no CSV in UTF-8: it is in UTF-16\. .* "CSV UTF-8"$/);
    }
    expect(await refusal(Buffer.from('PK\u0003\u0004'))).toContain('a workbook of a spreadsheet');
    const returns = `${HEADER}\r${writeRow({ cpr: nextCpr() })}\r`;
    for (const text of [returns, returns + returns.repeat(100)]) {
      expect(await refusal(Buffer.from(text))).toContain('its lines end with CR alone');
    }
    expect(await refusal(Buffer.from('\uFEFF'))).toBe('the file is empty');
    for (const header of [HEADER, HEADER.replaceAll(',', ';')]) {
      expect(await refusal(Buffer.from(header))).toBe('the file has a header and no rows');
    }
  });

  test('the command fails when rows were left out, and says which, why and what to do', async () => {
    const folder = await mkdtemp(path.join(tmpdir(), 'register-'));
    const file = path.join(folder, 'register.csv');
    const run = async (rows: readonly (string | Buffer)[], most = 0) => {
      await writeFile(file, aFile([HEADER, ...rows]));
      return await importRegisterFile(
        nodes.node(0).app,
        file,
        most,
        createCommandRecorder({ account: 'root', by: null }, 'register import'),
      );
    };
    const good = () => writeRow({ cpr: nextCpr() });
    const latin = () => Buffer.from(writeRow({ cpr: nextCpr(), name: 'Søren Holm' }), 'latin1');
    expect(await run([good()])).not.toHaveProperty('failure');
    const left = await run([good(), latin(), writeRow({ cpr: '107854386' })]);
    expect(left.failure).toMatch(/^2 rows were left out, and at most 0 may be/);
    expect(left.text).toContain('1 added, 0 changed, 0 unchanged, 2 left out');
    expect(left.text).toMatch(
      /line 3: bytes that are not UTF-8.*\nline 4: a CPR number that a spreadsheet took/,
    );
    expect(left.text).toMatch(/save the file as "CSV UTF-8" .*\ngive the column cpr the format Text/);
    const advice = [expect.stringContaining('CSV UTF-8'), expect.stringContaining('Text')];
    expect(left.json).toMatchObject({ added: 1, skippedCount: 2, failure: left.failure, advice });
    expect(await run([good(), latin(), latin()], 2)).not.toHaveProperty('failure');
    // With any limit: nothing could be read.
    expect((await run([latin()], 10)).failure).toBe('no row could be read: nothing was taken');
    await rm(folder, { recursive: true });
  });

  test('a file that is none of a register is refused, and its content is not repeated', async () => {
    const row = writeRow({ cpr: nextCpr(), name: 'Anna Hemmelig' });
    const refusal = (lines: readonly string[]) =>
      importRegister(nodes.context, aFile(lines)).then(
        () => 'taken',
        (error: Error) => error.message,
      );
    const headless = await refusal([row, row]);
    expect(headless).toMatch(
      /^the header is not that of a register: it lacks cpr, name, address, .*, status; nothing is known of column 1, 2, /,
    );
    expect(headless).not.toContain('Hemmelig');
    expect(
      await refusal([HEADER.replace(',email', '').replace('status', 'status,shoe size,cpr'), row]),
    ).toMatch(
      /it lacks email; nothing is known of column 10; column 11 is there already\. Its columns are cpr,name,/,
    );
    expect(await refusal([HEADER.replaceAll(',', ';'), row])).toMatch(/with commas between them$/);
    expect(await refusal([])).toBe('the file is empty');
    // The order is that of the header.
    const cpr = nextCpr();
    const turned = [
      HEADER.split(',').toReversed().join(','),
      writeRow({ cpr }).split(',').toReversed().join(','),
    ];
    expect(await refusal(turned)).toBe('taken');
    expect(await find(cpr)).toMatchObject({ cpr, givenName: 'Anna' });
  });

  test('the first hundred faults are named, and all are counted', async () => {
    const outcome = await importRegister(
      nodes.context,
      aFile([HEADER, ...Array.from({ length: 250 }, () => 'x')]),
    );
    expect([outcome.skipped.length, outcome.skipped.at(-1)?.line, outcome.skippedCount]).toEqual([
      100, 101, 250,
    ]);
  });

  test('the register of the sandbox fits its people: nothing happens to them, and others can order an ID', async () => {
    const people = await prepareDemoPeople(nodes.context);
    const outcome = await importDemoRegister(nodes.context);
    expect(counts(outcome)).toEqual([22, 22, 0, 0, 0, 0]);
    expect(people.length).toBe(10);
    expect(await find('9107136086')).toMatchObject({ givenName: 'Mads', birthdate: '2013-07-31' });
    expect(await find('6307872061')).toMatchObject({ addressProtected: true });
    expect(await find('7511933072')).toMatchObject({ familyName: 'Çelik-Møller' });
    expect(await find('7804311099')).toMatchObject({ status: 'dead' });
    for (const { cpr } of await owned()) expect(await find(cpr)).toMatchObject({ cpr });
    expect(counts(await importDemoRegister(nodes.context))).toEqual([22, 0, 0, 22, 0, 0]);
  });

  /** The demo people: each is in the register. */
  async function owned(): Promise<{ cpr: string }[]> {
    const rows = await nodes.database.query<{ id: string; cpr_sealed: Buffer }>(
      `SELECT p.id, p.cpr_sealed FROM people p JOIN identities i ON i.person_id = p.id
       WHERE i.user_id IN ('anna-andersen', 'bent-bertelsen', 'freja-frederiksen')`,
    );
    expect(rows.length).toBe(3);
    return rows.map((row) => ({ cpr: nodes.context.keyring.open('seal', row.cpr_sealed, row.id) }));
  }
});

describe('the register speaks', () => {
  test('of a move: the new address, the old one kept, notified at both; within 14 days of orders too', async () => {
    const { person, row } = await aRegistered();
    expect(await eventsAndNotices(person)).toEqual([]);
    expect(counts(await load([{ ...row, address: `${row.address?.toUpperCase()}.` }]))).toEqual([
      1, 0, 1, 0, 1, 0,
    ]);
    expect(await eventsAndNotices(person)).toEqual(['audit ["address"]']);
    const moved = { ...row, address: 'Nygade 2', postcode: '8000', city: 'Aarhus C' };
    expect(counts(await load([moved]))).toEqual([1, 0, 1, 0, 1, 0]);
    const [after] = await lastAddress(person);
    expect([after.address, after.former?.street]).toEqual([
      { street: 'Nygade 2', postcode: '8000', city: 'Aarhus C' },
      `${row.address?.toUpperCase()}.`,
    ]);
    expect(after.moved_at).toEqual(nodes.clock.now());
    const notified = [
      'audit ["address"]',
      'audit ["address"]',
      'letter notice to the old address: address_changed',
      'notice address_changed',
    ];
    expect(await eventsAndNotices(person)).toEqual(notified);
    // Again, on the other node: no change.
    expect(counts(await load([moved], 1))).toEqual([1, 0, 0, 1, 0, 0]);
    expect(await eventsAndNotices(person)).toEqual(notified);

    nodes.clock.forward(13 * DAY_MS);
    expect(await orderNewCard(nodes.context, person.identityId, BY)).toBe('done');
    expect(await orderPasswordLetter(nodes.context, person.identityId, BY)).toBe('done');
    const toOld = async () =>
      (await eventsAndNotices(person)).filter((what) => what.includes('old address: ordered_after_move'));
    expect((await toOld()).length).toBe(2);
    nodes.clock.forward(DAY_MS);
    expect(await orderPasswordLetter(nodes.context, person.identityId, BY)).toBe('done');
    expect((await toOld()).length).toBe(2);

    await nodes.node(0).app.tasks['sendLetters']?.({});
    const letters = path.join(nodes.folder, 'letters');
    const files = (await readdir(letters)).filter((name) => name.endsWith('.json'));
    const printed = await Promise.all(
      files.map(async (name) => JSON.parse(await readFile(path.join(letters, name), 'utf8')) as Printed),
    );
    type Printed = { kind: string; to: { name: string; street: string }; text?: string };
    const hers = printed.filter(({ to }) => to.name === person.fullName);
    expect(hers.map(({ kind, to }) => `${kind} ${to.street}`).sort()).toEqual([
      'card Nygade 2',
      ...Array.from({ length: 3 }, () => `notice ${row.address?.toUpperCase()}.`),
    ]);
    expect(JSON.stringify(hers.filter(({ kind }) => kind === 'notice'))).not.toContain('Nygade');
  });

  test('of a move abroad: followed like any, and the old address is notified', async () => {
    const { person, row } = await aRegistered();
    const abroad = { ...row, address: 'Allee 1', postcode: '10115', city: 'Berlin', country: 'DE' };
    await load([abroad]);
    const [after] = await lastAddress(person);
    expect([after.address, after.former?.street]).toEqual([
      { street: 'Allee 1', postcode: '10115', city: 'Berlin', country: 'DE' },
      row.address,
    ]);
    expect(await eventsAndNotices(person)).toContain('letter notice to the old address: address_changed');
    // The same street and number in another country is another place.
    await load([{ ...abroad, country: 'PL' }]);
    expect(
      (await eventsAndNotices(person)).filter((what) => what.includes('to the old address')),
    ).toHaveLength(2);
  });

  test('of a new name: taken over and notified; the person is recognised by it', async () => {
    const { person, row } = await aRegistered();
    await load([{ ...row, given: 'Anna Sofie', family: 'Nyhavn-Ægir' }]);
    const [after] = await lastAddress(person);
    expect(after.name).toBe('Anna Sofie Nyhavn-Ægir');
    expect(await eventsAndNotices(person)).toEqual(['audit ["name"]', 'notice name_changed']);
    const found = await findIdentityWithPerson(nodes.context.database, person.identityId);
    expect(found?.person).toMatchObject({ givenName: 'Anna Sofie', familyName: 'Nyhavn-Ægir' });
    const { birthdate } = (await find(row.cpr)) ?? { birthdate: '' };
    const marks = hashFingerprints(nodes.context, {
      cpr: null,
      givenName: 'anna sofie',
      familyName: 'Nyhavn Aegir',
      birthdate,
      identification: null,
    });
    expect(after.likeness).toEqual(marks.nameBirthdateHash);
  });

  test('of given and family name for the first time: followed, and no one is notified of a name that is the same', async () => {
    const cpr = nextCpr();
    // Split at the last space, as earlier versions did.
    const person = await aPerson(nodes, { cpr, givenName: 'Anna von der', familyName: 'Heide' });
    const row = { cpr, name: 'Anna von der Heide' };
    const names = async () =>
      (await findIdentityWithPerson(nodes.context.database, person.identityId))?.person;
    await load([row]);
    expect(await names()).toMatchObject({ givenName: 'Anna von der', familyName: 'Heide' });
    await load([{ ...row, given: 'Anna', family: 'von der Heide' }]);
    expect(await names()).toMatchObject({ givenName: 'Anna', familyName: 'von der Heide' });
    expect((await eventsAndNotices(person)).filter((what) => what.includes('name'))).toEqual([
      'audit ["name"]',
    ]);
    await load([row]);
    expect(await names()).toMatchObject({ givenName: 'Anna', familyName: 'von der Heide' });
    await load([{ ...row, name: 'Anna Maria Heide' }]);
    expect(await names()).toMatchObject({ givenName: 'Anna Maria Heide', familyName: '', nameIsWhole: true });
    expect(await eventsAndNotices(person)).toContain('notice name_changed');
  });

  test('of protection; of nothing else when only passport or e-mail change', async () => {
    const { person, row } = await aRegistered();
    await load([{ ...row, isProtected: 'yes', email: 'ny@mail.example', passport: '208' }]);
    expect((await lastAddress(person))[0].address_protected).toBe(true);
    expect(await eventsAndNotices(person)).toEqual(['audit ["address_protected"]']);
    const [before] = await lastAddress(person);
    await load([{ ...row, isProtected: 'yes', email: 'nyere@mail.example' }]);
    expect((await lastAddress(person))[0]).toEqual(before);
    // An address that the register removes is not a move.
    await load([{ ...row, isProtected: 'no', address: '', postcode: '', city: '' }]);
    const [after] = await lastAddress(person);
    expect([after.address_protected, after.address, after.former]).toEqual([false, before.address, null]);
  });

  test('what a desk has put right since stays, until the register says something new of it', async () => {
    const { person, row } = await aRegistered();
    await nodes.database.query(
      `UPDATE people SET given_name = 'Annette' WHERE id = (SELECT person_id FROM identities WHERE id = $1)`,
      [person.identityId],
    );
    await load([{ ...row, passport: '209' }]);
    expect((await lastAddress(person))[0].name).toMatch(/^Annette /);
    await load([{ ...row, name: 'Anne Ny' }]);
    expect((await lastAddress(person))[0].name).toBe('Anne Ny');
  });

  test('of death: all ends immediately, and nothing is ever sent again', async () => {
    const { person, row } = await aRegistered();
    const rp = await aRelyingParty(nodes);
    const browser = new TestBrowser(nodes);
    const request = authRequest(rp);
    const code = (await signInAtNode(browser, person, request)).get('code') ?? '';
    const tokens = await redeemCode(nodes, rp, code, request.verifier);
    expect((await userinfo(nodes, tokens.access_token, 1)).status).toBe(200);
    await orderPasswordLetter(nodes.context, person.identityId, BY);
    await orderNewCard(nodes.context, person.identityId, BY);

    expect(
      counts(await load([{ ...row, status: 'dead', name: 'Anna Død', address: 'Kirkegården 1' }])),
    ).toEqual([1, 0, 1, 0, 1, 0]);
    expect((await userinfo(nodes, tokens.access_token, 1)).status).toBe(401);
    const [after] = await lastAddress(person);
    expect([after.address, after.former, after.email, after.moved_at]).toEqual([null, null, null, null]);
    expect(after.blocked_at).toEqual(nodes.clock.now());
    await nodes.node(1).app.tasks['sendNotices']?.({});
    await nodes.node(1).app.tasks['sendLetters']?.({});
    const states = await eventsAndNotices(person);
    expect(states.filter((what) => what.startsWith('letter'))).toEqual([
      'letter card cancelled',
      'letter password cancelled',
    ]);
    expect(states).not.toContain('notice id_blocked');
    const mail = await readdir(path.join(nodes.folder, 'mail'), {
      recursive: true,
      withFileTypes: true,
    }).catch(() => []);
    const files = mail.filter((one) => one.isFile()).map((one) => path.join(one.parentPath, one.name));
    const sent = await Promise.all(files.map((file) => readFile(file, 'utf8')));
    expect(sent.length).toBeGreaterThan(0);
    expect(sent.join('\n')).not.toContain(`anna-${person.userId.slice(7)}@`);

    // Reported wrongly: the ID stays blocked until a desk reopens it, and the address is there for it.
    await load([row]);
    const [alive] = await lastAddress(person);
    expect([alive.address?.street, alive.blocked_at]).toEqual([row.address, after.blocked_at]);
    expect((await eventsAndNotices(person)).filter((what) => what.includes('"active"'))).toEqual([
      'audit ["active", "name", "address"]',
    ]);
  });

  test('of emigration: blocked and notified once, with the reason', async () => {
    const { person, row } = await aRegistered();
    await load([{ ...row, status: 'emigrated', address: '', postcode: '', city: '' }]);
    expect((await lastAddress(person))[0].blocked_at).not.toBeNull();
    expect(await eventsAndNotices(person)).toEqual(['audit ["emigrated"]', 'notice emigrated']);
    const rp = await aRelyingParty(nodes);
    await expect(
      toKeyPage(new TestBrowser(nodes), person, authRequest(rp)).then((page) => keyFor(person, page)),
    ).rejects.toThrow();
  });

  test('of people who have an ID already when their row comes for the first time', async () => {
    const cprs = [nextCpr(), nextCpr(), nextCpr()];
    const [same, moved, dead] = await Promise.all(cprs.map((cpr) => aPerson(nodes, { cpr })));
    if (!same || !moved || !dead) throw new Error('no such person');
    const [{ address }] = await lastAddress(same);
    const outcome = await load([
      { cpr: same.cpr, name: same.fullName, address: address?.street ?? '' },
      { cpr: moved.cpr, name: moved.fullName, address: 'Et Andet Sted 4' },
      { cpr: dead.cpr, name: dead.fullName, status: 'dead' },
    ]);
    expect(counts(outcome)).toEqual([3, 3, 0, 0, 2, 0]);
    expect(await eventsAndNotices(same)).toEqual([]);
    expect(await eventsAndNotices(moved)).toContain('letter notice to the old address: address_changed');
    expect((await lastAddress(dead))[0].blocked_at).not.toBeNull();
  });

  test('two imports concurrently, on two nodes: each row counts once, and each person is notified once', async () => {
    const all = await Promise.all(Array.from({ length: 12 }, () => aRegistered()));
    const others = Array.from({ length: 600 }, (): RegisterFileRow => ({ cpr: nextCpr() }));
    const rows = [...all.map(({ row }) => ({ ...row, address: 'Flyttet 1' })), ...others];
    const [one, two] = await Promise.all([load(rows, 0), load(rows.toReversed(), 1)]);
    expect([one.added + two.added, one.changed + two.changed, one.people + two.people]).toEqual([
      600, 12, 12,
    ]);
    for (const { person } of all) {
      expect(await eventsAndNotices(person)).toEqual([
        'audit ["address"]',
        'letter notice to the old address: address_changed',
        'notice address_changed',
      ]);
    }
  });

  test('control: without the content in the condition, two imports notify twice', async () => {
    const { person, row } = await aRegistered();
    const repair = takeOut(nodes, 'WHERE e.content <> excluded.content', '');
    // Both have read the existing rows before either writes.
    const hurry = slowDown(nodes, 'p.cpr_lookup = n.lookup', 100);
    const moved = { ...row, name: 'Anna Ny' };
    const outcome = await Promise.all([load([moved], 0), load([moved], 1)]);
    hurry();
    repair();
    expect(outcome.map(({ changed }) => changed)).toEqual([1, 1]);
    expect((await lastAddress(person))[0].name).toBe('Anna Ny');
  });

  test('an import that dies at a person has neither row nor change; started again it has both', async () => {
    const { person, row } = await aRegistered();
    const moved = { ...row, address: 'Ved Vandet 3' };
    const repair = takeOut(nodes, 'INSERT INTO audit_events', 'INSERT INTO nowhere');
    await expect(load([moved])).rejects.toThrow();
    repair();
    expect((await find(row.cpr))?.address?.street).toBe(row.address);
    expect(await eventsAndNotices(person)).toEqual([]);
    expect(counts(await load([moved]))).toEqual([1, 0, 1, 0, 1, 0]);
    expect((await eventsAndNotices(person)).length).toBe(3);
  });

  test('a 15th birthday needs nothing stored: the day comes, and the choice is open', async () => {
    const { person } = await aRegistered();
    const found = await findIdentityWithPerson(nodes.context.database, person.identityId);
    if (!found) throw new Error('no such person');
    const child = { ...found.person, birthdate: '2011-11-24' };
    const blocker = (at: string) => findPublicSitesBlocker(child, true, new Date(at));
    expect([blocker('2026-11-23T22:59:59Z'), blocker('2026-11-23T23:00:00Z')]).toEqual(['under_15', null]);
  });
});
