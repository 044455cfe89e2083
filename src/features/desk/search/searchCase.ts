/**
 * A search for a case by its number, as a person says it on the telephone. It counts and is recorded as other
 * searches are. It shows whose case it is and how it stands; a clerk finds only cases of their own bank.
 */
import type { ApplicationState } from '../../../db/people/applications.ts';
import { findApplication, findApplicationOfCase } from '../../../db/people/applications.ts';
import type { RefusalReason } from '../../../domain/issuing/application.ts';
import { type CaseReference, writeCaseNumber } from '../../../domain/issuing/caseNumber.ts';
import { SEARCH_MINUTES } from '../../../domain/staff/desk.ts';
import { isPermitted, type Staff } from '../../../domain/staff/staff.ts';
import { fullName } from '../../../domain/person/person.ts';
import { appendEvent } from '../../../db/auditLog.ts';
import { openSubmission } from '../../issuing/index.ts';
import type { AppContext } from '../../appContext.ts';
import { recordDeskRefusal } from '../refusals/deskRefusals.ts';
import { countStaffAction } from '../staffLimits.ts';
import { deriveUuid, UUID_PATTERN } from '../uuids.ts';
import type { OverLimit } from './lookUps.ts';
import { findDeskSearch, insertDeskSearch } from './searches.queries.ts';
import { isVisibleToStaff } from './searchPeople.ts';
import { findIssuerWords, type IssuerWords } from './viewPerson.ts';

/** @returns the id of the search, regardless of what was found */
export async function searchCase(
  context: AppContext,
  staff: Staff,
  { reference, reason, form }: { reference: CaseReference; reason: string; form: string },
): Promise<string | OverLimit> {
  const { database, clock, keyring } = context;
  const { staffId, role } = staff;
  const typed = reference.kind === 'id' ? reference.id : reference.number;
  const id = deriveUuid(context, 'desk search', [staffId, form, `case ${typed}`, reason]);
  const counted = await countStaffAction(context, database, staff, { kind: 'look_up', form: id });
  const found = await findApplicationOfCase(database, reference);
  const identityId = found?.identityId ?? null;
  const subject = (found?.subject ?? keyring.hmac('cprLookup', `case v1 ${typed}`)).toString('base64url');
  if (typeof counted !== 'string') {
    await recordDeskRefusal(context, staff, { what: 'search', why: 'over_limit', identityId, subject });
    return { kind: 'over_limit', limit: counted };
  }
  const shown = found !== null && isVisibleToStaff(staff, found.issuedBy);
  const applicationId = shown ? found.id : null;
  const row = { id, staffId, foundId: null, applicationId, reason, byFormerCpr: false, at: clock.now() };
  const about = applicationId === null ? {} : { applicationId };
  await database.transaction(async (db) => {
    if (!(await insertDeskSearch(db, row))) return;
    const details = { staffId, role, reason, shown, subject, ...about };
    await appendEvent(db, { kind: 'searched_by_staff', identityId, details });
  });
  return id;
}

export interface CaseView {
  /** As people read it. */
  readonly number: string;
  readonly name: string;
  readonly state: ApplicationState;
  /** The page after the order told its number. */
  readonly isOrder: boolean;
  readonly at: Date;
  readonly decidedAt: Date | null;
  /** Null for staff who may not see it. */
  readonly issuer: IssuerWords | null;
  /** Null for staff who may not see why. */
  readonly reasons: readonly RefusalReason[] | null;
  /** The application, for an officer who decided it: they print the decision again. */
  readonly applicationId: string | null;
}

/** Null for a search that is no search for a case, is another member's, or found none that may be shown. */
export async function viewCase(
  context: AppContext,
  staff: Staff,
  searchId: string,
): Promise<CaseView | null> {
  const { database, clock } = context;
  const { staffId } = staff;
  const since = new Date(clock.now().getTime() - SEARCH_MINUTES * 60_000);
  const search = UUID_PATTERN.test(searchId)
    ? await findDeskSearch(database, { id: searchId, staffId, since })
    : null;
  const stored = search?.applicationId ? await findApplication(database, search.applicationId) : null;
  if (!stored || !isVisibleToStaff(staff, stored.issuedBy)) return null;
  const isDecider = staffId === stored.officerId || staffId === stored.secondOfficerId;
  return {
    number: writeCaseNumber(stored),
    name: fullName(openSubmission(context, stored).application.applicant),
    state: stored.state,
    isOrder: stored.path === 'online',
    at: stored.at,
    decidedAt: stored.decidedAt,
    issuer: isPermitted(staff, 'see_issuer') ? await findIssuerWords(context, stored.issuedBy) : null,
    reasons: isPermitted(staff, 'see_reasons') ? stored.reasons : null,
    applicationId: isDecider && isPermitted(staff, 'issue') ? stored.id : null,
  };
}
