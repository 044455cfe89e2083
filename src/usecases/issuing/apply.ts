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
import { formatPid, type Person } from '../../core/person.ts';
import { drawIdNumber } from '../../core/userId.ts';
import {
  findApplication,
  insertApplication,
  lockApplicant,
  settleApplication,
  type StoredApplication,
} from '../../store/issuing/applications.ts';
import { appendEvent } from '../../store/auditLog.ts';
import type { Queryable } from '../../store/database.ts';
import { holdEntry } from '../../store/issuing/register.ts';
import { insertIdentity } from '../../store/identities.ts';
import { orderLetter } from '../../store/letters.ts';
import { insertPerson, type Marks } from '../../store/people.ts';
import { insertNewCard } from '../cardDeeds.ts';
import { sealContact } from '../completeContact.ts';
import { drawUntilFree } from '../drawUntilFree.ts';
import { readTemporaryPassword } from '../orderPasswordLetter.ts';
import type { World } from '../world.ts';
import { marksOf, recognise } from './recognise.ts';

export interface Submission {
  /** Drawn with the form: sent twice, it counts once. */
  readonly id: string;
  readonly application: Application;
  /** Who looked at the applicant; null where nobody did. */
  readonly officerId: string | null;
  /** `borgerservice`, `online`, `operator`, or the client id of a bank. */
  readonly issuedBy: string;
  /** The officer was shown who has the same name and birth date, and says that it is somebody else. */
  readonly isSomebodyElse: boolean;
  /** Of an application that waits: who was shown when that was said. */
  readonly namesakes?: readonly string[];
  readonly addressProtected: boolean;
}

export type Applied =
  | { readonly kind: 'refused'; readonly reasons: readonly RefusalReason[] }
  | { readonly kind: 'waiting' }
  | { readonly kind: 'issued'; readonly identityId: string }
  /** Nothing was changed; `identityId` has the ID. */
  | { readonly kind: 'has_id'; readonly identityId: string }
  | { readonly kind: 'looks_like'; readonly identityIds: readonly string[] }
  /** Another application of this person waits for its second officer. */
  | { readonly kind: 'another_waits' };

type Granted = Extract<Judged, { kind: 'granted' }>;

/**
 * @param alongside done in the same transaction, whatever came of it: never without the other.
 */
/** @param sent the register may have changed since it was filled in: that is read again. */
export async function apply(
  world: World,
  sent: Submission,
  alongside: (db: Queryable, applied: Applied) => Promise<void> = async () => {},
): Promise<Applied> {
  const { database } = world;
  const { id } = sent;
  const { applicant, identification } = sent.application;
  const marks = marksOf(world, { ...applicant, identification });
  const letters = await prepareLetters(world);
  const decide = async (db: Queryable): Promise<Applied> => {
    await lockApplicant(db, marks, id);
    const before = await findApplication(db, id);
    if (before) return outcomeOf(before);
    const submission = await readAgain(world, db, sent);
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
    if (recognised && !isTold) return recognised;
    if (judged.needsSecondOfficer) {
      const isKept = await keep(world, db, { ...submission, namesakes }, marks, { state: 'waiting' });
      return { kind: isKept ? 'waiting' : 'another_waits' };
    }
    const identityId = await open(world, db, { submission, judged, marks, letters });
    if (!identityId) return await whoIsThere(db, marks);
    await keep(world, db, submission, marks, { state: 'issued', identityId });
    return { kind: 'issued', identityId };
  };
  return await database.transaction(async (db) => {
    const applied = await decide(db);
    await alongside(db, applied);
    return applied;
  });
}

export function judge({ clock, rules }: World, application: Application): Judged {
  return judgeApplication(application, { kinds: rules.identification, now: clock.now() });
}

/** What came of an application that was sent before. */
function outcomeOf({ state, identityId, reasons }: StoredApplication): Applied {
  if (state === 'issued' && identityId) return { kind: 'issued', identityId };
  return state === 'waiting' ? { kind: 'waiting' } : { kind: 'refused', reasons };
}

/**
 * A second officer has looked at an address that is the applicant's own word. All is judged again: an identification may
 * have run out meanwhile. `settled`: somebody else was first.
 */
export async function settleWaiting(
  world: World,
  id: string,
  second: { readonly officerId: string; readonly isRight: boolean },
): Promise<Applied | { readonly kind: 'settled' | 'own' }> {
  const { database, clock } = world;
  const stored = await findApplication(database, id);
  if (stored?.state !== 'waiting') return { kind: 'settled' };
  if (stored.officerId === second.officerId) return { kind: 'own' };
  const sent = openSubmission(world, stored);
  const { applicant, identification } = sent.application;
  const marks = marksOf(world, { ...applicant, identification });
  const letters = await prepareLetters(world);
  const settled = { id, secondOfficerId: second.officerId, decidedAt: clock.now() };
  return await database
    .transaction(async (db) => {
      await lockApplicant(db, marks, id);
      const refuse = async (reasons: readonly RefusalReason[]) => {
        const refused = { ...settled, state: 'refused', identityId: null, reasons } as const;
        if (!(await settleApplication(db, refused))) return { kind: 'settled' } as const;
        const details = { path: stored.path, reasons, staffId: second.officerId };
        await appendEvent(db, { kind: 'application_refused', identityId: null, details });
        return { kind: 'refused', reasons } as const;
      };
      if (!second.isRight) return await refuse(['no_address']);
      const submission = await readAgain(world, db, sent);
      const judged = judge(world, submission.application);
      if (judged.kind === 'refused') return await refuse(judged.reasons);
      const recognised = await recognise(db, marks);
      if (recognised?.kind === 'has_id') return recognised;
      // Somebody of this name and birth date got an ID meanwhile: for whoever looks at the person, at the desk.
      if (recognised && !isKnownToDiffer(submission, recognised.identityIds)) return recognised;
      const identityId = await open(world, db, { submission, judged, marks, letters });
      if (!identityId) return await whoIsThere(db, marks);
      const issued = { ...settled, state: 'issued', identityId, reasons: [] } as const;
      // Another officer was first: nothing of this is kept.
      if (!(await settleApplication(db, issued))) throw new SettledMeanwhile();
      return { kind: 'issued', identityId } as const;
    })
    .catch((error: unknown) => {
      if (error instanceof SettledMeanwhile) return { kind: 'settled' } as const;
      throw error;
    });
}

