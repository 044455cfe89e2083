/** A wrongly reported number: no one becomes another person, and the error can be reverted. */
import { randomBytes } from 'node:crypto';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { TEXTS_BY_LANGUAGE } from '../../src/ui/language.ts';
import { parseCpr } from '../../src/domain/person/cpr.ts';
import { submitApplication } from '../../src/features/issuing/submitApplication.ts';
import { importRegister } from '../../src/features/populationRegister/importRegister.ts';
import {
  composeApplication,
  aPerson,
  aRegisterFile,
  type CounterSession,
  openCounterSession,
  cprAt,
  postOrder,
  type RegisterFileRow,
  SHOWN,
  type TestPerson,
  twoOperators,
  useNodes,
  createSiteClient,
} from '../support/index.ts';

let officer: CounterSession;
let colleague: CounterSession;
const nodes = useNodes({ count: 1, proxyHops: 1, withoutErrors: true });
beforeAll(async () => {
  const operators = await twoOperators(nodes);
  officer = await openCounterSession(nodes, operators, 'officer');
  colleague = await openCounterSession(nodes, operators, 'officer');
});

let serial = 40_000;
function nextCpr(): string {
  const cpr = cprAt((serial += 1));
  nodes.secrets.add(cpr, 'CPR number');
  return cpr;
}

/** A number with the same birth date: another serial number. */
function sameDay(cpr: string): string {
  const other = `${cpr.slice(0, 7)}${String((Number(cpr.slice(7)) + 500) % 1_000).padStart(3, '0')}`;
  nodes.secrets.add(other, 'CPR number');
  return other;
}

const load = (...rows: readonly RegisterFileRow[]) => importRegister(nodes.context, aRegisterFile(rows));

interface RegisteredWrongCpr extends RegisterFileRow {
  readonly name: string;
  readonly passport: string;
}

function aRow(overrides: Partial<RegisteredWrongCpr> = {}): RegisteredWrongCpr {
  const mark = randomBytes(5)
    .toString('hex')
    .replace(/\d/g, (digit) => 'ghjkmnpqrs'[Number(digit)] ?? '');
  const passport = `20${randomBytes(4).readUInt32BE().toString().padStart(10, '0').slice(-7)}`;
  return { cpr: nextCpr(), name: `Kim Prøve-${mark}`, address: `Prøvegade ${mark}`, passport, ...overrides };
}

const birthdate = (cpr: string) => (parseCpr(cpr) as { birthdate: string }).birthdate;
function namesIn({ name }: RegisteredWrongCpr) {
  const [givenName = '', familyName = ''] = name.split(' ');
  return { givenName, familyName };
}

async function personOf(row: RegisteredWrongCpr): Promise<TestPerson> {
  const address = { street: row.address ?? '', postcode: '8900', city: 'Randers C' };
  return await aPerson(nodes, { cpr: row.cpr, ...namesIn(row), birthdate: birthdate(row.cpr), address });
}

async function withId(
  overrides: Partial<RegisteredWrongCpr> = {},
): Promise<{ person: TestPerson; row: RegisteredWrongCpr }> {
  const row = aRow(overrides);
  await load(row);
  return { person: await personOf(row), row };
}

async function order(row: RegisteredWrongCpr): Promise<string | undefined> {
  const entry = { cpr: row.cpr, ...namesIn(row), passport: row.passport } as never;
  return (await postOrder(createSiteClient(nodes), entry)).headers.location;
}

/** The number and name of this ID. */
async function stateOf({ identityId }: Pick<TestPerson, 'identityId'>) {
  type Stored = { id: string; name: string; sealed: Buffer; blocked: boolean };
  const [found] = await nodes.database.query<Stored>(
    `SELECT p.id, btrim(p.given_name || ' ' || p.family_name) AS name, p.cpr_sealed AS sealed,
       i.blocked_at IS NOT NULL AS blocked
     FROM people p JOIN identities i ON i.person_id = p.id WHERE i.id = $1`,
    [identityId],
  );
  if (!found) throw new Error('no such ID');
  const { id, name, sealed, blocked } = found;
  return { cpr: nodes.context.keyring.open('seal', sealed, id), name, blocked };
}

