/**
 * What can happen to a fleet. Each fault looks up what it needs, strikes, and takes its cause away again;
 * what comes after that is not its matter. Chance is handed in, so that a run can be repeated.
 */
import { execFile } from 'node:child_process';
import { appendFile, rm, statfs } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { promisify } from 'node:util';
import pg from 'pg';
import type { DatabaseMachine } from './databaseMachine.ts';
import type { Fleet } from './install.ts';
import { signalProcess, until } from './processes.ts';
import type { SeededRandom } from './random.ts';

const run = promisify(execFile);

export interface FaultContext {
  readonly fleet: Fleet;
  readonly random: SeededRandom;
  /** The fault begins now. */
  readonly begin: () => void;
  /** Something that must not be so, in a sentence. */
  readonly noteFault: (fault: string) => void;
}

export interface Fault {
  /** In the docs. */
  readonly title: string;
  /** The longest gap between two finished sign-ins at p99, in milliseconds; null where none is promised. */
  readonly limitMs: number | null;
  /** @returns why it cannot be tried here; null when it can */
  readonly isImpossible?: (fleet: Fleet) => string | null;
  /** Ends when the cause is gone. @returns which variant it was */
  readonly run: (context: FaultContext) => Promise<string>;
}

const FREEZE_MS = 10_000;
const CUT_MS = 5_000;
const FULL_MS = 6_000;
const CLOCK_MS = 6_000;
const LAG_MS = 3_000;
const EXHAUSTED_MS = 5_000;
/** Of nodes, but not of the run itself. */
const END_CONNECTIONS = `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
  WHERE usename IN ('noegle_app', 'noegle_queue') AND application_name <> 'fleet'`;
const SUCCESSOR_MS = 60_000;
const CLOCK_SECONDS = 3_600;
/** How long the proxy may take to see that a node is back. */
const NOTICED_MS = 2_500;

