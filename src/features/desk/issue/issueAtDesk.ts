/**
 * Issuing in person. The form becomes an application: the register takes precedence over what is typed, and
 * the rules decide. The result is previewed and takes effect when the form is sent again; nothing is stored
 * in between.
 */
import { findIssuingOrganisation } from '../../../domain/staff/desk.ts';
import type { ApplicationDecision } from '../../../domain/issuing/application.ts';
import type { DeskForm } from '../../../domain/issuing/deskForm.ts';
import { isSameName } from '../../../domain/person/names.ts';
import type { PopulationRegister } from '../../../domain/issuing/populationRegister.ts';
import { fullName } from '../../../domain/person/person.ts';
import { isPermitted, type Staff } from '../../../domain/staff/staff.ts';
import {
  type ApplicationSubmission,
  composeSubmission,
  decideByRules,
  hashFingerprints,
  hashSubmissionFingerprints,
  submitApplication,
} from '../../issuing/index.ts';
import type { AppContext } from '../../appContext.ts';
import { countStaffAction, revertStaffAction } from '../staffLimits.ts';
import { findSimilarPeople, recordViews, type SimilarPerson } from '../search/similarPeople.ts';
import { recordLookUp, type OverLimit } from '../search/lookUps.ts';
import { recordDeskRefusal } from '../refusals/deskRefusals.ts';
import { searchKnownPerson } from '../search/searchPeople.ts';
import { deriveUuid } from '../uuids.ts';

export interface PreparedIssue {
  readonly kind: 'prepared';
  readonly submission: ApplicationSubmission;
  readonly verdict: ApplicationDecision;
  /** The name in the register, where it is not exactly what was typed. */
  readonly registeredName: string | null;
}

/**
 * `name_differs`: the register has another name for this CPR number. That name is not shown, so that a number
 * cannot be used to obtain a name.
 */
export type IssuePreparation = PreparedIssue | OverLimit | { readonly kind: 'name_differs' };

export async function prepareIssue(
  context: AppContext,
  { staff, populationRegister }: { staff: Staff; populationRegister: PopulationRegister },
  request: {
    readonly id: string;
    readonly form: DeskForm;
    readonly reason: string;
    readonly note: string;
    readonly isSomebodyElse: boolean;
  },
): Promise<IssuePreparation> {
  const { form, reason } = request;
  const organisation = requireIssuer(staff);
  const typedName = fullName(form);
  // Each name and each document that is tried is a separate look-up.
  const { nameBirthdateHash, document } = hashFingerprints(context, form);
  const parts = [request.id, ...(form.cpr === null ? [] : [typedName]), document?.toString('hex') ?? ''];
  const lookUp = { what: 'issue', reason, cpr: form.cpr, nameBirthdateHash, parts } as const;
  const over = await recordLookUp(context, staff, lookUp);
  if (over) return over;
  const entry = form.cpr === null ? null : await populationRegister.find(form.cpr);
  const registered = entry && fullName(entry);
  if (registered && !isSameName(typedName, registered)) {
    return { kind: 'name_differs' };
  }
  // Only officers decide on similar people: a bank sends the applicant to Borgerservice, regardless of what
  // its form says.
  const isDecisionAllowed = isPermitted(staff, 'judge_likeness');
  if (request.isSomebodyElse && !isDecisionAllowed) {
    await recordDeskRefusal(context, staff, {
      what: 'judge_likeness',
      why: 'not_your_role',
      identityId: null,
    });
  }
  const composed = composeSubmission(form, entry, {
    id: request.id,
    path: staff.employer === 'bank' ? 'bank' : 'desk',
    officerId: staff.staffId,
    issuedBy: organisation,
    isSomebodyElse: request.isSomebodyElse && isDecisionAllowed,
  });
  const verdict = decideByRules(context, composed.application);
  // Only a refusal has a place for it.
  const hasNote = verdict.kind === 'refused' && request.note !== '';
  const submission = hasNote ? { ...composed, note: request.note } : composed;
  return {
    kind: 'prepared',
    submission,
    verdict,
    registeredName: registered && registered !== typedName ? registered : null,
  };
}

/** @throws Error for staff who issue nothing, before anything is looked up. */
function requireIssuer(staff: Staff): string {
  const organisation = findIssuingOrganisation(staff);
  if (organisation === null || !isPermitted(staff, 'issue'))
    throw new Error('this member of staff issues nothing');
  return organisation;
}

