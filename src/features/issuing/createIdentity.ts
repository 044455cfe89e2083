/** Creates person, identity, card and both letters, in the transaction that decides to issue. */
import type { ApplicationDecision } from '../../domain/issuing/application.ts';
import { formatPid, pickNames, type Person } from '../../domain/person/person.ts';
import { drawIdNumber } from '../../domain/person/userId.ts';
import type { HashingOptions } from '../../platform/hashing/passwordHasher.ts';
import { appendEvent } from '../../db/auditLog.ts';
import type { Queryable } from '../../db/database.ts';
import { insertIdentity } from '../../db/people/identities.ts';
import { deriveAttemptSubjects } from '../authentication/index.ts';
import { orderLetter } from '../../db/cards/letters.ts';
import { insertPerson, type IdentityFingerprints } from '../../db/people/people.ts';
import { hashPassword, insertNewCard, readTemporaryPassword } from '../identity/index.ts';
import { sealContact, submitEmail } from '../contact/index.ts';
import { drawUniqueNumber } from '../../platform/drawUniqueNumber.ts';
import type { AppContext } from '../appContext.ts';
import type { ApplicationSubmission } from './submission.ts';

/** Prepared before the identity exists: the temporary password is hashed for its id. */
export interface IssueLetters {
  readonly identityId: string;
  readonly welcomeId: string;
  readonly passwordId: string;
  readonly passwordHash: string;
}

/**
 * Hashing is never done within a transaction.
 *
 * @param hashing the hashing budget to charge; passed where anyone can apply.
 * @throws HashingQueueFull, HashingAborted
 */
export async function prepareIssueLetters(
  context: AppContext,
  hashing: HashingOptions = {},
): Promise<IssueLetters> {
  const { random } = context;
  const [identityId, passwordId] = [random.uuid(), random.uuid()];
  const passwordHash = await hashPassword(
    context,
    identityId,
    readTemporaryPassword(context, passwordId),
    hashing,
  );
  return { identityId, welcomeId: random.uuid(), passwordId, passwordHash };
}

export interface NewIdentityRequest {
  readonly submission: ApplicationSubmission;
  readonly decision: Extract<ApplicationDecision, { kind: 'granted' }>;
  readonly fingerprints: IdentityFingerprints;
  readonly letters: IssueLetters;
}

/** Creates person, identity, card and both letters. Returns null when the person exists already. */
export async function createIdentity(
  context: AppContext,
  db: Queryable,
  { submission, decision, fingerprints, letters }: NewIdentityRequest,
): Promise<string | null> {
  const { random, keyring, clock } = context;
  const { application, officerId, issuedBy, addressProtected } = submission;
  const { birthdate, language, cpr, cardFormat, address, email } = application.applicant;
  const pid = formatPid(String(random.below(1_000_000_000_000)).padStart(12, '0'));
  const person: Person = { id: random.uuid(), ...pickNames(application.applicant), birthdate, language, pid };
  const cprSealed = cpr === null ? null : keyring.seal('seal', cpr, person.id);
  const sealed = { cprSealed, ...sealContact(context, person.id, { address }) };
  if (!(await insertPerson(db, person, { ...sealed, fingerprints, addressProtected }))) return null;

  const { identityId } = letters;
  const { publicSites, proofing } = decision;
  const tries = deriveAttemptSubjects(context, identityId);
  const inserted = { ...person, cprSealed, cprLookup: fingerprints.cpr };
  const blank = { id: identityId, person: inserted, userId: null, passwordHash: null, tries };
  const idNumber = await drawUniqueNumber(
    () => drawIdNumber(random),
    (drawn) => insertIdentity(db, { ...blank, idNumber: drawn, publicSites, proofing, cardFormat, issuedBy }),
  );
  // The address is not verified yet: nothing is sent to it before its code is entered.
  if (email) await submitEmail(context, db, identityId, { email, kind: 'given' });
  const staff = officerId === null ? {} : { staffId: officerId };
  const details = { idNumber, path: application.path, ...staff };
  await appendEvent(db, { kind: 'identity_issued', identityId, details });
  const { id: cardId, cardNumber } = await insertNewCard(context, db, identityId, { state: 'ordered' });
  await appendEvent(db, { kind: 'card_issued', identityId, details: { cardNumber } });
  const now = clock.now();
  const letter = { identityId, notice: null };
  await orderLetter(db, { ...letter, id: letters.welcomeId, kind: 'welcome', cardId }, now);
  const password = { ...letter, id: letters.passwordId, kind: 'password', cardId: null } as const;
  await orderLetter(db, password, now, letters.passwordHash);
  return identityId;
}