export const FAULTS = {
  'node-killed': {
    title: 'a node is killed, and started again after 2 s',
    limitMs: 3_000,
    run: async ({ fleet, random, begin }) => {
      const node = random.pick(fleet.nodes);
      begin();
      node.kill();
      await setTimeout(1_000);
      await node.untilReady();
      return node.name;
    },
  },
  'node-frozen': {
    title: 'a node stands still for 10 s',
    limitMs: 5_000,
    run: async ({ fleet, random, begin }) => {
      const node = random.pick(fleet.nodes);
      begin();
      node.freeze();
      await setTimeout(FREEZE_MS);
      node.thaw();
      return node.name;
    },
  },
  'node-upgraded': {
    title: 'both nodes are stopped and started, one after the other',
    limitMs: null,
    run: async ({ fleet, begin, noteFault }) => {
      begin();
      for (const node of fleet.nodes) {
        const end = await node.terminate();
        if (end !== 'exit 0') noteFault(`${node.name} was asked to stop, and ended with ${end}`);
        node.startAgain();
        await node.untilReady();
        await setTimeout(NOTICED_MS);
      }
      return 'both';
    },
  },
  'node-clock': {
    title: 'the clock of a node is an hour wrong for 6 s',
    limitMs: null,
    run: async ({ fleet, random, begin, noteFault }) => {
      const node = random.pick(fleet.nodes);
      const seconds = random.pick([-CLOCK_SECONDS, CLOCK_SECONDS]);
      begin();
      node.setClock(seconds);
      await setTimeout(CLOCK_MS);
      if (await node.isReady()) noteFault(`${node.name} is ready with a clock that is ${seconds} s wrong`);
      node.setClock(0);
      await node.untilReady();
      return seconds < 0 ? 'behind' : 'ahead';
    },
  },
  'node-cut': {
    title: 'between node and database every packet is lost for 5 s',
    limitMs: null,
    run: async ({ fleet, random, begin }) => {
      const [one, other] = fleet.databaseProxies;
      const [variant, cut] = random.pick([
        ['one node', [one]],
        ['one node', [other]],
        ['both nodes', [one, other]],
      ] as const);
      begin();
      for (const proxy of cut) proxy.cut();
      await setTimeout(CUT_MS);
      for (const proxy of cut) proxy.join();
      return variant;
    },
  },
  'primary-killed': {
    title: 'the PostgreSQL of the primary is killed',
    limitMs: 10_000,
    run: async ({ fleet, begin }) => {
      const primary = await fleet.cluster.primary();
      begin();
      primary.killPostgres();
      await until('a successor', SUCCESSOR_MS, async () => {
        const successor = await fleet.cluster.findPrimary(primary);
        // Without a standby that may succeed it, it is started again.
        return successor ?? (primary.postmaster !== null && (await fleet.cluster.findPrimary()));
      });
      return primary.name;
    },
  },
  'machine-lost': {
    title: 'the machine of the primary is lost, and comes back',
    limitMs: 30_000,
    run: async ({ fleet, random, begin }) => {
      const machine = await fleet.cluster.primary();
      const variant = random.pick(['without power', 'silent, then without power'] as const);
      begin();
      if (variant === 'without power') machine.powerOff();
      else machine.freeze();
      await untilSucceeded(fleet, machine, random);
      machine.powerOff();
      machine.start();
      return variant;
    },
  },
  'machine-frozen': {
    title: 'the machine of the primary stands still until it has a successor, and goes on',
    limitMs: 30_000,
    run: async ({ fleet, random, begin }) => {
      const machine = await fleet.cluster.primary();
      begin();
      machine.freeze();
      await untilSucceeded(fleet, machine, random);
      machine.thaw();
      return machine.name;
    },
  },
  'standby-lost': {
    title: 'the machine of the synchronous standby is lost',
    limitMs: null,
    run: async ({ fleet, random, begin }) => {
      const machine = await fleet.cluster.syncStandby();
      const variant = random.pick(['without power', 'silent, and back'] as const);
      begin();
      if (variant === 'without power') machine.powerOff();
      else machine.freeze();
      await setTimeout(FREEZE_MS);
      if (variant === 'without power') machine.start();
      else machine.thaw();
      return variant;
    },
  },
  switchover: {
    title: 'another member is made the primary (`patronictl switchover`)',
    limitMs: null,
    run: async ({ fleet, begin, noteFault }) => {
      const primary = await fleet.cluster.primary();
      const candidate = await fleet.cluster.syncStandby();
      begin();
      const answer = await primary.request('/switchover', {
        leader: primary.name,
        candidate: candidate.name,
      });
      if (answer?.status !== 200) noteFault(`no switchover: ${answer?.status} ${String(answer?.answer)}`);
      return primary.name;
    },
  },
  'disk-full': {
    title: 'the disk of the primary is full for 6 s',
    limitMs: null,
    isImpossible: ({ hasDisks }) =>
      hasDisks ? null : 'it takes root and the right to mount a file system of its own',
    run: async ({ fleet, begin }) => {
      const { disk } = await fleet.cluster.primary();
      const file = path.join(disk, 'filled');
      begin();
      try {
        const end = performance.now() + FULL_MS;
        while (performance.now() < end) {
          await fillDisk(disk, file);
          await setTimeout(100);
        }
      } finally {
        await rm(file, { force: true });
      }
      return path.basename(disk);
    },
  },
  'connections-exhausted': {
    title: 'all connections of the database are taken for 5 s',
    limitMs: null,
    run: async ({ fleet, random, begin }) => {
      const primary = await fleet.cluster.primary();
      const variant = random.pick(['those that are left', 'those of the nodes too'] as const);
      const url = new URL(fleet.appUrl);
      url.hostname = primary.address;
      url.port = '5432';
      // Opened before the last one is taken.
      const admin = await primary.connect();
      begin();
      await takeConnections(url.href, EXHAUSTED_MS, async () => {
        if (variant === 'those of the nodes too') await admin.query(END_CONNECTIONS);
      });
      await admin.end();
      return variant;
    },
  },
  'proxies-reloaded': {
    title: 'all proxies are reloaded',
    limitMs: null,
    run: async ({ fleet, begin }) => {
      begin();
      fleet.proxy.reload();
      for (const proxy of fleet.databaseProxies) proxy.reload();
      await setTimeout(1_000);
      return 'all';
    },
  },
  'etcd-killed': {
    title: 'etcd is killed, and started again after 3 to 12 s',
    limitMs: null,
    run: async ({ fleet, random, begin }) => {
      const ms = random.between(3_000, 12_000);
      begin();
      await fleet.etcd.kill();
      await setTimeout(ms);
      fleet.etcd.start();
      await fleet.etcd.untilReady();
      return `${Math.round(ms / 1_000)} s`;
    },
  },
} as const satisfies Record<string, Fault>;

