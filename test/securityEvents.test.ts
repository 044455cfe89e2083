/**
 * What happens at the front door is in the log as events, in order, with the number of the request; the page
 * of the docs lists them.
 */
import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, test } from '@jest/globals';
import {
  anotherKey,
  aPerson,
  authRequest,
  type CounterSession,
  keyFor,
  openCounterSession,
  openDesk,
  readReturnedCode,
  REASON,
  redeemCode,
  refreshTokens,
  signInAtNode,
  TestBrowser,
  toKeyPage,
  useNodes,
  useRelyingParty,
} from './support/index.ts';

const nodes = useNodes({ binding: () => 'require' });
const rp = useRelyingParty(nodes);

interface LogLine {
  readonly level: string;
  readonly time: number;
  readonly node: string;
  readonly requestId?: string;
  readonly msg: string;
  readonly event?: string;
  readonly [field: string]: unknown;
}

const readLines = (log: string): LogLine[] =>
  log.split('\n').flatMap((line) => (line === '' ? [] : [JSON.parse(line) as LogLine]));

/** The events that the work caused, and all lines of the log meanwhile. */
async function follow(work: () => Promise<unknown>): Promise<{ events: LogLine[]; lines: LogLine[] }> {
  const before = nodes.log.length;
  await work();
  await nodes.context.background.settle();
  const lines = readLines(nodes.log.slice(before));
  return { lines, events: lines.filter(({ msg }) => msg === 'security event') };
}

/** `authn_login_fail password wrong`: the kind and its codes. */
function sum({ event, step, reason, refusal, what, action, by, row }: LogLine): string {
  return [event, step, refusal, what, action, reason, by, row]
    .filter((one) => typeof one === 'string')
    .join(' ');
}

test('a sign-in: each form, the code, the session that is enough, and a code that comes twice', async () => {
  const person = await aPerson(nodes);
  const browser = new TestBrowser(nodes);
  const login = authRequest(rp, { scope: 'openid offline_access', prompt: 'consent' });
  const { events, lines } = await follow(async () => {
    const first = await browser.follow(login.path);
    await browser.send(first, { userId: 'ukendt-ukendt', password: 'Forkert-kodeord' });
    await browser.send(first, { userId: person.userId, password: 'Forkert-kodeord' });
    const keyPage = await toKeyPage(browser, person, login);
    const again = await browser.send(keyPage, { key: anotherKey(keyFor(person, keyPage)) });
    const key = keyFor(person, again);
    const consent = await browser.send(again, { key });
    // The button pressed twice is one event.
    const answer = await browser.post(consent, { accept: '1' });
    await browser.post(consent, { accept: '1' });
    const code = readReturnedCode(answer).get('code') ?? '';
    const { refresh_token: token = '' } = await redeemCode(nodes, rp, code, login.verifier);
    await refreshTokens(nodes, rp, token);
    await redeemCode(nodes, rp, code, login.verifier);
    readReturnedCode(await browser.follow(authRequest(rp, { scope: 'openid' }).path));
  });
  expect(events.map(sum)).toEqual([
    'authn_login_fail password wrong',
    'authn_login_fail password wrong',
    'step_accepted password',
    'authn_login_fail key wrong',
    'step_accepted key',
    'step_accepted consent',
    'authn_login_success',
    'authn_token_reuse code',
    'authn_login_success',
  ]);
  const { identityId } = person;
  const { clientId } = rp;
  expect(events.map((line) => line['identityId'])).toEqual([
    null,
    ...Array.from({ length: 6 }, () => identityId),
    undefined,
    identityId,
  ]);
  expect(events.filter(({ event }) => event === 'authn_login_success')).toMatchObject([
    { isSingleSignOn: false, acr: expect.stringMatching(/Substantial/), rpKind: 'public' },
    { isSingleSignOn: true, acr: expect.stringMatching(/Substantial/), rpKind: 'public' },
  ]);
  // Each names its request, whose own line names the relying party too.
  const requests = new Map(lines.flatMap((line) => (line.msg === 'request' ? [[line.requestId, line]] : [])));
  expect(events.map(({ requestId }) => requests.get(requestId))).toEqual(
    [...Array.from({ length: 7 }, () => '/login/…'), '/token', '/auth'].map(
      (path) => expect.objectContaining({ path, clientId }) as unknown,
    ),
  );
  expect(new Set(events.map(({ requestId }) => requestId)).size).toBe(8);
  for (const line of events)
    expect(line).toMatchObject({ level: 'info', clientId, node: expect.any(String) });
});

test('a cancelled sign-in and a request without a page are refusals', async () => {
  const { events } = await follow(async () => {
    const browser = new TestBrowser(nodes);
    await browser.post(await browser.follow(authRequest(rp).path), { cancel: '1' });
    await browser.follow(authRequest(rp, { prompt: 'none' }).path);
    await browser.follow(authRequest(rp, { response_type: 'code token' }).path);
  });
  expect(events.map(sum)).toEqual([
    'authz_fail user_cancelled',
    'authz_fail login_required',
    'authz_fail unsupported_response_type',
  ]);
  for (const line of events) expect(line).toMatchObject({ clientId: rp.clientId, rpKind: 'public' });
});