/** All who are like them were there to be seen when it was said that this is somebody else. */
function isKnownToDiffer({ isSomebodyElse, namesakes = [] }: Submission, found: readonly string[]): boolean {
  return isSomebodyElse && found.every((one) => namesakes.includes(one));
}

/**
 * An application may have waited, for a moment or for days. What the register says by now counts: whether the person is
 * alive and here, where they live, and that it is protected. It says nothing else until the transaction ends.
 */
async function readAgain({ keyring }: World, db: Queryable, submission: Submission): Promise<Submission> {
  const { application } = submission;
  const { applicant } = application;
  const entry = applicant.cpr === null ? null : await holdEntry(db, keyring, applicant.cpr);
  if (!entry) return submission;
  const { status: register, address, addressProtected } = entry;
  if (!address) return { ...submission, application: { ...application, register }, addressProtected };
  const livesThere = { applicant: { ...applicant, address }, addressFrom: 'register' } as const;
  return { ...submission, application: { ...application, register, ...livesThere }, addressProtected };
}

class SettledMeanwhile extends Error {}

/** Under another spelling of the name, an officer elsewhere was first; nothing was written here. */
async function whoIsThere(db: Queryable, marks: Marks): Promise<Applied> {
  const recognised = await recognise(db, marks);
  if (!recognised) throw new Error('a person is there already and cannot be found');
  return recognised;
}

interface Letters {
  readonly welcomeId: string;
  readonly passwordId: string;
  readonly passwordHash: string;
}

/** Hashing is never done within a transaction. */
async function prepareLetters(world: World): Promise<Letters> {
  const { dice, hasher } = world;
  const passwordId = dice.uuid();
  const passwordHash = await hasher.hash(readTemporaryPassword(world, passwordId));
  return { welcomeId: dice.uuid(), passwordId, passwordHash };
}

interface Opening {
  readonly submission: Submission;
  readonly judged: Granted;
  readonly marks: Marks;
  readonly letters: Letters;
}

/** Person, identity, card and both letters. Null when the person is there already. */
async function open(
  world: World,
  db: Queryable,
  { submission, judged, marks, letters }: Opening,
): Promise<string | null> {
  const { dice, keyring, clock } = world;
  const { application, officerId, issuedBy, addressProtected } = submission;
  const { givenName, familyName, birthdate, language, cpr, largePrint, ...contact } = application.applicant;
  const pid = formatPid(String(dice.below(1_000_000_000_000)).padStart(12, '0'));
  const person: Person = { id: dice.uuid(), givenName, familyName, birthdate, language, pid };
  const cprSealed = cpr === null ? null : keyring.seal('seal', cpr, person.id);
  const sealed = { cprSealed, ...sealContact(world, person.id, contact) };
  if (!(await insertPerson(db, person, { ...sealed, marks, addressProtected }))) return null;

  const identityId = dice.uuid();
  const { publicSites, proofing } = judged;
  const blank = { id: identityId, personId: person.id, userId: null, passwordHash: null };
  const idNumber = await drawUntilFree(
    () => drawIdNumber(dice),
    (drawn) => insertIdentity(db, { ...blank, idNumber: drawn, publicSites, proofing, largePrint, issuedBy }),
  );
  const staff = officerId === null ? {} : { staffId: officerId };
  const details = { idNumber, path: application.path, ...staff };
  await appendEvent(db, { kind: 'identity_issued', identityId, details });
  const { id: cardId, cardNumber } = await insertNewCard(world, db, identityId, { state: 'ordered' });
  await appendEvent(db, { kind: 'card_issued', identityId, details: { cardNumber } });
  const now = clock.now();
  const letter = { identityId, notice: null };
  await orderLetter(db, { ...letter, id: letters.welcomeId, kind: 'welcome', cardId }, now);
  const password = { ...letter, id: letters.passwordId, kind: 'password', cardId: null } as const;
  await orderLetter(db, password, now, letters.passwordHash);
  return identityId;
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

export function openSubmission(
  { keyring }: World,
  { id, formSealed }: Pick<StoredApplication, 'id' | 'formSealed'>,
): Submission {
  return JSON.parse(keyring.open('seal', formSealed, `application ${id}`)) as Submission;
}
