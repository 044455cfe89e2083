/** Applications as those see them who decided them, and those of the own house that wait for a second officer. */
import { businessDayFrom, businessDaysAfter, dayOf, type Day } from '../../core/calendar.ts';
import { houseOf } from '../../core/desk.ts';
import type { RefusalReason } from '../../core/issuing/application.ts';
import type { RefusedWhy } from '../../core/desk/refusals.ts';
import { isPermitted, whyNot, type CitizenAction, type Staff } from '../../core/staff.ts';
import {
  findApplication,
  listWaiting,
  settleApplication,
  type ApplicationState,
  type StoredApplication,
} from '../../store/issuing/applications.ts';
import { appendEvent } from '../../store/auditLog.ts';
import type { Queryable } from '../../store/database.ts';
import { settleWaiting } from '../issuing/apply.ts';
import { recognise } from '../issuing/recognise.ts';
import { marksIn, openSubmission, type Submission } from '../issuing/submission.ts';
import { settleOrder, type OrderSettled } from '../ordering/settleOrder.ts';
import type { World } from '../world.ts';
import { judgeOfficer } from './judgeOfficer.ts';
import { countStaffAction, takeBackStaffAction } from './limits.ts';
import { findLookalikes, noteShownWithOrder, type Lookalike } from './lookalikes.ts';
import { countLook, type OverLimit } from './lookUps.ts';
import { noteRefusal } from './refusals.ts';
import { UUID } from './uuids.ts';
import { issuerOf, type Issuer } from './viewPerson.ts';
import { fullName } from '../../core/person.ts';

export interface ApplicationSeen {
  readonly id: string;
  readonly state: ApplicationState;
  readonly submission: Submission;
  readonly reasons: readonly RefusalReason[];
  readonly issuer: Issuer;
  /** Of an order online that waits: who may be the same person. */
  readonly lookalikes: readonly Lookalike[];
  readonly at: Date;
  readonly decidedAt: Date | null;
  /** Between which days both letters are expected; on different days. */
  readonly expected: { readonly from: Day; readonly to: Day };
}

/** Null for everybody but the one or two who decided: what stands in it is the applicant's. */
export async function viewApplication(
  world: World,
  staff: Staff,
  id: string,
): Promise<ApplicationSeen | null> {
  const isOfficer = isPermitted(staff, 'issue') || isPermitted(staff, 'refuse');
  const stored = UUID.test(id) && isOfficer ? await findApplication(world.database, id) : null;
  if (!stored) return null;
  if (stored.officerId !== staff.staffId && stored.secondOfficerId !== staff.staffId) {
    await noteRefused(world, staff, stored, { what: 'issue', why: 'others_application' });
    return null;
  }
  return await seen(world, stored);
}

async function seen(world: World, stored: StoredApplication): Promise<ApplicationSeen> {
  const { arrival } = world.rules;
  const { id, state, reasons, at, decidedAt } = stored;
  const first = businessDayFrom(dayOf(decidedAt ?? world.clock.now()));
  // The letters leave one business day apart, whichever goes first.
  const last = businessDaysAfter(first, 1);
  return {
    id,
    state,
    reasons,
    at,
    decidedAt,
    submission: openSubmission(world, stored),
    issuer: await issuerOf(world, stored.issuedBy),
    lookalikes: [],
    expected: { from: businessDaysAfter(first, arrival.from), to: businessDaysAfter(last, arrival.to) },
  };
}

export interface Waiting {
  readonly id: string;
  readonly name: string;
  readonly at: Date;
  /** It was taken in by the one who looks. */
  readonly isOwn: boolean;
}

/** Whose applications this member of staff looks at: those of the own house, and officers orders online as well. */
function issuersFor(staff: Staff): string[] {
  const house = houseOf(staff);
  if (!isPermitted(staff, 'approve_address')) return [];
  return [...(house === null ? [] : [house]), ...(isPermitted(staff, 'judge_likeness') ? ['online'] : [])];
}

/** Of the own house, or online; the oldest first. */
export async function listWaitingAt(world: World, staff: Staff): Promise<Waiting[]> {
  const stored = await listWaiting(world.database, issuersFor(staff));
  return stored.map((one) => {
    const { applicant } = openSubmission(world, one).application;
    const isOwn = one.officerId === staff.staffId;
    return { id: one.id, name: fullName(applicant), at: one.at, isOwn };
  });
}

/** All of it, for the one who is to settle it. `own`: who took it in does not settle it too. */
export async function viewWaiting(
  world: World,
  staff: Staff,
  id: string,
): Promise<ApplicationSeen | OverLimit | 'own' | null> {
  const stored = await findWaiting(world, staff, id);
  if (!stored) return null;
  if (stored.officerId === staff.staffId) {
    await noteRefused(world, staff, stored, { what: 'approve_address', why: 'own_proposal' });
    return 'own';
  }
  const parts = ['application', id];
  const over = await countLook(world, staff, { what: 'approve_address', identityId: null, parts });
  if (over) return over;
  const application = await seen(world, stored);
  if (stored.path !== 'online') return application;
  const recognised = await recognise(world.database, marksIn(world, application.submission));
  const ids = recognised?.kind === 'has_id' ? [recognised.identityId] : (recognised?.identityIds ?? []);
  if (ids.includes(staff.staffId)) {
    await noteRefusal(world, staff, { what: 'judge_likeness', why: 'own_id', identityId: staff.staffId });
    return 'own';
  }
  await noteShownWithOrder(world, staff, ids, id);
  return { ...application, lookalikes: await findLookalikes(world, ids) };
}

