/**
 * The people of the sandbox. Their CPR numbers have 60 added to the day, as the CPR office marks test
 * persons, so they belong to no one. Passwords are derived from the sandbox's own keys, so that the code
 * contains none.
 */
import { DEFAULT_CARD_FORMAT, type CardFormat } from '../domain/card/cardFormat.ts';
import { formatCardNumber, KEYS_ON_CARD } from '../domain/card/keyCard.ts';
import type { StaffRole } from '../domain/staff/staff.ts';
import { foldName } from '../domain/person/userId.ts';
import type { Keyring } from '../platform/keyring.ts';
import { findCredentials } from '../db/people/identities.ts';
import { findActiveCard } from '../db/cards/keyCards.ts';
import { completeContactOfIdentity } from '../features/contact/completeContact.ts';
import { readCard } from '../features/identity/readCard.ts';
import type { AppContext } from '../features/appContext.ts';
import { seedPerson } from './seedPerson.ts';

interface DemoPersonSeed {
  readonly name: string;
  readonly givenName: string;
  readonly familyName: string;
  readonly birthdate: string;
  readonly cpr: string;
  readonly publicSites: boolean;
  readonly role: 'citizen' | StaffRole;
  readonly street: string;
  readonly cardFormat?: CardFormat;
  readonly keysSpent?: number;
  /** No one has seen the person or their identification. */
  readonly isOrderedOnline?: boolean;
  readonly about: string;
}

const DEMO_PEOPLE: readonly DemoPersonSeed[] = [
  {
    name: 'anna',
    givenName: 'Anna',
    familyName: 'Andersen',
    birthdate: '1985-07-01',
    cpr: '6107854386',
    publicSites: true,
    role: 'citizen',
    street: 'Østergade 12, 2. tv.',
    about: 'signs in everywhere',
  },
  {
    name: 'bent',
    givenName: 'Bent',
    familyName: 'Bertelsen',
    birthdate: '1949-03-12',
    cpr: '7203490923',
    publicSites: false,
    role: 'citizen',
    street: 'Kirkegade 3',
    cardFormat: 'large_print',
    about: 'chose his bank only; no e-mail, large print',
  },
  {
    name: 'clara',
    givenName: 'Clara',
    familyName: 'Christoffersen',
    birthdate: '1992-11-23',
    cpr: '8311921754',
    publicSites: true,
    role: 'citizen',
    street: 'Havnepladsen 7, st. th.',
    keysSpent: KEYS_ON_CARD - 21,
    about: 'has 21 keys left: the next sign-in orders a card',
  },
  {
    name: 'dorte',
    givenName: 'Dorte',
    familyName: 'Dalgaard',
    birthdate: '1971-05-30',
    cpr: '9005711268',
    publicSites: true,
    role: 'officer',
    street: 'Laksetorvet 1',
    about: 'works at Borgerservice',
  },
  {
    name: 'erik',
    givenName: 'Erik',
    familyName: 'Eskildsen',
    birthdate: '1980-02-09',
    cpr: '6902801537',
    publicSites: true,
    role: 'operator',
    street: 'Gudenåvej 88',
    about: 'runs Nøgle',
  },
  {
    name: 'elna',
    givenName: 'Elna',
    familyName: 'Enevoldsen',
    birthdate: '1976-08-17',
    cpr: '7708762144',
    publicSites: true,
    role: 'operator',
    street: 'Vestergade 41, 1.',
    about: 'runs Nøgle with Erik',
  },
  {
    name: 'freja',
    givenName: 'Freja',
    familyName: 'Frederiksen',
    birthdate: '2014-04-05',
    cpr: '6504146178',
    publicSites: false,
    role: 'citizen',
    street: 'Skovvangen 19',
    about: 'is under 15: bank only',
  },
  {
    name: 'bodil',
    givenName: 'Bodil',
    familyName: 'Bruun',
    birthdate: '1988-10-14',
    cpr: '7410881362',
    publicSites: true,
    role: 'bank_clerk',
    street: 'Slotsgade 20, 3. th.',
    about: 'works at the demo netbank',
  },
  {
    name: 'hans',
    givenName: 'Hans',
    familyName: 'Hermansen',
    birthdate: '1967-06-21',
    cpr: '8106670917',
    publicSites: true,
    role: 'hotline',
    street: 'Rosenørnsgade 5',
    about: 'answers the hotline',
  },
  {
    name: 'inge',
    givenName: 'Inge',
    familyName: 'Ibsen',
    birthdate: '1979-01-08',
    cpr: '6801791094',
    publicSites: true,
    role: 'citizen',
    street: 'Mariagervej 63',
    isOrderedOnline: true,
    about: 'ordered online, and no one has seen her: not accepted by sandbox-strict',
  },
];

