/**
 * The command `person block`: what `/block` and the desk do, for the hour in which no one is at a desk. It
 * searches for no person: the ID number is typed from the letter or the call, and no name is printed.
 */
import type { App } from '../app.ts';
import { findIdentityByIdNumber } from '../db/people/identityByIdNumber.ts';
import { enqueueMissedLogouts } from '../db/oidc/backchannelLogouts.ts';
import { readLine } from '../domain/input/typedText.ts';
import { checkReason, type ReasonFault } from '../domain/staff/desk.ts';
import { isStaffMember } from '../features/desk/staff/staffRoles.queries.ts';
import { blockInTransaction } from '../features/factors/index.ts';
import { BY_SYSTEM } from '../features/identity/index.ts';
import type { CommandOutcome } from './keys.ts';
import type { RecordCommand } from './operator.ts';

const FAULTS: Readonly<Record<ReasonFault, string>> = {
  reason_unreadable: '--reason has characters that cannot be read',
  reason_short: '--reason is required: why the ID is blocked, in at least five characters',
  reason_long: '--reason has more than 200 characters',
  reason_number: '--reason contains a CPR number: the audit log keeps it for ever',
};

/** @returns null when the arguments are wrong */
export async function runPersonCommand(
  { context }: App,
  [action, ...words]: readonly string[],
  options: { readonly reason?: string | undefined },
  record: RecordCommand,
): Promise<CommandOutcome | null> {
  if (action !== 'block' || words.length === 0) return null;
  const idNumber = words.join('').replaceAll(/[\s\u00a0]/g, '');
  if (!/^\d{9}$/.test(idNumber)) throw new Error('an ID number has nine digits, as in the welcome letter');
  const reason = readLine(options.reason ?? '');
  const fault = checkReason(reason);
  if (fault) throw new Error(FAULTS[fault]);
  const identityId = await findIdentityByIdNumber(context.database, idNumber);
  if (identityId === null) throw new Error('there is no ID with this number');
  const notice = { kind: 'id_blocked', details: { by: BY_SYSTEM.by } } as const;
  const outcome = await context.database.transaction(async (db) => {
    const done = await blockInTransaction(context, db, identityId, 'identity', BY_SYSTEM, { notice });
    await record(db, { identityId, reason, outcome: done });
    return done;
  });
  await enqueueMissedLogouts(context.database, identityId);
  // At the desk two people block a colleague. Here one does, who has the key rings; so it is printed.
  const isStaff = await isStaffMember(context.database, identityId);
  const role = isStaff ? '\nThis person is on the staff: their access to the desk is gone for as long' : '';
  const text =
    outcome === 'done'
      ? 'the ID is blocked on every node, its sessions have ended, and the person is notified. A desk reopens it'
      : `the ID was blocked before (${outcome}); its sessions have ended`;
  return { text: `${text}${role}`, json: { identityId, outcome, isStaff } };
}