/** An order online: whether it is one of those who were on the page. */
export async function settleLikeness(
  world: World,
  staff: Staff,
  { id, who, seen: ids }: { id: string; who: string; seen: readonly string[] },
): Promise<OrderSettled | OverLimit | 'gone'> {
  const what = 'judge_likeness';
  const stored = UUID.test(id) ? await findApplication(world.database, id) : null;
  if (stored?.path !== 'online') return 'gone';
  const why = whyNot(staff, what, { identityId: null, issuedBy: stored.issuedBy });
  if (why) {
    await noteRefused(world, staff, stored, { what, why });
    return 'gone';
  }
  const counted = await countDecision(world, staff, stored, what);
  if (typeof counted !== 'string') return counted;
  const came = await settleOrder(world, id, { officerId: staff.staffId, who, seen: ids });
  if (came !== 'decided') await takeBackDecision(world, staff, stored, counted);
  if (came === 'own') await noteRefused(world, staff, stored, { what, why: 'own_id' });
  return came === 'settled' && stored.secondOfficerId === staff.staffId ? 'decided' : came;
}

/**
 * `officer_gone`: the one who took it in may issue here no more; it is closed. `officer_paused`: that is not
 * decided yet, and it waits.
 */
export type Settled =
  | 'decided'
  | 'settled'
  | 'own'
  | 'has_id'
  | 'number_changed'
  | 'officer_gone'
  | 'officer_paused'
  | 'gone';

export async function settle(
  world: World,
  staff: Staff,
  { id, isRight }: { id: string; isRight: boolean },
): Promise<Settled | OverLimit> {
  const what = 'approve_address';
  const stored = UUID.test(id) ? await findApplication(world.database, id) : null;
  if (!stored) return 'gone';
  const about = { identityId: null, issuedBy: stored.issuedBy };
  const why = stored.issuedBy === houseOf(staff) ? whyNot(staff, what, about) : 'other_bank';
  if (why) {
    await noteRefused(world, staff, stored, { what, why });
    return 'gone';
  }
  const counted = await countDecision(world, staff, stored, what);
  if (typeof counted !== 'string') return counted;
  const judgeFirst = (db: Queryable, first: StoredApplication) => judgeOfficer(world, db, first);
  const came = await settleWaiting(world, id, { officerId: staff.staffId, isRight, judgeFirst });
  switch (came.kind) {
    case 'issued':
    case 'refused':
    case 'waiting':
      return 'decided';
    case 'settled':
      await takeBackDecision(world, staff, stored, counted);
      return await settledBefore(world, staff, id);
    case 'own':
      await takeBackDecision(world, staff, stored, counted);
      await noteRefused(world, staff, stored, { what, why: 'own_proposal' });
      return 'own';
    case 'officer_paused':
      await takeBackDecision(world, staff, stored, counted);
      return 'officer_paused';
    case 'officer_gone':
      return (await withdraw(world, staff, stored)) ? 'officer_gone' : await settledBefore(world, staff, id);
    case 'changed':
      return (await withdraw(world, staff, stored))
        ? 'number_changed'
        : await settledBefore(world, staff, id);
    case 'has_id':
    case 'looks_like':
    case 'another_waits':
      return (await withdraw(world, staff, stored)) ? 'has_id' : await settledBefore(world, staff, id);
  }
}

/** By the first of two clicks of the same officer, or by another officer. */
async function settledBefore({ database }: World, { staffId }: Staff, id: string): Promise<Settled> {
  const stored = await findApplication(database, id);
  return stored?.secondOfficerId === staffId ? 'decided' : 'settled';
}

/** Nothing is left to decide: the person got an ID elsewhere, or nobody answers for what was seen. */
async function withdraw(world: World, { staffId }: Staff, { id, path }: StoredApplication): Promise<boolean> {
  const decidedAt = world.clock.now();
  const withdrawn = {
    id,
    state: 'withdrawn',
    identityId: null,
    secondOfficerId: staffId,
    reasons: [],
    decidedAt,
  } as const;
  return await world.database.transaction(async (db) => {
    if (!(await settleApplication(db, withdrawn))) return false;
    const details = { path, staffId };
    await appendEvent(db, { kind: 'application_withdrawn', identityId: null, details });
    return true;
  });
}

async function findWaiting(world: World, staff: Staff, id: string): Promise<StoredApplication | null> {
  const stored = UUID.test(id) ? await findApplication(world.database, id) : null;
  if (stored?.state !== 'waiting') return null;
  if (issuersFor(staff).includes(stored.issuedBy)) return stored;
  await noteRefused(world, staff, stored, { what: 'approve_address', why: 'other_bank' });
  return null;
}

async function noteRefused(
  world: World,
  staff: Staff,
  { identityId, subject }: StoredApplication,
  refused: { readonly what: CitizenAction; readonly why: RefusedWhy },
): Promise<void> {
  await noteRefusal(world, staff, { ...refused, identityId, subject: subject.toString('base64url') });
}

/** Before it is decided. */
async function countDecision(
  world: World,
  staff: Staff,
  stored: StoredApplication,
  what: CitizenAction,
): Promise<'counted' | 'again' | OverLimit> {
  const counted = await countStaffAction(world, world.database, staff, { kind: 'approve', form: stored.id });
  if (typeof counted === 'string') return counted;
  await noteRefused(world, staff, stored, { what, why: 'over_limit' });
  return { kind: 'over_limit', limit: counted };
}

/** Another decided it. What this form did before stays counted. */
async function takeBackDecision(
  world: World,
  staff: Staff,
  { id }: StoredApplication,
  counted: 'counted' | 'again',
): Promise<void> {
  if (counted === 'counted') await takeBackStaffAction(world, staff, { kind: 'approve', form: id });
}
