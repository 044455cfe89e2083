/**
 * `doctor`: each thing that can be wrong is made wrong at a real server, and found with its mend; all right,
 * nothing is found.
 */
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { checkDatabase } from '../src/cli/doctor/databaseChecks.ts';
import { EXIT_CODES, worstSeverity, type Finding } from '../src/cli/doctor/finding.ts';
import { checkKeys } from '../src/cli/doctor/keyChecks.ts';
import { checkBreachedPasswords, checkDisk, checkTimeZones } from '../src/cli/doctor/machineChecks.ts';
import { checkMail, checkPrintHouse, describeCertificateProblem } from '../src/cli/doctor/networkChecks.ts';
import { checkRelyingParties } from '../src/cli/doctor/relyingPartyChecks.ts';
import { checkRights } from '../src/cli/doctor/rightsChecks.ts';
import { inspectDatabase, type Inspector } from '../src/db/operations/inspection.ts';
import { detectsPooler } from '../src/db/operations/serverFacts.ts';
import { Keyring } from '../src/platform/keyring.ts';
import { aPerson, aRelyingParty, useNodes, useServer } from './support/index.ts';
import { startPooler } from './support/pooler.ts';
import { selfSigned } from './support/selfSigned.ts';
import { startSmtpServer } from './support/smtpServer.ts';

const PLAN = { poolSize: 10, nodes: null };
const site = useServer((req, res) => {
  const { pathname } = new URL(req.url ?? '/', 'http://site');
  if (pathname === '/jwks') return void res.end('{"keys":[{"kty":"EC"}]}');
  if (pathname === '/empty') return void res.end('{"keys":[]}');
  if (pathname === '/moved') return void res.writeHead(308, { location: '/jwks' }).end();
  if (pathname === '/gone') return void res.writeHead(404).end();
  return void res.writeHead(405).end();
});
const nodes = useNodes(() => ({ privateOrigins: [site.origin] }));

const look = async <T>(work: (inspector: Inspector) => Promise<T>, url = nodes.database.url): Promise<T> =>
  await inspectDatabase(url, work);
const lookAtDatabase = async (now = () => new Date(), plan: Parameters<typeof checkDatabase>[2] = PLAN) =>
  await look((inspector) => checkDatabase(inspector, now, plan));

/** The findings that are not `ok`, by name. */
const problems = (findings: readonly Finding[]) =>
  findings.filter(({ severity }) => severity !== 'ok').map(({ name, severity }) => `${severity} ${name}`);

/** The settings of the database for the connections of this work. */
async function withSetting<T>(setting: string, value: string, work: () => Promise<T>): Promise<T> {
  const database = new URL(nodes.database.url).pathname.slice(1);
  await nodes.database.query(`ALTER DATABASE "${database}" SET ${setting} = ${value}`);
  try {
    return await work();
  } finally {
    // The connections of the suite keep the settings that they began with.
    await nodes.database.query(`ALTER DATABASE "${database}" RESET ${setting}`);
  }
}

beforeAll(async () => {
  await aPerson(nodes);
});

