/**
 * Applications at the desk: for the officers who decided them, and those of the issuing organisation that
 * wait for a second officer.
 */
import { nextBusinessDay, businessDaysAfter, toDanishDay, type Day } from '../../../domain/calendar.ts';
import { writeCaseNumber } from '../../../domain/issuing/caseNumber.ts';
import { findIssuingOrganisation } from '../../../domain/staff/desk.ts';
import type { RefusalReason } from '../../../domain/issuing/application.ts';
import { isPermitted, reasonNotAllowed, type Staff } from '../../../domain/staff/staff.ts';
import {
  findApplication,
  listPendingApplications,
  closeApplication,
  type ApplicationState,
  type StoredApplication,
} from '../../../db/people/applications.ts';
import { appendEvent } from '../../../db/auditLog.ts';
import type { Queryable } from '../../../db/database.ts';
import {
  type ApplicationSubmission,
  hashSubmissionFingerprints,
  openSubmission,
  recognisePerson,
  settlePendingApplication,
} from '../../issuing/index.ts';
import { type OrderSettlement, settleOrder } from '../../order/index.ts';
import type { AppContext } from '../../appContext.ts';
import { findDeskPerson } from '../deskPeople.queries.ts';
import { checkOfficer } from '../judgeOfficer.ts';
import { findSimilarPeople, recordViewsWithOrder, type SimilarPerson } from '../search/similarPeople.ts';
import { countListView, type OverLimit } from '../search/lookUps.ts';
import { recordDeskRefusal } from '../refusals/deskRefusals.ts';
import { UUID_PATTERN } from '../uuids.ts';
import { countDecision, recordApplicationRefusal, revertDecisionCount } from './decisionLimits.ts';
import { findIssuerWords, type IssuerWords } from '../search/viewPerson.ts';
import { fullName } from '../../../domain/person/person.ts';

export interface ApplicationView {
  readonly id: string;
  /** The number of the case, as people read it. */
  readonly number: string;
  readonly state: ApplicationState;
  readonly submission: ApplicationSubmission;
  readonly reasons: readonly RefusalReason[];
  readonly issuer: IssuerWords;
  /** For an order online that waits: people who may be the applicant. */
  readonly lookalikes: readonly SimilarPerson[];
  readonly at: Date;
  readonly decidedAt: Date | null;
  /** The name of the officer who decided it. */
  readonly decidedBy: string | null;
  /** The period in which both letters are expected; they arrive on different days. */
  readonly expected: { readonly from: Day; readonly to: Day };
}

/** Returns null for everyone except the one or two officers who decided: the content is the applicant's. */
export async function viewApplication(
  context: AppContext,
  staff: Staff,
  id: string,
): Promise<ApplicationView | null> {
  const isOfficer = isPermitted(staff, 'issue') || isPermitted(staff, 'refuse');
  const stored = UUID_PATTERN.test(id) && isOfficer ? await findApplication(context.database, id) : null;
  if (!stored) return null;
  if (stored.officerId !== staff.staffId && stored.secondOfficerId !== staff.staffId) {
    await recordApplicationRefusal(context, staff, stored, { what: 'issue', why: 'others_application' });
    return null;
  }
  return await composeApplicationView(context, stored);
}

async function composeApplicationView(
  context: AppContext,
  stored: StoredApplication,
): Promise<ApplicationView> {
  const { arrival } = context.rules;
  const { id, state, reasons, at, decidedAt } = stored;
  const first = nextBusinessDay(toDanishDay(decidedAt ?? context.clock.now()));
  // The letters leave one business day apart; either may be the first.
  const last = businessDaysAfter(first, 1);
  const deciderId = stored.secondOfficerId ?? stored.officerId;
  const decider = deciderId && (await findDeskPerson(context.database, deciderId, context.clock.now()));
  return {
    id,
    number: writeCaseNumber(stored),
    state,
    reasons,
    at,
    decidedAt,
    decidedBy: decider ? decider.name : null,
    submission: openSubmission(context, stored),
    issuer: await findIssuerWords(context, stored.issuedBy),
    lookalikes: [],
    expected: { from: businessDaysAfter(first, arrival.from), to: businessDaysAfter(last, arrival.to) },
  };
}

