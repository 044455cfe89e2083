/**
 * The proofing of an ID: how it is raised at the desk, who may, and what holds before and after, at the
 * sign-in and for what was issued.
 */
import { beforeAll, describe, expect, test } from '@jest/globals';
import { LOW, SUBSTANTIAL } from '../src/domain/signIn/levels.ts';
import { runProofingCommand } from '../src/cli/proofing.ts';
import { relyingPartySchema } from '../src/domain/relyingParty/relyingParty.ts';
import { saveRelyingParty } from '../src/db/oidc/relyingParties.ts';
import {
  aPerson,
  aRelyingParty,
  authRequest,
  type BrowserPage,
  type CounterSession,
  hiddenFields,
  isActive,
  keyFor,
  keyOnPage,
  openCounterSession,
  openDesk,
  type Operators,
  payloadOf,
  readReturnedCode,
  redeemCode,
  refreshTokens,
  SHOWN,
  signInAt,
  signInAtNode,
  signInStaff,
  slowDown,
  takeOut,
  TestBrowser,
  type TestPerson,
  type TestRelyingParty,
  toKeyPage,
  useNodes,
  userinfo,
} from './support/index.ts';

let bank: string;
let operators: Operators;
let officer: CounterSession;
let colleague: CounterSession;
let clerk: CounterSession;
const nodes = useNodes({ count: 2, binding: () => 'require' });
beforeAll(async () => {
  ({ bank, operators } = await openDesk(nodes));
  officer = await openCounterSession(nodes, operators, 'officer');
  colleague = await openCounterSession(nodes, operators, 'officer');
  clerk = await openCounterSession(nodes, operators, 'bank_clerk', bank);
});

const ordered = async () => await aPerson(nodes, { proofing: 'Low', issuedBy: 'online' });

interface IdentityRow {
  readonly proofing: string;
  readonly spent: number;
  readonly mac: Buffer | null;
}

async function rowOf({ identityId }: TestPerson): Promise<IdentityRow> {
  const [row] = await nodes.database.query<IdentityRow>(
    `SELECT i.proofing, i.mac, (SELECT sum(bit_count(c.spent))::int FROM key_cards c WHERE c.identity_id = i.id) AS spent
     FROM identities i WHERE i.id = $1`,
    [identityId],
  );
  if (!row) throw new Error('no such ID');
  return row;
}

async function eventsOf({ identityId }: TestPerson, kind: string): Promise<Record<string, unknown>[]> {
  const rows = await nodes.database.query<{ details: Record<string, unknown> }>(
    'SELECT details FROM audit_events WHERE identity_id = $1 AND kind = $2',
    [identityId, kind],
  );
  return rows.map(({ details }) => details);
}

const noticesOf = async ({ identityId }: TestPerson) =>
  (
    await nodes.database.query<{ kind: string }>('SELECT kind FROM notices WHERE identity_id = $1', [
      identityId,
    ])
  ).map(({ kind }) => kind);

/** The form of the action, at the person's page. */
async function formOf(who: CounterSession, person: TestPerson): Promise<BrowserPage> {
  const found = await who.find(person);
  return await who.browser.follow(`${new URL(found.url).pathname}/proof-identity`);
}

const WHY = { why: 'present', reason: '' };

/** Sends it with the right key, and with what replaces that. @returns the page after it */
async function send(who: CounterSession, form: BrowserPage, typed: Record<string, string> = {}) {
  const fields = { ...SHOWN, ...WHY, key: await keyOnPage(nodes, form), ...typed };
  return await who.follow(await who.post(new URL(form.url).pathname, fields, form));
}

async function tokensOf(browser: TestBrowser, person: TestPerson, rp: TestRelyingParty) {
  const request = authRequest(rp, { scope: 'openid profile offline_access', prompt: 'consent' });
  const answer = await signInAtNode(browser, person, request);
  return await redeemCode(nodes, rp, answer.get('code') ?? '', request.verifier);
}

