/** Applications as those see them who decided them, and those of the own house that wait for a second officer. */
import { businessDayFrom, businessDaysAfter, dayOf, type Day } from '../../core/calendar.ts';
import { houseOf } from '../../core/desk.ts';
import type { RefusalReason } from '../../core/issuing/application.ts';
import { may, whyNot, type Staff } from '../../core/staff.ts';
import {
  findApplication,
  listWaiting,
  settleApplication,
  type ApplicationState,
  type StoredApplication,
} from '../../store/issuing/applications.ts';
import { appendEvent } from '../../store/auditLog.ts';
import { settleWaiting } from '../issuing/apply.ts';
import { recognise } from '../issuing/recognise.ts';
import { marksIn, openSubmission, type Submission } from '../issuing/submission.ts';
import { settleOrder, type OrderSettled } from '../ordering/settleOrder.ts';
import type { World } from '../world.ts';
import { findLookalikes, noteShownWithOrder, type Lookalike } from './lookalikes.ts';
import { UUID } from './search.ts';
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
  const stored = UUID.test(id) ? await findApplication(world.database, id) : null;
  if (!stored || (stored.officerId !== staff.staffId && stored.secondOfficerId !== staff.staffId))
    return null;
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
  return [...(house === null ? [] : [house]), ...(may(staff.role, 'judge_likeness') ? ['online'] : [])];
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
): Promise<ApplicationSeen | 'own' | null> {
  const stored = await findWaiting(world, staff, id);
  if (!stored) return null;
  if (stored.officerId === staff.staffId) return 'own';
  const application = await seen(world, stored);
  if (stored.path !== 'online') return application;
  const recognised = await recognise(world.database, marksIn(world, application.submission));
  const ids = recognised?.kind === 'has_id' ? [recognised.identityId] : (recognised?.identityIds ?? []);
  if (ids.includes(staff.staffId)) return 'own';
  await noteShownWithOrder(world, staff, ids, id);
  return { ...application, lookalikes: await findLookalikes(world, ids) };
}

/** An order online: whether it is one of those who were on the page. */
export async function settleLikeness(
  world: World,
  staff: Staff,
  { id, who, seen: ids }: { id: string; who: string; seen: readonly string[] },
): Promise<OrderSettled | 'gone'> {
  const stored = UUID.test(id) ? await findApplication(world.database, id) : null;
  if (stored?.path !== 'online') return 'gone';
  if (whyNot(staff, 'judge_likeness', { identityId: null, issuedBy: stored.issuedBy })) return 'gone';
  const came = await settleOrder(world, id, { officerId: staff.staffId, who, seen: ids });
  return came === 'settled' && stored.secondOfficerId === staff.staffId ? 'decided' : came;
}

export type Settled = 'decided' | 'settled' | 'own' | 'has_id' | 'number_changed' | 'gone';

export async function settle(
  world: World,
  staff: Staff,
  { id, isRight }: { id: string; isRight: boolean },
): Promise<Settled> {
  const stored = UUID.test(id) ? await findApplication(world.database, id) : null;
  if (!stored || stored.issuedBy !== houseOf(staff)) return 'gone';
  if (whyNot(staff, 'approve_address', { identityId: null, issuedBy: stored.issuedBy })) return 'gone';
  const came = await settleWaiting(world, id, { officerId: staff.staffId, isRight });
  switch (came.kind) {
    case 'issued':
    case 'refused':
    case 'waiting':
      return 'decided';
    case 'settled':
      return await settledBefore(world, staff, id);
    case 'own':
      return 'own';
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

/** Meanwhile the person got an ID elsewhere: there is nothing to decide any more. */
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

async function findWaiting({ database }: World, staff: Staff, id: string): Promise<StoredApplication | null> {
  const stored = UUID.test(id) ? await findApplication(database, id) : null;
  return stored?.state === 'waiting' && issuersFor(staff).includes(stored.issuedBy) ? stored : null;
}
