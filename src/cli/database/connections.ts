/** The commands `connections …`: what is connected to the database, and how one connection is ended. */
import { readConfig, readDatabaseUrlSetting } from '../../config/config.ts';
import { endConnection, listConnections, type DatabaseConnection } from '../../db/operations/connections.ts';
import { inspectDatabase } from '../../db/operations/inspection.ts';
import type { CommandOutcome } from '../keys.ts';
import { runWithPlainDatabase } from './databaseSettings.ts';
import { findDatabaseUrl } from './databaseUrl.ts';
import type { RecordCommand } from '../operator.ts';

/** @returns null when the arguments are wrong */
export async function runConnectionsCommand(
  [action, pid, ...more]: readonly string[],
  record: RecordCommand,
): Promise<CommandOutcome | null> {
  if (more.length > 0) return null;
  if (action !== 'list' && action !== 'end') return null;
  const url = await findUrl();
  if (action === 'list' && pid === undefined) {
    const connections = await inspectDatabase(url, listConnections);
    return { text: connections.map(describeConnection).join('\n') || 'none', json: connections };
  }
  if (action !== 'end' || pid === undefined || !/^[1-9]\d{0,8}$/.test(pid)) return null;
  return await endByCommand(url, Number(pid), record);
}

/** Needs no other setting of a node: the owner of the tables has only its URL. */
async function findUrl(): Promise<string> {
  const isGiven = ['DATABASE_URL', 'DATABASE_URL_FILE'].some((name) => process.env[name]);
  return isGiven ? readDatabaseUrlSetting(process.env) : await findDatabaseUrl(readConfig(process.env));
}

async function endByCommand(url: string, pid: number, record: RecordCommand): Promise<CommandOutcome> {
  const known = (await inspectDatabase(url, listConnections)).find((one) => one.pid === pid);
  if (!known) throw new Error(`this database has no connection ${pid}; "connections list" shows them`);
  const about = { pid, application: known.application, user: known.user };
  const recordStep = async (step: string) =>
    await runWithPlainDatabase(url, (database) => record(database, { ...about, step }));
  await recordStep('begun');
  try {
    const isEnded = await inspectDatabase(url, (inspector) => endConnection(inspector, pid));
    await recordStep(isEnded ? 'ended' : 'not ended');
    if (!isEnded) throw new Error(`${pid} did not end within five seconds`);
    return { text: `${pid} is ended`, json: { pid } };
  } catch (error) {
    if ((error as { code?: unknown }).code !== INSUFFICIENT_PRIVILEGE) throw error;
    await recordStep('refused');
    throw new Error(explainRefusal(known), { cause: error });
  }
}

const INSUFFICIENT_PRIVILEGE = '42501';

function explainRefusal({ pid, user }: DatabaseConnection): string {
  const owner = user ?? 'another role';
  return (
    `${pid} was not ended: it is a connection of ${owner}, and the role of DATABASE_URL may not end it. ` +
    `Give the command with the URL of ${owner}, or of a member of pg_signal_backend; for a node, stop the node`
  );
}

function describeConnection(connection: DatabaseConnection): string {
  const { pid, application, user, address, state, transactionSince, blockedBy } = connection;
  return [
    `${pid}  ${application || 'unnamed'}`,
    user === null ? null : `as ${user}`,
    address === null ? null : `from ${address}`,
    state,
    transactionSince === null ? null : `in a transaction since ${transactionSince.toISOString()}`,
    blockedBy.length > 0 ? `waits for ${blockedBy.join(', ')}` : null,
  ]
    .filter((part) => part !== null)
    .join(', ');
}
