/**
 * The command `staff list`. An operator sees the staff at `/desk/staff`, with their names; the command shows
 * the same, and is recorded as a command that shows names.
 */
import type { App } from '../app.ts';
import { listStaffAndBanks, type ListedStaff } from '../features/desk/staff/readStaff.ts';
import type { CommandOutcome } from './keys.ts';
import type { RecordCommand } from './operator.ts';

/** @returns null when the arguments are wrong */
export async function listStaffByCommand(
  { context }: App,
  [action, ...more]: readonly string[],
  record: RecordCommand,
): Promise<CommandOutcome | null> {
  if (action !== 'list' || more.length > 0) return null;
  await record(context.database);
  const { members } = await listStaffAndBanks(context);
  return {
    text: members.map(describeMember).join('\n') || 'no staff: "bootstrap" makes the first two operators',
    json: members.map((member) => ({ ...member, state: findState(member) })),
  };
}

type StaffState = 'in_use' | 'proposed' | 'end_proposed' | 'bank_closed';

function findState({ approvedAt, endProposedBy, isBankOpen }: ListedStaff): StaffState {
  if (approvedAt === null) return 'proposed';
  if (!isBankOpen) return 'bank_closed';
  return endProposedBy === null ? 'in_use' : 'end_proposed';
}

const STATES: Readonly<Record<StaffState, string>> = {
  in_use: '',
  proposed: ', waits for another operator',
  end_proposed: ', its end is proposed',
  bank_closed: ', without access: its bank is not registered any longer',
};

function describeMember(member: ListedStaff): string {
  const { name, userId, role, bank, approvedAt, proposedAt } = member;
  const scope = bank === null ? '' : ` of ${bank}`;
  const since = (approvedAt ?? proposedAt).toISOString();
  return `${role}${scope}: ${name} (${userId ?? 'not activated'}), since ${since}${STATES[findState(member)]}`;
}
