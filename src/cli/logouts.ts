/** The commands `logouts …`: log-out notifications to relying parties. */
import type { App } from '../app.ts';
import {
  listAbandonedLogouts,
  retryLogouts,
  summariseLogouts,
  type AbandonedLogout,
  type LogoutSummary,
} from '../db/oidc/logoutOutbox.ts';
import type { CommandOutcome } from './keys.ts';
import type { RecordCommand } from './operator.ts';

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const LISTED_AT_MOST = 100;

/** @returns null when the arguments are wrong */
export async function runLogoutsCommand(
  { context: { database } }: App,
  [action, id, ...more]: readonly string[],
  record: RecordCommand,
): Promise<CommandOutcome | null> {
  if (more.length > 0) return null;
  if (action === 'list' && id === undefined) return await listLogouts(database);
  if (action !== 'retry' || id === undefined) return null;
  if (id !== 'all' && !UUID.test(id)) throw new Error(`${id} is no id; "logouts list" shows them`);
  const count = await database.transaction(async (db) => {
    const retried = await retryLogouts(db, id === 'all' ? null : id);
    if (id !== 'all' && retried === 0) throw new Error(`no log-out ${id} was given up`);
    await record(db, id === 'all' ? { again: retried } : { logoutId: id });
    return retried;
  });
  return { text: `${count} are sent again`, json: { again: count } };
}

async function listLogouts(database: App['context']['database']): Promise<CommandOutcome> {
  const relyingParties = await summariseLogouts(database);
  const abandoned = await listAbandonedLogouts(database, LISTED_AT_MOST);
  const lines = [...relyingParties.map(describeSummary), ...abandoned.map(describeAbandoned)];
  return {
    text: lines.join('\n') || 'none waits, and none was given up',
    json: { relyingParties, abandoned },
  };
}

function describeSummary({ clientId, state, count, since, tries, fault }: LogoutSummary): string {
  const words = state === 'waiting' ? 'wait' : 'given up';
  return `${clientId}: ${count} ${words}, since ${since.toISOString()}, up to ${tries} tries${fault ? `: ${fault}` : ''}`;
}

function describeAbandoned({ id, clientId, at, tries, fault }: AbandonedLogout): string {
  return `${id}  ${clientId}, given up; queued ${at.toISOString()}, ${tries} tries: ${fault ?? 'no reason known'}`;
}
