/**
 * The commands `doctor` and `check-config --database`: checks what the configuration leads to. Reads only,
 * sends no mail and no letter, and goes on where something fails.
 */
import { readConfig, type ServerConfig } from '../../config/config.ts';
import { describeDatabaseError } from '../../db/connection/databaseErrors.ts';
import { inspectDatabase } from '../../db/operations/inspection.ts';
import { realClock } from '../../platform/clock.ts';
import { Keyring } from '../../platform/keyring.ts';
import type { DoctorOptions } from '../options.ts';
import type { CommandOutcome } from '../keys.ts';
import { checkAuditSink } from './auditChecks.ts';
import { checkDatabase } from './databaseChecks.ts';
import {
  describeFinding,
  EXIT_CODES,
  fault,
  passed,
  runCheck,
  worstSeverity,
  type Finding,
} from './finding.ts';
import { checkKeys } from './keyChecks.ts';
import { checkBreachedPasswords, checkDisk, checkTimeZones, describeRules } from './machineChecks.ts';
import { checkMail, checkPrintHouse } from './networkChecks.ts';
import { checkRelyingParties } from './relyingPartyChecks.ts';
import { checkStaffSecurityKeys } from './staffChecks.ts';
import { checkQueue, checkRights, checkRole } from './rightsChecks.ts';

/** @throws ConfigError with all faults of the settings: nothing else is checked then */
export async function runDoctorByCommand(options: DoctorOptions): Promise<CommandOutcome> {
  const config = readConfig(process.env);
  if (config.mode === 'sandbox')
    throw new Error(
      'doctor is for a server: set DATABASE_URL. The sandbox makes its database, keys and mail itself',
    );
  const nodes = readNodeCount(options.nodes);
  const findings = await listFindings(config, { nodes, callsNetwork: options['no-network'] !== true });
  const severity = worstSeverity(findings);
  return {
    text: findings.map(describeFinding).join('\n'),
    json: { ok: severity === 'ok', severity, findings },
    exitCode: EXIT_CODES[severity],
  };
}

function readNodeCount(text: string | undefined): number | null {
  if (text === undefined) return null;
  if (!/^[1-9]\d{0,3}$/.test(text)) throw new Error('--nodes must be the number of nodes');
  return Number(text);
}

interface Examination {
  readonly nodes: number | null;
  readonly callsNetwork: boolean;
}

async function listFindings(config: ServerConfig, { nodes, callsNetwork }: Examination): Promise<Finding[]> {
  const { post } = config;
  const now = realClock.now();
  const machine = [
    runCheck('time-zones', async () => [checkTimeZones()]),
    runCheck('disk', async () => [await checkDisk('.')]),
    runCheck('breached-passwords', async () => [await checkBreachedPasswords(config.breachedPasswordsDir)]),
  ];
  const network =
    callsNetwork && post.kind === 'sent'
      ? [runCheck('mail', () => checkMail(post)), runCheck('print-house', () => checkPrintHouse(post, now))]
      : [];
  const found = await Promise.all([
    Promise.resolve([passed('config', 'every setting is valid'), describeRules(config.rules)]),
    examineDatabase(config, { nodes, callsNetwork }),
    ...network,
    ...machine,
  ]);
  return found.flat();
}

async function examineDatabase(
  config: ServerConfig,
  { nodes, callsNetwork }: Examination,
): Promise<readonly Finding[]> {
  const { databaseUrl, directDatabaseUrl, databasePool: poolSize, privateOrigins } = config;
  const keyring = new Keyring(config.keyring);
  try {
    return await inspectDatabase(databaseUrl, async (inspector) => {
      const found = [
        ...(await runCheck('database', () =>
          checkDatabase(inspector, () => realClock.now(), { poolSize, nodes }),
        )),
      ];
      // Without the tables there is nothing to look at.
      if (found.some(({ name, severity }) => name === 'migrations' && severity === 'fault')) return found;
      const runsQueue = directDatabaseUrl === databaseUrl;
      found.push(...(await runCheck('rights', () => checkRights(inspector, { runsQueue }))));
      if (!runsQueue) found.push(...(await examineQueue(directDatabaseUrl)));
      found.push(...(await runCheck('keys', () => checkKeys(inspector, keyring))));
      found.push(
        ...(await runCheck('staff-security-keys', () => checkStaffSecurityKeys(inspector, config.rules))),
      );
      found.push(...(await runCheck('audit-sink', () => checkAuditSink(inspector, config, keyring))));
      if (!callsNetwork) return found;
      const check = () => checkRelyingParties(inspector, privateOrigins, realClock.now());
      return [...found, ...(await runCheck('relying-parties', check))];
    });
  } catch (error) {
    const mend = 'check DATABASE_URL: host, port, database, role and password, and pg_hba.conf of the server';
    return [fault('database', `no connection: ${describeDatabaseError(error)}`, mend)];
  }
}

/** As the role of the worker, where that is another one. */
async function examineQueue(directDatabaseUrl: string): Promise<readonly Finding[]> {
  try {
    return await inspectDatabase(directDatabaseUrl, async (inspector) => [
      await checkRole(inspector, 'queue-role'),
      await checkQueue(inspector),
    ]);
  } catch (error) {
    const mend = 'check NOEGLE_DIRECT_DATABASE_URL: no letter, notice or log-out leaves without it';
    return [fault('job-queue', `no connection: ${describeDatabaseError(error)}`, mend)];
  }
}
