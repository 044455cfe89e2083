/**
 * A second member of staff looks at what is to be done with the ID of a colleague, and confirms or refuses
 * it.
 */
import { ACTION_OF, type DeskDeed } from '../../core/desk.ts';
import { isPermitted, whyNot, type Staff } from '../../core/staff.ts';
import { appendEvent } from '../../store/auditLog.ts';
import {
  confirmColleagueAction,
  findColleagueAction,
  listColleagueActions,
  markPerformed,
  refuseColleagueAction,
  type StoredColleagueAction,
} from '../../store/desk/colleagueActions.ts';
import { isDeedDone } from '../../store/desk/deeds.ts';
import { findAtDesk } from '../../store/desk/people.ts';
import type { World } from '../world.ts';
import { noteShownOnce } from './lookalikes.ts';
import { countStaffAction } from './limits.ts';
import type { OverLimit } from './lookUps.ts';
import { documentOf, performOnce, type Performed } from './performAction.ts';
import { openAsked, stillOpenSince } from './proposeColleagueAction.ts';
import { noteRefusal } from './refusals.ts';
import { UUID } from './uuids.ts';

export interface WaitingColleagueAction {
  readonly id: string;
  readonly name: string;
  readonly action: DeskDeed;
  readonly at: Date;
  /** Proposed by the one who looks. */
  readonly isOwn: boolean;
}

/** Those that this member of staff may decide, and their own; never those about themselves. */
export async function listWaitingColleagueActions(
  world: World,
  staff: Staff,
): Promise<WaitingColleagueAction[]> {
  if (!isPermitted(staff, 'confirm_colleague')) return [];
  const open = await listColleagueActions(world.database, stillOpenSince(world));
  return open
    .filter(({ action, identityId, issuedBy }) => !whyNot(staff, ACTION_OF[action], { identityId, issuedBy }))
    .map(({ id, name, action, proposedAt: at, proposedBy }) => {
      return { id, name, action, at, isOwn: proposedBy === staff.staffId };
    });
}

export interface ColleagueActionSeen extends WaitingColleagueAction {
  readonly reason: string;
  readonly proposedBy: string;
}

/**
 * Null when there is none that waits, or not for this member of staff. The look stands in the colleague's own
 * log.
 */
export async function viewColleagueAction(
  world: World,
  staff: Staff,
  id: string,
): Promise<ColleagueActionSeen | null> {
  const found = await findForStaff(world, staff, id);
  if (!found || !isOpen(found.stored, stillOpenSince(world))) return null;
  const { stored, name } = found;
  const { action, proposedAt: at, proposedBy, identityId } = stored;
  const proposer = await findAtDesk(world.database, proposedBy, world.clock.now());
  await noteShownOnce(world, staff, [identityId], { reasonCode: 'colleague_action', about: id });
  const { reason } = openAsked(world, stored);
  const isOwn = proposedBy === staff.staffId;
  return { id, name, action, at, isOwn, reason, proposedBy: proposer?.name ?? '' };
}

/** `settled`: another was first, it is too old, or who proposed it works here no more. */
export type ColleagueActionSettled = Performed | 'refused' | 'settled' | 'own' | 'gone';

export async function decideColleagueAction(
  world: World,
  staff: Staff,
  { id, isRight }: { id: string; isRight: boolean },
): Promise<ColleagueActionSettled | OverLimit> {
  const { database, clock } = world;
  const found = await findForStaff(world, staff, id);
  if (!found) return 'gone';
  const { stored } = found;
  const { action, identityId, proposedBy } = stored;
  const what = 'confirm_colleague';
  if (isRight && proposedBy === staff.staffId) {
    await noteRefusal(world, staff, { what, why: 'own_proposal', identityId });
    return 'own';
  }
  const counted = await countStaffAction(world, database, staff, { kind: 'approve', form: id });
  if (typeof counted !== 'string') {
    await noteRefusal(world, staff, { what, why: 'over_limit', identityId });
    return { kind: 'over_limit', limit: counted };
  }
  const decided = { id, by: staff.staffId, at: clock.now() };
  if (!isRight) return await refuse(world, staff, stored);
  await confirmColleagueAction(database, { ...decided, since: stillOpenSince(world) });
  const confirmed = await findConfirmation(world, staff, id);
  if (confirmed === null) return 'settled';
  // What came of it came then: a proposal that was refused by the ID is not carried out later.
  if (confirmed.isPerformed) return (await isDeedDone(database, identityId, id)) ? 'done' : 'settled';
  const { confirmedBy } = confirmed;
  const { reason, identification } = openAsked(world, stored);
  const shown = identification && { identification: documentOf(world, identification) };
  const by = { by: 'staff', staffId: proposedBy, reason, ...shown, deed: id, confirmedBy } as const;
  const came = await performOnce(world, identityId, action, by);
  await markPerformed(database, id, clock.now());
  return came;
}

async function refuse(
  { database, clock }: World,
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

function isOpen({ state, proposedAt, performedAt }: StoredColleagueAction, since: Date): boolean {
  return state === 'waiting' ? proposedAt > since : state === 'confirmed' && performedAt === null;
}

/**
 * Who confirmed it: by this click, by the first of two, or by a colleague whose node died before it was done.
 * Done twice it is done once.
 */
async function findConfirmation(
  { database }: World,
  { staffId }: Staff,
  id: string,
): Promise<{ confirmedBy: string; isPerformed: boolean } | null> {
  const now = await findColleagueAction(database, id);
  if (now?.state !== 'confirmed' || now.decidedBy === null) return null;
  const isPerformed = now.performedAt !== null;
  return now.decidedBy === staffId || !isPerformed ? { confirmedBy: now.decidedBy, isPerformed } : null;
}

/**
 * Null when there is none, or when it is nothing that this member of staff may decide: that is written down.
 */
async function findForStaff(
  world: World,
  staff: Staff,
  id: string,
): Promise<{ stored: StoredColleagueAction; name: string } | null> {
  const stored = UUID.test(id) ? await findColleagueAction(world.database, id) : null;
  const person = stored && (await findAtDesk(world.database, stored.identityId, world.clock.now()));
  if (!person) return null;
  const { identityId, issuedBy, name } = person;
  const about = { identityId, issuedBy };
  const isTheirs = isPermitted(staff, 'confirm_colleague');
  const why = isTheirs ? whyNot(staff, ACTION_OF[stored.action], about) : 'not_your_role';
  if (!why) return { stored, name };
  await noteRefusal(world, staff, { what: 'confirm_colleague', why, identityId });
  return null;
}
