/**
 * An application becomes an ID, a refusal, or waits for a second officer. The one way in which anybody gets an ID: the
 * core judges (core/issuing/application.ts), whoever has one already is recognised, and person, identity, card, both
 * letters, application and audit record are saved in one transaction.
 */
import {
  judgeApplication,
  type Application,
  type Judged,
  type RefusalReason,
} from '../../core/issuing/application.ts';
import {
  findApplication,
  insertApplication,
  settleApplication,
  type StoredApplication,
} from '../../store/issuing/applications.ts';
import { appendEvent } from '../../store/auditLog.ts';
import type { Queryable } from '../../store/database.ts';
import { whileNumbersAreHeld } from '../../store/issuing/formerCprs.ts';
import type { Marks } from '../../store/people.ts';
import type { World } from '../world.ts';
import { openIdentity, prepareLetters, type Letters } from './openIdentity.ts';
import { recognise } from './recognise.ts';
import { marksIn, openSubmission, readAgain, type Submission } from './submission.ts';

export type Applied =
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
export async function apply(
  world: World,
  sent: Submission,
  alongside: (db: Queryable, applied: Applied) => Promise<void> = async () => {},
  prepared?: Letters,
): Promise<Applied> {
  const { id } = sent;
  const letters = prepared ?? (await prepareLetters(world));
  const decide = async (db: Queryable): Promise<Applied> => {
    const before = await findApplication(db, id);
    if (before) return outcomeOf(before);
    const submission = await readAgain(world, db, sent);
    if (!submission) return await whoHasNumber(world, db, sent);
    const marks = marksIn(world, submission);
    const judged = judge(world, submission.application);
    if (judged.kind === 'refused') {
      await keep(world, db, submission, marks, { state: 'refused', reasons: judged.reasons });
      return judged;
    }
    const recognised = await recognise(db, marks);
    if (recognised?.kind === 'has_id') return recognised;
    const namesakes = recognised?.identityIds ?? [];
    // Nobody says of themself that they are somebody else.
    const isTold = submission.isSomebodyElse && !namesakes.some((one) => one === submission.officerId);
    if (recognised && !isTold) {
      if (sent.application.path !== 'online') return recognised;
      // Nobody looks at a person who orders online, and nothing is said of an ID that is there: it waits for an officer.
      const isKept = await keep(world, db, { ...submission, namesakes }, marks, { state: 'waiting' });
      return { kind: isKept ? 'waiting' : 'another_waits' };
    }
    if (judged.needsSecondOfficer) {
      const isKept = await keep(world, db, { ...submission, namesakes }, marks, { state: 'waiting' });
      return { kind: isKept ? 'waiting' : 'another_waits' };
    }
    const identityId = await openIdentity(world, db, { submission, judged, marks, letters });
    if (!identityId) return await whoIsThere(db, marks);
    await keep(world, db, { ...submission, namesakes }, marks, { state: 'issued', identityId });
    if (namesakes.length > 0) await noteSomebodyElse(db, identityId, namesakes, submission.officerId);
    return { kind: 'issued', identityId };
  };
  return await whileApplicantIsHeld(world, sent, async (db) => {
    const applied = await decide(db);
    await alongside(db, applied);
    return applied;
  });
}

/**
 * Until the transaction ends, nobody else issues an ID to somebody with this CPR number or one that became it or that it
 * became, with this birth date, on this document, or on this application.
 */
export async function whileApplicantIsHeld<T>(
  world: World,
  submission: Submission,
  work: (db: Queryable) => Promise<T>,
): Promise<T> {
  const { cpr, likeness, document, birthdate } = marksIn(world, submission);
  // By birth date: two spellings of one name have no text in common. By likeness for older nodes.
  const of = [likeness, Buffer.from(`born ${birthdate}`), Buffer.from(submission.id)];
  const marks = document ? [...of, document] : of;
  return await whileNumbersAreHeld(world.database, { numbers: cpr ? [cpr] : [], marks }, work);
}

export function judge({ clock, rules }: World, application: Application): Judged {
  return judgeApplication(application, { kinds: rules.identification, now: clock.now() });
}

/** What came of an application that was sent before. */
function outcomeOf({ state, identityId, reasons }: StoredApplication): Applied {
  if (state === 'issued' && identityId) return { kind: 'issued', identityId };
  return state === 'waiting' ? { kind: 'waiting' } : { kind: 'refused', reasons };
}

export interface SecondOfficer {
  readonly officerId: string;
  readonly isRight: boolean;
  /** Whether the officer who took the application in still answers for it. */
  readonly judgeFirst: (
    db: Queryable,
    stored: StoredApplication,
  ) => Promise<'works_here' | 'paused' | 'gone'>;
}

/**
 * A second officer has looked at an address that is the applicant's own word. All is judged again: an
 * identification may have run out meanwhile, and the officer who saw it may have lost their access. `settled`:
 * somebody else was first. Nothing is changed by `officer_gone` and `officer_paused`.
 */