/** The CPR numbers of all IDs under this family name. */
async function idsOf(row: RegisteredWrongCpr): Promise<string[]> {
  const found = await nodes.database.query<{ id: string }>(
    `SELECT i.id FROM people p JOIN identities i ON i.person_id = p.id WHERE p.family_name = $1`,
    [namesIn(row).familyName],
  );
  return (await Promise.all(found.map(({ id }) => stateOf({ identityId: id })))).map(({ cpr }) => cpr);
}

async function eventsOf({ identityId }: Pick<TestPerson, 'identityId'>, kind: string) {
  return await nodes.database.query<{ details: Record<string, string> }>(
    'SELECT details FROM audit_events WHERE identity_id = $1 AND kind = $2 ORDER BY id',
    [identityId, kind],
  );
}

/** By two officers. */
async function give(at: string, cpr: string, overrides: Record<string, string> = {}): Promise<string | null> {
  const found = await officer.find({ cpr: at });
  const form = await officer.browser.follow(`${new URL(found.url).pathname}/new-cpr`);
  const fields = { ...SHOWN, reason: 'Det var forkert', cpr, ...overrides };
  await officer.post(new URL(form.url).pathname, fields, form);
  const list = await colleague.browser.follow('/desk/waiting');
  const [, path = ''] = /href="(\/desk\/new-cpr\/[^"]+)">/.exec(list.text) ?? [];
  const { headers } = await colleague.post(path, { number: 'right' });
  return new URL(headers.location ?? '', 'http://x').searchParams.get('came');
}
const correct = async (wrong: string, right: string) => await give(wrong, right, { correction: 'yes' });

/** The entries of this name at `/desk/waiting`. */
async function waitingOf({ name }: RegisteredWrongCpr, who = officer): Promise<string> {
  const list = await who.browser.follow('/desk/waiting');
  const links = [...list.text.matchAll(/href="(\/desk\/waiting\/[^"]+)">([^<]+)/g)];
  return links.find(([, , label]) => label?.includes(name))?.[1] ?? '';
}

function applicantOf(row: RegisteredWrongCpr) {
  return { cpr: row.cpr, ...namesIn(row), birthdate: birthdate(row.cpr) };
}

describe('the number of a stranger is in former_cpr', () => {
  test.each(['another birth date', 'the same birth date'])('%s: nothing follows', async (which) => {
    const { person, row } = await withId();
    const other = aRow(which === 'the same birth date' ? { cpr: sameDay(row.cpr) } : {});
    const outcome = await load(
      other,
      { ...aRow(), former: '' },
      { ...other, cpr: nextCpr(), former: row.cpr },
    );
    expect(outcome).toMatchObject({ toLookAt: 1, toLookAtLines: [4], people: 0 });
    expect(await stateOf(person)).toMatchObject({ cpr: row.cpr, name: row.name });
    expect(await eventsOf(person, 'cpr_change_unclear')).toHaveLength(1);
    // Nothing was recorded: each has their own, and two officers can still do it.
    expect(await order(other)).toBe('/order/received');
    expect(await idsOf(other)).toEqual([other.cpr]);
    expect((await officer.find({ cpr: row.cpr })).text).not.toContain('tidligere CPR-nummer');
  });

  test('nor where neither has an ID: both get their own', async () => {
    const [one, other] = [aRow(), aRow()];
    expect(await load(one, { ...other, former: one.cpr })).toMatchObject({ toLookAt: 1 });
    for (const row of [one, other]) expect(await order(row)).toBe('/order/received');
    expect([await idsOf(one), await idsOf(other)]).toEqual([[one.cpr], [other.cpr]]);
  });

  test('what was reported of an unknown number is decided when its row comes', async () => {
    const { person, row } = await withId();
    const between = nextCpr();
    const stranger = aRow({ former: between });
    expect(await load(stranger)).toMatchObject({ toLookAt: 0 });
    expect(await load({ ...row, cpr: between, former: row.cpr })).toMatchObject({ toLookAt: 1 });
    expect(await stateOf(person)).toMatchObject({ cpr: between, name: row.name });
    expect(await order(stranger)).toBe('/order/received');
    expect(await idsOf(stranger)).toEqual([stranger.cpr]);
  });

  test('the wrong row first in the file: with the row of the other it is reverted', async () => {
    const [row, other] = [aRow(), aRow()];
    const outcome = [await load({ ...other, former: row.cpr }), await load(row)];
    expect(outcome.map(({ toLookAt, toLookAtLines }) => [toLookAt, toLookAtLines])).toEqual([
      [0, []],
      [1, [2]],
    ]);
    for (const one of [row, other]) expect(await order(one)).toBe('/order/received');
    expect([await idsOf(row), await idsOf(other)]).toEqual([[row.cpr], [other.cpr]]);
  });

  const AGREE: Record<string, (row: RegisteredWrongCpr) => Partial<RegisteredWrongCpr>> = {
    'the document': ({ passport }) => ({ passport }),
    'the address': ({ address }) => (address === undefined ? {} : { address }),
    'the name': ({ name }) => ({ name }),
    'birth date and family name': ({ cpr, name }) => {
      return { cpr: sameDay(cpr), name: `Robin ${name.split(' ')[1]}` };
    },
  };
  test.each(Object.keys(AGREE))('%s in common: the ID follows', async (what) => {
    const { person, row } = await withId();
    const now = aRow({ name: `Robin Nyt${serial}`, ...AGREE[what]?.(row), former: row.cpr });
    expect(await load(now)).toMatchObject({ toLookAt: 0, people: 1 });
    expect(await stateOf(person)).toMatchObject({ cpr: now.cpr, name: now.name });
  });
});