describe('the database', () => {
  test('as it should be, but for what a server of tests goes without', async () => {
    const found = await lookAtDatabase();
    expect(problems(found)).toEqual(['fault durability', 'warning synchronous-standby']);
    expect(found.find(({ name }) => name === 'durability')?.message).toContain('fsync');
    expect(found.every(({ mend, severity }) => (mend === null) === (severity === 'ok'))).toBe(true);
  });

  test.each([
    [3_600_000, 'fault clock'],
    [-3_600_000, 'fault clock'],
    [5_000, 'warning clock'],
  ])('a clock that is %d ms off', async (offset, finding) => {
    expect(problems(await lookAtDatabase(() => new Date(Date.now() + offset)))).toContain(finding);
  });

  test.each([
    ['synchronous_commit', 'off', 'fault synchronous-commit'],
    ['default_transaction_read_only', 'on', 'fault database-writable'],
  ])('%s = %s', async (setting, value, finding) => {
    if (setting === 'synchronous_commit') {
      const found = await withSetting(setting, value, lookAtDatabase);
      expect(problems(found)).toContain(finding);
      return;
    }
    const url = new URL(nodes.database.url);
    url.searchParams.set('options', `-c ${setting}=${value}`);
    const found = await look((inspector) => checkDatabase(inspector, () => new Date(), PLAN), url.href);
    expect(problems(found)).toContain(finding);
  });

  test('a migration that has not run, and one that this build does not know', async () => {
    const [last] = await nodes.database.query<{ name: string }>(
      `DELETE FROM knex_migrations WHERE id = (SELECT max(id) FROM knex_migrations) RETURNING name`,
    );
    expect(problems(await lookAtDatabase())).toContain('fault migrations');
    await nodes.database.query(
      `INSERT INTO knex_migrations (name, batch, migration_time) VALUES ($1, 1, now()), ('9999_next.sql', 2, now())`,
      [last?.name],
    );
    expect(problems(await lookAtDatabase())).toContain('warning migrations');
    await nodes.database.query(`DELETE FROM knex_migrations WHERE name = '9999_next.sql'`);
  });

  test('a pooler in between, which introduces itself', async () => {
    const pooler = await startPooler(new URL(nodes.database.url), {});
    const url = pooler.url(nodes.database.url);
    // A proxy that only passes bytes on is none.
    expect(await look(detectsPooler, url)).toBe(false);
    const mask = (inspector: Inspector) =>
      detectsPooler({ ...inspector, announcedPid: inspector.announcedPid + 1 });
    expect(await look(mask, url)).toBe(true);
    await pooler.close();
  });

  test('more nodes than there are connections for', async () => {
    expect(problems(await lookAtDatabase(undefined, { poolSize: 10, nodes: 1_000 }))).toContain(
      'fault connections',
    );
  });
});

describe('the role', () => {
  const role = `weak_${process.pid}`;
  let url = '';
  beforeAll(async () => {
    await nodes.database.query(`CREATE ROLE ${role} LOGIN PASSWORD 'weak'`);
    await nodes.database.query(
      `GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO ${role}`,
    );
    const weak = new URL(nodes.database.url);
    weak.username = role;
    weak.password = 'weak';
    url = weak.href;
  });
  afterAll(async () => {
    await nodes.database.query(`DROP OWNED BY ${role}`);
    await nodes.database.query(`DROP ROLE ${role}`);
  });

  test('of the owner works, with a warning', async () => {
    const found = await look(checkRights);
    expect(problems(found)).toEqual(['warning role', 'warning audit-log']);
  });

  test('without the job queue: no letter would leave, and doctor says so', async () => {
    expect(problems(await look(checkRights, url))).toEqual([
      'warning role',
      'warning audit-log',
      'fault job-queue',
    ]);
    await nodes.database.query(`GRANT USAGE ON SCHEMA graphile_worker TO ${role}`);
    await nodes.database.query(
      `GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA graphile_worker TO ${role}`,
    );
    // Rights alone do not help: the tables have row security, and no policy for this role.
    const [queue] = (await look(checkRights, url)).filter(({ name }) => name === 'job-queue');
    expect([queue?.severity, queue?.message]).toEqual(['fault', expect.stringContaining('row security')]);
    const tables = await nodes.database.query<{ name: string }>(
      `SELECT relname AS name FROM pg_class WHERE relnamespace = 'graphile_worker'::regnamespace AND relrowsecurity`,
    );
    for (const { name } of tables)
      await nodes.database.query(`CREATE POLICY ${role} ON graphile_worker.${name} TO ${role} USING (true)`);
    expect(problems(await look(checkRights, url))).toEqual(['warning role', 'warning audit-log']);
  });

  test('that may not write one table', async () => {
    await nodes.database.query(`REVOKE UPDATE ON sign_ins FROM ${role}`);
    const [tables] = (await look(checkRights, url)).filter(({ name }) => name === 'table-rights');
    expect([tables?.severity, tables?.message]).toEqual(['fault', expect.stringContaining('sign_ins')]);
    await nodes.database.query(`REVOKE UPDATE, DELETE ON audit_events FROM ${role}`);
    const left = problems(await look(checkRights, url));
    expect(left.filter((one) => one.startsWith('warning'))).toEqual([]);
  });
});