/**
 * The control: a primary that is lost while its standbys lag, in a fleet whose standbys are asynchronous.
 * What was acknowledged in the meantime is lost, and the verification has to find it.
 */
export const CONTROL: Fault = {
  title: 'control: the primary is lost, and its standbys were asynchronous',
  limitMs: null,
  run: async ({ fleet, begin }) => {
    const primary = await fleet.cluster.primary();
    const standbys = fleet.cluster.machines.filter((machine) => machine !== primary);
    const receivers = await Promise.all(
      standbys.map(
        async (machine) => await machine.ask<{ pid: number }>('SELECT pid FROM pg_stat_wal_receiver'),
      ),
    );
    const pids = receivers.flat().map(({ pid }) => pid);
    for (const pid of pids) signalProcess(pid, 'SIGSTOP');
    await setTimeout(LAG_MS);
    begin();
    primary.powerOff();
    // What is still in their sockets is lost with them.
    for (const pid of pids) signalProcess(pid, 'SIGKILL');
    await until('a successor', SUCCESSOR_MS, async () => await fleet.cluster.findPrimary(primary));
    primary.start();
    return primary.name;
  },
};

export type FaultName = keyof typeof FAULTS;

export function isFaultName(name: string): name is FaultName {
  return Object.hasOwn(FAULTS, name);
}

/**
 * How often each comes in a cycle: those for which a gap is promised more often, as it takes many of them to
 * know the longest of a hundred.
 */
const TIMES: Partial<Record<FaultName, number>> = {
  'node-killed': 2,
  'node-frozen': 2,
  'primary-killed': 3,
};

/** Each fault as often as `TIMES` says, in random order, again and again. */
export function* orderFaults(names: readonly FaultName[], random: SeededRandom): Generator<FaultName> {
  const cycle = names.flatMap((name) => Array.from({ length: TIMES[name] ?? 1 }, () => name));
  if (cycle.length === 0) throw new Error('no fault is left to try');
  for (;;) yield* random.shuffle(cycle);
}

/** And for a moment more, in which people sign in at the successor. */
async function untilSucceeded(fleet: Fleet, machine: DatabaseMachine, random: SeededRandom): Promise<void> {
  await until('a successor', SUCCESSOR_MS, async () => await fleet.cluster.findPrimary(machine));
  await setTimeout(random.between(1_000, 4_000));
}

async function fillDisk(disk: string, file: string): Promise<void> {
  const { bavail, bsize } = await statfs(disk);
  const bytes = bavail * bsize;
  if (bytes === 0) return;
  // PostgreSQL may take some of it at the same time.
  const isLarge = bytes > 8 * 1024 * 1024;
  const filling = isLarge
    ? run('fallocate', ['--length', String(bytes - 1024 * 1024), file])
    : appendFile(file, Buffer.alloc(bytes));
  await filling.catch(() => undefined);
}

/** Takes every connection that is free or becomes free. @param onFull called when none is left */
async function takeConnections(url: string, ms: number, onFull: () => Promise<void>): Promise<void> {
  const taken: pg.Client[] = [];
  const end = performance.now() + ms;
  const filled: Promise<void>[] = [];
  const take = async () => {
    while (performance.now() < end) {
      const client = new pg.Client({
        connectionString: url,
        connectionTimeoutMillis: 1_000,
        application_name: 'fleet',
      });
      client.on('error', () => undefined);
      const isTaken = await client.connect().then(
        () => true,
        () => false,
      );
      if (isTaken) taken.push(client);
      else {
        if (filled.length === 0) filled.push(onFull());
        await setTimeout(20);
      }
    }
  };
  await Promise.all(Array.from({ length: 8 }, take));
  await Promise.all(filled);
  await Promise.all(taken.map(async (client) => await client.end().catch(() => undefined)));
}
