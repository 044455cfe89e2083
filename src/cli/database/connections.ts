/** The commands `connections …`: what is connected to the database, and how one connection is ended. */
import { readConfig } from '../../config/config.ts';
import { Database } from '../../db/database.ts';
import { endConnection, listConnections, type DatabaseConnection } from '../../db/operations/connections.ts';
import { inspectDatabase } from '../../db/operations/inspection.ts';
import type { CommandOutcome } from '../keys.ts';
import { findDatabaseUrl } from './databaseUrl.ts';
import type { RecordCommand } from '../operator.ts';

/** @returns null when the arguments are wrong */
export async function runConnectionsCommand(
  [action, pid, ...more]: readonly string[],
  record: RecordCommand,
): Promise<CommandOutcome | null> {
  if (more.length > 0) return null;
  if (action !== 'list' && action !== 'end') return null;
  const url = await findDatabaseUrl(readConfig(process.env));
  if (action === 'list' && pid === undefined) {
    const connections = await inspectDatabase(url, listConnections);
    return { text: connections.map(describeConnection).join('\n') || 'none', json: connections };
  }
  if (action !== 'end' || pid === undefined || !/^[1-9]\d{0,8}$/.test(pid)) return null;
  const number = Number(pid);
  const known = await inspectDatabase(url, listConnections);
  if (!known.some((one) => one.pid === number))
    throw new Error(`this database has no connection ${pid}; "connections list" shows them`);
  await recordEnd(url, number, record);
  if (!(await inspectDatabase(url, (inspector) => endConnection(inspector, number))))
    throw new Error(`${pid} did not end within five seconds`);
  return { text: `${pid} is ended`, json: { pid: Number(pid) } };
}

async function recordEnd(url: string, pid: number, record: RecordCommand): Promise<void> {
  const database = new Database(url, { poolSize: 1, timeoutMs: 5_000, onLost: () => undefined });
  try {
    await record(database, { pid });
  } finally {
    await database.close();
  }
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
