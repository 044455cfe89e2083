/**
 * An application becomes an ID, a refusal, or waits for a second officer. The one way in which anybody gets an ID: the
 * core judges (domain/issuing/application.ts), whoever has one already is recognised, and person, identity, card, both
 * letters, application and audit record are saved in one transaction.
 */
import {
  decideApplication,
  type Application,
  type ApplicationDecision,
  type RefusalReason,
} from '../../domain/issuing/application.ts';
import {
  findApplication,
  insertApplication,
  closeApplication,
  type StoredApplication,
} from '../../db/people/applications.ts';
import { appendEvent } from '../../db/auditLog.ts';
import type { Queryable } from '../../db/database.ts';
import { runWithNumbersLocked } from '../../db/people/formerCprs.ts';
import type { IdentityFingerprints } from '../../db/people/people.ts';
import type { AppContext } from '../appContext.ts';
import { createIdentity, prepareIssueLetters, type IssueLetters } from './createIdentity.ts';
import { recognisePerson } from './recognisePerson.ts';
import {
  hashSubmissionFingerprints,
  openSubmission,
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
  /** Nothing was kept. The CPR number became another by now, of somebody of another name. */
  | { readonly kind: 'changed' }
  /** Another application of this person waits for its second officer. */
  | { readonly kind: 'another_waits' };

/**
 * @param sent the register may have changed since it was filled in: that is read again.
 * @param alongside done in the same transaction, whatever came of it: never without the other.
 * @param prepared by a caller that hashes on somebody's account; of staff and commands it is done here.
 */
export async function submitApplication(
  context: AppContext,
  sent: ApplicationSubmission,
  alongside: (db: Queryable, applied: ApplicationResult) => Promise<void> = async () => {},
  prepared?: IssueLetters,
): Promise<ApplicationResult> {
  const { id } = sent;
  const letters = prepared ?? (await prepareIssueLetters(context));
  const decide = async (db: Queryable): Promise<ApplicationResult> => {
    const before = await findApplication(db, id);
    if (before) return readEarlierResult(before);
    const submission = await refreshFromRegister(context, db, sent);
    if (!submission) return await resolveNumberConflict(context, db, sent);
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
    // Nobody says of themself that they are somebody else.
    const isNotified = submission.isSomebodyElse && !namesakes.some((one) => one === submission.officerId);
    if (recognised && !isNotified) {
      if (sent.application.path !== 'online') return recognised;
      // Nobody looks at a person who orders online, and nothing is said of an ID that is there: it waits for an officer.
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
  };
  return await runWithApplicantLocked(context, sent, async (db) => {
    const applied = await decide(db);
    await alongside(db, applied);
    return applied;
  });
}

/**
 * Until the transaction ends, nobody else issues an ID to somebody with this CPR number or one that became it or that it
 * became, with this birth date, on this document, or on this application.
 */
export async function runWithApplicantLocked<T>(
  context: AppContext,
  submission: ApplicationSubmission,
  work: (db: Queryable) => Promise<T>,
): Promise<T> {
  const { cpr, nameBirthdateHash, document, birthdate } = hashSubmissionFingerprints(context, submission);
  // By birth date: two spellings of one name have no text in common. By likeness for older nodes.
  const of = [nameBirthdateHash, Buffer.from(`born ${birthdate}`), Buffer.from(submission.id)];
  const fingerprints = document ? [...of, document] : of;
  return await runWithNumbersLocked(context.database, { numbers: cpr ? [cpr] : [], fingerprints }, work);
}

export function decideByRules({ clock, rules }: AppContext, application: Application): ApplicationDecision {
  return decideApplication(application, { kinds: rules.identification, now: clock.now() });
}

/** What came of an application that was sent before. */
function readEarlierResult({ state, identityId, reasons }: StoredApplication): ApplicationResult {
  if (state === 'issued' && identityId) return { kind: 'issued', identityId };
  return state === 'waiting' ? { kind: 'waiting' } : { kind: 'refused', reasons };
}

export interface SecondOfficer {
  readonly officerId: string;
  readonly isRight: boolean;
  /** Whether the officer who took the application in still answers for it. */
  readonly checkFirst: (
    db: Queryable,
    stored: StoredApplication,
  ) => Promise<'works_here' | 'paused' | 'gone'>;
}

/**
 * A second officer has looked at an address that is the applicant's own word. All is judged again: an
 * identification may have run out meanwhile, and the officer who saw it may have lost their access. `settled`:
 * somebody else was first. Nothing is changed by `officer_gone` and `officer_paused`.
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
  const sent = openSubmission(context, stored);
  const letters = await prepareIssueLetters(context);
  const settled = { id, secondOfficerId: second.officerId, decidedAt: clock.now() };
  return await runWithApplicantLocked(context, sent, async (db) => {
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
    const submission = await refreshFromRegister(context, db, sent);
    if (!submission) return { kind: 'changed' } as const;
    const fingerprints = hashSubmissionFingerprints(context, submission);
    const decision = decideByRules(context, submission.application);
    if (decision.kind === 'refused') return await refuse(decision.reasons);
    const recognised = await recognisePerson(db, fingerprints);
    if (recognised?.kind === 'has_id') return recognised;
    // Somebody of this name and birth date got an ID meanwhile: for those who look at the person, at the desk.
    if (recognised && !isDeclaredDifferent(submission, recognised.identityIds)) return recognised;
    const identityId = await createIdentity(context, db, { submission, decision, fingerprints, letters });
    if (!identityId) return await resolvePersonConflict(db, fingerprints);
    const issued = { ...settled, state: 'issued', identityId, reasons: [] } as const;
    // Another officer was first: nothing of this is kept.
    if (!(await closeApplication(db, issued))) throw new AlreadySettledError();
    return { kind: 'issued', identityId } as const;
  }).catch((error: unknown) => {
    if (error instanceof AlreadySettledError) return { kind: 'settled' } as const;
    throw error;
  });
}

/** All who are like them were there to be seen when it was said that this is somebody else. */
function isDeclaredDifferent(
  { isSomebodyElse, namesakes = [] }: ApplicationSubmission,
  found: readonly string[],
): boolean {
  return isSomebodyElse && found.every((one) => namesakes.includes(one));
}

class AlreadySettledError extends Error {}

/** The number is that of somebody of another name by now: nothing is issued, and online nothing is said of an ID. */
async function resolveNumberConflict(
  context: AppContext,
  db: Queryable,
  sent: ApplicationSubmission,
): Promise<ApplicationResult> {
  if (sent.application.path === 'online') return { kind: 'changed' };
  const recognised = await recognisePerson(db, hashSubmissionFingerprints(context, sent));
  return recognised?.kind === 'has_id' ? recognised : { kind: 'changed' };
}

/** Under another spelling of the name, an officer elsewhere was first; nothing was written here. */
async function resolvePersonConflict(
  db: Queryable,
  fingerprints: IdentityFingerprints,
): Promise<ApplicationResult> {
  const recognised = await recognisePerson(db, fingerprints);
  if (!recognised) throw new Error('a person is there already and cannot be found');
  return recognised;
}

/** Who answers for it that this person is none of those who are like them. */
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

/** The application, whatever came of it. False when it was there before. */
async function saveApplication(
  { keyring, clock }: AppContext,
  db: Queryable,
  submission: ApplicationSubmission,
  fingerprints: IdentityFingerprints,
  { state, identityId = null, reasons = [] }: SettledApplicationFields,
): Promise<boolean> {
  const { id, application, officerId, issuedBy } = submission;
  const now = clock.now();
  const isStored = await insertApplication(db, {
    id,
    path: application.path,
    state,
    subject: fingerprints.cpr ?? fingerprints.document ?? fingerprints.nameBirthdateHash,
    identityId,
    officerId,
    issuedBy,
    reasons,
    formSealed: keyring.seal('seal', JSON.stringify(submission), `application ${id}`),
    at: now,
    decidedAt: state === 'waiting' ? null : now,
  });
  if (isStored && state === 'refused') {
    const staff = officerId === null ? {} : { staffId: officerId };
    const details = { path: application.path, reasons, ...staff };
    await appendEvent(db, { kind: 'application_refused', identityId: null, details });
  }
  return isStored;
}
