/** A person with a new CPR number is the same person: the register says so, and the one ID follows. */
import { randomBytes } from 'node:crypto';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { decodeJwt } from 'jose';
import { parseCpr } from '../../src/domain/person/cpr.ts';
import { importRegister } from '../../src/features/populationRegister/importRegister.ts';
import {
  composeApplication,
  aPerson,
  aRegisterFile,
  aRelyingParty,
  type CounterSession,
  openCounterSession,
  authRequest,
  TestBrowser,
  cprAt,
  holdUp,
  maskResponse,
  type BrowserPage,
  postOrder,
  redeemCode,
  type RegisterFileRow,
  SHOWN,
  signInAtNode,
  slowDown,
  takeOut,
  type TestPerson,
  twoOperators,
  useNodes,
  userinfo,
  createSiteClient,
} from '../support/index.ts';
import { submitApplication } from '../../src/features/issuing/submitApplication.ts';

let officer: CounterSession;
let colleague: CounterSession;
let clerk: CounterSession;
const nodes = useNodes({ count: 2, proxyHops: 1, withoutErrors: true });
beforeAll(async () => {
  const operators = await twoOperators(nodes);
  officer = await openCounterSession(nodes, operators, 'officer');
  colleague = await openCounterSession(nodes, operators, 'officer');
  clerk = await openCounterSession(
    nodes,
    operators,
    'bank_clerk',
    (await aRelyingParty(nodes, { kind: 'bank' })).clientId,
  );
});

let serial = 20_000;
/** Born in the 1900s, and unique in this run. */
function nextCpr(): string {
  const cpr = cprAt((serial += 1));
  nodes.secrets.add(cpr, 'CPR number');
  return cpr;
}
const load = (rows: readonly RegisterFileRow[], node = 0) =>
  importRegister(nodes.node(node).app.context, aRegisterFile(rows));

interface RegisteredRow extends RegisterFileRow {
  readonly name: string;
  readonly passport: string;
}

/** A row that an order online can match. */
function aRow(overrides: Partial<RegisteredRow> = {}): RegisteredRow {
  const mark = randomBytes(4).toString('hex');
  return {
    cpr: nextCpr(),
    name: `Kim Prøve-${mark}`,
    address: `Prøvegade ${mark}`,
    passport: `20${mark.replace(/[a-f]/g, '7').slice(0, 7)}`,
    ...overrides,
  };
}

/** A person with an ID under the number of this row, and the row in the register. */
async function withId(
  overrides: Partial<RegisteredRow> = {},
): Promise<{ person: TestPerson; row: RegisteredRow }> {
  const row = aRow(overrides);
  await load([row]);
  return { person: await personOf(row), row };
}

async function personOf(row: RegisteredRow): Promise<TestPerson> {
  const [givenName = '', familyName = ''] = row.name.split(' ');
  const { birthdate } = readCpr(row.cpr);
  const address = { street: row.address ?? '', postcode: '8900', city: 'Randers C' };
  return await aPerson(nodes, { cpr: row.cpr, givenName, familyName, birthdate, address });
}

function readCpr(cpr: string) {
  const read = parseCpr(cpr);
  if (typeof read === 'string') throw new Error(read);
  return read;
}

/** Another number with the same day and century. */
function sameDay(cpr: string): string {
  const other = `${cpr.slice(0, 7)}${String((Number(cpr.slice(7)) + 500) % 1_000).padStart(3, '0')}`;
  nodes.secrets.add(other, 'CPR number');
  return other;
}

async function order(row: RegisteredRow, node = 0): Promise<string | undefined> {
  const [givenName = '', familyName = ''] = row.name.split(' ');
  const entry = { cpr: row.cpr, givenName, familyName, passport: row.passport } as never;
  return (await postOrder(createSiteClient(nodes, node), entry)).headers.location;
}

interface StoredNewCpr {
  readonly id: string;
  readonly cpr: string;
  readonly birthdate: string;
  readonly public_sites: boolean;
}

