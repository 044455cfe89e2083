/** Issues an identity with a card in use: person, identity, card and their audit records in one transaction. */
import { drawCardNumber, KEYS_ON_CARD, type KeyCard } from '../core/keyCard.ts';
import { preparePassword } from '../core/password.ts';
import { formatPid, type Language, type Person, type ProofingLevel } from '../core/person.ts';
import { checkUserId, drawIdNumber, foldName } from '../core/userId.ts';
import { appendEvent } from '../store/auditLog.ts';
import type { Queryable } from '../store/database.ts';
import { insertIdentity } from '../store/identities.ts';
import { insertActiveCard } from '../store/keyCards.ts';
import { insertPerson } from '../store/people.ts';
import type { World } from './world.ts';

export interface Applicant {
  readonly givenName: string;
  readonly familyName: string;
  /** ISO date. */
  readonly birthdate: string;
  readonly language: Language;
  /** Ten digits, or null for a person without a CPR number. */
  readonly cpr: string | null;
  readonly userId: string;
  readonly password: string;
  readonly publicSites: boolean;
  readonly proofing: ProofingLevel;
  /** How many keys of the card are already used, from the front; for demo and test people. */
  readonly keysSpent?: number;
}

export interface Issued {
  readonly identityId: string;
  readonly idNumber: string;
  readonly card: KeyCard;
}

/** @throws when the user ID cannot be one, or when it or the CPR number already belongs to somebody. */
export async function issueIdentity(world: World, applicant: Applicant): Promise<Issued> {
  const { database, dice, hasher, keyring } = world;
  const fault = checkUserId(applicant.userId);
  if (fault) throw new Error(`this cannot be a user ID: ${fault}`);
  const passwordHash = await hasher.hash(preparePassword(applicant.password));
  const { givenName, familyName, birthdate, language, cpr } = applicant;
  const pid = formatPid(String(dice.below(1_000_000_000_000)).padStart(12, '0'));
  const person: Person = { id: dice.uuid(), givenName, familyName, birthdate, language, pid };

  return await database.transaction(async (db) => {
    const sealedCpr = cpr && {
      sealed: keyring.seal('seal', cpr, person.id),
      lookup: keyring.hmac('cprLookup', cpr),
    };
    await insertPerson(db, person, sealedCpr || null);

    const identityId = dice.uuid();
    const idNumber = await drawUntilFree(
      () => drawIdNumber(dice),
      (drawn) =>
        insertIdentity(db, {
          id: identityId,
          personId: person.id,
          idNumber: drawn,
          userId: foldName(applicant.userId),
          passwordHash,
          publicSites: applicant.publicSites,
          proofing: applicant.proofing,
        }),
    );
    await appendEvent(db, { kind: 'identity_issued', identityId, details: { idNumber } });
    const card = await issueActiveCard(world, db, identityId, applicant.keysSpent ?? 0);
    return { identityId, idNumber, card };
  });
}

async function issueActiveCard(
  { dice, keyring }: World,
  db: Queryable,
  identityId: string,
  keysSpent: number,
): Promise<KeyCard> {
  const blank = {
    id: dice.uuid(),
    identityId,
    salt: dice.bytes(32),
    kid: keyring.currentKid('cards'),
    spent: '1'.repeat(keysSpent).padEnd(KEYS_ON_CARD, '0'),
    challenge: null,
  };
  const cardNumber = await drawUntilFree(
    () => drawCardNumber(dice),
    (drawn) => insertActiveCard(db, { ...blank, cardNumber: drawn }),
  );
  await appendEvent(db, { kind: 'card_issued', identityId, details: { cardNumber } });
  return { ...blank, cardNumber };
}

/** Numbers are drawn at random and unique: one that is taken is drawn again, a few times and no more. */
async function drawUntilFree(
  draw: () => string,
  insert: (drawn: string) => Promise<boolean>,
): Promise<string> {
  for (let tries = 0; tries < 20; tries += 1) {
    const drawn = draw();
    if (await insert(drawn)) return drawn;
  }
  throw new Error('no free number was drawn in 20 tries: the dice are broken or the range is full');
}
