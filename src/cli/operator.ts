/**
 * Who gives a command, and what is written down of it. Each command stands in this table, or it does not run:
 * one that changes something, or shows what is personal, leaves an audit event in the transaction of what it
 * does. What takes many transactions says when it begins and when it is done.
 */
import { userInfo } from 'node:os';
import { appendEvent } from '../db/auditLog.ts';
import type { Queryable } from '../db/database.ts';

/**
 * `recorded`: leaves an event. `no_database`: it has nowhere to leave one. `nothing_personal`: it only reads,
 * and shows nothing of anybody.
 */
type CommandRecording = 'recorded' | 'no_database' | 'nothing_personal';

export const COMMANDS: Readonly<Record<string, CommandRecording>> = {
  migrate: 'recorded',
  'check-config': 'no_database',
  'keys make': 'no_database',
  'keys complete': 'no_database',
  'keys list': 'nothing_personal',
  'keys rotate': 'recorded',
  'keys withdraw': 'recorded',
  letters: 'recorded',
  'letters retry': 'recorded',
  failures: 'nothing_personal',
  'bind-rows': 'recorded',
  'replace-cards': 'recorded',
  bootstrap: 'recorded',
  issue: 'recorded',
  'relying-party add': 'recorded',
  'relying-party list': 'nothing_personal',
  'relying-party show': 'nothing_personal',
  'relying-party update': 'recorded',
  'relying-party rotate-secret': 'recorded',
  'relying-party remove': 'recorded',
  'relying-party approve': 'recorded',
  'initial-access-token create': 'recorded',
  'register import': 'recorded',
};

/** The name of a command in the table, from its words; null where there is none. */
export function findCommandName(words: readonly string[]): string | null {
  const [first = '', second = ''] = words;
  const both = `${first} ${second}`;
  if (Object.hasOwn(COMMANDS, both)) return both;
  return Object.hasOwn(COMMANDS, first) ? first : null;
}

/**
 * Who sits there: the account of the system, and the name that was given where several people share one, or
 * that they had before they became that account.
 */
export interface CliOperator {
  readonly account: string;
  readonly by: string | null;
}

/** Said in the audit log for ever: a name or initials, nothing else. */
const NAME = /^[\p{L}\p{N}][\p{L}\p{N} .@_'-]{0,99}$/u;

/** @returns null where the name is none. */
export function readOperator(given: string | undefined): CliOperator | null {
  if (given !== undefined && !NAME.test(given)) return null;
  const before = process.env['SUDO_USER'] ?? '';
  return { account: accountName(), by: given ?? (NAME.test(before) ? before : null) };
}

/** An account without a name, as containers have it, is its number. */
function accountName(): string {
  try {
    return userInfo().username;
  } catch {
    return `uid ${process.getuid?.() ?? 'unknown'}`;
  }
}

/** Writes the command down. @param about what it did: ids and numbers, no secret and no person's name. */
export type RecordCommand = (db: Queryable, about?: Readonly<Record<string, unknown>>) => Promise<void>;

export function createCommandRecorder({ account, by }: CliOperator, command: string): RecordCommand {
  return async (db, about = {}) => {
    const details = { command, account, by, about };
    await appendEvent(db, { kind: 'operator_command', identityId: null, details });
  };
}
