/**
 * Staff are proposed by one operator and approved by another, and their access is ended the same way; each
 * step with its audit event, in its transaction. A proposal to end a role pauses it immediately, except an
 * operator's.
 */
import type { StaffCountKind } from '../limits.rules.ts';
import type { DeskRefusalReason } from '../../../domain/staff/refusals.ts';
import {
  isPermitted,
  MIN_OPERATORS,
  worksForBank,
  type StaffAction,
  type StaffRole,
} from '../../../domain/staff/staff.ts';
import { foldUserIdForm } from '../../../domain/person/userIdSigns.ts';
import { foldName } from '../../../domain/person/userId.ts';
import { appendEvent } from '../../../db/auditLog.ts';
import type { Queryable } from '../../../db/database.ts';
import {
  approveStaff,
  endStaffRole,
  findStaffCandidate,
  findStaffRole,
  findStaffRow,
  insertStaff,
  cancelStaffEnd,
  listBanks,
  lockOperators,
  proposeStaffEnd,
} from './staffRoles.queries.ts';
import { hasSimilarUserIds } from '../../../db/people/userIds.ts';
import { countStaffAction } from '../staffLimits.ts';
import { readProposalCutoff } from './proposeColleagueAction.ts';
import { recordDeskRefusal } from '../refusals/deskRefusals.ts';
import { backfillAllUserIdForms } from '../../authentication/index.ts';
import type { AppContext } from '../../appContext.ts';
import { revertStaffCount } from './staffCounts.queries.ts';

/** `not_your_role`: this person is no longer an operator. */
export type StaffFault =
  | 'not_your_role'
  | 'unknown_user'
  /** Another user ID, also a former one, looks like it: which of the two is meant cannot be seen. */
  | 'looks_alike'
  | 'own_id'
  | 'bank_missing'
  | 'unknown_bank'
  | 'already_staff'
  | 'own_proposal'
  /** The proposer is no longer an operator, or their ID is blocked. */
  | 'proposer_gone'
  /** No one can sign in at the clerk's bank any longer. */
  | 'bank_gone'
  | 'too_few_operators'
  /** They proposed the end themselves. */
  | 'own_end'
  | 'end_waits'
  | 'not_proposed'
  | 'end_proposer_gone'
  | 'over_limit'
  | 'gone';

export interface StaffProposal {
  /** The user ID as typed. */
  readonly userId: string;
  readonly role: StaffRole;
  /** A client id; only for clerks. */
  readonly bank: string | null;
}

/** @param by identity of the operator. */
export async function proposeStaff(
  context: AppContext,
  by: string,
  proposal: StaffProposal,
): Promise<'done' | StaffFault> {
  const isOfBank = worksForBank(proposal.role);
  const bank = isOfBank ? proposal.bank : null;
  if (isOfBank && bank === null) return 'bank_missing';
  await backfillAllUserIdForms(context);
  return await runAsOperator(
    context,
    by,
    { action: 'staff_propose', count: 'staff', id: null },
    async (db) => {
      const userId = foldName(proposal.userId);
      const identityId = await findStaffCandidate(db, userId);
      if (!identityId) return 'unknown_user';
      if (await hasSimilarUserIds(db, identityId, foldUserIdForm(userId))) return 'looks_alike';
      if (identityId === by) return 'own_id';
      if (bank !== null && !(await listBanks(db)).some(({ clientId }) => clientId === bank))
        return 'unknown_bank';
      const { role } = proposal;
      const row = { id: context.random.uuid(), identityId, role, bank, proposedBy: by };
      if (!(await insertStaff(db, row, context.clock.now()))) return 'already_staff';
      await appendEvent(db, { kind: 'staff_proposed', identityId, details: { staffId: by, role, bank } });
      return 'done';
    },
  );
}

/**
 * Approves a proposal of another operator, and never of the approver's own role. Exactly one of concurrent
 * requests succeeds.
 */
export async function approveProposal(
  context: AppContext,
  by: string,
  id: string,
): Promise<'done' | StaffFault> {
  return await runAsOperator(context, by, { action: 'staff_approve', count: 'staff', id }, async (db) => {
    const updated = await approveStaff(db, { id, by }, context.clock.now());
    if (!updated) {
      const row = await findStaffRow(db, id);
      if (!row || row.isEnded || row.isApproved) return 'gone';
      if (row.identityId === by) return 'own_id';
      if (row.proposedBy === by) return 'own_proposal';
      return row.isBankOpen ? 'proposer_gone' : 'bank_gone';
    }
    const { identityId, role, bank } = updated;
    await appendEvent(db, { kind: 'staff_approved', identityId, details: { staffId: by, role, bank } });
    return 'done';
  });
}

/**
 * At least two operators always remain: a third is made before one of two leaves. An operator whose ID is
 * blocked does not count, and may leave. Until another operator has decided, the role is paused; an
 * operator's is not.
 */
