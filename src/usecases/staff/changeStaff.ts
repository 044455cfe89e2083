/**
 * Staff are proposed by one operator and approved by another, and their access is ended the same way; each
 * with its event, in its transaction. What one operator proposes about an end pauses the access at once, but
 * for an operator's.
 */
import type { StaffCountKind } from '../../core/desk/limits.ts';
import type { RefusedWhy } from '../../core/desk/refusals.ts';
import { isPermitted, LEAST_OPERATORS, worksForBank, type Action, type Role } from '../../core/staff.ts';
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
  keepStaff,
  listBanks,
  lockOperators,
  proposeEnd,
} from '../../store/desk/staff.ts';
import { hasLookAlikes } from '../../store/selfService/userIds.ts';
import { countStaffAction } from '../desk/limits.ts';
import { stillOpenSince } from '../desk/proposeColleagueAction.ts';
import { noteRefusal } from '../desk/refusals.ts';
import { fillAllUserIdForms } from '../userId/forms.ts';
import type { World } from '../world.ts';
import { takeBackCount } from '../../store/desk/staffCounts.ts';

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
  /** Nobody can sign in at the clerk's bank any more. */
  | 'bank_gone'
  | 'too_few_operators'
  /** They proposed the end themselves. */
  | 'own_end'
  | 'end_waits'
  | 'not_proposed'
  | 'end_proposer_gone'
  | 'over_limit'
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
  const isOfBank = worksForBank(proposal.role);
  const bank = isOfBank ? proposal.bank : null;
  if (isOfBank && bank === null) return 'bank_missing';
  await fillAllUserIdForms(world);
  return await asOperator(world, by, { action: 'staff_propose', count: 'staff', id: null }, async (db) => {
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
  return await asOperator(world, by, { action: 'staff_approve', count: 'staff', id }, async (db) => {
    const touched = await approveStaff(db, { id, by }, world.clock.now());
    if (!touched) {
      const row = await findStaffRow(db, id);
      if (!row || row.isEnded || row.isApproved) return 'gone';
      if (row.identityId === by) return 'own_id';
      if (row.proposedBy === by) return 'own_proposal';
      return row.isBankOpen ? 'proposer_gone' : 'bank_gone';
    }
    const { identityId, role, bank } = touched;
    await appendEvent(db, { kind: 'staff_approved', identityId, details: { staffId: by, role, bank } });
    return 'done';
  });
}

/**
 * Two operators are always left: a third is made before one of two goes. One whose ID is blocked is none of
 * them, and may go. Until another has decided, the role is paused; an operator's is not.
 */
export async function proposeEndOfRole(world: World, by: string, id: string): Promise<'done' | StaffFault> {
  return await asOperator(
    world,
    by,
    { action: 'staff_end', count: 'staff_end', id },
    async (db, operators) => {
      const touched = await proposeEnd(db, { id, by, kept: keptOf(operators) }, world.clock.now());
      if (!touched) {
        const row = await findStaffRow(db, id);
        if (!row || row.isEnded || !row.isApproved) return 'gone';
        if (row.identityId === by) return 'own_id';
        return row.endProposedBy === null ? 'too_few_operators' : 'end_waits';
      }
      const { identityId, role, bank } = touched;
      await appendEvent(db, { kind: 'staff_end_proposed', identityId, details: { staffId: by, role, bank } });
      return 'done';
    },
  );
}

/** The end of a role is turned down by another operator, or called off by the one who proposed it. */
export async function keepRole(world: World, by: string, id: string): Promise<'done' | StaffFault> {
  return await asOperator(world, by, { action: 'staff_end', count: 'staff', id }, async (db) => {
    const touched = await keepStaff(db, { id, by });
    if (!touched) return (await findStaffRow(db, id))?.identityId === by ? 'own_id' : 'gone';
    const { identityId, role, bank } = touched;
    await appendEvent(db, { kind: 'staff_kept', identityId, details: { staffId: by, role, bank } });
    return 'done';
  });
}

/**
 * A role whose end another operator proposed, or a proposal of a member of staff, which one turns down alone.
 */
export async function endRole(world: World, by: string, id: string): Promise<'done' | StaffFault> {
  return await asOperator(world, by, { action: 'staff_end', count: 'staff', id }, async (db, operators) => {
    const touched = await endStaff(db, { id, by, kept: keptOf(operators) }, world.clock.now());
    if (!touched) {
      const row = await findStaffRow(db, id);
      if (!row || row.isEnded) return 'gone';
      if (row.identityId === by) return 'own_id';
      if (keptOf(operators).includes(row.identityId)) return 'too_few_operators';
      if (row.endProposedBy === null) return 'not_proposed';
      return row.endProposedBy === by ? 'own_end' : 'end_proposer_gone';
    }
    const { identityId, role, bank } = touched;
    await appendEvent(db, { kind: 'staff_ended', identityId, details: { staffId: by, role, bank } });
    return 'done';
  });
}

function keptOf(operators: readonly string[]): readonly string[] {
  return operators.length <= LEAST_OPERATORS ? operators : [];
}

interface OperatorAction {
  readonly action: Action;
  readonly count: StaffCountKind;
  /** The row that it is about; null for a new one. */
  readonly id: string | null;
}

const REFUSED: Partial<Record<StaffFault, RefusedWhy>> = {
  not_your_role: 'not_your_role',
  own_id: 'own_id',
  own_proposal: 'own_proposal',
  own_end: 'own_proposal',
  over_limit: 'over_limit',
};

/** Changes of the staff come one by one, each by somebody who is an operator while it is made. */
async function asOperator(
  world: World,
  by: string,
  { action, count, id }: OperatorAction,
  work: (db: Queryable, operators: readonly string[]) => Promise<'done' | StaffFault>,
): Promise<'done' | StaffFault> {
  const { database, dice } = world;
  const form = dice.uuid();
  const { came, role, subject } = await database.transaction(async (db) => {
    const operators = await lockOperators(db);
    const staff = await findStaff(db, by, stillOpenSince(world));
    const identityId = id === null ? null : ((await findStaffRow(db, id))?.identityId ?? null);
    const about = { role: staff?.role ?? null, subject: identityId };
    if (!staff || !isPermitted(staff, action)) return { came: 'not_your_role' as const, ...about };
    const counted = await countStaffAction(world, db, staff, { kind: count, form });
    if (typeof counted !== 'string') return { came: 'over_limit' as const, ...about };
    const done = await work(db, operators);
    // What is said of a user ID counts, whatever it is: otherwise every one could be asked for.
    const isTakenBack = done !== 'done' && action !== 'staff_propose';
    if (isTakenBack) await takeBackCount(db, { staffId: by, kind: count, form });
    return { came: done, ...about };
  });
  const why = came === 'done' ? undefined : REFUSED[came];
  if (why) await noteRefusal(world, { staffId: by, role }, { what: action, why, identityId: subject });
  return came;
}