/** All with this family name who have an ID, with their CPR numbers in clear. */
async function idsOf({ name }: RegisteredRow): Promise<StoredNewCpr[]> {
  const rows = await nodes.database.query<StoredNewCpr & { person: string; sealed: Buffer; lookup: Buffer }>(
    `SELECT i.id, p.id AS person, p.cpr_sealed AS sealed, p.cpr_lookup AS lookup, p.birthdate::text, i.public_sites
     FROM people p JOIN identities i ON i.person_id = p.id WHERE p.family_name = $1 ORDER BY i.created_at`,
    [name.split(' ')[1]],
  );
  const { keyring } = nodes.context;
  return rows.map(({ person, sealed, lookup, ...row }) => {
    const cpr = keyring.open('seal', sealed, person);
    expect(keyring.hmac('cprLookup', cpr)).toEqual(lookup);
    return { ...row, cpr };
  });
}

async function eventsAndNotices(identityId: string): Promise<string[]> {
  const rows = await nodes.database.query<{ what: string }>(
    `SELECT kind AS what FROM audit_events WHERE identity_id = $1 AND kind LIKE ANY('{cpr%,duplicate%,public%}')
     UNION ALL SELECT 'notice ' || kind FROM notices WHERE identity_id = $1 AND kind <> 'new_browser'`,
    [identityId],
  );
  return rows.map(({ what }) => what).sort();
}

