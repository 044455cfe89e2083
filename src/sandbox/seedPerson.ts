/**
 * Creates a person whose ID already has a card in use: only for the sandbox and tests. Real people apply for
 * one (features/issuing/submitApplication.ts).
 */
import { DEFAULT_CARD_FORMAT, type CardFormat } from '../domain/card/cardFormat.ts';
import type { KeyCard } from '../domain/card/keyCard.ts';
import type { PostalAddress } from '../domain/letter.ts';
import { preparePassword } from '../domain/signIn/password.ts';
import {
  pickNames,
  type Names,
  formatPid,
  type Language,
  type Person,
  type ProofingLevel,
} from '../domain/person/person.ts';
import { checkUserId, drawIdNumber, foldName } from '../domain/person/userId.ts';
import { appendEvent } from '../db/auditLog.ts';
import { deriveAttemptSubjects } from '../features/authentication/attemptSubjectHashes.ts';
import { insertIdentity } from '../db/people/identities.ts';
import { insertPerson } from '../db/people/people.ts';
import { insertNewCard } from '../features/identity/cardCommands.ts';
import { sealContact } from '../features/contact/completeContact.ts';
import { drawUniqueNumber } from '../platform/drawUniqueNumber.ts';
import { hashPassword } from '../features/identity/keyedPassword.ts';
import { hashFingerprints } from '../features/issuing/recognisePerson.ts';
import type { AppContext } from '../features/appContext.ts';

export interface PersonSeed extends Names {
  /** ISO date. */
  readonly birthdate: string;
  readonly language: Language;
  /** Ten digits, or null for a person without a CPR number. */
  readonly cpr: string | null;
  readonly userId: string;
  readonly password: string;
  readonly publicSites: boolean;
  readonly proofing: ProofingLevel;
  /** The address for letters; without one no card can be sent. */
  readonly address?: PostalAddress | null;
  /** The address for notices; without one they go by letter. */
  readonly email?: string | null;
  readonly cardFormat?: CardFormat;
  readonly issuedBy?: string;
  /** How many keys of the card are already used, from the first on; for demo and test persons. */
  readonly keysSpent?: number;
}

export interface SeededPerson {
  readonly identityId: string;
  readonly idNumber: string;
  readonly card: KeyCard;
}

/**
 * @throws Error when the user ID is not allowed, or when it or the CPR number already belongs to another
 *   person
 */
export async function seedPerson(context: AppContext, applicant: PersonSeed): Promise<SeededPerson> {
  const { database, random, keyring } = context;
  const fault = checkUserId(applicant.userId);
  if (fault) throw new Error(`this cannot be a user ID: ${fault}`);
  const identityId = random.uuid();
  const passwordHash = await hashPassword(context, identityId, preparePassword(applicant.password));
  const { birthdate, language, cpr, cardFormat = DEFAULT_CARD_FORMAT } = applicant;
  const pid = formatPid(String(random.below(1_000_000_000_000)).padStart(12, '0'));
  const person: Person = { id: random.uuid(), ...pickNames(applicant), birthdate, language, pid };

  return await database.transaction(async (db) => {
    const cprSealed = cpr ? keyring.seal('seal', cpr, person.id) : null;
    const fingerprints = hashFingerprints(context, { ...person, cpr, identification: null });
    const made = await insertPerson(db, person, {
      cprSealed,
      fingerprints,
      ...sealContact(context, person.id, applicant),
    });
    if (!made) throw new Error('a person with this CPR number already exists');

    const idNumber = await drawUniqueNumber(
      () => drawIdNumber(random),
      (drawn) =>
        insertIdentity(db, {
          id: identityId,
          person: { ...person, cprSealed, cprLookup: fingerprints.cpr },
          idNumber: drawn,
          userId: foldName(applicant.userId),
          passwordHash,
          publicSites: applicant.publicSites,
          proofing: applicant.proofing,
          cardFormat,
          issuedBy: applicant.issuedBy ?? null,
          tries: deriveAttemptSubjects(context, identityId),
        }),
    );
    await appendEvent(db, { kind: 'identity_issued', identityId, details: { idNumber, path: 'seed' } });
    const [keysSpent, format] = [applicant.keysSpent ?? 0, cardFormat];
    const card = await insertNewCard(context, db, identityId, { state: 'active', keysSpent, format });
    await appendEvent(db, { kind: 'card_issued', identityId, details: { cardNumber: card.cardNumber } });
    return { identityId, idNumber, card: { ...card, format } };
  });
}