test('a lock is an event, and what is not compared after it another', async () => {
  const person = await aPerson(nodes);
  const { events } = await follow(async () => {
    const browser = new TestBrowser(nodes);
    for (let i = 0; i < 6; i += 1) {
      const page = await browser.follow(authRequest(rp).path);
      await browser.send(page, { userId: person.userId, password: 'Forkert-kodeord' });
    }
  });
  expect(events.map(sum)).toEqual([
    ...Array.from({ length: 5 }, () => 'authn_login_fail password wrong'),
    'authn_login_lock password',
    'authn_login_fail password locked',
  ]);
  for (const line of events) expect(line['identityId']).toBe(person.identityId);
});

test('the form that blocks: a wrong password, and a right one', async () => {
  const person = await aPerson(nodes);
  const { events } = await follow(async () => {
    const browser = new TestBrowser(nodes);
    const typed = { what: 'identity', userId: person.userId };
    const page = await browser.follow('/block/card');
    await browser.post(page, { ...typed, password: 'Forkert-kodeord' });
    await browser.post(await browser.follow('/block/card'), { ...typed, password: person.password });
  });
  expect(events.map(sum)).toEqual([
    'authn_login_fail block_password wrong',
    'card_blocked person',
    'identity_blocked person',
  ]);
});

test('a row that someone changed in the database', async () => {
  const person = await aPerson(nodes);
  await nodes.database.query('UPDATE identities SET public_sites = NOT public_sites WHERE id = $1', [
    person.identityId,
  ]);
  const { events } = await follow(() => toKeyPage(new TestBrowser(nodes), person, authRequest(rp)));
  expect(events.map(sum)).toContain('row_tampered mac identity');
  const event = events.find(({ event: kind }) => kind === 'row_tampered');
  expect(event?.['rowId']).toBe(person.identityId);
});

describe('the desk', () => {
  let officer: CounterSession;
  let hotline: CounterSession;
  beforeAll(async () => {
    const { operators } = await openDesk(nodes);
    officer = await openCounterSession(nodes, operators, 'officer');
    hotline = await openCounterSession(nodes, operators, 'hotline');
  });

  test('what staff do names them and the ID, and so does what they are refused', async () => {
    const person = await aPerson(nodes);
    const { events } = await follow(async () => {
      const page = await officer.find(person);
      const path = `${new URL(page.url).pathname}/block-card`;
      await officer.post(path, { form: crypto.randomUUID(), ...REASON });
      const seen = await hotline.find(person);
      const form = { form: crypto.randomUUID(), ...REASON };
      for (let i = 0; i < 2; i += 1) await hotline.post(`${new URL(seen.url).pathname}/reopen`, form);
    });
    expect(events.map(sum)).toEqual([
      'staff_action searched_by_staff',
      'staff_action card_block',
      'card_blocked staff',
      'staff_action searched_by_staff',
      // Each time, where the audit log has the first one of a day.
      'staff_action_refused reopen not_your_role',
      'staff_action_refused reopen not_your_role',
    ]);
    for (const line of events) expect(line['identityId']).toBe(person.identityId);
    const staff = events.flatMap((line) => (line['staffId'] === undefined ? [] : [line['staffId']]));
    expect(new Set(staff).size).toBe(2);
  });
});

describe('the docs', () => {
  const page = readFileSync('docs/reference/security-events.md', 'utf8');
  const rows = new Map(
    [...page.matchAll(/^\| `(\w+)` \|[^|]*\| ([^|]*) \|/gm)].map(([, kind = '', fields = '']) => [
      kind,
      [...fields.matchAll(/`(\w+)`/g)].map(([, name = '']) => name),
    ]),
  );
  const source = readFileSync('src/domain/securityEvent.ts', 'utf8');
  const kinds = [...source.matchAll(/readonly kind: ([^;]+);/g)].flatMap(([, names = '']) =>
    [...names.matchAll(/'(\w+)'/g)].map(([, name = '']) => name),
  );

  test('list the kinds of the code', () => {
    expect(kinds.length).toBeGreaterThan(12);
    expect([...rows.keys()].toSorted()).toEqual(kinds.toSorted());
  });

  test('list the fields of every event that this suite has seen', () => {
    const common = ['level', 'time', 'node', 'requestId', 'traceId', 'clientId', 'event', 'msg'];
    const seen = readLines(nodes.log).filter(({ msg }) => msg === 'security event');
    const unlisted = seen.flatMap((line) =>
      Object.keys(line).filter((name) => ![...common, ...(rows.get(line.event ?? '') ?? [])].includes(name)),
    );
    expect(new Set(seen.map(({ event }) => event)).size).toBeGreaterThan(9);
    expect([...new Set(unlisted)]).toEqual([]);
  });
});

test('no event has a name or what a person typed', async () => {
  const person = await aPerson(nodes);
  const { events } = await follow(() => signInAtNode(new TestBrowser(nodes), person, authRequest(rp)));
  const text = JSON.stringify(events);
  expect(events).toHaveLength(3);
  for (const personal of [
    person.userId,
    person.fullName,
    person.cpr,
    person.password,
    person.cardNumber,
    '127.0.0.1',
  ])
    expect(text).not.toContain(personal);
});