describe('the register states that a number became another', () => {
  test('the ID follows, signed in as before; relying parties get the new number under the same sub and pid', async () => {
    const { person, row } = await withId();
    const rp = await aRelyingParty(nodes);
    const browser = new TestBrowser(nodes);
    const request = () =>
      authRequest(rp, { scope: 'openid ssn nemid.pid offline_access', prompt: 'consent' });
    const first = request();
    const before = await redeemCode(
      nodes,
      rp,
      (await signInAtNode(browser, person, first)).get('code') ?? '',
      first.verifier,
    );
    const claims = async (token: string) =>
      JSON.parse((await userinfo(nodes, token)).text) as Record<string, string>;
    const old = await claims(before.access_token);
    expect(old['dk.cpr']).toBe(row.cpr);

    const now = aRow({ ...row, cpr: nextCpr(), former: row.cpr });
    expect(await load([now])).toMatchObject({ added: 1, people: 1, toLookAt: 0 });
    // The earlier token stays valid, and gives the new number.
    expect(await claims(before.access_token)).toEqual({ ...old, 'dk.cpr': now.cpr });
    const again = request();
    const code = (await signInAtNode(new TestBrowser(nodes, 1), person, again)).get('code') ?? '';
    const after = await redeemCode(nodes, rp, code, again.verifier, 1);
    expect(decodeJwt(after.id_token).sub).toBe(decodeJwt(before.id_token).sub);
    expect(await claims(after.access_token)).toEqual({ ...old, 'dk.cpr': now.cpr });

    expect(await idsOf(row)).toMatchObject([
      { id: person.identityId, cpr: now.cpr, birthdate: readCpr(now.cpr).birthdate },
    ]);
    expect(await eventsAndNotices(person.identityId)).toEqual(['cpr_changed', 'notice cpr_changed']);
    // Loaded again, together with the row of the old number: no change.
    expect(await load([now, row], 1)).toMatchObject({ unchanged: 2, people: 0 });
    await load([{ ...row, address: 'Den Gamle Vej 1' }]);
    expect(await eventsAndNotices(person.identityId)).toEqual(['cpr_changed', 'notice cpr_changed']);
  });

  test('an order under the new number or the old one finds the one ID', async () => {
    const { person, row } = await withId();
    const now = aRow({ ...row, cpr: nextCpr(), former: row.cpr });
    await load([now]);
    expect(await Promise.all([order(now), order(row, 1)])).toEqual(['/order/received', '/order/received']);
    expect(await idsOf(row)).toMatchObject([{ id: person.identityId, cpr: now.cpr }]);
    expect(await eventsAndNotices(person.identityId)).toContain('notice ordered_online');
  });

  test('someone who had no ID gets theirs under the new number, whichever they give', async () => {
    const row = aRow();
    const now = aRow({ ...row, cpr: nextCpr(), former: row.cpr });
    await load([row, now]);
    expect(await order(row)).toBe('/order/received');
    expect(await order(now)).toBe('/order/received');
    expect(await idsOf(row)).toMatchObject([{ cpr: now.cpr, birthdate: readCpr(now.cpr).birthdate }]);
  });

  test('three wrong orders a day for one person, whichever number they give', async () => {
    const { row } = await withId();
    const now = aRow({ ...row, cpr: nextCpr(), former: row.cpr });
    await load([now]);
    const wrong = { passport: '209999999' };
    const tries = await Promise.all(
      [row, now, row].map((one, node) => order({ ...one, ...wrong }, node % 2)),
    );
    expect(tries).toEqual(Array.from({ length: 3 }, () => '/order/no-match'));
    expect(await Promise.all([order(now), order(row)])).toEqual(['/order/no-match', '/order/no-match']);
  });

  test('in person, at a bank and by command, the old number and the new one are one person', async () => {
    const { person, row } = await withId();
    const now = aRow({ ...row, cpr: nextCpr(), former: row.cpr });
    await load([now]);
    for (const path of ['desk', 'bank', 'command'] as const) {
      for (const cpr of [row.cpr, now.cpr]) {
        const asked = composeApplication({
          application: { path },
          applicant: { cpr, familyName: 'Helt-Andet' },
        });
        expect(await submitApplication(nodes.context, asked)).toEqual({
          kind: 'has_id',
          identityId: person.identityId,
        });
      }
    }
  });

  test.each(['012', '210', '120', '201'])(
    'a chain of numbers, in whatever order the rows come: %s',
    async (places) => {
      const { person, row } = await withId();
      const second = aRow({ ...row, cpr: nextCpr(), former: row.cpr });
      const third = aRow({ ...row, cpr: nextCpr(), former: second.cpr });
      const rows = [row, second, third];
      await load([...places].map((at) => rows[Number(at)] as RegisteredRow));
      expect(await idsOf(row)).toMatchObject([{ id: person.identityId, cpr: third.cpr }]);
      expect(await load(rows)).toMatchObject({ unchanged: 3, people: 0, toLookAt: 0 });
      const orders = await Promise.all(rows.map((one) => order(one)));
      // As many as the budget has left are verified concurrently: the others are asked to come back.
      for (const answer of orders) expect(['/order/received', undefined]).toContain(answer);
      expect(orders).toContain('/order/received');
      expect(await idsOf(row)).toHaveLength(1);
    },
  );

  test('two former numbers in one field, and a number that names itself', async () => {
    const { person, row } = await withId();
    const between = nextCpr();
    const cpr = nextCpr();
    const former = `${between}; ${row.cpr.slice(0, 6)}-${row.cpr.slice(6)}`;
    const wrong = [aRow({ cpr, former: cpr }), aRow({ former: '12' })];
    const outcome = await load([aRow({ ...row, cpr, former }), ...wrong]);
    expect(outcome.skipped).toEqual([
      { line: 3, fault: 'bad_former_cpr' },
      { line: 4, fault: 'bad_former_cpr' },
    ]);
    expect(await idsOf(row)).toMatchObject([{ id: person.identityId, cpr }]);
  });

  test('a new birth date counts: under 15 public sites are off, and it is notified', async () => {
    const { person, row } = await withId();
    const child = `61071540${String(serial % 100).padStart(2, '0')}`;
    nodes.secrets.add(child, 'CPR number');
    await load([aRow({ ...row, cpr: child, former: row.cpr })]);
    expect(await idsOf(row)).toMatchObject([{ birthdate: '2015-07-01', public_sites: false }]);
    expect(await eventsAndNotices(person.identityId)).toEqual([
      'cpr_changed',
      'notice cpr_changed',
      'notice public_sites_off',
      'public_sites_changed',
    ]);
  });

  test('a new name and address of the same row follow too', async () => {
    const { person, row } = await withId();
    await load([aRow({ ...row, name: `Ny ${row.name.split(' ')[1]}`, cpr: nextCpr(), former: row.cpr })]);
    expect(await eventsAndNotices(person.identityId)).toEqual([
      'cpr_changed',
      'notice cpr_changed',
      'notice name_changed',
    ]);
  });

  test('an import that dies in the middle has neither; started again it has both', async () => {
    const { person, row } = await withId();
    const now = aRow({ ...row, cpr: nextCpr(), former: row.cpr });
    const repair = takeOut(nodes, 'INSERT INTO notices', 'INSERT INTO nowhere');
    await expect(load([now])).rejects.toThrow();
    repair();
    expect(await idsOf(row)).toMatchObject([{ cpr: row.cpr }]);
    expect(await load([now])).toMatchObject({ added: 1, people: 1 });
    expect(await idsOf(row)).toMatchObject([{ id: person.identityId, cpr: now.cpr }]);
  });
});