describe('at the desk', () => {
  test('identification, key, record, notice; the next sign-in has the level, and no session rises', async () => {
    const anna = await ordered();
    const lowly = await aRelyingParty(nodes, { min_proofing: LOW });
    const strict = await aRelyingParty(nodes);
    const browser = new TestBrowser(nodes);
    const before = await tokensOf(browser, anna, lowly);
    expect(payloadOf(before.id_token)).toMatchObject({ acr: LOW, proofing: LOW, amr: ['pwd', 'otp', 'mfa'] });
    expect((await browser.follow(authRequest(strict).path)).page).toBe('refused');

    const found = await officer.find(anna);
    expect(found.text).toContain('Ikke set endnu: ID’et er bestilt på nettet');
    expect(found.text).toContain('Gå til Borgerservice med gyldig legitimation og dit nøglekort.');
    const form = await formOf(officer, anna);
    const [{ spent, mac }, cards] = [await rowOf(anna), anna.cardNumber];
    expect([form.page, form.text.includes(cards)]).toEqual(['desk-deed', true]);
    const done = await send(officer, form);
    expect([new URL(done.url).searchParams.get('came'), done.text.includes('Er set')]).toEqual([
      'done',
      true,
    ]);
    const after = await rowOf(anna);
    expect([after.proofing, after.spent, after.mac?.equals(mac ?? Buffer.of())]).toEqual([
      'Substantial',
      spent + 1,
      false,
    ]);
    expect(await noticesOf(anna)).toContain('id_proofed');
    const [event] = await eventsOf(anna, 'identity_proofed');
    expect(event).toMatchObject({
      by: 'staff',
      staffId: officer.person.identityId,
      reason: expect.any(String),
      identification: { kind: 'passport', document: expect.any(String) },
      cardNumber: expect.any(String),
    });
    expect(JSON.stringify(event)).not.toContain(SHOWN.idNumber);

    // The session has the level of its sign-in; the claim says how the ID stands now.
    const request = authRequest(lowly);
    const code = readReturnedCode(await browser.follow(request.path)).get('code') ?? '';
    const still = await redeemCode(nodes, lowly, code, request.verifier);
    expect(payloadOf(still.id_token)).toMatchObject({ acr: LOW, proofing: SUBSTANTIAL });
    // Where more is required the person signs in again, and has it.
    const again = authRequest(strict);
    const page = await browser.follow(again.path);
    expect(page.page).toBe('password');
    const keyPage = await browser.send(page, { userId: anna.userId, password: anna.password });
    const answer = readReturnedCode(await browser.send(keyPage, { key: keyFor(anna, keyPage) }));
    const tokens = await redeemCode(nodes, strict, answer.get('code') ?? '', again.verifier);
    expect(payloadOf(tokens.id_token)).toMatchObject({ acr: SUBSTANTIAL, proofing: SUBSTANTIAL });
    // It stands in the person's own log, and is no longer offered.
    const atHome = new TestBrowser(nodes);
    await signInAt(atHome, anna, '/self-service');
    expect((await atHome.follow('/self-service/activity')).text).toContain('så din legitimation');
    expect((await officer.find(anna)).text).not.toContain('proof-identity');
  });

  test('nothing happens without identification or the right key, and what was typed stays but the key', async () => {
    const anna = await ordered();
    const form = await formOf(officer, anna);
    const { spent } = await rowOf(anna);
    const right = await keyOnPage(nodes, form);
    const wrong = right === '123456' ? '654321' : '123456';
    const cases: [Record<string, string>, string][] = [
      [{ idKind: '' }, 'Vælg, hvad borgeren viser'],
      [{ idExpires: '01-01-2020' }, 'er udløbet'],
      [{ idMatches: '' }, 'Bekræft, at legitimationen er gyldig'],
      [{ why: '', reason: '' }, 'mindst fem tegn'],
      [{ key: '' }, 'En nøgle er på seks cifre'],
      [{ key: 'x'.repeat(400) }, 'En nøgle er på seks cifre'],
      [{ keyNumber: '9999' }, 'Kortet beder om en anden nøgle nu'],
      [{ cardNumber: 'A000000000' }, 'Kortet beder om en anden nøgle nu'],
      [{ key: wrong }, 'Nøglen er ikke rigtig'],
    ];
    for (const [typed, says] of cases) {
      const page = await send(officer, form, typed);
      expect([page.status, page.page, says, page.text.includes(says)]).toEqual([
        200,
        'desk-deed',
        says,
        true,
      ]);
      expect(page.text).not.toContain(`value="${right}"`);
      if (!('idKind' in typed)) expect(page.text).toContain(SHOWN.idNumber);
    }
    expect(await rowOf(anna)).toMatchObject({ proofing: 'Low', spent });
    expect(await eventsOf(anna, 'identity_proofed')).toEqual([]);
    // Wrong keys count as at a sign-in: five in a row lock the keys.
    for (let more = 0; more < 4; more += 1) await send(officer, await formOf(officer, anna), { key: wrong });
    const locked = await send(officer, await formOf(officer, anna));
    expect([locked.page, locked.text.includes('for mange forkerte nøgler')]).toEqual(['desk-deed', true]);
    expect((await rowOf(anna)).proofing).toBe('Low');
  });

  test('not on their own ID, not by a clerk for an ID of another issuer; by one for the own bank', async () => {
    const [anna, customer] = [await ordered(), await aPerson(nodes, { proofing: 'Low', issuedBy: bank })];
    expect((await clerk.find(anna)).page).toBe('desk-nobody');
    const theirs = await send(clerk, await formOf(clerk, customer));
    expect([new URL(theirs.url).searchParams.get('came'), (await rowOf(customer)).proofing]).toEqual([
      'done',
      'Substantial',
    ]);
    const own = await officer.find(officer.person);
    const refused = await officer.browser.request(`${new URL(own.url).pathname}/proof-identity`);
    expect(refused.status).toBe(403);
  });

  test('an ID that is blocked, or proofed already, is left as it is, and no key is spent', async () => {
    const anna = await ordered();
    const [one, other] = [await formOf(officer, anna), await formOf(colleague, anna)];
    await send(officer, one);
    const { spent } = await rowOf(anna);
    const late = await send(colleague, other);
    expect(late.page).toBe('desk-deed');
    expect((await rowOf(anna)).spent).toBe(spent);
    const again = await send(colleague, late);
    expect(new URL(again.url).searchParams.get('came')).toBe('already_proofed');
    expect((await rowOf(anna)).spent).toBe(spent);
    expect(await eventsOf(anna, 'identity_proofed')).toHaveLength(1);
  });

  test('one form sent from two nodes at once, and two forms with one key, are one proofing', async () => {
    for (const isOneForm of [true, false]) {
      const anna = await ordered();
      const form = await formOf(officer, anna);
      const second = isOneForm ? form : await formOf(colleague, anna);
      const { spent } = await rowOf(anna);
      const repair = slowDown(nodes, 'SELECT FROM identities WHERE id = $1 FOR NO KEY UPDATE', 30);
      const pages = await Promise.all([send(officer, form), send(isOneForm ? officer : colleague, second)]);
      repair();
      const came = pages.map(({ url }) => new URL(url).searchParams.get('came'));
      expect([isOneForm, came.filter((one) => one === 'done').length]).toEqual([
        isOneForm,
        isOneForm ? 2 : 1,
      ]);
      expect(await rowOf(anna)).toMatchObject({ proofing: 'Substantial', spent: spent + 1 });
      expect(await eventsOf(anna, 'identity_proofed')).toHaveLength(1);
      expect((await noticesOf(anna)).filter((kind) => kind === 'id_proofed')).toHaveLength(1);
    }
  });

  test('control: without the conditions in SQL two forms with one key are two proofings', async () => {
    const anna = await ordered();
    const forms = [await formOf(officer, anna), await formOf(colleague, anna)] as const;
    const repairs = [
      takeOut(
        nodes,
        "AND state = 'active' AND challenge = $3 AND get_bit(spent, $3::int) = 0",
        'AND $3::int >= 0',
      ),
      takeOut(nodes, "WHERE id = $1 AND proofing = 'Low'", 'WHERE id = $1'),
      slowDown(nodes, 'SELECT FROM identities WHERE id = $1 FOR NO KEY UPDATE', 30),
    ];
    await Promise.all([send(officer, forms[0]), send(colleague, forms[1])]);
    for (const repair of repairs) repair();
    expect(await eventsOf(anna, 'identity_proofed')).toHaveLength(2);
  });

  test('of a colleague: proposed with the key, and raised when another confirms; then they may work here', async () => {
    const anna = await ordered();
    await nodes.database.query(
      `INSERT INTO staff (id, identity_id, role, proposed_by, proposed_at, approved_by, approved_at)
       SELECT gen_random_uuid(), $1, 'hotline', $2, now(), $3, now()`,
      [anna.identityId, operators.first.identityId, operators.second.identityId],
    );
    // The desk is for IDs for which identification was seen.
    await expect(signInStaff(nodes, anna)).rejects.toThrow();
    const { spent } = await rowOf(anna);
    const proposed = await send(officer, await formOf(officer, anna));
    expect(new URL(proposed.url).searchParams.get('came')).toBe('proposed');
    expect(await rowOf(anna)).toMatchObject({ proofing: 'Low', spent: spent + 1 });
    const [row] = await nodes.database.query<{ id: string }>(
      'SELECT id FROM colleague_actions WHERE identity_id = $1',
      [anna.identityId],
    );
    const path = `/desk/colleagues/${row?.id}`;
    await colleague.post(path, { decision: 'confirm' }, await colleague.browser.follow(path));
    expect((await rowOf(anna)).proofing).toBe('Substantial');
    const [event] = await eventsOf(anna, 'identity_proofed');
    expect(event).toMatchObject({ confirmedBy: colleague.person.identityId });
    expect((await signInStaff(nodes, anna)).person).toBe(anna);
  });
});