describe('an application whose number became that of another name', () => {
  test('online and in person nothing is issued', async () => {
    const [row, other] = [aRow(), aRow()];
    await load({ ...other, former: row.cpr });
    for (const path of ['desk', 'bank', 'command', 'online'] as const) {
      const officerId = path === 'online' ? null : officer.person.identityId;
      const asked = composeApplication({ officerId, application: { path }, applicant: applicantOf(row) });
      expect(await submitApplication(nodes.context, asked)).toEqual({ kind: 'changed' });
    }
    expect([await idsOf(row), await idsOf(other)]).toEqual([[], []]);
  });

  test('one that waits for a second officer is closed, with words', async () => {
    const [row, other] = [aRow(), aRow()];
    const asked = composeApplication({
      officerId: officer.person.identityId,
      application: { path: 'desk', addressFrom: 'applicant' } as never,
      applicant: applicantOf(row),
    });
    expect(await submitApplication(nodes.context, asked)).toEqual({ kind: 'waiting' });
    await load({ ...other, former: row.cpr });
    const path = await waitingOf(row, colleague);
    const page = await colleague.browser.follow(path);
    const answer = await colleague.follow(await colleague.post(path, { address: 'right' }, page));
    expect(answer.text).toContain('CPR-nummeret er blevet et andet');
    expect([await idsOf(row), await idsOf(other), await waitingOf(row, colleague)]).toEqual([[], [], '']);
  });

  test('an order that waits is closed as well', async () => {
    const { row } = await withId();
    const now = aRow({ ...row, cpr: sameDay(row.cpr), passport: aRow().passport });
    await load(now);
    await order(now);
    const path = await waitingOf(now);
    const page = await officer.browser.follow(path);
    const other = aRow({ name: `Robin Nyt${serial}`, passport: now.passport, former: now.cpr });
    await load(other);
    const answer = await officer.follow(await officer.post(path, { who: 'other' }, page));
    expect(answer.text).toContain('CPR-nummeret er blevet et andet');
    expect([(await idsOf(row)).length, await idsOf(other), await waitingOf(now)]).toEqual([1, [], '']);
  });
});

