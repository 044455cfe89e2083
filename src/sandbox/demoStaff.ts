/** The staff of the sandbox, appointed by the same actions as in production, operators first. */
import { readRole, rolePermits, worksForBank } from '../domain/staff/staff.ts';
import { foldName } from '../domain/person/userId.ts';
import { findCredentials } from '../db/people/identities.ts';
import { approveProposal, proposeStaff } from '../features/desk/staff/changeStaff.ts';
import { makeFirstOperators } from '../features/desk/staff/makeFirstOperators.ts';
import { listStaffAndBanks } from '../features/desk/staff/readStaff.ts';
import type { AppContext } from '../features/appContext.ts';
import type { ListedPerson } from './demoPeople.ts';

/** The bank of the demo clerks. */
const DEMO_BANK = 'demo-netbank';

/** Requires the demo people and relying parties. */
export async function prepareDemoStaff(context: AppContext, people: readonly ListedPerson[]): Promise<void> {
  const staff = people.flatMap(({ userId, role: word }) => {
    const role = readRole(word);
    return role === null ? [] : [{ userId, role }];
  });
  const operators = staff.filter(({ role }) => rolePermits(role, 'staff_approve'));
  const [first, second] = await Promise.all(
    operators.map(({ userId }) => findIdentityOfUserId(context, userId)),
  );
  if (!first || !second) throw new Error('the demo has no two operators');
  await makeFirstOperators(context, [first, second]);
  // A person who has a role keeps it, and one whose role was removed while someone tried the desk gets it
  // again, as in `.data/demo.json`; unless the two who appoint are no longer operators.
  for (const { userId, role } of staff.filter((one) => !operators.includes(one))) {
    await proposeStaff(context, first, { userId, role, bank: worksForBank(role) ? DEMO_BANK : null });
  }
  const { members } = await listStaffAndBanks(context);
  for (const { id, approvedAt, proposedBy } of members)
    if (!approvedAt && proposedBy === first) await approveProposal(context, second, id);
}

async function findIdentityOfUserId(context: AppContext, userId: string): Promise<string | undefined> {
  return (await findCredentials(context.database, foldName(userId), null, context.clock.now()))?.identityId;
}
