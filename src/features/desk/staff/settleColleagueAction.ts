/** A second member of staff confirms or rejects an action on the ID of a colleague. */
import { PERMISSION_OF, type DeskAction } from '../../../domain/staff/desk.ts';
import { isPermitted, reasonNotAllowed, type Staff } from '../../../domain/staff/staff.ts';
import { appendEvent } from '../../../db/auditLog.ts';
import {
  confirmColleagueAction,
  findColleagueAction,
  listColleagueActions,
  markColleagueActionPerformed,
  refuseColleagueAction,
  type StoredColleagueAction,
} from './colleagueActions.queries.ts';
import { isActionDone } from '../../../db/people/deskActions.ts';
import { findDeskPerson } from '../deskPeople.queries.ts';
import type { AppContext } from '../../appContext.ts';
import { recordViewsOnce } from '../search/similarPeople.ts';
import { countStaffAction } from '../staffLimits.ts';
import type { OverLimit } from '../search/lookUps.ts';
import {
  hashDocumentOfAction,
  performActionOnce,
  type PerformedActionResult,
} from '../actions/performAction.ts';
import { openColleagueRequest, readProposalCutoff } from './proposeColleagueAction.ts';
import { recordDeskRefusal } from '../refusals/deskRefusals.ts';
import { UUID_PATTERN } from '../uuids.ts';

export interface PendingColleagueAction {
  readonly id: string;
  readonly name: string;
  readonly action: DeskAction;
  readonly at: Date;
  /** The viewer proposed it. */
  readonly isOwn: boolean;
}

/**
 * Lists the actions that this member of staff may decide, and those they proposed; never those on their own
 * ID.
 */
export async function listPendingColleagueActions(
  context: AppContext,
  staff: Staff,
): Promise<PendingColleagueAction[]> {
  if (!isPermitted(staff, 'confirm_colleague')) return [];
  const open = await listColleagueActions(context.database, readProposalCutoff(context));
  return open
    .filter(
      ({ action, identityId, issuedBy }) =>
        !reasonNotAllowed(staff, PERMISSION_OF[action], { identityId, issuedBy }),
    )
    .map(({ id, name, action, proposedAt: at, proposedBy }) => {
      return { id, name, action, at, isOwn: proposedBy === staff.staffId };
    });
}

export interface ColleagueActionView extends PendingColleagueAction {
  readonly reason: string;
  readonly proposedBy: string;
}

/**
 * Returns null when no such action waits for this member of staff. The view is recorded in the colleague's
 * own log.
 */
export async function viewColleagueAction(
  context: AppContext,
  staff: Staff,
  id: string,
): Promise<ColleagueActionView | null> {
  const found = await findActionForStaff(context, staff, id);
  if (!found || !isProposalOpen(found.stored, readProposalCutoff(context))) return null;
  const { stored, name } = found;
  const { action, proposedAt: at, proposedBy, identityId } = stored;
  const proposer = await findDeskPerson(context.database, proposedBy, context.clock.now());
  await recordViewsOnce(context, staff, [identityId], { reasonCode: 'colleague_action', about: id });
  const { reason } = openColleagueRequest(context, stored);
  const isOwn = proposedBy === staff.staffId;
  return { id, name, action, at, isOwn, reason, proposedBy: proposer?.name ?? '' };
}

/** `settled`: another decided first, it is too old, or the proposer no longer works here. */
export type ColleagueActionSettlement = PerformedActionResult | 'refused' | 'settled' | 'own' | 'gone';

export async function decideColleagueAction(
  context: AppContext,
  staff: Staff,
  { id, isRight }: { id: string; isRight: boolean },
): Promise<ColleagueActionSettlement | OverLimit> {
  const { database, clock } = context;
  const found = await findActionForStaff(context, staff, id);
  if (!found) return 'gone';
  const { stored } = found;
  const { action, identityId, proposedBy } = stored;
  const what = 'confirm_colleague';
  if (isRight && proposedBy === staff.staffId) {
    await recordDeskRefusal(context, staff, { what, why: 'own_proposal', identityId });
    return 'own';
  }
  const counted = await countStaffAction(context, database, staff, { kind: 'approve', form: id });
  if (typeof counted !== 'string') {
    await recordDeskRefusal(context, staff, { what, why: 'over_limit', identityId });
    return { kind: 'over_limit', limit: counted };
  }
  const decided = { id, by: staff.staffId, at: clock.now() };
  if (!isRight) return await refuseProposedAction(context, staff, stored);
  await confirmColleagueAction(database, { ...decided, since: readProposalCutoff(context) });
  const confirmed = await findConfirmer(context, staff, id);
  if (confirmed === null) return 'settled';
  // The outcome is final: an action that could not be performed when it was confirmed is not performed later.
  if (confirmed.isPerformed) return (await isActionDone(database, identityId, id)) ? 'done' : 'settled';
  const { confirmedBy } = confirmed;
  const {
    reason,
    identification,
    cardFormat = null,
    securityKey = null,
  } = openColleagueRequest(context, stored);
  const shown = identification && { identification: hashDocumentOfAction(context, identification) };
  const by = { by: 'staff', staffId: proposedBy, reason, ...shown, deed: id, confirmedBy } as const;
  const outcome = await performActionOnce(context, identityId, { kind: action, cardFormat, securityKey }, by);
  await markColleagueActionPerformed(database, id, clock.now());
  return outcome;
}

async function refuseProposedAction(
  { database, clock }: AppContext,
  { staffId }: Staff,
  { id, identityId, action }: StoredColleagueAction,
): Promise<'refused' | 'settled'> {
  return await database.transaction(async (db) => {
    if (!(await refuseColleagueAction(db, { id, by: staffId, at: clock.now() }))) return 'settled';
    const details = { staffId, action, reasonCode: 'colleague_action' } as const;
    await appendEvent(db, { kind: 'colleague_action_refused', identityId, details });
    return 'refused';
  });
}

function isProposalOpen({ state, proposedAt, performedAt }: StoredColleagueAction, since: Date): boolean {
  return state === 'waiting' ? proposedAt > since : state === 'confirmed' && performedAt === null;
}

/**
 * Who confirmed it: by this click, by the first of two clicks, or a colleague whose node died before it was
 * performed. Performing it twice has the effect of once.
 */
async function findConfirmer(
  { database }: AppContext,
  { staffId }: Staff,
  id: string,
): Promise<{ confirmedBy: string; isPerformed: boolean } | null> {
  const stored = await findColleagueAction(database, id);
  if (stored?.state !== 'confirmed' || stored.decidedBy === null) return null;
  const isPerformed = stored.performedAt !== null;
  return stored.decidedBy === staffId || !isPerformed ? { confirmedBy: stored.decidedBy, isPerformed } : null;
}

/**
 * Returns null when it does not exist, or when this member of staff may not decide it; the latter is
 * recorded.
 */
async function findActionForStaff(
  context: AppContext,
  staff: Staff,
  id: string,
): Promise<{ stored: StoredColleagueAction; name: string } | null> {
  const stored = UUID_PATTERN.test(id) ? await findColleagueAction(context.database, id) : null;
  const person = stored && (await findDeskPerson(context.database, stored.identityId, context.clock.now()));
  if (!person) return null;
  const { identityId, issuedBy, name } = person;
  const about = { identityId, issuedBy };
  const isTheirs = isPermitted(staff, 'confirm_colleague');
  const why = isTheirs ? reasonNotAllowed(staff, PERMISSION_OF[stored.action], about) : 'not_your_role';
  if (!why) return { stored, name };
  await recordDeskRefusal(context, staff, { what: 'confirm_colleague', why, identityId });
  return null;
}