export interface PendingApplication {
  readonly id: string;
  readonly name: string;
  readonly at: Date;
  /** The viewer took it in. */
  readonly isOwn: boolean;
}

/**
 * Issuers whose applications this member of staff decides: their organisation, and `online` for officers.
 */
function listIssuersOfStaff(staff: Staff): string[] {
  const organisation = findIssuingOrganisation(staff);
  if (!isPermitted(staff, 'approve_address')) return [];
  return [
    ...(organisation === null ? [] : [organisation]),
    ...(isPermitted(staff, 'judge_likeness') ? ['online'] : []),
  ];
}

/** Lists the applications of their organisation and, for officers, orders online; the oldest first. */
export async function listApplicationsForStaff(
  context: AppContext,
  staff: Staff,
): Promise<PendingApplication[]> {
  const stored = await listPendingApplications(context.database, listIssuersOfStaff(staff));
  return stored.map((one) => {
    const { applicant } = openSubmission(context, one).application;
    const isOwn = one.officerId === staff.staffId;
    return { id: one.id, name: fullName(applicant), at: one.at, isOwn };
  });
}

/**
 * The whole application, for the officer who is to decide it. `own`: an officer does not decide what they
 * took in.
 */
export async function viewPendingApplication(
  context: AppContext,
  staff: Staff,
  id: string,
): Promise<ApplicationView | OverLimit | 'own' | null> {
  const stored = await findPendingApplication(context, staff, id);
  if (!stored) return null;
  if (stored.officerId === staff.staffId) {
    await recordApplicationRefusal(context, staff, stored, { what: 'approve_address', why: 'own_proposal' });
    return 'own';
  }
  const parts = ['application', id];
  const over = await countListView(context, staff, { what: 'approve_address', identityId: null, parts });
  if (over) return over;
  const application = await composeApplicationView(context, stored);
  if (stored.path !== 'online') return application;
  const fingerprints = hashSubmissionFingerprints(context, application.submission);
  const recognised = await recognisePerson(context.database, fingerprints);
  const ids = recognised?.kind === 'has_id' ? [recognised.identityId] : (recognised?.identityIds ?? []);
  if (ids.includes(staff.staffId)) {
    const { staffId: identityId } = staff;
    await recordDeskRefusal(context, staff, { what: 'judge_likeness', why: 'own_id', identityId });
    return 'own';
  }
  await recordViewsWithOrder(context, staff, ids, id);
  return { ...application, lookalikes: await findSimilarPeople(context, ids) };
}

/** Settles an order online: the officer says whether the applicant is one of the people shown on the page. */
export async function settleSimilarityApplication(
  context: AppContext,
  staff: Staff,
  { id, who, seen }: { id: string; who: string; seen: readonly string[] },
): Promise<OrderSettlement | OverLimit | 'gone'> {
  const what = 'judge_likeness';
  const stored = UUID_PATTERN.test(id) ? await findApplication(context.database, id) : null;
  if (stored?.path !== 'online') return 'gone';
  const why = reasonNotAllowed(staff, what, { identityId: null, issuedBy: stored.issuedBy });
  if (why) {
    await recordApplicationRefusal(context, staff, stored, { what, why });
    return 'gone';
  }
  const counted = await countDecision(context, staff, stored, what);
  if (typeof counted !== 'string') return counted;
  const outcome = await settleOrder(context, id, { officerId: staff.staffId, who, seen });
  if (outcome !== 'decided') await revertDecisionCount(context, staff, stored, counted);
  if (outcome === 'own') await recordApplicationRefusal(context, staff, stored, { what, why: 'own_id' });
  return outcome === 'settled' && stored.secondOfficerId === staff.staffId ? 'decided' : outcome;
}

