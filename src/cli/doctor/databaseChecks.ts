/** The database: version, clock, durability, standbys, pooler, migrations, and room for the connections. */
import { listMigrations } from '../../db/migrations.ts';
import type { Inspector } from '../../db/operations/inspection.ts';
import {
  detectsPooler,
  listRanMigrations,
  listStandbys,
  readServerFacts,
  type ServerFacts,
  type Standby,
} from '../../db/operations/serverFacts.ts';
import { fault, passed, warning, type Finding } from './finding.ts';

const OLDEST_VERSION = 150_000;
/** Codes live for a minute: at that difference nearly every sign-in fails. */
const CLOCK_FAULT_MS = 30_000;
const CLOCK_WARNING_MS = 2_000;
/** The connections of a node's worker, and one each for its job queue's listener and for a command. */
const ALSO_PER_NODE = 6 + 2;

export interface ConnectionPlan {
  readonly poolSize: number;
  /** How many nodes there are to be; null when not known. */
  readonly nodes: number | null;
}

/** @param clockNow the time of this machine, read now */
export async function checkDatabase(
  inspector: Inspector,
  clockNow: () => Date,
  plan: ConnectionPlan,
): Promise<Finding[]> {
  // The middle of the round trip is when the server read its clock.
  const before = clockNow().getTime();
  const facts = await readServerFacts(inspector);
  const after = clockNow().getTime();
  const standbys = await listStandbys(inspector);
  return [
    checkVersion(facts),
    checkClock(facts.now.getTime() - (before + after) / 2),
    checkWritable(facts),
    ...checkDurability(facts, standbys),
    checkTls(facts),
    checkEncoding(facts),
    await checkPooler(inspector),
    await checkMigrations(inspector),
    checkConnections(facts, plan),
  ];
}

function checkVersion({ version, versionNumber }: ServerFacts): Finding {
  const name = 'database-version';
  if (versionNumber >= OLDEST_VERSION) return passed(name, `PostgreSQL ${version}`);
  return fault(
    name,
    `PostgreSQL ${version} is too old`,
    'Nøgle needs PostgreSQL 15 or newer: upgrade the server',
  );
}

function checkClock(offsetMs: number): Finding {
  const name = 'clock';
  const seconds = Math.abs(offsetMs / 1_000).toFixed(1);
  const message = `this machine is ${seconds} s ${offsetMs > 0 ? 'behind' : 'ahead of'} the database`;
  const mend = 'synchronise both machines by NTP (chronyc tracking, timedatectl): codes live for a minute';
  if (Math.abs(offsetMs) >= CLOCK_FAULT_MS) return fault(name, message, mend);
  return Math.abs(offsetMs) >= CLOCK_WARNING_MS ? warning(name, message, mend) : passed(name, message);
}

function checkWritable({ isStandby, isReadOnly }: ServerFacts): Finding {
  const name = 'database-writable';
  if (isStandby)
    return fault(
      name,
      'the server is a standby',
      'let DATABASE_URL lead to the primary, also after a fail-over',
    );
  if (!isReadOnly) return passed(name, 'it takes writes');
  return fault(
    name,
    'default_transaction_read_only is on',
    'switch it off for this role, database or server',
  );
}

function checkDurability(facts: ServerFacts, standbys: readonly Standby[]): Finding[] {
  const { synchronousCommit, synchronousStandbys, fsync, fullPageWrites } = facts;
  const off = [
    ['fsync', fsync],
    ['full_page_writes', fullPageWrites],
  ].filter(([, value]) => value === 'off');
  const disk =
    off.length === 0
      ? passed('durability', 'fsync and full_page_writes are on')
      : fault(
          'durability',
          `${off.map(([name]) => name).join(' and ')} off: a crash of the server can bring spent keys back`,
          'switch them on in postgresql.conf, and restart the server',
        );
  return [
    disk,
    checkCommit(synchronousCommit),
    checkStandbys(synchronousStandbys, synchronousCommit, standbys),
  ];
}

