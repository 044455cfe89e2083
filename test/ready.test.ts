/** Readiness states what is wrong, by component: schema, database, worker, clock. Slowness alone is not. */
import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { startJobs, WrongClockError } from '../src/app.ts';
import {
  request,
  ServerProcesses,
  useNodes,
  waitUntilReadiness,
  askReadiness,
  installDatabaseClock,
} from './support/index.ts';

const nodes = useNodes();
let clock: Awaited<ReturnType<typeof installDatabaseClock>>;
beforeAll(async () => {
  clock = await installDatabaseClock(nodes.database);
  await nodes.restart();
});

const RIGHT = { database: 'ok', schema: 'ok', clock: 'ok', audit: 'ok', worker: 'ok', leaving: 'no' };
const ready = () => askReadiness(nodes.node(0));
const until = (status: 200 | 503) => waitUntilReadiness(nodes.node(0), status);
const linesSince = (from: number, word: string) =>
  nodes.log
    .slice(from)
    .split('\n')
    .filter((line) => line.includes(word));

test('it names every component, and nothing else', async () => {
  const { text } = await request(nodes.node(0)).get('/health/ready').expect(200);
  expect(JSON.parse(text)).toEqual({ status: 'ready', checks: RIGHT });
});

test('polls of many proxies cost about a statement a second', async () => {
  const before = await clock.reads();
  const startedAt = performance.now();
  for (let i = 0; i < 10; i += 1) {
    const answers = await Promise.all(Array.from({ length: 20 }, ready));
    expect(answers.every(({ status }) => status === 200)).toBe(true);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  const seconds = (performance.now() - startedAt) / 1_000;
  expect((await clock.reads()) - before).toBeLessThanOrEqual(Math.ceil(seconds) + 1);
});

describe('the clock', () => {
  for (const [side, seconds] of [
    ['behind', 3_600],
    ['ahead of', -3_600],
  ] as const) {
    test(`an hour ${side} the database's: not ready, one clear line, and ready again with the clock`, async () => {
      const from = nodes.log.length;
      await clock.shift(seconds);
      expect((await until(503)).checks).toEqual({ ...RIGHT, clock: 'differs' });
      await ready();
      const lines = linesSince(from, 'this node is not ready');
      expect(lines).toHaveLength(1);
      expect(lines[0]).toMatch(/"level":"error"/);
      expect(lines[0]).toContain(`the clock of this node is 3600 s ${side} the clock of the database`);
      await clock.shift(0);
      expect((await until(200)).checks).toEqual(RIGHT);
      expect(linesSince(from, 'is right again')).toHaveLength(1);
    });
  }

  for (const faultMs of [-3_600_000, 3_600_000]) {
    test(`that jumps by ${faultMs / 1_000} s: nothing is answered by it, not even before the next check`, async () => {
      await until(200);
      const discover = async () => await request(nodes.node(0)).get('/.well-known/openid-configuration');
      expect((await discover()).status).toBe(200);
      nodes.clock.faultMs = faultMs;
      const { status, headers } = await discover();
      expect([status, headers['retry-after']]).toEqual([503, '2']);
      expect((await request(nodes.node(0)).get('/health/live')).status).toBe(200);
      expect((await until(503)).checks).toEqual({ ...RIGHT, clock: 'differs' });
      expect((await discover()).status).toBe(503);
      nodes.clock.faultMs = 0;
      await until(200);
      expect((await discover()).status).toBe(200);
    });
  }

  test('some seconds are a warning', async () => {
    const from = nodes.log.length;
    await clock.shift(8);
    const end = performance.now() + 10_000;
    while (linesSince(from, 'the clocks drift apart').length === 0 && performance.now() < end) {
      expect((await ready()).status).toBe(200);
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    await clock.shift(0);
    expect(linesSince(from, 'the clocks drift apart')[0]).toMatch(/"level":"warn".* 8 s behind/);
  });

  test('a start with a clock that is an hour off is refused, with the figure', async () => {
    await clock.shift(-3_600);
    const refusal = await nodes.tryStart().catch((error: unknown) => error);
    await clock.shift(0);
    expect(refusal).toBeInstanceOf(WrongClockError);
    expect(String(refusal)).toMatch(/3600 s ahead of .* at most 30 s are allowed/);
  });
});

test('a process waits for its clock, or ends with the figure and without a stack', async () => {
  const servers = await ServerProcesses.of(nodes);
  await clock.shift(3_600);
  const [waiting, refused] = [
    await servers.begin(),
    await servers.begin({ NOEGLE_DATABASE_WAIT_SECONDS: '0' }),
  ];
  expect(await refused.node.exited()).toBe(1);
  expect(refused.node.output).toMatch(/^Nøgle does not start: the clock of this node is 3600 s behind /m);
  expect(refused.node.output).not.toMatch(/^ +at /m);
  const end = performance.now() + 30_000;
  while (!waiting.node.output.includes('waiting for the clock') && performance.now() < end)
    await new Promise((resolve) => setTimeout(resolve, 50));
  expect(waiting.node.output).toMatch(/3600 s behind.*waiting for the clock/);
  await clock.shift(0);
  await waiting.node.ready();
  expect((await waitUntilReadiness(waiting, 200)).checks).toEqual(RIGHT);
  await servers.close();
});

describe('slowness', () => {
  test('of the database takes no node out: the last answer comes at once, and checks do not pile up', async () => {
    await until(200);
    await clock.slow(4);
    const before = await clock.reads();
    const end = performance.now() + 5_000;
    let longest = 0;
    while (performance.now() < end) {
      const askedAt = performance.now();
      const answers = await Promise.all(Array.from({ length: 5 }, ready));
      longest = Math.max(longest, performance.now() - askedAt);
      expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200, 200]);
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    await clock.slow(0);
    // Below the statement's time: a busy machine takes a second where an idle one takes 0.2.
    expect(longest).toBeLessThan(3_200);
    expect((await clock.reads()) - before).toBeLessThanOrEqual(3);
  });

  test('of requests, which hold every connection, is not the database’s', async () => {
    await new Promise((resolve) => setTimeout(resolve, 1_100));
    const { database } = nodes.context;
    const held = Array.from({ length: 10 }, () =>
      database.query({ name: 'held', text: 'SELECT pg_sleep(1)' }),
    );
    expect((await ready()).checks).toEqual(RIGHT);
    await Promise.all(held);
  });
});

test('a schema that lacks a migration or a key to sign with is said', async () => {
  await nodes.database.query(
    `UPDATE signing_keys SET state = 'retired' WHERE alg = 'RS256' AND state = 'current'`,
  );
  expect((await until(503)).checks).toEqual({ ...RIGHT, schema: 'incomplete' });
  await nodes.database.query(
    `UPDATE signing_keys SET state = 'current' WHERE alg = 'RS256' AND state = 'retired'`,
  );
  await until(200);
});

describe('the worker', () => {
  const role = `ready_${randomBytes(6).toString('hex')}`;
  afterAll(async () => {
    await nodes.database.query(`DROP OWNED BY ${role}; DROP ROLE ${role}`);
  });

  test('that may not queue: an error at once with the table, not ready, and ready again with the right', async () => {
    await nodes.database.query(`
      CREATE ROLE ${role} LOGIN PASSWORD '${role}';
      GRANT USAGE ON SCHEMA public, graphile_worker TO ${role};
      GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public, graphile_worker TO ${role};
      GRANT USAGE ON ALL SEQUENCES IN SCHEMA public, graphile_worker TO ${role};
      GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA public, graphile_worker TO ${role};`);
    const url = new URL(nodes.database.url);
    [url.username, url.password] = [role, role];
    const from = nodes.log.length;
    const worker = startJobs(nodes.node(0).app, { databaseUrl: url.href });
    try {
      expect((await until(503)).checks).toEqual({ ...RIGHT, worker: 'not_permitted' });
      expect(worker.fault).toContain('row-level security policy for table');
      await new Promise((resolve) => setTimeout(resolve, 1_500));
      const lines = linesSince(from, 'the worker cannot do its work');
      // One at once for each thing that it cannot do, and not one a second.
      const causes = lines.map((line) => (JSON.parse(line) as { cause: string }).cause);
      expect([lines.length > 0, new Set(causes).size]).toEqual([true, lines.length]);
      expect(lines[0]).toMatch(/"level":"error".*_private_/);
      expect(lines[0]).not.toContain('stack');

      const tables = await nodes.database.query<{ name: string }>(
        `SELECT tablename AS name FROM pg_tables WHERE schemaname = 'graphile_worker' AND rowsecurity`,
      );
      for (const { name } of tables)
        await nodes.database.query(
          `CREATE POLICY worker ON graphile_worker.${name} TO ${role} USING (true) WITH CHECK (true)`,
        );
      expect((await until(200)).checks).toEqual(RIGHT);
      const end = performance.now() + 10_000;
      while (worker.lastRunAt === null && performance.now() < end)
        await new Promise((resolve) => setTimeout(resolve, 50));
      expect([worker.fault, performance.now() - (worker.lastRunAt ?? 0) < 10_000]).toEqual([null, true]);

      // A task that lacks a right of its own.
      await nodes.database.query(`
        CREATE FUNCTION forbid() RETURNS trigger LANGUAGE plpgsql AS
          $$ BEGIN RAISE EXCEPTION 'permission denied for table logouts' USING ERRCODE = '42501'; END $$;
        CREATE TRIGGER forbid BEFORE UPDATE ON logouts FOR EACH STATEMENT EXECUTE FUNCTION forbid();`);
      expect((await until(503)).checks['worker']).toBe('not_permitted');
      expect(worker.fault).toContain('tellLogouts: ');
      await nodes.database.query('DROP FUNCTION forbid CASCADE');
      await until(200);
    } finally {
      await worker.stop();
    }
  });
});

test('that is leaving says so, and asks nothing', async () => {
  const before = await clock.reads();
  await new Promise((resolve) => setTimeout(resolve, 1_100));
  nodes.node(0).app.leave();
  expect(await ready()).toEqual({ status: 503, checks: { ...RIGHT, leaving: 'yes' } });
  expect(await clock.reads()).toBe(before);
});