describe('the key rings', () => {
  const check = async (file: ConstructorParameters<typeof Keyring>[0]) =>
    await look((inspector) => checkKeys(inspector, new Keyring(file)));

  test('of this database fit', async () => {
    expect(problems(await check(nodes.keyringFile))).toEqual([]);
  });

  test('of another database, and rings without a key that rows need: which, and how many', async () => {
    const other = Keyring.generate();
    expect(problems(await check(other))).toEqual(['fault key-rings']);
    const { seal } = nodes.keyringFile;
    const renamed = { current: 'k2', keys: { k2: seal.keys[seal.current] ?? '' } };
    const found = await check({ ...nodes.keyringFile, seal: renamed });
    expect(found.find(({ name }) => name === 'ring-keys')).toMatchObject({
      severity: 'fault',
      message: expect.stringMatching(/1 rows of people\.cpr_sealed need seal\/k1/),
    });
  });

  test('a damaged value, and a key of blocked cards alone, hide nothing and are no fault', async () => {
    const [person] = await nodes.database.query<{ id: string; sealed: Buffer }>(
      'SELECT id, cpr_sealed AS sealed FROM people LIMIT 1',
    );
    const put = async (sealed?: Buffer) =>
      await nodes.database.query('UPDATE people SET cpr_sealed = $2 WHERE id = $1', [person?.id, sealed]);
    const setCards = async (state: string, kid: string) =>
      await nodes.database.query('UPDATE key_cards SET state = $1, kid = $2', [state, kid]);
    const [card] = await nodes.database.query<{ state: string; kid: string }>(
      'SELECT state, kid FROM key_cards LIMIT 1',
    );
    const { cards } = nodes.keyringFile;
    const renamed = { current: 'k9', keys: { k9: cards.keys[cards.current] ?? '' } };
    const checkRing = async () =>
      (await check({ ...nodes.keyringFile, cards: renamed })).find(({ name }) => name === 'ring-keys');
    await put(Buffer.concat([Buffer.from([2, 0xff, 0]), Buffer.alloc(40, 0xfe)]));
    expect(await checkRing()).toMatchObject({
      severity: 'fault',
      message: expect.stringMatching(/^at least 1 rows of key_cards\.kid need cards\/k1$/),
    });
    await setCards('blocked', card?.kid ?? '');
    expect(await checkRing()).toMatchObject({ severity: 'ok' });
    await setCards(card?.state ?? '', card?.kid ?? '');
    await put(person?.sealed);
  });

  test('and signing keys that are old', async () => {
    await nodes.database.query(`UPDATE signing_keys SET since = now() - interval '1 year'`);
    expect(problems(await check(nodes.keyringFile))).toEqual(['warning signing-keys']);
    await nodes.database.query(`UPDATE signing_keys SET since = now()`);
  });
});