describe('a registration with both factors, and proofing Low', () => {
  test('asks both factors whatever the request says, and takes Low', async () => {
    const [anna, rp] = [await ordered(), await aRelyingParty(nodes, { min_proofing: LOW })];
    const essential = (value: string) => ({
      claims: JSON.stringify({ id_token: { acr: { essential: true, value } } }),
    });
    for (const params of [{}, { acr_values: LOW }, { acr_values: SUBSTANTIAL }, essential(LOW)]) {
      const browser = new TestBrowser(nodes);
      const keyPage = await toKeyPage(browser, anna, authRequest(rp, params));
      expect([params, keyPage.page]).toEqual([params, 'key']);
    }
    // A session with only a password, which has Low too, is not enough.
    const library = await aRelyingParty(nodes, { min_acr: LOW });
    const browser = new TestBrowser(nodes);
    const page = await browser.follow(authRequest(library, { acr_values: LOW }).path);
    await browser.send(page, { userId: anna.userId, password: anna.password });
    for (const params of [{}, { acr_values: LOW }, essential(LOW)])
      expect((await browser.follow(authRequest(rp, params).path)).page).toBe('key');
    const silent = readReturnedCode(await browser.follow(authRequest(rp, { prompt: 'none' }).path));
    expect(silent.get('error')).toBe('login_required');
    // An essential Substantial cannot be met: told after the password, before a key.
    const unmet = await toKeyPage(new TestBrowser(nodes), anna, authRequest(rp, essential(SUBSTANTIAL)));
    expect([unmet.page, unmet.text.includes('Tag gyldig legitimation')]).toEqual(['refused', true]);
  });

  test('keeps its tokens with Low, until it asks for more; a password alone never has any', async () => {
    const anna = await ordered();
    const registration = { min_proofing: LOW, scope: 'openid profile offline_access' } as const;
    const rp = await aRelyingParty(nodes, registration);
    const tokens = await tokensOf(new TestBrowser(nodes), anna, rp);
    const later = authRequest(rp);
    const late = (await signInAtNode(new TestBrowser(nodes), anna, later)).get('code') ?? '';
    const raise = async (changes: object) => {
      const [row] = await nodes.database.query<{ metadata: object }>(
        'SELECT metadata FROM relying_parties WHERE client_id = $1',
        [rp.clientId],
      );
      const raised = relyingPartySchema.parse({ ...row?.metadata, ...changes });
      await saveRelyingParty(nodes.context.database, raised);
    };
    const states = async () => [
      (await refreshTokens(nodes, rp, tokens.refresh_token ?? '', 1)).status,
      (await userinfo(nodes, tokens.access_token, 1)).status,
      await isActive(nodes, rp, tokens.access_token),
    ];
    expect(await states()).toEqual([200, 200, true]);
    await raise({ min_proofing: SUBSTANTIAL });
    expect(await states()).toEqual([400, 401, false]);
    expect((await redeemCode(nodes, rp, late, later.verifier)).error).toBe('invalid_grant');
    // Control: without the condition in SQL they would be valid.
    const condition = `AND (r.account_id IS NULL OR r.client_id IS NULL OR r.model = 'Interaction' OR i.proofing = 'Substantial'`;
    const repair = takeOut(nodes, condition, 'AND (true');
    expect((await userinfo(nodes, tokens.access_token)).status).toBe(200);
    repair();
    // A registration of the version before has no minimum of the proofing: it is that of the level.
    await nodes.database.query(
      `UPDATE relying_parties SET metadata = metadata - 'min_proofing', version = version + 1 WHERE client_id = $1`,
      [rp.clientId],
    );
    expect((await userinfo(nodes, tokens.access_token)).status).toBe(401);

    // With a password alone at a registration that allows it, and then no longer does.
    const library = await aRelyingParty(nodes, { min_acr: LOW, scope: 'openid profile offline_access' });
    const browser = new TestBrowser(nodes);
    const request = authRequest(library, { acr_values: LOW });
    const page = await browser.follow(request.path);
    const end = await browser.send(page, { userId: anna.userId, password: anna.password });
    const weak = await redeemCode(nodes, library, readReturnedCode(end).get('code') ?? '', request.verifier);
    expect((await userinfo(nodes, weak.access_token)).status).toBe(200);
    const [row] = await nodes.database.query<{ metadata: object }>(
      'SELECT metadata FROM relying_parties WHERE client_id = $1',
      [library.clientId],
    );
    const raised = { ...row?.metadata, min_acr: SUBSTANTIAL, min_proofing: LOW };
    await saveRelyingParty(nodes.context.database, relyingPartySchema.parse(raised));
    expect((await userinfo(nodes, weak.access_token)).status).toBe(401);
  });
});

