/**
 * An application results in an ID or a refusal, or waits for a second officer. It is the only way in which a
 * person gets an ID: the rules decide (domain/issuing/application.ts), a person who has one already is
 * recognised, and person, identity, card, both letters, application and audit record are saved in one
 * transaction.
 */
import {
  decideApplication,
  type Application,
  type ApplicationDecision,
  type RefusalReason,
} from '../../domain/issuing/application.ts';
import { drawCaseNumber, parseCaseReference } from '../../domain/issuing/caseNumber.ts';
import {
  findApplication,
  insertApplication,
  closeApplication,
  type StoredApplication,
} from '../../db/people/applications.ts';
import { appendEvent } from '../../db/auditLog.ts';
import type { Queryable } from '../../db/database.ts';
import type { IdentityFingerprints } from '../../db/people/people.ts';
import type { AppContext } from '../appContext.ts';
import { createIdentity, prepareIssueLetters, type IssueLetters } from './createIdentity.ts';
import { readApplicationSubject, runWithApplicantLocked, runWithApplicantsLocked } from './lockApplicants.ts';
import { recognisePerson } from './recognisePerson.ts';
import {
  hashSubmissionFingerprints,
  openSubmission,
  sealSubmission,
  refreshFromRegister,
  type ApplicationSubmission,
} from './submission.ts';

export type ApplicationResult =
  | { readonly kind: 'refused'; readonly reasons: readonly RefusalReason[] }
  | { readonly kind: 'waiting' }
  | { readonly kind: 'issued'; readonly identityId: string }
  /** Nothing was changed; `identityId` has the ID. */
  | { readonly kind: 'has_id'; readonly identityId: string }
  | { readonly kind: 'looks_like'; readonly identityIds: readonly string[] }
  /** Nothing was stored. The CPR number was replaced in the meantime, and the new row has another name. */
  | { readonly kind: 'changed' }
  /** Another application of this person waits for its second officer. */
  | { readonly kind: 'another_waits' };

/**
 * Submits an application; sent twice, it returns the outcome of the first.
 *
 * @param submitted the register may have changed since it was filled in, so its row is read again.
 * @param alongside runs in the same transaction, for any outcome.
 * @param prepared the letters, from a caller that hashes on a budget; for staff and commands they are
 *   prepared here.
 */
export async function submitApplication(
  context: AppContext,
  submitted: ApplicationSubmission,
  alongside: (db: Queryable, applied: ApplicationResult) => Promise<void> = async () => {},
  prepared?: IssueLetters,
): Promise<ApplicationResult> {
  const letters = prepared ?? (await prepareIssueLetters(context));
  return await runWithApplicantLocked(context, submitted, async (db) => {
    const applied = await decideSubmission(context, db, submitted, letters);
    await alongside(db, applied);
    return applied;
  });
}

/**
 * Submits several applications in one transaction: when the work throws, nothing of any of them remains.
 *
 * @param work runs in the same transaction, with the outcome of each.
 */
export async function submitApplicationsTogether<T>(
  context: AppContext,
  submissions: readonly ApplicationSubmission[],
  work: (db: Queryable, applied: readonly ApplicationResult[]) => Promise<T>,
): Promise<T> {
  const prepared: IssueLetters[] = [];
  while (prepared.length < submissions.length) prepared.push(await prepareIssueLetters(context));
  return await runWithApplicantsLocked(context, submissions, async (db) => {
    const applied: ApplicationResult[] = [];
    for (const [i, letters] of prepared.entries()) {
      const submission = submissions[i];
      if (submission) applied.push(await decideSubmission(context, db, submission, letters));
    }
    return await work(db, applied);
  });
}

