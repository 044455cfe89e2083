/**
 * Checks a database after `after-restore` against the sink, row by row: what the stream shows to be spent,
 * blocked or over must not be open.
 */
import {
  countLiveSessions,
  listOpenAgain,
  listReopened,
  listTokensOpenAgain,
} from '../../db/auditTree/replayChecks.ts';
import type { AppContext } from '../appContext.ts';
import type { AfterRestoreSource } from './afterRestore.ts';
import { readSegment, readSinkState } from './readSink.ts';
import { openSegmentContent } from './sinkObjects.ts';

export interface ReplayChecks {
  readonly cards: number;
  readonly blocked: number;
  /** In words for an operator; empty when all is well. */
  readonly faults: readonly string[];
}

/** @throws AuditSinkFault, AuditSinkUnavailable */
export async function checkReplayed(
  { database, keyring }: Pick<AppContext, 'database' | 'keyring'>,
  { sink, signer }: Pick<AfterRestoreSource, 'sink' | 'signer'>,
  first: number,
  onProgress: (done: number, total: number) => void,
): Promise<ReplayChecks> {
  const last = (await readSinkState(sink, signer))?.lastSegment ?? -1;
  const cards = new Set<string>();
  const blocked = new Set<string>();
  const faults: string[] = [];
  for (let number = first; number <= last; number += 1) {
    const { rows } = openSegmentContent(keyring, number, (await readSegment(sink, signer, number)).sealed);
    for (const { id } of rows.key_cards ?? []) cards.add(String(id));
    for (const { id, blocked_at: at } of rows.identities ?? []) {
      if (at === null) blocked.delete(String(id));
      else blocked.add(String(id));
    }
    const open = await database.transaction((db) => listOpenAgain(db, rows.key_cards ?? []));
    faults.push(...open.map((id) => `card ${id} has a key that was spent, and is open`));
    const tokens = await database.transaction((db) => listTokensOpenAgain(db, rows.code_tokens ?? []));
    faults.push(...tokens.map((id) => `code token ${id} accepts a code again, or had ended and is open`));
    onProgress(number - first + 1, last - first + 1);
  }
  const { reopened, sessions } = await database.transaction(async (db) => ({
    reopened: await listReopened(db, [...blocked]),
    sessions: await countLiveSessions(db),
  }));
  faults.push(...reopened.map((id) => `ID ${id} was blocked, and is open`));
  if (sessions > 0) faults.push(`${sessions} sessions are alive`);
  return { cards: cards.size, blocked: blocked.size, faults };
}
