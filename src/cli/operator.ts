/**
 * Who gives a command, and how it is recorded. A command that is missing from this table does not run. A
 * command that changes something or shows personal data appends an audit event in the transaction of its
 * change. A command of many transactions records when it begins and when it is done.
 */
import { userInfo } from 'node:os';
import type { Queryable } from '../db/database.ts';

/**
 * `recorded`: appends an audit event. `no_database`: has no database to append one to. `nothing_personal`:
 * only reads, and shows no personal data.
 */
type CommandRecording = 'recorded' | 'no_database' | 'nothing_personal';

export const COMMANDS: Readonly<Record<string, CommandRecording>> = {
  migrate: 'recorded',
  // Runs before there is an audit log; `migrate`, which follows it, is recorded.
  'database make': 'no_database',
  'database settings': 'recorded',
  'check-config': 'nothing_personal',
  doctor: 'nothing_personal',
  status: 'nothing_personal',
  'keys make': 'no_database',
  'keys complete': 'no_database',
  'keys add': 'no_database',
  'keys use': 'no_database',
  'keys rings': 'nothing_personal',
  'keys reseal': 'recorded',
  'keys retire': 'recorded',
  'keys remove': 'recorded',
  'tokens import': 'recorded',
  'tokens list': 'nothing_personal',
  'keys list': 'nothing_personal',
  'keys rotate': 'recorded',
  'keys withdraw': 'recorded',
  'print-keys make': 'no_database',
  letters: 'recorded',
  'letters retry': 'recorded',
  'letters write': 'recorded',
  'logouts list': 'nothing_personal',
  'logouts retry': 'recorded',
  'connections list': 'nothing_personal',
  'connections end': 'recorded',
  'staff list': 'recorded',
  'person block': 'recorded',
  'proofing count': 'nothing_personal',
  'proofing lower': 'recorded',
  'notice set': 'recorded',
  'notice clear': 'recorded',
  'notice show': 'nothing_personal',
  failures: 'nothing_personal',
  // Reads events to compare their hashes, and shows only ids.
  'audit verify': 'nothing_personal',
  'audit export': 'recorded',
  'audit erase': 'recorded',
  'after-restore': 'recorded',
  'drill restore': 'recorded',
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

/** Finds the name of a command in `COMMANDS`. @returns null when the command does not exist */
export function findCommandName(words: readonly string[]): string | null {
  const [first = '', second = ''] = words;
  const both = `${first} ${second}`;
  if (Object.hasOwn(COMMANDS, both)) return both;
  return Object.hasOwn(COMMANDS, first) ? first : null;
}

/**
 * The person at the terminal: the account of the system, and a name where several people share the account.
 * The name is the one that was given, or the account from which `sudo` was called.
 */
export interface CliOperator {
  readonly account: string;
  readonly by: string | null;
}

/** The audit log keeps it for ever: a name or initials, nothing else. */
const NAME = /^[\p{L}\p{N}](?:[\p{L}\p{N} .@_'-]{0,98}[\p{L}\p{N}.@_'-])?$/u;

/** @returns null when the name is not valid */
export function readOperator(name: string | undefined): CliOperator | null {
  if (name !== undefined && !NAME.test(name)) return null;
  const sudoUser = process.env['SUDO_USER'] ?? '';
  return { account: accountName(), by: name ?? (NAME.test(sudoUser) ? sudoUser : null) };
}

/** An account without a name, as in containers, is reported by its number. */
function accountName(): string {
  try {
    return userInfo().username;
  } catch {
    return `uid ${process.getuid?.() ?? 'unknown'}`;
  }
}

/**
 * Appends the command to the audit log.
 * @param about what the command did: ids and numbers, no secret and no person's name
 */
export type RecordCommand = (db: Queryable, about?: Readonly<Record<string, unknown>>) => Promise<void>;

export function createCommandRecorder({ account, by }: CliOperator, command: string): RecordCommand {
  return async (db, about = {}) => {
    // Loaded here: a command without a database starts without the driver.
    const { appendEvent } = await import('../db/auditLog.ts');
    const details = { command, account, by, about };
    await appendEvent(db, { kind: 'operator_command', identityId: null, details });
  };
}
