/** Staff are proposed by one operator, approved by another, and ended; each with its event, in its transaction. */
import { may, LEAST_OPERATORS, type Action, type Role } from '../../core/staff.ts';
import { formOfUserId } from '../../core/input/userIdSigns.ts';
import { foldName } from '../../core/userId.ts';
import { appendEvent } from '../../store/auditLog.ts';
import type { Queryable } from '../../store/database.ts';
import {
  approveStaff,
  endStaff,
  findCandidate,
  findStaff,
  findStaffRow,
  insertStaff,
  listBanks,
  lockOperators,
} from '../../store/desk/staff.ts';
import { hasLookAlikes } from '../../store/selfService/userIds.ts';
import { fillAllUserIdForms } from '../userId/forms.ts';
import type { World } from '../world.ts';

/** `not_your_role`: by now, this person is no operator. */
export type StaffFault =
  | 'not_your_role'
  | 'unknown_user'
  /** Another user ID, also from before, looks like it: which of the two is meant cannot be seen. */
  | 'looks_alike'
  | 'own_id'
  | 'bank_missing'
  | 'unknown_bank'
  | 'already_staff'
  | 'own_proposal'
  /** Whoever proposed it is an operator no longer, or their ID is blocked. */
  | 'proposer_gone'
  | 'too_few_operators'
  | 'gone';

export interface Proposal {
  /** As it was typed. */
  readonly userId: string;
  readonly role: Role;
  /** A client id; for clerks alone. */
  readonly bank: string | null;
}

/** @param by the identity of the operator. */
export async function proposeStaff(
  world: World,
  by: string,
  proposal: Proposal,
): Promise<'done' | StaffFault> {
  const bank = proposal.role === 'bank_clerk' ? proposal.bank : null;
  if (proposal.role === 'bank_clerk' && bank === null) return 'bank_missing';
  await fillAllUserIdForms(world);
  return await asOperator(world, by, 'staff_propose', async (db) => {
    const userId = foldName(proposal.userId);
    const identityId = await findCandidate(db, userId);
    if (!identityId) return 'unknown_user';
    if (await hasLookAlikes(db, identityId, formOfUserId(userId))) return 'looks_alike';
    if (identityId === by) return 'own_id';
    if (bank !== null && !(await listBanks(db)).some(({ clientId }) => clientId === bank))
      return 'unknown_bank';
    const { role } = proposal;
    const row = { id: world.dice.uuid(), identityId, role, bank, proposedBy: by };
    if (!(await insertStaff(db, row, world.clock.now()))) return 'already_staff';
    await appendEvent(db, { kind: 'staff_proposed', identityId, details: { staffId: by, role, bank } });
    return 'done';
  });
}

/** By another than the one who proposed, and never of oneself. Of any number at once, one does it. */
export async function approveProposal(world: World, by: string, id: string): Promise<'done' | StaffFault> {
  return await asOperator(world, by, 'staff_approve', async (db) => {
    const touched = await approveStaff(db, { id, by }, world.clock.now());
    if (!touched) {
      const row = await findStaffRow(db, id);
      if (!row || row.isEnded || row.isApproved) return 'gone';
      if (row.identityId === by) return 'own_id';
      return row.proposedBy === by ? 'own_proposal' : 'proposer_gone';
    }
    const { identityId, role, bank } = touched;
    await appendEvent(db, { kind: 'staff_approved', identityId, details: { staffId: by, role, bank } });
    return 'done';
  });
}

/**
 * A role, or a proposal. Two operators are always left: a third is made before one of two goes. One whose ID is blocked is
 * none of them, and may go.
 */
export async function endRole(world: World, by: string, id: string): Promise<'done' | StaffFault> {
  return await asOperator(world, by, 'staff_end', async (db, operators) => {
    const kept = operators.length <= LEAST_OPERATORS ? operators : [];
    const touched = await endStaff(db, { id, by, kept }, world.clock.now());
    if (!touched) {
      const row = await findStaffRow(db, id);
      if (!row || row.isEnded) return 'gone';
      return row.identityId === by ? 'own_id' : 'too_few_operators';
    }
    const { identityId, role, bank } = touched;
    await appendEvent(db, { kind: 'staff_ended', identityId, details: { staffId: by, role, bank } });
    return 'done';
  });
}

/** Changes of the staff come one by one, each by somebody who is an operator while it is made. */
async function asOperator(
  { database }: World,
  by: string,
  action: Action,
  work: (db: Queryable, operators: readonly string[]) => Promise<'done' | StaffFault>,
): Promise<'done' | StaffFault> {
  return await database.transaction(async (db) => {
    const operators = await lockOperators(db);
    const staff = await findStaff(db, by);
    return staff && may(staff.role, action) ? await work(db, operators) : 'not_your_role';
  });
}