/** Runs in the transaction that has locked the applicant. */
async function decideSubmission(
  context: AppContext,
  db: Queryable,
  submitted: ApplicationSubmission,
  letters: IssueLetters,
): Promise<ApplicationResult> {
  const { id } = submitted;
  const before = await findApplication(db, id);
  if (before) return readEarlierResult(before);
  const submission = await refreshFromRegister(context, db, submitted);
  if (!submission) return await resolveNumberConflict(context, db, submitted);
  const fingerprints = hashSubmissionFingerprints(context, submission);
  const decision = decideByRules(context, submission.application);
  if (decision.kind === 'refused') {
    await saveApplication(context, db, submission, fingerprints, {
      state: 'refused',
      reasons: decision.reasons,
    });
    return decision;
  }
  const recognised = await recognisePerson(db, fingerprints);
  if (recognised?.kind === 'has_id') return recognised;
  const namesakes = recognised?.identityIds ?? [];
  // An officer cannot state that they themselves are another person.
  const isDeclaredOther = submission.isSomebodyElse && !namesakes.some((one) => one === submission.officerId);
  if (recognised && !isDeclaredOther) {
    if (submitted.application.path !== 'online') return recognised;
    // No officer sees a person who orders online, and the response must not reveal an existing ID: the
    // order waits.
    const isStored = await saveApplication(context, db, { ...submission, namesakes }, fingerprints, {
      state: 'waiting',
    });
    return { kind: isStored ? 'waiting' : 'another_waits' };
  }
  if (decision.needsSecondOfficer) {
    const isStored = await saveApplication(context, db, { ...submission, namesakes }, fingerprints, {
      state: 'waiting',
    });
    return { kind: isStored ? 'waiting' : 'another_waits' };
  }
  const identityId = await createIdentity(context, db, { submission, decision, fingerprints, letters });
  if (!identityId) return await resolvePersonConflict(db, fingerprints);
  await saveApplication(context, db, { ...submission, namesakes }, fingerprints, {
    state: 'issued',
    identityId,
  });
  if (namesakes.length > 0) await recordDeclaredDifferent(db, identityId, namesakes, submission.officerId);
  return { kind: 'issued', identityId };
}

export function decideByRules({ clock, rules }: AppContext, application: Application): ApplicationDecision {
  return decideApplication(application, { kinds: rules.identification, now: clock.now() });
}

/** The outcome of an application that was sent before. */
function readEarlierResult({ state, identityId, reasons }: StoredApplication): ApplicationResult {
  if (state === 'issued' && identityId) return { kind: 'issued', identityId };
  return state === 'waiting' ? { kind: 'waiting' } : { kind: 'refused', reasons };
}

export interface SecondOfficer {
  readonly officerId: string;
  readonly isRight: boolean;
  /** Whether the officer who took the application in still vouches for it. */
  readonly checkFirst: (
    db: Queryable,
    stored: StoredApplication,
  ) => Promise<'works_here' | 'paused' | 'gone'>;
}

/**
 * A second officer has checked an address that only the applicant stated. Everything is evaluated again: an
 * identification may have expired in the meantime, and the officer who saw it may have lost their access.
 * `settled`: another officer decided first. `officer_gone` and `officer_paused` change nothing.
 */
export async function settlePendingApplication(
  context: AppContext,
  id: string,
  second: SecondOfficer,
): Promise<ApplicationResult | { readonly kind: 'settled' | 'own' | 'officer_gone' | 'officer_paused' }> {
  const { database, clock } = context;
  const stored = await findApplication(database, id);
  if (stored?.state !== 'waiting') return { kind: 'settled' };
  if (stored.officerId === second.officerId) return { kind: 'own' };
  const submitted = openSubmission(context, stored);
  const letters = await prepareIssueLetters(context);
  const settled = { id, secondOfficerId: second.officerId, decidedAt: clock.now() };
  return await runWithApplicantLocked(context, submitted, async (db) => {
    const refuse = async (reasons: readonly RefusalReason[]) => {
      const refused = { ...settled, state: 'refused', identityId: null, reasons } as const;
      if (!(await closeApplication(db, refused))) return { kind: 'settled' } as const;
      const details = { path: stored.path, reasons, staffId: second.officerId };
      await appendEvent(db, { kind: 'application_refused', identityId: null, details });
      return { kind: 'refused', reasons } as const;
    };
    if (!second.isRight) return await refuse(['no_address']);
    const first = await second.checkFirst(db, stored);
    if (first !== 'works_here') return { kind: `officer_${first}` } as const;
    const submission = await refreshFromRegister(context, db, submitted);
    if (!submission) return { kind: 'changed' } as const;
    const fingerprints = hashSubmissionFingerprints(context, submission);
    const decision = decideByRules(context, submission.application);
    if (decision.kind === 'refused') return await refuse(decision.reasons);
    const recognised = await recognisePerson(db, fingerprints);
    if (recognised?.kind === 'has_id') return recognised;
    // A person with this name and birth date got an ID in the meantime: an officer who sees the applicant
    // decides.
    if (recognised && !isDeclaredDifferent(submission, recognised.identityIds)) return recognised;
    const identityId = await createIdentity(context, db, { submission, decision, fingerprints, letters });
    if (!identityId) return await resolvePersonConflict(db, fingerprints);
    const issued = { ...settled, state: 'issued', identityId, reasons: [] } as const;
    // Another officer decided first: the transaction is rolled back.
    if (!(await closeApplication(db, issued))) throw new AlreadySettledError();
    return { kind: 'issued', identityId } as const;
  }).catch((error: unknown) => {
    if (error instanceof AlreadySettledError) return { kind: 'settled' } as const;
    throw error;
  });
}