describe('what an officer has to look at', () => {
  test('two IDs made before it was known: both stay as they are, and it is reported once', async () => {
    const { person: one, row } = await withId();
    const now = aRow({ ...row, cpr: nextCpr() });
    const other = await personOf(now);
    const rows = [{ ...now, former: row.cpr }];
    expect(await load(rows)).toMatchObject({ toLookAt: 1, people: 0 });
    expect(await load(rows)).toMatchObject({ toLookAt: 0 });
    expect((await idsOf(row)).map(({ cpr }) => cpr)).toEqual([row.cpr, now.cpr]);
    for (const { identityId } of [one, other])
      expect(await eventsAndNotices(identityId)).toEqual(['duplicate_found']);
    const list = await officer.browser.follow('/desk/waiting');
    expect(list.text).toContain('Har måske to ID’er');
    const opened = await officer.follow(
      await officer.post('/desk/duplicates', { identity: other.identityId }, list),
    );
    expect([opened.page, opened.text.includes(other.fullName)]).toEqual(['desk-person', true]);
    const page = await officer.find({ cpr: row.cpr });
    expect([page.page, page.text.includes(`value="${other.identityId}"`)]).toEqual(['desk-person', true]);
    const stranger = await aPerson(nodes);
    const forged = await officer.post('/desk/duplicates', { identity: stranger.identityId }, list);
    expect(forged.headers.location).toContain('/desk/waiting');
    // There is no third one.
    expect(await order({ ...now })).toBe('/order/received');
    expect(await idsOf(row)).toHaveLength(2);
    // When one of the two is blocked nothing is left to review.
    await nodes.database.query('UPDATE identities SET blocked_at = now() WHERE id = $1', [other.identityId]);
    expect((await officer.browser.follow('/desk/waiting')).text).not.toContain(`value="${one.identityId}"`);
  });

  test('two rows that contradict each other: the first is kept', async () => {
    const { person, row } = await withId();
    const first = aRow({ ...row, cpr: nextCpr(), former: row.cpr });
    await load([first]);
    expect(await load([aRow({ ...row, cpr: nextCpr(), former: row.cpr })])).toMatchObject({ toLookAt: 1 });
    expect(await load([{ ...row, former: first.cpr }])).toMatchObject({ toLookAt: 1 });
    expect(await idsOf(row)).toMatchObject([{ id: person.identityId, cpr: first.cpr }]);
    expect(
      (await eventsAndNotices(person.identityId)).filter((what) => what === 'cpr_change_unclear'),
    ).toHaveLength(2);
  });

  test('a search by the old number finds the person, and says that it is a former one', async () => {
    const { person, row } = await withId();
    const now = aRow({ ...row, cpr: nextCpr(), former: row.cpr });
    await load([now]);
    const byOld = await officer.find({ cpr: row.cpr });
    const byNew = await officer.find({ cpr: now.cpr });
    expect([byOld.text.includes(person.fullName), byOld.text.includes('tidligere CPR-nummer')]).toEqual([
      true,
      true,
    ]);
    expect([byNew.text.includes(person.fullName), byNew.text.includes('tidligere CPR-nummer')]).toEqual([
      true,
      false,
    ]);
  });
});