describe('the network', () => {
  const post = {
    kind: 'sent',
    printUrl: '',
    cardKey: {},
    passwordKey: {},
    mailUrl: '',
    mailFrom: '',
  } as const;

  test('mail: log-in, TLS, SMTPUTF8; and no mail is sent', async () => {
    const server = await startSmtpServer({ login: { user: 'noegle', pass: 'right' } });
    const url = new URL(server.url);
    url.username = 'noegle';
    url.password = 'right';
    const good = await checkMail({ ...post, mailUrl: url.href });
    expect(good.find(({ name }) => name === 'mail')).toMatchObject({ severity: 'ok' });
    url.password = 'wrong';
    const bad = await checkMail({ ...post, mailUrl: url.href });
    expect(bad.find(({ name }) => name === 'mail')).toMatchObject({ severity: 'fault' });
    expect(JSON.stringify(bad)).not.toContain('wrong');
    expect(server.messages).toEqual([]);
    await server.stop();
    expect(problems(await checkMail({ ...post, mailUrl: url.href }))).toEqual(['fault mail']);
    const plain = await startSmtpServer({ withoutUtf8: true });
    expect(problems(await checkMail({ ...post, mailUrl: plain.url }))).toContain('warning mail-utf8');
    await plain.stop();
  });

  test('a print house that answers, one that is away, and one with a certificate that is not trusted', async () => {
    const now = new Date();
    expect(problems(await checkPrintHouse({ ...post, printUrl: site.origin }, now))).toEqual([]);
    expect(problems(await checkPrintHouse({ ...post, printUrl: 'http://127.0.0.1:9/' }, now))).toEqual([
      'fault print-house',
    ]);
    const moved = await checkPrintHouse({ ...post, printUrl: `${site.origin}/moved` }, now);
    expect(moved).toMatchObject([
      { severity: 'warning', message: expect.stringContaining('308, a redirect') },
    ]);
    const server = createTlsServer(selfSigned('localhost'), (_, res) => void res.end());
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    const found = await checkPrintHouse({ ...post, printUrl: `https://localhost:${port}/` }, now);
    expect(problems(found)).toEqual(['fault print-house', 'fault print-house-tls']);
    expect(found.at(-1)?.message).toMatch(/not trusted: .*SELF_SIGNED/);
    await new Promise((resolve) => server.close(resolve));
  });

  test('a certificate that ends within thirty days', () => {
    const now = new Date('2026-11-30T00:00:00Z');
    const until = (validTo: string) =>
      describeCertificateProblem({ validTo: new Date(validTo), fault: null }, now);
    expect(until('2026-12-10T00:00:00Z')).toMatch(/expires in 10 days/);
    expect(until('2027-02-01T00:00:00Z')).toBeNull();
  });

  test('relying parties: keys and log-out addresses; what a node would not call is not called', async () => {
    const check = async (origins: readonly string[]) =>
      await look((inspector) => checkRelyingParties(inspector, origins, new Date()));
    const rp = { token_endpoint_auth_method: 'private_key_jwt', jwks_uri: `${site.origin}/jwks` } as const;
    await aRelyingParty(nodes, { client_id: 'good', ...rp, backchannel_logout_uri: `${site.origin}/logout` });
    expect(problems(await check([site.origin]))).toEqual([]);
    expect((await check([]))[0]?.message).toMatch(/good: .* is on a private network/);
    await aRelyingParty(nodes, { client_id: 'bad', ...rp, jwks_uri: `${site.origin}/empty` });
    await aRelyingParty(nodes, { client_id: 'gone', backchannel_logout_uri: `${site.origin}/gone` });
    await aRelyingParty(nodes, { client_id: 'moved', backchannel_logout_uri: `${site.origin}/moved` });
    const found = await check([site.origin]);
    expect(found.map(({ message }) => message.split(':')[0])).toEqual(['bad', 'gone', 'moved']);
    expect(found.every(({ severity }) => severity === 'warning')).toBe(true);
  });
});

test('this machine; and the exit code is that of the worst', async () => {
  expect(checkTimeZones().severity).toBe('ok');
  expect((await checkDisk('.')).name).toBe('disk');
  expect((await checkBreachedPasswords(null)).severity).toBe('warning');
  expect((await checkBreachedPasswords('migrations')).severity).toBe('fault');
  const of = (severity: Finding['severity']) => ({ name: 'x', severity, message: '', mend: null });
  const codes = [[of('ok')], [of('ok'), of('warning')], [of('fault'), of('warning')]].map(
    (findings) => EXIT_CODES[worstSeverity(findings)],
  );
  expect(codes).toEqual([0, 2, 1]);
});
