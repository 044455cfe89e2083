/**
 * A pooler in front of the database: in transaction mode a node works behind it if the role has its settings
 * and the pooler keeps prepared statements. What cannot work does not start, and says why.
 */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { runWithPlainDatabase } from '../src/cli/database/databaseSettings.ts';
import type { Pooler } from '../src/db/connection/connectionSettings.ts';
import { describeDatabaseError, requiresOperator } from '../src/db/connection/databaseErrors.ts';
import { verifyDirectConnection } from '../src/db/connection/verifyConnections.ts';
import { Database } from '../src/db/database.ts';
import { migrateDatabase } from '../src/db/migrations.ts';
import { saveRoleSettings } from '../src/db/roleSettings.ts';
import {
  aPerson,
  aRelyingParty,
  authRequest,
  createTestDatabase,
  redeemCode,
  request,
  signInAtNode,
  TestBrowser,
  type TestDatabase,
  UNAVAILABLE_AFTER_MS,
  useNodes,
  waitUntilReadiness,
} from './support/index.ts';
import { startPooler, type Pooler as SmallPooler } from './support/pooler.ts';
import { startTransactionPooler, type TransactionPooler } from './support/transactionPooler.ts';

const poolers: (TransactionPooler | SmallPooler)[] = [];
afterAll(async () => {
  for (const pooler of poolers) await pooler.close();
});
const keep = <T extends TransactionPooler | SmallPooler>(pooler: T): T => {
  poolers.push(pooler);
  return pooler;
};
const giveSettings = async (url: string, timeoutMs: number) =>
  await runWithPlainDatabase(url, async (db) => await saveRoleSettings(db, null, timeoutMs));

describe('two nodes behind a pooler in transaction mode', () => {
  let pooler: TransactionPooler;
  const nodes = useNodes({
    count: 2,
    pooler: 'transaction',
    prepareDatabase: async ({ url }) => {
      await giveSettings(url, UNAVAILABLE_AFTER_MS);
      pooler = keep(await startTransactionPooler(url, { sessions: 3, prepares: true }));
    },
    databaseUrl: () => pooler.url,
  });

  test('sign people in, while their statements share three sessions', async () => {
    const rp = await aRelyingParty(nodes);
    const people = await Promise.all(Array.from({ length: 6 }, () => aPerson(nodes)));
    const before = pooler.switches();
    const statuses = await Promise.all(
      people.map(async (person, i) => {
        const login = authRequest(rp);
        const code = (await signInAtNode(new TestBrowser(nodes, i), person, login)).get('code') ?? '';
        return (await redeemCode(nodes, rp, code, login.verifier, i)).status;
      }),
    );
    expect(statuses).toEqual(people.map(() => 200));
    expect(pooler.switches() - before).toBeGreaterThan(people.length);
  });

  test('cost no statement more than without one', async () => {
    const [rp, person] = [await aRelyingParty(nodes), await aPerson(nodes)];
    const signIn = async () => {
      const login = authRequest(rp);
      const code = (await signInAtNode(new TestBrowser(nodes), person, login)).get('code') ?? '';
      expect((await redeemCode(nodes, rp, code, login.verifier, 1)).status).toBe(200);
    };
    await signIn();
    const before = nodes.cost;
    await signIn();
    expect(nodes.cost.statements - before.statements).toBe(7);
    expect(nodes.cost.commits - before.commits).toBe(3);
  });

  test('report a server that takes no writes at the first of them, and go on when it takes them again', async () => {
    const rp = await aRelyingParty(nodes);
    const person = await aPerson(nodes);
    const statusOf = async () => {
      const browser = new TestBrowser(nodes);
      const page = await browser.follow(authRequest(rp).path);
      const answer = await browser.post(page, { userId: person.userId, password: person.password });
      return [answer.status, (await request(nodes.node(0)).get('/health/ready')).status];
    };
    await pooler.runInSessions('SET default_transaction_read_only = on');
    expect(await statusOf()).toEqual([503, 503]);
    await pooler.runInSessions('SET default_transaction_read_only = off');
    await waitUntilReadiness(nodes.node(0), 200);
    expect(await statusOf()).toEqual([303, 200]);
  });
});