/** All similar people found now were shown when the officer stated that the applicant is another person. */
function isDeclaredDifferent(
  { isSomebodyElse, namesakes = [] }: ApplicationSubmission,
  found: readonly string[],
): boolean {
  return isSomebodyElse && found.every((one) => namesakes.includes(one));
}

class AlreadySettledError extends Error {}

/**
 * The number now belongs to a row with another name: nothing is issued, and online no existing ID is
 * revealed.
 */
async function resolveNumberConflict(
  context: AppContext,
  db: Queryable,
  submitted: ApplicationSubmission,
): Promise<ApplicationResult> {
  if (submitted.application.path === 'online') return { kind: 'changed' };
  const recognised = await recognisePerson(db, hashSubmissionFingerprints(context, submitted));
  return recognised?.kind === 'has_id' ? recognised : { kind: 'changed' };
}

/**
 * Under another spelling of the name, a concurrent application was issued first; nothing was written here.
 */
async function resolvePersonConflict(
  db: Queryable,
  fingerprints: IdentityFingerprints,
): Promise<ApplicationResult> {
  const recognised = await recognisePerson(db, fingerprints);
  if (!recognised) throw new Error('the person exists already and cannot be recognised');
  return recognised;
}

/** Records which officer stated that the person is none of the similar people. */
export async function recordDeclaredDifferent(
  db: Queryable,
  identityId: string,
  others: readonly string[],
  staffId: string | null,
): Promise<void> {
  const staff = staffId === null ? {} : { staffId };
  await appendEvent(db, { kind: 'likeness_judged', identityId, details: { others, ...staff } });
}

type SettledApplicationFields = Partial<Pick<StoredApplication, 'identityId' | 'reasons'>> &
  Pick<StoredApplication, 'state'>;

/**
 * Saves the application with its outcome. Returns false when it, or another one of the person, waits already.
 */
async function saveApplication(
  context: AppContext,
  db: Queryable,
  submission: ApplicationSubmission,
  fingerprints: IdentityFingerprints,
  { state, identityId = null, reasons = [] }: SettledApplicationFields,
): Promise<boolean> {
  const { id, application, officerId, issuedBy } = submission;
  const { clock, random } = context;
  const now = clock.now();
  const stored = {
    id,
    path: application.path,
    state,
    subject: readApplicationSubject(fingerprints),
    identityId,
    officerId,
    issuedBy,
    reasons,
    formSealed: sealSubmission(context, submission),
    at: now,
    decidedAt: state === 'waiting' ? null : now,
  };
  // The number that the person read on the page, unless another case has it.
  const shownReference = parseCaseReference(submission.reference ?? '');
  const numbers = shownReference?.kind === 'number' ? [shownReference.number] : [];
  const isStored = await insertApplication(db, stored, () => numbers.pop() ?? drawCaseNumber(random));
  if (isStored && state === 'refused') {
    const staff = officerId === null ? {} : { staffId: officerId };
    const details = { path: application.path, reasons, ...staff };
    await appendEvent(db, { kind: 'application_refused', identityId: null, details });
  }
  return isStored;
}
