/**
 * A node that is killed (`kill -9`) between the statement that accepts a factor and the answer to the
 * browser: what the database committed is not accepted again, and its form finds its answer; what was not
 * committed may be sent again.
 */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { aCodeToken } from '../support/codeTokens.ts';
import {
  aPerson,
  aSecurityKey,
  authRequest,
  holdRows,
  redeemCode,
  requestOptionsOf,
  type RunningNoegle,
  ServerProcesses,
  TestBrowser,
  toKeyPage,
  untilLocked,
  useNodes,
  useRelyingParty,
  waitUntil,
  type BrowserPage,
  type TestAuthRequest,
  type TestPerson,
} from '../support/index.ts';

const nodes = useNodes();
const rp = useRelyingParty(nodes);
let servers: ServerProcesses;
/** The one that is up. */
let node: RunningNoegle;
let port = 0;
beforeAll(async () => {
  servers = await ServerProcesses.of(nodes);
  await start();
});
afterAll(async () => await servers.close());

async function start(): Promise<void> {
  ({ node, port } = await servers.start());
}

const aBrowser = () =>
  new TestBrowser({ issuer: nodes.issuer, secrets: nodes.secrets, node: () => ({ port }) });
const codeOf = ({ headers: { location } }: BrowserPage) =>
  location?.startsWith(rp.redirectUri) ? new URL(location).searchParams.get('code') : null;

/** A form that is right, and the row that its statement takes. */
interface Asked {
  readonly person: TestPerson;
  readonly browser: TestBrowser;
  readonly login: TestAuthRequest;
  readonly page: BrowserPage;
  readonly fields: Readonly<Record<string, string>>;
  readonly row: readonly [table: string, id: string];
}

async function askForSecurityKey(isOnly: boolean): Promise<Asked> {
  const person = await aPerson(nodes);
  const { id, authenticator } = await aSecurityKey(nodes, person);
  const [browser, login] = [aBrowser(), authRequest(rp)];
  const page = isOnly ? await browser.follow(login.path) : await toKeyPage(browser, person, login);
  const credential = JSON.stringify(authenticator.get(requestOptionsOf(page)));
  return { person, browser, login, page, fields: { credential }, row: ['security_keys', id] };
}

async function askForCode(): Promise<Asked> {
  const person = await aPerson(nodes);
  // One with a button: its code does not age while a node starts.
  const token = await aCodeToken(nodes, person, 'hotp');
  const [browser, login] = [aBrowser(), authRequest(rp)];
  const page = await toKeyPage(browser, person, login);
  const [row] = await nodes.database.query<{ id: string }>(
    'SELECT id FROM code_tokens WHERE serial_number = $1',
    [token.serialNumber],
  );
  return {
    person,
    browser,
    login,
    page,
    fields: { key: '', code: token.show() },
    row: ['code_tokens', row?.id ?? ''],
  };
}

async function askForAll(): Promise<readonly Asked[]> {
  return [await askForSecurityKey(false), await askForSecurityKey(true), await askForCode()];
}

async function countSignIns({ person }: Asked): Promise<number> {
  const [row] = await nodes.database.query<{ many: number }>(
    `SELECT count(*)::int AS many FROM audit_events WHERE identity_id = $1 AND kind = 'signed_in'`,
    [person.identityId],
  );
  return row?.many ?? 0;
}

/**
 * Sends all forms, and kills the node while their statements wait for a row.
 * @param isCommitted the statements go on in the database when the node is gone; else they end with it
 */
async function killInFlight(all: readonly Asked[], isCommitted: boolean): Promise<void> {
  const held = await Promise.all(
    all.map(
      async ({ row: [table, id] }) =>
        await holdRows(nodes, `SELECT FROM ${table} WHERE id = $1 FOR UPDATE`, [id]),
    ),
  );
  const answers = Promise.all(
    all.map(async ({ browser, page, fields }) =>
      browser.post(page, fields).then(
        ({ status }) => `answered ${status}`,
        () => 'none',
      ),
    ),
  );
  await untilLocked(nodes, all.length);
  await node.kill9();
  expect(await answers).toEqual(all.map(() => 'none'));
  if (!isCommitted)
    await nodes.database.query(
      `SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity
       WHERE datname = current_database() AND application_name = 'noegle' AND wait_event_type = 'Lock'`,
    );
  for (const one of held) await one.release();
}

async function expectAlive({ login }: Asked, code: string | null): Promise<void> {
  expect(code).not.toBeNull();
  expect((await redeemCode(nodes, rp, code ?? '', login.verifier)).status).toBe(200);
}

describe('killed when the statement is in the database', () => {
  test('committed: the same form finds its answer, and the same answer opens nothing else', async () => {
    const all = await askForAll();
    await killInFlight(all, true);
    await waitUntil('they are committed', async () =>
      (await Promise.all(all.map(countSignIns))).every((many) => many === 1),
    );
    await start();
    for (const one of all) {
      // As another form, of a browser that copied this one.
      const copy = await one.browser.copy();
      expect(codeOf(await copy.post(one.page, { ...one.fields, more: '1' }))).toBeNull();
      const again = await one.browser.copy();
      const code = codeOf(await one.browser.post(one.page, one.fields));
      expect(codeOf(await again.post(one.page, one.fields))).toBe(code);
      await expectAlive(one, code);
      // In another sign-in.
      const other = aBrowser();
      const login = authRequest(rp);
      const isOnly = one.page.page === 'password';
      const page = isOnly ? await other.follow(login.path) : await toKeyPage(other, one.person, login);
      expect(codeOf(await other.post(page, one.fields))).toBeNull();
      expect(await countSignIns(one)).toBe(1);
    }
  });

  test('control: without what the database remembers, the same answer is accepted again', async () => {
    const one = await askForSecurityKey(true);
    const copy = await one.browser.copy();
    await killInFlight([one], true);
    await waitUntil('it is committed', async () => (await countSignIns(one)) === 1);
    await nodes.database.query('DELETE FROM replay_ids');
    await nodes.database.query('DELETE FROM sign_ins WHERE identity_id = $1', [one.person.identityId]);
    await nodes.database.query('UPDATE security_keys SET sign_count = 0 WHERE id = $1', [one.row[1]]);
    await start();
    expect(codeOf(await copy.post(one.page, one.fields))).not.toBeNull();
    expect(await countSignIns(one)).toBe(2);
  });

  test('not committed: the same form signs in, once', async () => {
    const all = await askForAll();
    await killInFlight(all, false);
    await start();
    for (const one of all) {
      expect(await countSignIns(one)).toBe(0);
      const copy = await one.browser.copy();
      const code = codeOf(await one.browser.post(one.page, one.fields));
      expect(codeOf(await copy.post(one.page, one.fields))).toBe(code);
      await expectAlive(one, code);
      expect(await countSignIns(one)).toBe(1);
    }
  });
});