describe('what was wrong is reverted', () => {
  test('by the register, where no ID followed: an empty former_cpr', async () => {
    const row = aRow();
    // They share an address: nothing shows that they are two people.
    const other = aRow({ address: row.address ?? '' });
    await load(row, { ...other, former: row.cpr });
    expect(await order(row)).toBe('/order/no-match');
    // A file without the column says nothing about it.
    await load({ ...other, address: 'Et Andet Sted 1' });
    expect(await order(row)).toBe('/order/no-match');
    await load({ ...other, former: '' });
    expect([await order(row), await order(other)]).toEqual(['/order/received', '/order/received']);
    expect([await idsOf(row), await idsOf(other)]).toEqual([[row.cpr], [other.cpr]]);
  });

  test('not where an ID followed', async () => {
    const { person, row } = await withId();
    const now = aRow({ ...row, cpr: nextCpr(), former: row.cpr });
    await load(now);
    await load({ ...now, former: '' });
    expect(await order(row)).toBe('/order/received');
    expect(await idsOf(row)).toEqual([now.cpr]);
    expect(await stateOf(person)).toMatchObject({ cpr: now.cpr });
  });

  test('by two officers, and that lasts when the row changes', async () => {
    const { person, row } = await withId();
    const other = aRow();
    await load(other);
    // By two officers, or by a register that had one address for both.
    const wrong = { ...other, address: row.address ?? '', former: row.cpr };
    await load(wrong);
    expect((await stateOf(person)).cpr).toBe(other.cpr);
    expect(await correct(other.cpr, row.cpr)).toBe('approved');
    expect(await load({ ...wrong, city: 'Randers NV' })).toMatchObject({ toLookAt: 1, people: 0 });
    expect(await stateOf(person)).toMatchObject({ cpr: row.cpr, name: row.name });
    // The same in the other direction, and through a number in between.
    const between = nextCpr();
    await load({ ...row, former: `${between};${other.cpr}` });
    expect((await stateOf(person)).cpr).toBe(row.cpr);
    expect(await order(other)).toBe('/order/received');
    expect(await idsOf(other)).toEqual([other.cpr]);
  });

  test('with only its own link: former numbers of the other stay theirs', async () => {
    const { person, row } = await withId();
    const before = aRow();
    const other = aRow({ ...before, cpr: nextCpr(), former: before.cpr });
    await load(before, other);
    await load({ ...other, address: row.address ?? '', former: `${before.cpr};${row.cpr}` });
    expect((await stateOf(person)).cpr).toBe(other.cpr);
    expect(await correct(other.cpr, row.cpr)).toBe('approved');
    expect((await officer.find({ cpr: before.cpr })).page).toBe('desk-nobody');
    expect(await order({ ...other, cpr: before.cpr })).toBe('/order/received');
    expect(await idsOf(other)).toEqual([other.cpr]);
    const found = await officer.find({ cpr: before.cpr });
    expect([found.page, found.text.includes(other.name)]).toEqual(['desk-person', true]);
    const asked = composeApplication({ applicant: { ...applicantOf(other), cpr: before.cpr } });
    expect(await submitApplication(nodes.context, asked)).toMatchObject({ kind: 'has_id' });
    expect((await stateOf(person)).cpr).toBe(row.cpr);
  });

  test('a correction to a third number keeps the former ones of the person', async () => {
    const { person, row } = await withId();
    const [wrong, right] = [nextCpr(), nextCpr()];
    expect(await give(row.cpr, wrong)).toBe('approved');
    expect(await correct(wrong, right)).toBe('approved');
    expect((await stateOf(person)).cpr).toBe(right);
    const byOld = await officer.find({ cpr: row.cpr });
    expect([byOld.page, byOld.text.includes('tidligere CPR-nummer')]).toEqual(['desk-person', true]);
    expect((await officer.find({ cpr: wrong })).page).toBe('desk-nobody');
  });

  test('a wrong number by two officers, and the right one by the register: the register wins', async () => {
    const { person, row } = await withId();
    const owner = aRow();
    await load(owner);
    expect(await give(row.cpr, owner.cpr)).toBe('approved');
    const right = aRow({ ...row, cpr: nextCpr(), former: row.cpr });
    expect(await load(right)).toMatchObject({ toLookAt: 0, people: 1 });
    expect(await stateOf(person)).toMatchObject({ cpr: right.cpr, name: row.name });
    expect(await order(owner)).toBe('/order/received');
    expect(await idsOf(owner)).toEqual([owner.cpr]);
    // A stranger's row does not.
    const { person: second, row: hers } = await withId();
    const typedCpr = nextCpr();
    await give(hers.cpr, typedCpr);
    expect(await load(aRow({ former: hers.cpr }))).toMatchObject({ toLookAt: 1, people: 0 });
    expect((await stateOf(second)).cpr).toBe(typedCpr);
    expect((await officer.find({ cpr: hers.cpr })).text).toContain('tidligere CPR-nummer');
  });
});