/**
 * `officer_gone`: the officer who took it in may no longer issue here; it is closed. `officer_paused`: that
 * is not decided yet, and the application keeps waiting.
 */
export type ApplicationSettlement =
  | 'decided'
  | 'settled'
  | 'own'
  | 'has_id'
  | 'number_changed'
  | 'officer_gone'
  | 'officer_paused'
  | 'gone';

export async function settleApplicationByStaff(
  context: AppContext,
  staff: Staff,
  { id, isRight }: { id: string; isRight: boolean },
): Promise<ApplicationSettlement | OverLimit> {
  const what = 'approve_address';
  const stored = UUID_PATTERN.test(id) ? await findApplication(context.database, id) : null;
  if (!stored) return 'gone';
  const about = { identityId: null, issuedBy: stored.issuedBy };
  const why =
    stored.issuedBy === findIssuingOrganisation(staff) ? reasonNotAllowed(staff, what, about) : 'other_bank';
  if (why) {
    await recordApplicationRefusal(context, staff, stored, { what, why });
    return 'gone';
  }
  const counted = await countDecision(context, staff, stored, what);
  if (typeof counted !== 'string') return counted;
  const checkFirst = (db: Queryable, first: StoredApplication) => checkOfficer(context, db, first);
  const decision = { officerId: staff.staffId, isRight, checkFirst };
  const outcome = await settlePendingApplication(context, id, decision);
  switch (outcome.kind) {
    case 'issued':
    case 'refused':
    case 'waiting':
      return 'decided';
    case 'settled':
      await revertDecisionCount(context, staff, stored, counted);
      return await findEarlierSettlement(context, staff, id);
    case 'own':
      await revertDecisionCount(context, staff, stored, counted);
      await recordApplicationRefusal(context, staff, stored, { what, why: 'own_proposal' });
      return 'own';
    case 'officer_paused':
      await revertDecisionCount(context, staff, stored, counted);
      return 'officer_paused';
    case 'officer_gone':
      return await withdrawApplication(context, staff, stored, 'officer_gone');
    case 'changed':
      return await withdrawApplication(context, staff, stored, 'number_changed');
    case 'has_id':
    case 'looks_like':
    case 'another_waits':
      return await withdrawApplication(context, staff, stored, 'has_id');
  }
}

/** It was decided by the first of two clicks of the same officer, or by another officer. */
async function findEarlierSettlement(
  { database }: AppContext,
  { staffId }: Staff,
  id: string,
): Promise<ApplicationSettlement> {
  const stored = await findApplication(database, id);
  return stored?.secondOfficerId === staffId ? 'decided' : 'settled';
}

/**
 * Closes an application that cannot be decided: the person got an ID elsewhere, or no officer vouches for
 * what was seen.
 */
async function withdrawApplication(
  context: AppContext,
  staff: Staff,
  { id, path }: StoredApplication,
  why: ApplicationSettlement,
): Promise<ApplicationSettlement> {
  const { staffId } = staff;
  const decision = { secondOfficerId: staffId, reasons: [], decidedAt: context.clock.now() };
  const withdrawn = { id, state: 'withdrawn', identityId: null, ...decision } as const;
  const isWithdrawn = await context.database.transaction(async (db) => {
    if (!(await closeApplication(db, withdrawn))) return false;
    const details = { path, staffId };
    await appendEvent(db, { kind: 'application_withdrawn', identityId: null, details });
    return true;
  });
  return isWithdrawn ? why : await findEarlierSettlement(context, staff, id);
}

async function findPendingApplication(
  context: AppContext,
  staff: Staff,
  id: string,
): Promise<StoredApplication | null> {
  const stored = UUID_PATTERN.test(id) ? await findApplication(context.database, id) : null;
  if (stored?.state !== 'waiting') return null;
  if (listIssuersOfStaff(staff).includes(stored.issuedBy)) return stored;
  await recordApplicationRefusal(context, staff, stored, { what: 'approve_address', why: 'other_bank' });
  return null;
}