export async function settleWaiting(
  world: World,
  id: string,
  second: SecondOfficer,
): Promise<Applied | { readonly kind: 'settled' | 'own' | 'officer_gone' | 'officer_paused' }> {
  const { database, clock } = world;
  const stored = await findApplication(database, id);
  if (stored?.state !== 'waiting') return { kind: 'settled' };
  if (stored.officerId === second.officerId) return { kind: 'own' };
  const sent = openSubmission(world, stored);
  const letters = await prepareLetters(world);
  const settled = { id, secondOfficerId: second.officerId, decidedAt: clock.now() };
  return await whileApplicantIsHeld(world, sent, async (db) => {
    const refuse = async (reasons: readonly RefusalReason[]) => {
      const refused = { ...settled, state: 'refused', identityId: null, reasons } as const;
      if (!(await settleApplication(db, refused))) return { kind: 'settled' } as const;
      const details = { path: stored.path, reasons, staffId: second.officerId };
      await appendEvent(db, { kind: 'application_refused', identityId: null, details });
      return { kind: 'refused', reasons } as const;
    };
    if (!second.isRight) return await refuse(['no_address']);
    const first = await second.judgeFirst(db, stored);
    if (first !== 'works_here') return { kind: `officer_${first}` } as const;
    const submission = await readAgain(world, db, sent);
    if (!submission) return { kind: 'changed' } as const;
    const marks = marksIn(world, submission);
    const judged = judge(world, submission.application);
    if (judged.kind === 'refused') return await refuse(judged.reasons);
    const recognised = await recognise(db, marks);
    if (recognised?.kind === 'has_id') return recognised;
    // Somebody of this name and birth date got an ID meanwhile: for those who look at the person, at the desk.
    if (recognised && !isKnownToDiffer(submission, recognised.identityIds)) return recognised;
    const identityId = await openIdentity(world, db, { submission, judged, marks, letters });
    if (!identityId) return await whoIsThere(db, marks);
    const issued = { ...settled, state: 'issued', identityId, reasons: [] } as const;
    // Another officer was first: nothing of this is kept.
    if (!(await settleApplication(db, issued))) throw new SettledMeanwhile();
    return { kind: 'issued', identityId } as const;
  }).catch((error: unknown) => {
    if (error instanceof SettledMeanwhile) return { kind: 'settled' } as const;
    throw error;
  });
}

/** All who are like them were there to be seen when it was said that this is somebody else. */
function isKnownToDiffer({ isSomebodyElse, namesakes = [] }: Submission, found: readonly string[]): boolean {
  return isSomebodyElse && found.every((one) => namesakes.includes(one));
}

class SettledMeanwhile extends Error {}

/** The number is that of somebody of another name by now: nothing is issued, and online nothing is said of an ID. */
async function whoHasNumber(world: World, db: Queryable, sent: Submission): Promise<Applied> {
  if (sent.application.path === 'online') return { kind: 'changed' };
  const recognised = await recognise(db, marksIn(world, sent));
  return recognised?.kind === 'has_id' ? recognised : { kind: 'changed' };
}

/** Under another spelling of the name, an officer elsewhere was first; nothing was written here. */
async function whoIsThere(db: Queryable, marks: Marks): Promise<Applied> {
  const recognised = await recognise(db, marks);
  if (!recognised) throw new Error('a person is there already and cannot be found');
  return recognised;
}

/** Who answers for it that this person is none of those who are like them. */
export async function noteSomebodyElse(
  db: Queryable,
  identityId: string,
  others: readonly string[],
  staffId: string | null,
): Promise<void> {
  const staff = staffId === null ? {} : { staffId };
  await appendEvent(db, { kind: 'likeness_judged', identityId, details: { others, ...staff } });
}

type Kept = Partial<Pick<StoredApplication, 'identityId' | 'reasons'>> & Pick<StoredApplication, 'state'>;

/** The application, whatever came of it. False when it was there before. */
async function keep(
  { keyring, clock }: World,
  db: Queryable,
  submission: Submission,
  marks: Marks,
  { state, identityId = null, reasons = [] }: Kept,
): Promise<boolean> {
  const { id, application, officerId, issuedBy } = submission;
  const now = clock.now();
  const isKept = await insertApplication(db, {
    id,
    path: application.path,
    state,
    subject: marks.cpr ?? marks.document ?? marks.likeness,
    identityId,
    officerId,
    issuedBy,
    reasons,
    formSealed: keyring.seal('seal', JSON.stringify(submission), `application ${id}`),
    at: now,
    decidedAt: state === 'waiting' ? null : now,
  });
  if (isKept && state === 'refused') {
    const staff = officerId === null ? {} : { staffId: officerId };
    const details = { path: application.path, reasons, ...staff };
    await appendEvent(db, { kind: 'application_refused', identityId: null, details });
  }
  return isKept;
}