describe('a start', () => {
  let database: TestDatabase;
  let other: TestDatabase;
  beforeAll(async () => {
    [database, other] = [await createTestDatabase(), await createTestDatabase()];
  });
  afterAll(async () => {
    // Connections that poolers keep would be in the way.
    for (const pooler of poolers.splice(0)) await pooler.close();
    await database.drop();
    await other.drop();
  });

  /** What an operator reads, or `fit`. */
  async function check(url: string, pooler: Pooler, timeoutMs = 2_000): Promise<string> {
    const one = new Database(url, { poolSize: 2, timeoutMs, pooler, onLost: () => undefined });
    try {
      await one.assertConnectionSettings();
      return 'fit';
    } catch (error) {
      return `${requiresOperator(error) ? 'ends' : 'waits'}: ${describeDatabaseError(error)}`;
    } finally {
      await one.close();
    }
  }

  const inFrontOf = async (options: { prepares: boolean; isRoundRobin?: boolean }) =>
    keep(await startTransactionPooler(database.url, { sessions: 3, ...options })).url;

  test('is refused behind a pooler that was not mentioned, and says how to mention it', async () => {
    const url = await inFrontOf({ prepares: true });
    expect(await check(url, null)).toMatch(
      /^ends: .*unsupported startup parameter.*NOEGLE_POOLER=transaction/,
    );
  });

  test('is refused until the role has the settings, all of them, and no longer timeout than the node', async () => {
    const refused = /^ends: .*"database settings".*RECONNECT/;
    expect(await check(await inFrontOf({ prepares: true }), 'transaction')).toMatch(refused);
    await giveSettings(database.url, 3_000);
    const url = await inFrontOf({ prepares: true });
    const answer = await check(url, 'transaction');
    expect(answer).toMatch(refused);
    expect(answer).toMatch(/lacks statement_timeout = '2000ms'\./);
    expect(await check(url, 'transaction', 3_000)).toBe('fit');
    expect(await check(url, 'transaction', 5_000)).toBe('fit');
  });

  test('is refused behind one that does not keep prepared statements, in whichever order it hands out sessions', async () => {
    await giveSettings(database.url, 2_000);
    for (const isRoundRobin of [false, true]) {
      const answer = await check(await inFrontOf({ prepares: false, isRoundRobin }), 'transaction');
      expect(answer).toMatch(
        /^ends: .*does not keep its statements.*1\.21 .*max_prepared_statements above 0/,
      );
      // Control: the same way to the database, with the statements kept.
      expect(await check(await inFrontOf({ prepares: true, isRoundRobin }), 'transaction')).toBe('fit');
    }
  });

  test('is as before in session mode, where the role has the settings that are dropped', async () => {
    const server = new URL(process.env['NOEGLE_TEST_SERVER'] ?? '');
    const dropping = keep(await startPooler(server, { drops: ['statement_timeout', 'options'] }));
    expect(await check(dropping.url(database.url), null)).toBe('fit');
    expect(await check(dropping.url(other.url), null)).toMatch(
      /^ends: .*enable_mergejoin = off is lost on the way.*past the/,
    );
  });

  test('is refused when the worker’s URL leads through a pooler, or to another database', async () => {
    const pooled = await inFrontOf({ prepares: true });
    const answer = async (direct: string) =>
      await verifyDirectConnection(direct, pooled).then(
        () => 'fit',
        (error: unknown) =>
          `${(error as { setting?: string }).setting}: ${describeDatabaseError(error)} ${requiresOperator(error)}`,
      );
    expect(await answer(database.url)).toBe('fit');
    expect(await answer(pooled)).toMatch(/^NOEGLE_DIRECT_DATABASE_URL: .*past the pooler.*true$/);
    // A role that may only connect.
    await database.query(
      `DROP ROLE IF EXISTS noegle_connects; CREATE ROLE noegle_connects LOGIN PASSWORD 'x'`,
    );
    const plain = Object.assign(new URL(database.url), { username: 'noegle_connects', password: 'x' });
    expect(await answer(plain.href)).toBe('fit');
    await database.query('DROP ROLE noegle_connects');
    expect(await answer(other.url)).toMatch(/^NOEGLE_DIRECT_DATABASE_URL: .*another database.*true$/);
    const server = new URL(process.env['NOEGLE_TEST_SERVER'] ?? '');
    const dropping = keep(await startPooler(server, { drops: ['statement_timeout', 'options'] }));
    expect(await answer(dropping.url(database.url))).toMatch(/worker listens.*true$/);
  });

  test('migrations run through a pooler in transaction mode', async () => {
    const pooler = keep(await startTransactionPooler(database.ownerUrl, { sessions: 3, prepares: true }));
    expect(await migrateDatabase(pooler.url)).toEqual([]);
  });
});

test('no SQL of a node leaves anything behind in its session', () => {
  const session =
    /\bLISTEN\b|\bTEMP(ORARY)? TABLE\b|\bDECLARE \w+ CURSOR\b|\bpg_(try_)?advisory_lock|\bSET (?!LOCAL\b)\w+ *(=|TO\b)/;
  const files = readdirSync('src', { recursive: true, encoding: 'utf8' }).filter(
    (name) => name.endsWith('.queries.ts') || /^db\/(?!connection|roleSettings).*\.ts$/.test(name),
  );
  expect(files.length).toBeGreaterThan(50);
  const literals = files.flatMap((name) =>
    [...readFileSync(path.join('src', name), 'utf8').matchAll(/sql(Fragment)?`([^`]*)`/g)].map(
      ([, , text = '']) =>
        `${name}: ${text.replaceAll(/\bUPDATE [\w.]+( (AS )?\w+)?\s+SET\b|DO UPDATE\s+SET\b|^\s*SET state\b/g, '')}`,
    ),
  );
  expect(literals.filter((text) => session.test(text))).toEqual([]);
  const bad = ['SELECT pg_advisory_lock(1)', "SET statement_timeout = '1s'", 'LISTEN x'];
  expect(bad.filter((text) => session.test(text))).toEqual(bad);
});