describe('two IDs of one person', () => {
  async function two() {
    const { person: one, row } = await withId();
    const now = aRow({ ...row, cpr: nextCpr() });
    const other = await personOf(now);
    await load({ ...now, former: row.cpr });
    return { one, other, now: { ...now, former: row.cpr } };
  }
  const isListed = async ({ identityId }: TestPerson) =>
    (await officer.browser.follow('/desk/waiting')).text.includes(`value="${identityId}"`);

  test.each(['dead', 'emigrated'])('%s: both are blocked', async (status) => {
    const { one, other, now } = await two();
    expect(await isListed(one)).toBe(true);
    await load({ ...now, status });
    expect([await stateOf(one), await stateOf(other)]).toMatchObject([{ blocked: true }, { blocked: true }]);
    expect(await eventsOf(one, 'register_changed')).toHaveLength(1);
  });

  test('a block by only the register leaves the pair on the list', async () => {
    const { one, other } = await two();
    await nodes.database.query('UPDATE identities SET blocked_at = now() WHERE id = $1', [other.identityId]);
    await nodes.database.query(
      `INSERT INTO audit_events (kind, identity_id, details) VALUES ('identity_blocked', $1, '{"by":"system"}')`,
      [other.identityId],
    );
    expect(await isListed(one)).toBe(true);
    await nodes.database.query(
      `INSERT INTO audit_events (kind, identity_id, details) VALUES ('identity_blocked', $1, '{"by":"staff"}')`,
      [other.identityId],
    );
    expect(await isListed(one)).toBe(false);
  });
});

describe('what is notified', () => {
  const letters = async ({ identityId }: TestPerson) =>
    await nodes.database.query('SELECT state FROM letters WHERE identity_id = $1 AND to_former_address', [
      identityId,
    ]);

  test('nothing at the former address of a person whom the register protects, or who has a new name or number', async () => {
    const cases: ((row: RegisteredWrongCpr) => RegisterFileRow)[] = [
      (row) => ({ ...row, isProtected: 'yes' }),
      (row) => ({ ...row, name: `Ny ${row.name.split(' ')[1]}` }),
      (row) => ({ ...row, cpr: nextCpr(), former: row.cpr }),
    ];
    for (const change of cases) {
      const { person, row } = await withId();
      await load({ ...change(row), address: 'Skjult Vej 7' });
      expect(await letters(person)).toHaveLength(0);
    }
    const { person, row } = await withId();
    await load({ ...row, address: 'Åben Vej 7' });
    expect(await letters(person)).toHaveLength(1);
    // Protected before the letter left.
    await load({ ...row, address: 'Åben Vej 7', isProtected: 'yes' });
    await nodes.node(0).app.tasks['sendLetters']?.({});
    expect(await letters(person)).toMatchObject([{ state: 'cancelled' }]);
  });

  test('a look at an order is in the log once for each officer, and does not say that someone orders', async () => {
    const { person, row } = await withId();
    const now = aRow({ ...row, cpr: sameDay(row.cpr), passport: aRow().passport });
    await load(now);
    await order(now);
    const path = await waitingOf(now);
    for (let look = 0; look < 3; look += 1) await officer.browser.follow(path);
    await colleague.browser.follow(path);
    const seen = await eventsOf(person, 'searched_by_staff');
    expect(seen.map(({ details }) => details['staffId'])).toEqual([
      officer.person.identityId,
      colleague.person.identityId,
    ]);
    for (const { details } of seen) expect(details['reasonCode']).toBe('no_second_id');
    expect(TEXTS_BY_LANGUAGE.da.activity.lookReasons.no_second_id).not.toMatch(/bestil|samme navn/i);
  });
});