function checkCommit(synchronousCommit: string): Finding {
  const name = 'synchronous-commit';
  if (synchronousCommit === 'off')
    return fault(
      name,
      'synchronous_commit is off: a crash can bring a spent key back',
      'set synchronous_commit = on for the server, or for this role and database',
    );
  return passed(name, `synchronous_commit is ${synchronousCommit}`);
}

function checkStandbys(names: string, commit: string, standbys: readonly Standby[]): Finding {
  const name = 'synchronous-standby';
  const mend =
    'set synchronous_standby_names and connect a standby: a fail-over to one that lags brings spent keys back';
  if (names === '') return warning(name, 'there is no synchronous standby', mend);
  if (commit === 'local')
    return fault(
      name,
      'synchronous_commit is local: commits wait for no standby',
      'set synchronous_commit = on',
    );
  const hidden = standbys.length > 0 && standbys.every(({ syncState }) => syncState === null);
  if (hidden)
    return warning(
      name,
      `${standbys.length} standbys are connected, and this role may not see whether one is synchronous`,
      'grant pg_monitor to the role that runs doctor',
    );
  const synchronous = standbys.filter(({ syncState }) => syncState === 'sync' || syncState === 'quorum');
  if (synchronous.length > 0)
    return passed(name, `connected: ${synchronous.map((standby) => standby.name).join(', ')}`);
  return fault(
    name,
    `synchronous_standby_names is ${names}, and no such standby is connected: commits wait for ever`,
    'connect the standby, or take it out of synchronous_standby_names for as long as it is gone',
  );
}

function checkTls({ isTls, isLocal }: ServerFacts): Finding {
  const name = 'database-tls';
  if (isTls) return passed(name, 'the connection is encrypted');
  if (isLocal) return passed(name, 'the server is on this machine');
  return warning(
    name,
    'the connection to the database is not encrypted',
    'add sslmode=verify-full and sslrootcert to DATABASE_URL (docs/how-to/running.md)',
  );
}

function checkEncoding({ encoding }: ServerFacts): Finding {
  const name = 'database-encoding';
  if (encoding === 'UTF8') return passed(name, 'UTF8');
  return fault(
    name,
    `the database is in ${encoding}`,
    'make a database with ENCODING UTF8: names cannot be stored in this',
  );
}

async function checkPooler(inspector: Inspector): Promise<Finding> {
  const name = 'pooler';
  if (!(await detectsPooler(inspector))) return passed(name, 'there is none in between');
  return warning(
    name,
    'a pooler is between here and the database',
    'see "Poolers" in docs/how-to/running.md: the worker needs a way past it',
  );
}

async function checkMigrations(inspector: Inspector): Promise<Finding> {
  const name = 'migrations';
  const known = await listMigrations();
  const ran = await listRanMigrations(inspector);
  if (ran === null)
    return fault(
      name,
      'no migration has run in this database',
      'node dist/cli.js migrate, as the owner of the tables',
    );
  const pending = known.filter((one) => !ran.includes(one));
  const newer = ran.filter((one) => !known.includes(one));
  if (pending.length > 0)
    return fault(
      name,
      `not run yet: ${pending.join(', ')}`,
      'node dist/cli.js migrate, before nodes of this version start',
    );
  if (newer.length > 0)
    return warning(
      name,
      `the database is newer than this build, which does not know ${newer.join(', ')}`,
      'run doctor of the version that the nodes run; an older one works beside the next version only',
    );
  return passed(name, `all ${known.length} have run`);
}

function checkConnections(facts: ServerFacts, { poolSize, nodes }: ConnectionPlan): Finding {
  const name = 'connections';
  const { maxConnections, reserved, connections } = facts;
  const room = maxConnections - reserved;
  const perNode = poolSize + ALSO_PER_NODE;
  const most = Math.floor(room / perNode);
  const counted = `a node takes up to ${perNode}; ${room} of max_connections (${maxConnections}) are for roles such as this, ${connections} are in use`;
  const mend = 'raise max_connections, or lower NOEGLE_DATABASE_POOL';
  if (nodes !== null && nodes > most) return fault(name, `${nodes} nodes do not fit: ${counted}`, mend);
  if (most < 2) return warning(name, `there is room for ${most} nodes: ${counted}`, mend);
  return passed(name, `room for ${most} nodes: ${counted}`);
}