/** A person in `.data/demo.json`: everything that is needed to sign in as them. */
export interface ListedPerson {
  readonly name: string;
  readonly fullName: string;
  readonly about: string;
  readonly userId: string;
  readonly password: string;
  readonly publicSites: boolean;
  readonly role: 'citizen' | StaffRole;
  readonly cards: { cardNumber: string; keys: Record<string, string>; spent: string[] }[];
}

/** Issues an ID to each person who has none yet, and lists all with their current cards. */
export async function prepareDemoPeople(context: AppContext): Promise<ListedPerson[]> {
  const listed: ListedPerson[] = [];
  for (const person of DEMO_PEOPLE) {
    const userId = `${person.name}-${person.familyName.toLowerCase()}`;
    const password = deriveDemoPassword(context.keyring, person.name);
    const existing = await findCredentials(context.database, foldName(userId), null, context.clock.now());
    const identityId = existing?.identityId ?? (await issueDemoPerson(context, person, userId, password));
    // Data of an earlier version has neither postal address nor e-mail.
    if (existing) await completeContactOfIdentity(context, identityId, composeDemoContact(person));
    listed.push({
      name: person.name,
      fullName: `${person.givenName} ${person.familyName}`,
      about: person.about,
      userId,
      password,
      publicSites: person.publicSites,
      role: person.role,
      cards: await listCards(context, identityId),
    });
  }
  return listed;
}

async function issueDemoPerson(
  context: AppContext,
  person: DemoPersonSeed,
  userId: string,
  password: string,
): Promise<string> {
  const { identityId } = await seedPerson(context, {
    givenName: person.givenName,
    familyName: person.familyName,
    birthdate: person.birthdate,
    cpr: person.cpr,
    language: 'da',
    userId,
    password,
    publicSites: person.publicSites,
    ...(person.isOrderedOnline ? { proofing: 'Low', issuedBy: 'online' } : { proofing: 'Substantial' }),
    keysSpent: person.keysSpent ?? 0,
    ...composeDemoContact(person),
    cardFormat: person.cardFormat ?? DEFAULT_CARD_FORMAT,
  });
  return identityId;
}

function composeDemoContact({ street, cardFormat, name }: DemoPersonSeed) {
  return {
    address: { street, postcode: '8900', city: 'Randers C' },
    email: cardFormat === 'large_print' ? null : `${name}@example.dk`,
  };
}

async function listCards(context: AppContext, identityId: string): Promise<ListedPerson['cards']> {
  const card = await findActiveCard(context.database, identityId);
  if (!card) return [];
  const { keyNumbers, keys } = readCard(context, card);
  return [
    {
      cardNumber: formatCardNumber(card.cardNumber),
      keys: Object.fromEntries(keyNumbers.map((keyNumber, position) => [keyNumber, keys[position] ?? ''])),
      spent: keyNumbers.filter((_, position) => card.spent[position] === '1'),
    },
  ];
}

/** `anna-` and eight letters without look-alikes. */
function deriveDemoPassword(keyring: Keyring, name: string): string {
  const letters = 'abcdefghjkmnpqrstuvwxyz';
  const bytes = keyring.hmac('demo', `password ${name}`).subarray(0, 8);
  return `${name}-${[...bytes].map((byte) => letters[byte % letters.length]).join('')}`;
}