test('IDs that a version before called Substantial are counted, and lowered once, with their sessions', async () => {
  const online = { proofing: 'Substantial', issuedBy: 'online' } as const;
  const [anna, seen, desk] = [
    await aPerson(nodes, online),
    await aPerson(nodes, online),
    await aPerson(nodes),
  ];
  // An officer has seen the identification of one since.
  const found = await officer.find(seen);
  const fields = { form: crypto.randomUUID(), reason: 'Har mistet sit kort', ...SHOWN };
  await officer.post(`${new URL(found.url).pathname}/new-card`, fields, found);
  const rp = await aRelyingParty(nodes);
  const tokens = await tokensOf(new TestBrowser(nodes), anna, rp);
  const records: unknown[] = [];
  const record = (_db: unknown, about: unknown) => Promise.resolve(void records.push(about));
  const run = async (action: string) =>
    (await runProofingCommand(nodes.node(0).app, [action], {}, record))?.json;
  const { total } = (await run('count')) as { total: number };
  expect(total).toBeGreaterThanOrEqual(1);
  expect(await run('lower')).toEqual({ total, done: total });
  expect(await run('count')).toEqual({ total: 0 });
  expect([(await rowOf(anna)).proofing, (await rowOf(seen)).proofing, (await rowOf(desk)).proofing]).toEqual([
    'Low',
    'Substantial',
    'Substantial',
  ]);
  expect(await eventsOf(anna, 'proofing_lowered')).toHaveLength(1);
  expect(await noticesOf(anna)).toContain('proofing_lowered');
  expect(records).toEqual([
    { step: 'begun', total },
    { step: 'done', done: total },
  ]);
  expect((await userinfo(nodes, tokens.access_token, 1)).status).toBe(401);
  const page = await toKeyPage(new TestBrowser(nodes, 1), anna, authRequest(rp));
  expect(page.page).toBe('refused');
  expect(await runProofingCommand(nodes.node(0).app, ['raise'], {}, record)).toBeNull();
});

test('hidden fields of the form name the card as it is stored', async () => {
  const anna = await ordered();
  const { cardNumber, keyNumber } = hiddenFields(await formOf(officer, anna));
  expect([cardNumber, keyNumber]).toEqual([
    anna.cardNumber.replaceAll('-', ''),
    expect.stringMatching(/^\d{4}$/),
  ]);
});
