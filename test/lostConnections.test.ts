/**
 * A database connection that is lost at any moment ends no node; nor does an unhandled rejection of a
 * library.
 */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import pg from 'pg';
import {
  authRequest,
  TestBrowser,
  keyFor,
  request,
  type RunningNoegle,
  ServerProcesses,
  signInAtNode,
  toKeyPage,
  useNodes,
  usePerson,
  useRelyingParty,
} from './support/index.ts';
import { CutProxy } from './support/cutProxy.ts';
import { startPooler } from './support/pooler.ts';

let servers: ServerProcesses;
afterAll(async () => await servers.close());
const nodes = useNodes();
const person = usePerson(nodes);
const rp = useRelyingParty(nodes);
beforeAll(async () => {
  servers = await ServerProcesses.of(nodes);
});

const until = async (what: string, isSo: () => boolean | Promise<boolean>, ms = 60_000) => {
  const end = performance.now() + ms;
  while (!(await isSo())) {
    if (performance.now() > end) throw new Error(`never: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
};
const browserAt = (port: number) =>
  new TestBrowser({ issuer: nodes.issuer, secrets: nodes.secrets, node: () => ({ port }) });
const readyAt = async (port: number) => (await request({ port }).get('/health/ready')).status;
const count = async (text: string, values: unknown[] = []) =>
  (await nodes.database.query<{ many: number }>(`SELECT count(*)::int AS many FROM ${text}`, values))[0]
    ?.many ?? 0;

/** Every connection that finishes a job is killed by that, until `drop` is called. */
async function killWhatFinishesJobs(): Promise<{ kills(): Promise<number>; drop(): Promise<void> }> {
  await nodes.database.query(`
    CREATE SEQUENCE IF NOT EXISTS kills;
    CREATE OR REPLACE FUNCTION kill_me() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS $$ BEGIN
      PERFORM nextval('kills'), pg_terminate_backend(pg_backend_pid());
      PERFORM pg_sleep(1);
      RETURN OLD;
    END $$;
    CREATE TRIGGER kill_me BEFORE DELETE ON graphile_worker._private_jobs FOR EACH ROW EXECUTE FUNCTION kill_me();
    CREATE TRIGGER kill_me_too BEFORE UPDATE OF last_error ON graphile_worker._private_jobs
      FOR EACH ROW EXECUTE FUNCTION kill_me();`);
  return {
    kills: async () => {
      const [row] = await nodes.database.query<{ last: string | null }>(
        `SELECT pg_sequence_last_value('kills') AS last`,
      );
      return Number(row?.last ?? 0);
    },
    drop: async () => {
      await nodes.database.query(`
        DROP TRIGGER kill_me ON graphile_worker._private_jobs;
        DROP TRIGGER kill_me_too ON graphile_worker._private_jobs`);
    },
  };
}

describe('a node that runs', () => {
  let node: RunningNoegle;
  let port: number;
  beforeAll(async () => {
    ({ node, port } = await servers.start());
  });

  test('outlives connections that die while they finish a job, and continues with the jobs', async () => {
    const faults = await killWhatFinishesJobs();
    await until('two kills', async () => node.isGone() || (await faults.kills()) >= 2);
    expect([node.isGone(), node.isGone() ? 0 : await readyAt(port)]).toEqual([false, 200]);
    await faults.drop();
    const [before] = await nodes.database.query<{ id: string }>(
      'SELECT max(id) AS id FROM graphile_worker._private_jobs',
    );
    await until('jobs run again', async () => {
      const [row] = await nodes.database.query<{ last: string }>(
        `SELECT pg_sequence_last_value(pg_get_serial_sequence('graphile_worker._private_jobs', 'id')) AS last`,
      );
      const done = await count('graphile_worker._private_jobs WHERE id > $1', [before?.id ?? 0]);
      return Number(row?.last) - Number(before?.id ?? 0) > done + 5;
    });
  });

  test('outlives a connection that dies inside a transaction, between its statements', async () => {
    const browser = browserAt(port);
    const page = await toKeyPage(browser, person, authRequest(rp));
    const holder = new pg.Client(nodes.database.url);
    await holder.connect();
    await holder.query('BEGIN');
    await holder.query('SELECT FROM key_cards WHERE id = $1 FOR UPDATE', [person.cardId]);
    const answer = browser.post(page, { key: keyFor(person, page) });
    await until(
      'the node waits',
      async () =>
        (await count(`pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`)) > 0,
    );
    await nodes.database.query(`
      SELECT pg_terminate_backend(pid) FROM pg_stat_activity
      WHERE datname = current_database() AND application_name = 'noegle'`);
    expect((await answer).status).toBeGreaterThan(0);
    await holder.query('ROLLBACK');
    await holder.end();
    expect([node.isGone(), await readyAt(port)]).toEqual([false, 200]);
    expect((await signInAtNode(browserAt(port), person, authRequest(rp))).get('code')).toBeTruthy();
  });
});

describe('what nodes that died left in the queue', () => {
  const left = async () =>
    (
      await nodes.database.query<{ name: string; locked: boolean }>(
        `SELECT payload ->> 'name' AS name, locked_by IS NOT NULL AS locked FROM graphile_worker._private_jobs
         WHERE payload ->> 'name' IS NOT NULL ORDER BY 1`,
      )
    ).map(({ name, locked }) => `${name}${locked ? ', locked' : ''}`);

  test('goes when its work waits elsewhere, and is let go of when its work goes with it', async () => {
    const add = async (task: string, name: string, set: string) => {
      const payload = JSON.stringify({ name });
      // Not due, so that the node of this suite leaves it alone.
      await nodes.database.query(
        `SELECT id FROM graphile_worker.add_job($1, $2::json, run_at => now() + interval '1 hour')`,
        [task, payload],
      );
      await nodes.database.query(
        `UPDATE graphile_worker._private_jobs SET ${set} WHERE payload ->> 'name' = $1`,
        [name],
      );
    };
    const lockedFor = (interval: string) =>
      `locked_by = 'of a dead node', attempts = 1, locked_at = now() - interval '${interval}'`;
    await add('tellLogouts', 'a repeated one of a dead node', lockedFor('3 minutes'));
    await add('tellLogouts', 'b repeated one that runs', lockedFor('1 minute'));
    await add('sendLetters', 'c repeated one that failed for good', 'attempts = max_attempts');
    await add('backchannelLogout', 'd own work of a dead node', lockedFor('3 minutes'));
    await add('backchannelLogout', 'e own work that failed for good', 'attempts = max_attempts');
    await add(
      'backchannelLogout',
      'f nobody could for a week',
      `attempts = max_attempts, run_at = now() - interval '8 days'`,
    );
    await nodes.node(0).app.tasks['sweepJobQueue']?.({});
    expect(await left()).toEqual([
      'b repeated one that runs, locked',
      'd own work of a dead node',
      'e own work that failed for good',
    ]);
    await nodes.database.query(
      `DELETE FROM graphile_worker._private_jobs WHERE payload ->> 'name' IS NOT NULL`,
    );
  });
});

test('a promise that a library rejects and no one handles is logged, and the node continues', async () => {
  const forgotten = `setTimeout(() => Promise.reject(new Error('forgotten by a library')), 1500)`;
  const NODE_OPTIONS = `--import=data:text/javascript,${encodeURIComponent(forgotten)}`;
  const { node, port } = await servers.start({ NODE_OPTIONS });
  await until('it is said', () => node.isGone() || node.output.includes('forgotten by a library'));
  expect(node.isGone()).toBe(false);
  expect(node.output).toMatch(/"level":"error".*forgotten by a library/);
  expect(await readyAt(port)).toBe(200);
});

describe('signals', () => {
  test('of a terminal that closes and of a debugger are ignored; the others let a node finish what runs', async () => {
    const ends = await Promise.all(
      (['SIGQUIT', 'SIGUSR2'] as const).map(async (signal) => {
        const { node, port } = await servers.start();
        for (const ignored of ['SIGHUP', 'SIGUSR1', 'SIGPIPE'] as const) node.signal(ignored);
        await until('it is said', () => node.output.includes('SIGHUP') && node.output.includes('SIGUSR1'));
        const debuggers = await fetch('http://127.0.0.1:9229/json').then(
          () => 1,
          () => 0,
        );
        const ready = await readyAt(port);
        node.signal(signal);
        node.signal(signal);
        return [signal, ready, debuggers, await node.exited()];
      }),
    );
    expect(ends).toEqual([
      ['SIGQUIT', 200, 0, 0],
      ['SIGUSR2', 200, 0, 0],
    ]);
  });

  test('an uncaught exception of Nøgle’s: logged, what runs is finished, and the exit code is 1', async () => {
    const thrown = `setTimeout(() => { throw new Error('thrown by us'); }, 1500)`;
    const NODE_OPTIONS = `--import=data:text/javascript,${encodeURIComponent(thrown)}`;
    const { node } = await servers.start({ NODE_OPTIONS });
    expect(await node.exited()).toBe(1);
    expect(node.output).toMatch(/"level":"error".*thrown by us/);
  });
});

describe('a start', () => {
  test('waits for a database that is unavailable, and says why', async () => {
    const way = await CutProxy.toDatabase();
    way.cut();
    const DATABASE_URL = way.url(nodes.database.appUrl);
    const { node, port } = await servers.begin({ DATABASE_URL });
    await until('it waits', () => node.isGone() || node.output.includes('waiting for the database'));
    expect(node.output).toMatch(/"setting":"DATABASE_URL".*waiting for the database/);
    way.restore();
    await node.ready();
    expect(await readyAt(port)).toBe(200);
    expect(await node.terminate()).toBe(0);
    await way.close();
  });

  test('says what the server or a pooler says, never only that it does not answer', async () => {
    const server = new URL(process.env['NOEGLE_TEST_SERVER'] ?? '');
    const poolers = await Promise.all([
      startPooler(server, { refuses: 'statement_timeout' }),
      startPooler(server, { drops: ['statement_timeout', 'options'] }),
    ]);
    const [refusing, dropping] = poolers.map((pooler) => pooler.url(nodes.database.appUrl));
    const none = new URL(nodes.database.appUrl);
    none.pathname = '/there_is_none';
    const unknownUser = new URL(nodes.database.appUrl);
    unknownUser.username = 'nobody';
    const outputs = await Promise.all(
      [none.href, unknownUser.href, refusing, dropping].map(async (DATABASE_URL = '') => {
        const { node } = await servers.begin({ DATABASE_URL });
        expect(await node.exited()).toBe(1);
        expect(node.output).not.toMatch(/does not answer|^ +at /m);
        return node.output;
      }),
    );
    expect(outputs[0]).toContain('database "there_is_none" does not exist');
    expect(outputs[1]).toMatch(/role "nobody" does not exist|authentication failed for user "nobody"/);
    expect(outputs[2]).toMatch(/unsupported startup parameter: statement_timeout.*past the pooler/);
    expect(outputs[3]).toMatch(/statement_timeout .* is lost on the way.*past the pooler/);
    for (const pooler of poolers) await pooler.close();
  });
});