describe('the name and birth date of someone with an ID under another number', () => {
  async function alike() {
    const { person, row } = await withId();
    const now = aRow({ ...row, cpr: sameDay(row.cpr), passport: `21${row.passport.slice(2)}` });
    await load([now]);
    return { person, row, now };
  }

  /** The pages of the pending orders under this name, as the officer finds them. */
  async function waiting({ name }: RegisteredRow): Promise<string[]> {
    const list = await officer.browser.follow('/desk/waiting');
    const links = [...list.text.matchAll(/href="(\/desk\/waiting\/[^"]+)">([^<]+)/g)];
    return links.filter(([, , label]) => label?.includes(name)).map(([, path = '']) => path);
  }

  test('an order waits for an officer, answered like every other; the same person keeps the one ID', async () => {
    const { person, row, now } = await alike();
    const { row: known } = await withId();
    const seen = [];
    for (const one of [now, known]) {
      const browser = createSiteClient(nodes);
      const [givenName = '', familyName = ''] = one.name.split(' ');
      const answer = await postOrder(browser, {
        cpr: one.cpr,
        givenName,
        familyName,
        passport: one.passport,
      } as never);
      seen.push(
        `${maskResponse(answer)} ${maskResponse(await browser.follow(answer.headers.location ?? ''))}`,
      );
    }
    expect(new Set(seen).size).toBe(1);
    expect(await idsOf(row)).toHaveLength(1);
    // Again: one waits.
    expect(await order(now, 1)).toBe('/order/received');
    const [path = '', ...others] = await waiting(now);
    expect(others).toEqual([]);
    expect(await eventsAndNotices(person.identityId)).toEqual([]);

    const page = await officer.browser.follow(path);
    expect([page.page, page.text.includes(person.fullName), page.text.includes('I brug')]).toEqual([
      'desk-waiting-order',
      true,
      false,
    ]);
    expect((await officer.follow(await officer.post(path, {}, page))).page).toBe('desk-waiting-order');
    const settled = await officer.follow(await officer.post(path, { who: person.identityId }, page));
    expect(settled.page).toBe('desk-application');
    expect(await idsOf(row)).toHaveLength(1);
    expect(await eventsAndNotices(person.identityId)).toEqual(['notice ordered_online']);
    expect(await waiting(now)).toEqual([]);
  });

  test('another person gets theirs when an officer says so, once, and it is recorded', async () => {
    const { person, row, now } = await alike();
    await order(now);
    const [path = ''] = await waiting(now);
    const page = await officer.browser.follow(path);
    const answers = await Promise.all([0, 1].map(() => officer.post(path, { who: 'other' }, page)));
    expect(answers.map(({ status }) => status)).toEqual([303, 303]);
    const ids = await idsOf(row);
    expect(ids.map(({ cpr }) => cpr)).toEqual([row.cpr, now.cpr]);
    const [event] = await nodes.database.query<{ details: object }>(
      `SELECT details FROM audit_events WHERE identity_id = $1 AND kind = 'likeness_judged'`,
      [ids[1]?.id],
    );
    expect(event?.details).toEqual({ others: [person.identityId], staffId: officer.person.identityId });
    expect(await eventsAndNotices(ids[1]?.id ?? '')).toEqual(['notice ordered_online']);
    // A new person of that name appeared after the page was rendered: it has to be reviewed.
    const third = aRow({
      ...row,
      cpr: sameDay(now.cpr).replace(/.$/, '9'),
      passport: `22${row.passport.slice(2)}`,
    });
    await load([third]);
    await order(third);
    const [next = ''] = await waiting(third);
    const stale = await officer.post(next, { who: 'other', seen: person.identityId });
    expect(stale.headers.location).toContain('missing=1');
    expect(await idsOf(row)).toHaveLength(2);
  });

  test('an officer does not decide who they are themself; a clerk sees none of it', async () => {
    const row = aRow();
    const now = aRow({ ...row, cpr: sameDay(row.cpr) });
    const { identityId } = officer.person;
    await nodes.database.query(
      `UPDATE people SET document_lookup = $2 WHERE id = (SELECT person_id FROM identities WHERE id = $1)`,
      [identityId, nodes.context.keyring.hmac('cprLookup', `document v1 passport ${now.passport}`)],
    );
    await load([now]);
    expect(await order(now)).toBe('/order/received');
    const [path = ''] = await waiting(now);
    expect(path).not.toBe('');
    expect((await officer.browser.follow(path)).url).toContain('came=own');
    const answer = await officer.post(path, { who: 'other', seen: identityId });
    expect(answer.headers.location).toContain('came=own');
    expect((await clerk.browser.follow('/desk/waiting')).text).not.toContain(path);
    expect((await clerk.post(path, { who: 'other', seen: identityId })).headers.location).toContain(
      'came=settled',
    );
    expect(await idsOf(now)).toEqual([]);
  });

  test('the same document under another number and birth date is looked at as well', async () => {
    const row = aRow();
    await load([row]);
    expect(await order(row)).toBe('/order/received');
    await load([aRow({ ...row, cpr: nextCpr(), name: `Kim Nyt-${row.name.split('-')[1]}` })]);
    const later = aRow({ ...row, cpr: cprAt((serial += 1)), name: row.name });
    await load([later]);
    expect(await order(later)).toBe('/order/received');
    expect(await idsOf(row)).toHaveLength(1);
    expect(await waiting(later)).toHaveLength(1);
  });

  test('at the desk, at a bank and by command nothing is issued in silence', async () => {
    const { person, row, now } = await alike();
    const [givenName = '', familyName = ''] = row.name.split(' ');
    const applicant = { cpr: now.cpr, givenName, familyName, birthdate: readCpr(now.cpr).birthdate };
    for (const path of ['desk', 'bank', 'command'] as const) {
      const asked = composeApplication({ application: { path }, applicant });
      expect(await submitApplication(nodes.context, asked)).toEqual({
        kind: 'looks_like',
        identityIds: [person.identityId],
      });
    }
    const asked = composeApplication({
      applicant,
      isSomebodyElse: true,
      officerId: officer.person.identityId,
    });
    expect(await submitApplication(nodes.context, asked)).toMatchObject({ kind: 'issued' });
    const [event] = await nodes.database.query<{ details: object }>(
      `SELECT details FROM audit_events WHERE kind = 'likeness_judged' AND details->'others' ? $1`,
      [person.identityId],
    );
    expect(event?.details).toMatchObject({ staffId: officer.person.identityId });
  });

  test('two of one name concurrently, on two nodes: one gets an ID, and the other is looked at', async () => {
    const row = aRow();
    const other = aRow({ ...row, cpr: sameDay(row.cpr), passport: `21${row.passport.slice(2)}` });
    await load([row, other]);
    expect(await Promise.all([order(row, 0), order(other, 1)])).toEqual([
      '/order/received',
      '/order/received',
    ]);
    expect([await idsOf(row), await waiting(row)].map((all) => all.length)).toEqual([1, 1]);
  });
});