export async function proposeEndOfRole(
  context: AppContext,
  by: string,
  id: string,
): Promise<'done' | StaffFault> {
  return await runAsOperator(
    context,
    by,
    { action: 'staff_end', count: 'staff_end', id },
    async (db, operators) => {
      const updated = await proposeStaffEnd(
        db,
        { id, by, protectedIds: listProtectedOperators(operators) },
        context.clock.now(),
      );
      if (!updated) {
        const row = await findStaffRow(db, id);
        if (!row || row.isEnded || !row.isApproved) return 'gone';
        if (row.identityId === by) return 'own_id';
        return row.endProposedBy === null ? 'too_few_operators' : 'end_waits';
      }
      const { identityId, role, bank } = updated;
      await appendEvent(db, { kind: 'staff_end_proposed', identityId, details: { staffId: by, role, bank } });
      return 'done';
    },
  );
}

/** Keeps a role whose end was proposed: another operator rejects the end, or the proposer withdraws it. */
export async function cancelEndOfRole(
  context: AppContext,
  by: string,
  id: string,
): Promise<'done' | StaffFault> {
  return await runAsOperator(context, by, { action: 'staff_end', count: 'staff', id }, async (db) => {
    const updated = await cancelStaffEnd(db, { id, by });
    if (!updated) return (await findStaffRow(db, id))?.identityId === by ? 'own_id' : 'gone';
    const { identityId, role, bank } = updated;
    await appendEvent(db, { kind: 'staff_kept', identityId, details: { staffId: by, role, bank } });
    return 'done';
  });
}

/**
 * Ends a role whose end another operator proposed, or rejects a proposal of a member of staff, which takes
 * one operator.
 */
export async function endRole(context: AppContext, by: string, id: string): Promise<'done' | StaffFault> {
  return await runAsOperator(
    context,
    by,
    { action: 'staff_end', count: 'staff', id },
    async (db, operators) => {
      const updated = await endStaffRole(
        db,
        { id, by, protectedIds: listProtectedOperators(operators) },
        context.clock.now(),
      );
      if (!updated) {
        const row = await findStaffRow(db, id);
        if (!row || row.isEnded) return 'gone';
        if (row.identityId === by) return 'own_id';
        if (listProtectedOperators(operators).includes(row.identityId)) return 'too_few_operators';
        if (row.endProposedBy === null) return 'not_proposed';
        return row.endProposedBy === by ? 'own_end' : 'end_proposer_gone';
      }
      const { identityId, role, bank } = updated;
      await appendEvent(db, { kind: 'staff_ended', identityId, details: { staffId: by, role, bank } });
      return 'done';
    },
  );
}

function listProtectedOperators(operators: readonly string[]): readonly string[] {
  return operators.length <= MIN_OPERATORS ? operators : [];
}

interface OperatorAction {
  readonly action: StaffAction;
  readonly count: StaffCountKind;
  /** The staff row; null for a new one. */
  readonly id: string | null;
}

const REFUSAL_REASON_OF: Partial<Record<StaffFault, DeskRefusalReason>> = {
  not_your_role: 'not_your_role',
  own_id: 'own_id',
  own_proposal: 'own_proposal',
  own_end: 'own_proposal',
  over_limit: 'over_limit',
};

/** Runs one change of staff at a time, by an operator who stays one until it is committed. */
async function runAsOperator(
  context: AppContext,
  by: string,
  { action, count, id }: OperatorAction,
  work: (db: Queryable, operators: readonly string[]) => Promise<'done' | StaffFault>,
): Promise<'done' | StaffFault> {
  const { database, random } = context;
  const form = random.uuid();
  const { outcome, role, subject } = await database.transaction(async (db) => {
    const operators = await lockOperators(db);
    const staff = await findStaffRole(db, by, readProposalCutoff(context));
    const identityId = id === null ? null : ((await findStaffRow(db, id))?.identityId ?? null);
    const about = { role: staff?.role ?? null, subject: identityId };
    if (!staff || !isPermitted(staff, action)) return { outcome: 'not_your_role' as const, ...about };
    const counted = await countStaffAction(context, db, staff, { kind: count, form });
    if (typeof counted !== 'string') return { outcome: 'over_limit' as const, ...about };
    const done = await work(db, operators);
    // A proposal counts in any case, because its answer says whether a user ID exists: otherwise all of them
    // could be tried.
    const isReverted = done !== 'done' && action !== 'staff_propose';
    if (isReverted) await revertStaffCount(db, { staffId: by, kind: count, form });
    return { outcome: done, ...about };
  });
  const why = outcome === 'done' ? undefined : REFUSAL_REASON_OF[outcome];
  if (why)
    await recordDeskRefusal(context, { staffId: by, role }, { what: action, why, identityId: subject });
  return outcome;
}
