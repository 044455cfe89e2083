/** The command `status`: a page for an operator who was woken up. Reads, and changes nothing. */
import { readFileSync } from 'node:fs';
import { readConfig, type Config } from '../config/config.ts';
import { inspectDatabase } from '../db/operations/inspection.ts';
import {
  readJobQueue,
  readOperationsStatus,
  type OperationsStatus,
  type Outbox,
} from '../db/operations/status.ts';
import { listMigrations } from '../db/migrations.ts';
import { readAuditLogStatus } from './restore/auditSinkStatus.ts';
import { findDatabaseUrl } from './database/databaseUrl.ts';
import type { CommandOutcome } from './keys.ts';

const LOCK_HOURS = 24;
/** A letter or a notice that is due for longer waits for something that does not answer. */
const LATE_MS = 15 * 60_000;

export async function reportStatusByCommand(): Promise<CommandOutcome> {
  const config = readConfig(process.env);
  const url = await findDatabaseUrl(config);
  const asked = { migrations: await listMigrations(), lockHours: LOCK_HOURS };
  const sinkSettings = config.mode === 'server' ? config.auditSink : null;
  const [read, audit] = await inspectDatabase(url, async (inspector) => [
    await readOperationsStatus(inspector, asked),
    await readAuditLogStatus(inspector, sinkSettings),
  ]);
  const status = read.jobs === null ? { ...read, jobs: await readJobsOfWorker(config) } : read;
  const version = readVersion();
  const binding = config.rules.binding ?? status.binding ?? 'read';
  const attention = [...listAttention(status), ...audit.attention];
  return {
    text: [
      ...attention.map((line) => `! ${line}`),
      ...(attention.length === 0 ? ['Nothing needs an operator now.'] : []),
      '',
      ...describeStatus(status, { version, binding, audit: audit.text }),
    ].join('\n'),
    json: { version, ...status, binding, audit, attention },
    exitCode: attention.length > 0 ? 2 : 0,
  };
}

/** The queue as the worker's own role reads it, where that is another one. */
async function readJobsOfWorker(config: Config): Promise<OperationsStatus['jobs']> {
  if (config.mode !== 'server') return null;
  return await inspectDatabase(config.directDatabaseUrl, readJobQueue).catch(() => null);
}

/** The version of this build. */
function readVersion(): string {
  const text = readFileSync(new URL('../../package.json', import.meta.url), 'utf8');
  return (JSON.parse(text) as { version: string }).version;
}

/** What has to be looked at, with the command that does. */
function listAttention({
  server,
  nodes,
  pending,
  letters,
  notices,
  logouts,
  jobs,
  signingKeys,
  isRehearsal,
}: OperationsStatus): string[] {
  const isLate = ({ oldestDue }: Outbox) =>
    oldestDue !== null && server.now.getTime() - oldestDue.getTime() > LATE_MS;
  const current = signingKeys.filter(({ state }) => state === 'current').length;
  const sender = isRehearsal ? 'node dist/cli.js letters write FOLDER' : 'does the print house answer?';
  return [
    ...(server.isWritable ? [] : ['the database takes no writes: a standby, or set read-only']),
    ...(nodes.length === 0 ? ['no node is connected to the database: does any run?'] : []),
    ...(pending.length > 0
      ? [`migrations have not run: ${pending.join(', ')}: node dist/cli.js migrate`]
      : []),
    ...(letters.setAside > 0 ? [`${letters.setAside} letters are set aside: node dist/cli.js letters`] : []),
    ...(isLate(letters) ? [`letters wait since ${describeTime(letters.oldestDue)}: ${sender}`] : []),
    ...(notices.setAside > 0
      ? [`${notices.setAside} notices are set aside: node dist/cli.js letters retry all`]
      : []),
    ...(isLate(notices)
      ? [`notices wait since ${describeTime(notices.oldestDue)}: does the mail server answer?`]
      : []),
    ...(logouts.setAside > 0
      ? [`${logouts.setAside} log-outs were given up: node dist/cli.js logouts list`]
      : []),
    ...(jobs === null ? ['the job queue cannot be read with this role: node dist/cli.js doctor'] : []),
    ...(jobs !== null && jobs.oldestDue !== null && server.now.getTime() - jobs.oldestDue.getTime() > LATE_MS
      ? [`jobs wait since ${describeTime(jobs.oldestDue)}: does any node run its worker?`]
      : []),
    ...(current === 0 ? ['there is no signing key yet: the first node that starts makes them'] : []),
  ];
}

function describeStatus(
  status: OperationsStatus,
  { version, binding, audit }: { readonly version: string; readonly binding: string; readonly audit: string },
): string[] {
  const { server, nodes, letters, notices, logouts, jobs, locks, signingKeys, statusLine, isRehearsal } =
    status;
  const nodeTexts = nodes.map(
    ({ address, connections }) => `${address ?? 'unknown address'} (${connections})`,
  );
  const keyTexts = signingKeys.map(({ alg, state, since }) => `${alg} ${state} since ${describeTime(since)}`);
  const line = statusLine === null ? 'none' : Object.values(statusLine.texts).join(' | ');
  const rows: [string, string][] = [
    ['Version', `${version}${isRehearsal ? ', A REHEARSAL: no real person may use it' : ''}`],
    [
      'Database',
      `PostgreSQL ${server.version}, ${server.isWritable ? 'writable' : 'READ-ONLY'}, its time ${describeTime(server.now)}`,
    ],
    ['Nodes', nodeTexts.length === 0 ? 'none is connected' : `connected from ${nodeTexts.join(', ')}`],
    ['Letters', describeOutbox(letters, 'set aside')],
    ['Notices', describeOutbox(notices, 'set aside')],
    ['Log-outs', describeOutbox(logouts, 'given up')],
    [
      'Jobs',
      jobs === null
        ? 'unknown'
        : `${jobs.waiting} wait, ${jobs.abandoned} are left by nodes that died, ${jobs.failed} failed`,
    ],
    [
      'Locks',
      `${locks.password} passwords and ${locks.keys} times the keys of a card, in the last ${LOCK_HOURS} hours`,
    ],
    ['Keys', keyTexts.join('; ') || 'none'],
    ['Audit log', audit],
    ['Binding', binding],
    ['Line', line],
  ];
  return rows.map(([name, text]) => `${name.padEnd(10)}${text}`);
}

function describeOutbox({ waiting, due, oldestDue, setAside }: Outbox, word: string): string {
  const since = oldestDue === null ? '' : `, ${due} of them due since ${describeTime(oldestDue)}`;
  return `${waiting} wait${since}; ${setAside} ${word}`;
}

function describeTime(at: Date | null): string {
  return at === null ? 'unknown' : at.toISOString().replace(/\.\d+Z$/, 'Z');
}