describe('two officers, where no register says so', () => {
  const REASON = { reason: 'Fødselsdatoen var forkert' };

  async function toForm(person: Pick<TestPerson, 'cpr'>, who = officer): Promise<BrowserPage> {
    return await who.browser.follow(`${new URL((await who.find(person)).url).pathname}/new-cpr`);
  }

  async function propose(person: Pick<TestPerson, 'cpr'>, cpr: string, overrides = {}): Promise<BrowserPage> {
    const form = await toForm(person);
    const path = new URL(form.url).pathname;
    return await officer.follow(await officer.post(path, { ...SHOWN, ...REASON, cpr, ...overrides }, form));
  }

  async function waitingOf({ fullName }: Pick<TestPerson, 'fullName'>, who = colleague): Promise<string> {
    const list = await who.browser.follow('/desk/waiting');
    const links = [...list.text.matchAll(/href="(\/desk\/new-cpr\/[^"]+)">([^<]+)/g)];
    return links.find(([, , label]) => label?.includes(fullName))?.[1] ?? '';
  }

  const outcomeOf = (page: BrowserPage) =>
    new URL(page.headers.location ?? '', 'http://x').searchParams.get('came');
  const decide = async (path: string, number: 'right' | 'wrong', who = colleague) =>
    outcomeOf(await who.post(path, { number }));

  test('one proposes, another approves, and the ID follows; who and why are in the person’s log', async () => {
    const { person, row } = await withId();
    const cpr = nextCpr();
    const form = await toForm(person);
    const fields = { ...SHOWN, ...REASON, cpr };
    const path = new URL(form.url).pathname;
    const sent = await Promise.all([0, 1].map(() => officer.post(path, fields, form)));
    for (const { headers } of sent) expect(headers.location).toContain('cpr=proposed');
    expect((await officer.follow(sent[0] as BrowserPage)).text).toContain('En kollega skal se på');
    expect(await idsOf(row)).toMatchObject([{ cpr: row.cpr }]);
    // Never the one who proposed.
    expect(await waitingOf(person, officer)).toBe('');
    const look = await waitingOf(person);
    expect(await decide(look, 'right', officer)).toBe('own');
    const page = await colleague.browser.follow(look);
    expect(page.text).toContain(`${cpr.slice(0, 6)}-${cpr.slice(6)}`);
    expect(page.text).toContain(REASON.reason);
    const answers = await Promise.all([0, 1].map(() => decide(look, 'right')));
    expect(answers).toEqual(['approved', 'approved']);
    expect(await idsOf(row)).toMatchObject([
      { id: person.identityId, cpr, birthdate: readCpr(cpr).birthdate },
    ]);
    expect(await eventsAndNotices(person.identityId)).toEqual([
      'cpr_change_proposed',
      'cpr_changed',
      'notice cpr_changed',
    ]);
    const [event] = await nodes.database.query<{ details: object }>(
      `SELECT details FROM audit_events WHERE identity_id = $1 AND kind = 'cpr_changed'`,
      [person.identityId],
    );
    expect(event?.details).toMatchObject({
      by: 'staff',
      ...REASON,
      officers: [officer.person.identityId, colleague.person.identityId],
      identification: { kind: 'passport' },
    });
    // Neither number gives another ID, and the old one finds the person.
    expect([await order(row), (await officer.find({ cpr: row.cpr })).text.includes(person.fullName)]).toEqual(
      ['/order/received', true],
    );
    expect(await idsOf(row)).toHaveLength(1);
    // The register states the same later: no change.
    expect(await load([aRow({ ...row, cpr, former: row.cpr })])).toMatchObject({ people: 0, toLookAt: 0 });
  });

  test('a no changes nothing; a person without a CPR number can be given one', async () => {
    const { person, row } = await withId();
    await propose(person, nextCpr());
    expect(await decide(await waitingOf(person), 'wrong')).toBe('refused');
    expect(await idsOf(row)).toMatchObject([{ cpr: row.cpr }]);
    expect(await eventsAndNotices(person.identityId)).toEqual(['cpr_change_proposed', 'cpr_change_refused']);

    const without = await aPerson(nodes, { cpr: null });
    const found = await officer.search({ by: 'id_number', number: without.idNumber });
    const form = await officer.browser.follow(`${new URL(found.url).pathname}/new-cpr`);
    const cpr = nextCpr();
    await officer.post(new URL(form.url).pathname, { ...SHOWN, ...REASON, cpr }, form);
    expect(await decide(await waitingOf(without), 'right')).toBe('approved');
    expect((await officer.find({ cpr })).text).toContain(without.fullName);
  });

  test('what cannot be is reported immediately, and nothing typed is lost', async () => {
    const { person, row } = await withId();
    const { person: other, row: others } = await withId();
    const moved = aRow({ ...others, cpr: nextCpr(), former: others.cpr });
    await load([moved]);
    const dead = aRow({ status: 'dead' });
    await load([dead]);
    const cases = {
      '12': 'ti cifre',
      [row.cpr]: 'allerede hører til',
      [moved.cpr]: 'allerede et ID',
      [others.cpr]: 'tidligere CPR-nummer',
      [dead.cpr]: 'er død',
    };
    for (const [cpr, why] of Object.entries(cases)) {
      const page = await propose(person, cpr);
      expect([cpr, page.page, page.text.includes(why)]).toEqual([cpr, 'desk-cpr-form', true]);
      expect(page.text).toContain(`value="${SHOWN.idNumber}"`);
    }
    await propose(person, nextCpr());
    expect((await propose(person, nextCpr())).text).toContain('venter allerede');
    expect(await eventsAndNotices(other.identityId)).not.toContain('cpr_change_proposed');
    // No one proposes for themself.
    expect(
      (await officer.browser.follow(`${new URL((await officer.find(officer.person)).url).pathname}/new-cpr`))
        .page,
    ).toBe('desk-own-id');
  });

  test('what changed in the meantime is decided again: the number taken, or the person renumbered', async () => {
    const { person: one, row } = await withId();
    const { person: two, row: second } = await withId();
    const [taken, moved] = [nextCpr(), nextCpr()];
    await propose(one, taken);
    await propose(two, moved);
    await aPerson(nodes, { cpr: taken });
    await load([aRow({ ...second, cpr: nextCpr(), former: second.cpr })]);
    expect([
      await decide(await waitingOf(one), 'right'),
      await decide(await waitingOf(two), 'right'),
    ]).toEqual(['stale', 'stale']);
    expect(await idsOf(row)).toMatchObject([{ cpr: row.cpr }]);
    expect((await idsOf(second)).map(({ cpr }) => cpr)).not.toContain(moved);
    expect(await waitingOf(one)).toBe('');
  });

  test('a wrong number is reverted: it is free for whose it is, and the person has the right one', async () => {
    const { person, row } = await withId();
    const owner = aRow();
    await load([owner]);
    await propose(person, owner.cpr);
    expect(await decide(await waitingOf(person), 'right')).toBe('approved');
    // Under the number of another person the register has that person's name.
    await propose(owner, row.cpr, { correction: 'yes' });
    expect(await decide(await waitingOf({ fullName: owner.name }), 'right')).toBe('approved');
    expect(await idsOf(row)).toMatchObject([{ id: person.identityId, cpr: row.cpr }]);
    // Corrected again: the wrong number is unused.
    const right = nextCpr();
    await propose(row, right, { correction: 'yes' });
    expect(await decide(await waitingOf(person), 'right')).toBe('approved');
    expect(await idsOf(row)).toMatchObject([{ id: person.identityId, cpr: right }]);
    expect((await officer.find(row)).page).toBe('desk-nobody');
    expect(await order(owner)).toBe('/order/received');
    expect(await idsOf(owner)).toMatchObject([{ cpr: owner.cpr }]);
  });

  test('an approval concurrent with the register and orders, on two nodes: one person, one ID', async () => {
    const { person, row } = await withId();
    // An order that arrives before the register's update is one of a similar person, and waits.
    const now = aRow({ ...row, cpr: sameDay(row.cpr) });
    await load([now]);
    await propose(person, now.cpr);
    const look = await waitingOf(person);
    await Promise.all([
      decide(look, 'right'),
      load([{ ...now, former: row.cpr }], 1),
      order(now, 0),
      order(row, 1),
    ]);
    expect(await idsOf(row)).toMatchObject([{ id: person.identityId, cpr: now.cpr }]);
  });
});

