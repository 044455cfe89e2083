/**
 * The real PgBouncer in front: 1.21 or newer carries two nodes, each a process with its worker; an older one,
 * or one that keeps no prepared statements, is refused with the reason. Where it is not installed (Debian's
 * package, or `NOEGLE_PGBOUNCER` with the path of a newer one) this is not tested, and says so.
 */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { runWithPlainDatabase } from '../../src/cli/database/databaseSettings.ts';
import { saveRoleSettings } from '../../src/db/roleSettings.ts';
import {
  aPerson,
  aRelyingParty,
  authRequest,
  redeemCode,
  runCli,
  ServerProcesses,
  signInAtNode,
  TestBrowser,
  UNAVAILABLE_AFTER_MS,
  useNodes,
} from '../support/index.ts';
import { findPgBouncer, startPgBouncer, type PgBouncer } from '../support/pgbouncer.ts';

const [newer, older] = [findPgBouncer((minor) => minor >= 21), findPgBouncer((minor) => minor < 21)];
const withNewer = newer ? test : test.skip;
const withOlder = older ? test : test.skip;
if (!newer) console.info('no PgBouncer 1.21 or newer (NOEGLE_PGBOUNCER): it is not tested');
if (!older) console.info('no PgBouncer before 1.21: that it is refused is not tested');

const PEOPLE = 40;
const AT_A_TIME = 8;

const nodes = useNodes();
let servers: ServerProcesses;
const poolers: PgBouncer[] = [];
beforeAll(async () => {
  servers = await ServerProcesses.of(nodes);
});
afterAll(async () => {
  await servers.close();
  for (const pooler of poolers) await pooler.stop();
});

async function startPooled(binary: string | null, settings: Record<string, string>) {
  const pooler = await startPgBouncer(binary ?? '', nodes.database.url, settings);
  poolers.push(pooler);
  return {
    pooler,
    env: {
      DATABASE_URL: pooler.url,
      NOEGLE_POOLER: 'transaction',
      NOEGLE_DIRECT_DATABASE_URL: nodes.database.url,
      // The roles are the subject of databaseRoles.test.ts.
      NOEGLE_ALLOW_OWNER: 'yes',
    },
  };
}

const saveSettings = async () =>
  await runWithPlainDatabase(
    nodes.database.url,
    async (db) => await saveRoleSettings(db, null, UNAVAILABLE_AFTER_MS),
  );

async function refuse(env: Record<string, string>): Promise<string> {
  const { node } = await servers.begin(env);
  expect(await node.exited()).toBe(1);
  expect(node.output).not.toMatch(/^\s+at /m);
  return node.output;
}

withNewer(`two nodes sign ${PEOPLE} people in over four sessions, none fails`, async () => {
  const { pooler, env } = await startPooled(newer, {
    max_prepared_statements: '500',
    default_pool_size: '4',
  });
  expect(await refuse(env)).toMatch(/the role has to have .*lacks statement_timeout.*"database settings"/);
  const made = await runCli(['database', 'settings', '--json'], {
    DATABASE_URL: pooler.url,
    NOEGLE_DATABASE_TIMEOUT_MS: String(UNAVAILABLE_AFTER_MS),
  });
  expect(made).toMatchObject({ code: 0, stderr: '' });
  // Sessions that were opened before have no settings yet.
  await nodes.database.query(
    `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
     WHERE datname = current_database() AND client_port > 0 AND pid <> pg_backend_pid()`,
  );
  const running = [await servers.start(env), await servers.start(env)];
  const [rp, people] = [
    await aRelyingParty(nodes),
    await Promise.all(Array.from({ length: PEOPLE }, () => aPerson(nodes))),
  ];
  const site = {
    issuer: nodes.issuer,
    secrets: nodes.secrets,
    node: (index: number) => ({ port: running[index % 2]?.port ?? 0, issuer: nodes.issuer }),
  };
  const pooled = site as unknown as typeof nodes;
  const signIn = async (i: number): Promise<number> => {
    const person = people[i];
    if (!person) return 0;
    const login = authRequest(rp);
    const code = (await signInAtNode(new TestBrowser(site, i), person, login)).get('code') ?? '';
    return (await redeemCode(pooled, rp, code, login.verifier, i)).status;
  };
  const startedAt = performance.now();
  const statuses: number[] = [];
  for (let i = 0; i < PEOPLE; i += AT_A_TIME)
    statuses.push(...(await Promise.all(Array.from({ length: AT_A_TIME }, (_, k) => signIn(i + k)))));
  expect(statuses).toEqual(people.map(() => 200));
  const [sessions] = await nodes.database.query<{ pooled: number; listening: number }>(
    `SELECT count(*) FILTER (WHERE application_name = 'noegle' AND client_port > 0)::int AS pooled,
       count(*) FILTER (WHERE query LIKE 'LISTEN%')::int AS listening
     FROM pg_stat_activity WHERE datname = current_database()`,
  );
  const ms = Math.round(performance.now() - startedAt);
  console.info(`${PEOPLE} sign-ins, 2 nodes, in ${ms} ms: ${JSON.stringify(sessions)}`);
  expect(sessions?.listening).toBe(2);
  expect(pooler.output()).not.toMatch(/prepared statement/i);
  expect(
    running.map(({ node }) =>
      [...node.output.matchAll(/"level":"error".*|"level":"warn".*database.*/g)].map(String),
    ),
  ).toEqual([[], []]);
  expect(await refuse({ ...env, NOEGLE_DIRECT_DATABASE_URL: '' })).toMatch(
    /NOEGLE_POOLER needs NOEGLE_DIRECT/,
  );
  expect(
    await refuse({ ...env, NOEGLE_DIRECT_DATABASE_URL: pooler.url.replace('127.0.0.1', 'localhost') }),
  ).toMatch(/NOEGLE_DIRECT_DATABASE_URL: .*past the pooler/);
});

withNewer('one that keeps no prepared statements is refused, with the mend', async () => {
  await saveSettings();
  const { env } = await startPooled(newer, { max_prepared_statements: '0' });
  expect(await refuse(env)).toMatch(/does not keep its statements.*max_prepared_statements above 0/);
});

withOlder('one before 1.21 is refused, with the reason and the mend', async () => {
  await saveSettings();
  const { env } = await startPooled(older, {});
  expect(await refuse(env)).toMatch(/does not keep its statements.*PgBouncer 1\.21 or newer/);
  expect(await refuse({ ...env, NOEGLE_POOLER: '', NOEGLE_DIRECT_DATABASE_URL: '' })).toMatch(
    /unsupported startup parameter: .*NOEGLE_POOLER=transaction/,
  );
});
