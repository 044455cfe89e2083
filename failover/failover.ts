/**
 * A database that fails over, and two nodes that survive it: fifty connections are cut or killed in the
 * middle of jobs, and a primary is killed ten times and its standby promoted, while people sign in and out.
 * Needs PostgreSQL from Debian (`apt-get install postgresql`), and nothing outside of this machine. Prints a
 * line a round, then a verdict; the exit code is 1 when a node ended, something promised is lost, or
 * readiness was wrong for longer than allowed.
 *
 *   npm run failover [-- --kills 10 --cuts 50]
 */
import { chown, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { findBenchPort } from '../bench/install.ts';
import { closeConnections } from '../test/support/http.ts';
import { LogoutSite } from '../test/support/logout.ts';
import { startPrintHouse } from '../test/support/printHouseServer.ts';
import { startSmtpServer } from '../test/support/smtpServer.ts';
import { installForFailover } from './install.ts';
import { FailoverPeople } from './people.ts';
import { PostgresServer, systemUser } from './server.ts';
import { DATABASE, verifyCodes, verifyKeys, verifyOutboxes, verifySessions } from './verify.ts';
import { ReadinessWatch, type Disagreements } from './watch.ts';
import { ConnectionProxy } from './way.ts';

/**
 * How long readiness may lag behind the truth, on busy machines. A node keeps an answer for a second, and
 * waits 1.5 seconds for a server that does not respond.
 */
const TOLERANCE: Disagreements = { readyWithoutWrites: 3_000, notReadyWithWrites: 3_000 };
const BACK_MS = 30_000;

const { values } = parseArgs({
  options: { kills: { type: 'string', default: '10' }, cuts: { type: 'string', default: '50' } },
});
const printLine = (line: Record<string, unknown>) => void process.stdout.write(`${JSON.stringify(line)}\n`);

const user = await systemUser();
const folder = await mkdtemp(path.join(tmpdir(), 'noegle-failover-'));
// PostgreSQL's user has to reach its data; the rest belongs to this process.
await mkdir(path.join(folder, 'data'));
if (user.uid !== undefined && user.gid !== undefined) {
  await chown(folder, user.uid, user.gid);
  await chown(path.join(folder, 'data'), user.uid, user.gid);
}
const servers = await Promise.all(
  ['a', 'b'].map(
    async (name) => new PostgresServer(path.join(folder, 'data', name), await findBenchPort(), user),
  ),
);
let [primary, standby] = servers as [PostgresServer, PostgresServer];
const way = await ConnectionProxy.open();
const site = new LogoutSite();
const printHouse = await startPrintHouse();
const mail = await startSmtpServer();
await site.listen();
const faults: string[] = [];
const closing: (() => Promise<unknown>)[] = [];

try {
  await primary.init();
  await primary.start();
  await primary.ask(`CREATE DATABASE ${DATABASE}`);
  await primary.ask('CREATE TABLE failover_truth AS SELECT clock_timestamp() AS at', DATABASE);
  await standby.follow(primary);
  way.forward(primary.port);
  const databaseUrl = `postgres://postgres@127.0.0.1:${way.port}/${DATABASE}`;
  const installed = await installForFailover({
    databaseUrl,
    folder,
    printHouse,
    mailPort: Number(new URL(mail.url).port),
    logoutOrigin: site.origin,
    many: { people: 60, renewing: 80 },
  });
  const { nodes } = installed;
  closing.push(async () => await Promise.all(nodes.map((node) => node.end())));
  const watch = new ReadinessWatch(databaseUrl, () => nodes.map(({ port }) => port));
  closing.push(async () => await watch.stop());
  const people = new FailoverPeople(installed, 4);
  closing.push(async () => await people.stop());
  const everybody = [...installed.people, ...installed.renewing];
  const keysSpent = (person: (typeof everybody)[number]) => (installed.renewing.includes(person) ? 127 : 0);
  /** Also checked where nothing else runs. */
  const noteEnded = () => {
    for (const { port, endedWith } of nodes) {
      const end = endedWith();
      if (end !== null) faults.push(`the node at ${port} ended: ${end}`);
    }
  };
  const untilBack = async () => {
    const end = performance.now() + BACK_MS;
    const before = people.promises.signIns.length;
    while (!watch.isWritable || people.promises.signIns.length < before + 4) {
      if (performance.now() > end) {
        noteEnded();
        throw new Error('no one can sign in any longer');
      }
      await setTimeout(50);
    }
  };
  const report = (round: Record<string, unknown>) => {
    const seen = watch.take();
    for (const kind of Object.keys(TOLERANCE) as (keyof Disagreements)[]) {
      if (seen[kind] > TOLERANCE[kind]) faults.push(`${JSON.stringify(round)}: ${kind} for ${seen[kind]} ms`);
    }
    noteEnded();
    const { signIns, logouts } = people.promises;
    const gapMs = Math.round(people.longestGapMs);
    people.longestGapMs = 0;
    printLine({
      ...round,
      gapMs,
      ...seen,
      signIns: signIns.length,
      logouts: logouts.length,
      ...people.tally,
    });
  };

  await untilBack();
  report({ round: 'undisturbed' });

  for (let i = 1; i <= Number(values.cuts); i += 1) {
    if (i % 5 === 0) way.cut();
    else await killBusyWorker(primary);
    await setTimeout(300);
    if (i % 10 === 0) {
      await untilBack();
      report({ round: `${i} connections cut or killed` });
    }
  }

  for (let i = 1; i <= Number(values.kills); i += 1) {
    const startedAt = performance.now();
    await primary.kill9();
    // In the meantime the address leads alternately nowhere or to the standby, which takes no writes yet.
    way.forward(i % 2 === 0 ? standby.port : null);
    await setTimeout(1_000);
    await standby.promote();
    [primary, standby] = [standby, primary];
    way.forward(primary.port);
    const promotedAt = performance.now();
    await untilBack();
    const backMs = Math.round(performance.now() - promotedAt);
    faults.push(...(await verifyKeys(primary, [], people.promises.signIns, keysSpent)));
    await standby.follow(primary);
    report({ round: `primary killed ${i}`, awayMs: Math.round(promotedAt - startedAt), backMs });
  }

  await people.stop();
  const { signIns, logouts } = people.promises;
  const outboxes = { printHouse, notified: () => site.received };
  const renewed = signIns.map(({ person }) => person).filter((person) => keysSpent(person) > 0);
  faults.push(...(await verifyKeys(primary, everybody, signIns, keysSpent)));
  faults.push(...(await verifyOutboxes(primary, outboxes, { logouts, renewed })));
  const isOver = new Set(logouts);
  // Access tokens live for minutes.
  const alive = signIns.slice(-40).filter((one) => !isOver.has(one));
  faults.push(...(await verifySessions(people, logouts, alive)));
  faults.push(...(await verifyCodes(people, signIns)));
  const left = await primary.ask<{ many: number }>(
    "SELECT count(*)::int AS many FROM graphile_worker._private_jobs WHERE locked_at < now() - interval '5 minutes'",
    DATABASE,
  );
  printLine({
    verdict: faults.length === 0 ? 'nothing lost, no node ended' : 'FAULTS',
    signIns: signIns.length,
    logouts: logouts.length,
    letters: printHouse.letters.size,
    orphanedJobs: left[0]?.many,
    nodes: nodes.map(({ endedWith }) => endedWith() ?? 'alive'),
  });
} catch (error) {
  faults.push(error instanceof Error ? (error.stack ?? error.message) : String(error));
} finally {
  for (const close of closing.toReversed())
    await close().catch((error: unknown) => faults.push(String(error)));
  closeConnections();
  await way.close();
  for (const server of servers) await server.kill9();
  site.close();
  await printHouse.stop();
  await mail.stop();
}
for (const fault of faults) printLine({ fault });
if (faults.length === 0) await rm(folder, { recursive: true, force: true });
else printLine({ logs: folder });
process.exit(faults.length === 0 ? 0 : 1);

/** Kills a backend that is in the middle of a statement, if there is one within a second. */
async function killBusyWorker(server: PostgresServer): Promise<void> {
  const end = performance.now() + 1_000;
  const kill = async (condition: string) =>
    await server.ask(
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
       WHERE application_name = 'noegle-worker' AND query !~ 'LISTEN' ${condition} LIMIT 1`,
    );
  while (performance.now() < end) if ((await kill(`AND state <> 'idle'`)).length > 0) return;
  await kill('');
}