describe('at the same moment', () => {
  /** The change is loaded on one node, orders under both numbers arrive at the other. */
  async function race(): Promise<number> {
    const row = aRow();
    const now = aRow({ ...row, cpr: nextCpr(), former: row.cpr });
    await load([row]);
    await Promise.all([load([now], 0), order(row, 1), order(now, 1), order(row, 0)]);
    await order(now);
    return (await idsOf(row)).length;
  }

  test('an import of the change and orders under either number come to one ID', async () => {
    const hurry = slowDown(nodes, 'INSERT INTO people', 40);
    const ids = await Promise.all(Array.from({ length: 6 }, race));
    expect(ids).toEqual([1, 1, 1, 1, 1, 1]);
    expect(hurry()).toBeGreaterThan(0);
  });

  test('control: without the locks on the numbers, the order and the change miss each other', async () => {
    const repair = takeOut(nodes, 'pg_advisory_xact_lock(hashtextextended(mark, 5))', 'mark');
    const row = aRow();
    const now = aRow({ ...row, cpr: nextCpr(), former: row.cpr });
    await load([row]);
    // The order has read the register and found no one; the change arrives before its ID is there.
    const { reached, release } = holdUp(nodes, 'INSERT INTO people');
    const ordering = order(row, 1);
    await reached;
    await load([now], 0);
    release();
    await ordering;
    repair();
    expect(await idsOf(row)).toMatchObject([{ cpr: row.cpr }]);
  });
});
