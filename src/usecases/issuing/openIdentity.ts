/** Person, identity, card and both letters, in the transaction of the decision that there is to be an ID. */
import type { Judged } from '../../core/issuing/application.ts';
import { formatPid, namesOf, type Person } from '../../core/person.ts';
import { drawIdNumber } from '../../core/userId.ts';
import type { HashingOptions } from '../../platform/passwordHasher.ts';
import { appendEvent } from '../../store/auditLog.ts';
import type { Queryable } from '../../store/database.ts';
import { insertIdentity } from '../../store/identities.ts';
import { triesOf } from '../signIn/triesOf.ts';
import { orderLetter } from '../../store/letters.ts';
import { insertPerson, type Marks } from '../../store/people.ts';
import { insertNewCard } from '../cardDeeds.ts';
import { sealContact } from '../completeContact.ts';
import { giveEmail } from '../contact/giveEmail.ts';
import { drawUntilFree } from '../drawUntilFree.ts';
import { readTemporaryPassword } from '../orderPasswordLetter.ts';
import { hashPassword } from '../passwords/keyedPassword.ts';
import type { World } from '../world.ts';
import type { Submission } from './submission.ts';

/** Made before the identity is, which its temporary password is hashed for. */
export interface Letters {
  readonly identityId: string;
  readonly welcomeId: string;
  readonly passwordId: string;
  readonly passwordHash: string;
}

/**
 * Hashing is never done within a transaction.
 * @param hashing on whose account: given where anybody can ask. @throws TooBusy, HashingAborted
 */
export async function prepareLetters(world: World, hashing: HashingOptions = {}): Promise<Letters> {
  const { dice } = world;
  const [identityId, passwordId] = [dice.uuid(), dice.uuid()];
  const passwordHash = await hashPassword(
    world,
    identityId,
    readTemporaryPassword(world, passwordId),
    hashing,
  );
  return { identityId, welcomeId: dice.uuid(), passwordId, passwordHash };
}

export interface Opening {
  readonly submission: Submission;
  readonly judged: Extract<Judged, { kind: 'granted' }>;
  readonly marks: Marks;
  readonly letters: Letters;
}

/** Person, identity, card and both letters. Null when the person is there already. */
export async function openIdentity(
  world: World,
  db: Queryable,
  { submission, judged, marks, letters }: Opening,
): Promise<string | null> {
  const { dice, keyring, clock } = world;
  const { application, officerId, issuedBy, addressProtected } = submission;
  const { birthdate, language, cpr, largePrint, address, email } = application.applicant;
  const pid = formatPid(String(dice.below(1_000_000_000_000)).padStart(12, '0'));
  const person: Person = { id: dice.uuid(), ...namesOf(application.applicant), birthdate, language, pid };
  const cprSealed = cpr === null ? null : keyring.seal('seal', cpr, person.id);
  const sealed = { cprSealed, ...sealContact(world, person.id, { address }) };
  if (!(await insertPerson(db, person, { ...sealed, marks, addressProtected }))) return null;

  const { identityId } = letters;
  const { publicSites, proofing } = judged;
  const tries = triesOf(world, identityId);
  const inserted = { ...person, cprSealed, cprLookup: marks.cpr };
  const blank = { id: identityId, person: inserted, userId: null, passwordHash: null, tries };
  const idNumber = await drawUntilFree(
    () => drawIdNumber(dice),
    (drawn) => insertIdentity(db, { ...blank, idNumber: drawn, publicSites, proofing, largePrint, issuedBy }),
  );
  // Nobody has shown that it is theirs: it gets nothing before its code came back.
  if (email) await giveEmail(world, db, identityId, { email, kind: 'given' });
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
