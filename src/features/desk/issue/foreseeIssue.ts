/**
 * What sending the form would lead to, before it is sent: the officer says it aloud at the counter. Nothing
 * is reserved by it. Sending judges everything again, and whatever changed in between is answered then.
 */
import { findApplication, hasOtherPendingApplication } from '../../../db/people/applications.ts';
import type { ApplicationDecision } from '../../../domain/issuing/application.ts';
import type { DeskAction } from '../../../domain/staff/desk.ts';
import { isPermitted, type Staff } from '../../../domain/staff/staff.ts';
import { hashSubmissionFingerprints, readApplicationSubject, recognisePerson } from '../../issuing/index.ts';
import type { AppContext } from '../../appContext.ts';
import { recordViews } from '../search/similarPeople.ts';
import { viewPerson, type PersonView } from '../search/viewPerson.ts';
import { openSearchOfPerson, type DeskIssueForm } from './issueAtDesk.ts';

/** The ID that the applicant has, for an officer, and the search under which they act on it. */
export interface KnownId {
  readonly searchPath: string;
  readonly person: PersonView;
  /** Of the actions that are possible now, those that help an applicant. */
  readonly actions: readonly DeskAction[];
}

export type ForeseenIssue =
  /** The rules decide: an ID, a second officer, or a refusal. */
  | { readonly kind: 'by_rules' }
  /** This application was sent before, and is decided. */
  | { readonly kind: 'sent_before' }
  /** The form was used for another applicant and is decided: this one needs an application of their own. */
  | { readonly kind: 'of_another' }
  /** `known` is null for staff who are not shown it. */
  | { readonly kind: 'has_id'; readonly known: KnownId | null }
  /** A similar person has an ID: the officer has to say whether it is the same person. */
  | { readonly kind: 'looks_like' }
  | { readonly kind: 'for_borgerservice' }
  | { readonly kind: 'another_waits' };

const HELPFUL: ReadonlySet<DeskAction> = new Set<DeskAction>([
  'public-sites-on',
  'new-card',
  'temporary-password',
  'reopen',
]);

export async function foreseeIssue(
  context: AppContext,
  staff: Staff,
  posted: DeskIssueForm,
  verdict: ApplicationDecision,
): Promise<ForeseenIssue> {
  const { database } = context;
  const { submission } = posted;
  const fingerprints = hashSubmissionFingerprints(context, submission);
  const subject = readApplicationSubject(fingerprints);
  const before = await findApplication(database, submission.id);
  if (before) return { kind: before.subject.equals(subject) ? 'sent_before' : 'of_another' };
  // A refusal is decided first, as when the form is sent.
  if (verdict.kind === 'refused') return { kind: 'by_rules' };
  const recognised = await recognisePerson(database, fingerprints);
  if (recognised?.kind === 'has_id') {
    return { kind: 'has_id', known: await viewKnownId(context, staff, posted, recognised.identityId) };
  }
  if (recognised) {
    if (isPermitted(staff, 'judge_likeness')) return { kind: 'looks_like' };
    await recordViews(context, staff, recognised.identityIds, { ...posted, shown: false });
    return { kind: 'for_borgerservice' };
  }
  const otherWaits =
    verdict.needsSecondOfficer &&
    (await hasOtherPendingApplication(database, { subject, id: submission.id }));
  return { kind: otherWaits ? 'another_waits' : 'by_rules' };
}

async function viewKnownId(
  context: AppContext,
  staff: Staff,
  posted: DeskIssueForm,
  identityId: string,
): Promise<KnownId | null> {
  const searchId = await openSearchOfPerson(context, staff, posted, identityId);
  const person = searchId === null ? null : await viewPerson(context, staff, searchId);
  if (person === null || person === 'over') return null;
  const actions = person.actions.filter((action) => HELPFUL.has(action));
  return { searchPath: `/desk/search/${searchId}`, person, actions };
}