export type DeskIssueResult =
  /** The outcome is recorded in the application. */
  | { readonly kind: 'decided' }
  /**
   * No one gets a second ID, and a clerk has to know that nothing can be issued: they learn that the
   * applicant has an ID, also where another bank issued it, and nothing else. `searchId` is null for a clerk,
   * who is not shown that ID.
   */
  | { readonly kind: 'has_id'; readonly searchId: string | null }
  | { readonly kind: 'looks_like'; readonly people: readonly SimilarPerson[] }
  /**
   * A similar person has an ID. A clerk learns neither that nor who it is, only where to send the applicant.
   */
  | { readonly kind: 'for_borgerservice' }
  | { readonly kind: 'another_waits' }
  | OverLimit
  /** The CPR number was replaced since the page was made, and the new row has another name. */
  | { readonly kind: 'changed' };

/**
 * Submits the application.
 *
 * @param posted.reason the reason for the look-up, from the form.
 */
export async function issueAtDesk(
  context: AppContext,
  staff: Staff,
  posted: DeskIssueForm,
): Promise<DeskIssueResult> {
  const { submission, reason } = posted;
  requireIssuer(staff);
  const over = await countIssue(context, staff, posted);
  if (over) return over;
  const applied = await submitApplication(context, submission);
  switch (applied.kind) {
    case 'issued':
    case 'refused':
    case 'waiting':
      return { kind: 'decided' };
    case 'has_id':
      await revertIssueCount(context, staff, submission);
      return {
        kind: 'has_id',
        searchId: await openSearchOfPerson(context, staff, posted, applied.identityId),
      };
    case 'looks_like': {
      await revertIssueCount(context, staff, submission);
      const isShown = isPermitted(staff, 'judge_likeness');
      await recordViews(context, staff, applied.identityIds, { submission, reason, shown: isShown });
      // They may be customers of any issuer: a clerk sends the applicant to Borgerservice.
      if (!isShown) return { kind: 'for_borgerservice' };
      return { kind: 'looks_like', people: await findSimilarPeople(context, applied.identityIds) };
    }
    case 'another_waits':
    case 'changed':
      await revertIssueCount(context, staff, submission);
      return applied;
  }
}

export interface DeskIssueForm {
  readonly submission: ApplicationSubmission;
  readonly reason: string;
}

async function countIssue(
  context: AppContext,
  staff: Staff,
  { submission }: DeskIssueForm,
): Promise<OverLimit | null> {
  const form = hashIssueForm(context, submission);
  const counted = await countStaffAction(context, context.database, staff, { kind: 'issue', form });
  if (typeof counted === 'string') return null;
  await recordDeskRefusal(context, staff, { what: 'issue', why: 'over_limit', identityId: null });
  return { kind: 'over_limit', limit: counted };
}

async function revertIssueCount(
  context: AppContext,
  staff: Staff,
  submission: ApplicationSubmission,
): Promise<void> {
  await revertStaffAction(context, staff, { kind: 'issue', form: hashIssueForm(context, submission) });
}

/**
 * The applicant is part of the id: when one application id is used for two applicants, the one who gets no ID
 * does not revert the count of the other.
 */
function hashIssueForm(context: AppContext, submission: ApplicationSubmission): string {
  const { nameBirthdateHash, document, cpr } = hashSubmissionFingerprints(context, submission);
  const parts = [submission.id, (cpr ?? nameBirthdateHash).toString('hex'), document?.toString('hex') ?? ''];
  return deriveUuid(context, 'desk issue', parts);
}

/**
 * The officer recognises the applicant in one of the people shown.
 *
 * @returns null when `identityId` is not one of them.
 */
export async function confirmExistingPerson(
  context: AppContext,
  staff: Staff,
  posted: DeskIssueForm,
  identityId: string,
): Promise<DeskIssueResult | null> {
  const submission = { ...posted.submission, isSomebodyElse: false };
  const applied = await issueAtDesk(context, staff, { ...posted, submission });
  if (applied.kind !== 'looks_like') return applied;
  if (!applied.people.some((one) => one.identityId === identityId)) return null;
  return { kind: 'has_id', searchId: await openSearchOfPerson(context, staff, posted, identityId) };
}

/** @returns the search under which an officer acts on that ID; null for staff who are not shown it */
export async function openSearchOfPerson(
  context: AppContext,
  staff: Staff,
  { submission, reason }: DeskIssueForm,
  identityId: string,
): Promise<string | null> {
  const searchId = await searchKnownPerson(context, staff, {
    identityId,
    why: { reason },
    form: submission.id,
  });
  return isPermitted(staff, 'see_known_id') ? searchId : null;
}
