/** The nouns of the domain for tests: a person with a card, a relying party. */
import { randomBytes, randomInt } from 'node:crypto';
import { formatCardNumber } from '../../src/domain/card/keyCard.ts';
import type { PostalAddress } from '../../src/domain/letter.ts';
import { relyingPartySchema, type RelyingPartyInput } from '../../src/domain/relyingParty/relyingParty.ts';
import { hashClientSecret } from '../../src/domain/relyingParty/clientSecrets.ts';
import { saveRelyingParty } from '../../src/db/oidc/relyingParties.ts';
import { seedPerson, type PersonSeed } from '../../src/sandbox/seedPerson.ts';
import { readCard } from '../../src/features/identity/readCard.ts';
import type { Nodes } from './nodes.ts';

export interface TestPerson {
  readonly identityId: string;
  readonly idNumber: string;
  readonly userId: string;
  readonly password: string;
  readonly cpr: string;
  readonly fullName: string;
  /** As shown on the page. */
  readonly cardNumber: string;
  readonly cardId: string;
  readonly keys: ReadonlyMap<string, string>;
}

let serial = randomInt(1_000_000);

/** Impossible (there is no 61st day), and unique in a run of a suite. */
function nextCpr(): string {
  serial = (serial + 1) % 1_000_000;
  return `6107${String(serial).padStart(6, '0')}`;
}

export async function aPerson(
  nodes: Nodes,
  overrides: Partial<PersonSeed> = {},
  context = nodes.context,
): Promise<TestPerson> {
  const { secrets } = nodes;
  const mark = randomBytes(4).toString('hex');
  const password = overrides.password ?? `Kodeord-${mark}-æøå`;
  const userId = overrides.userId ?? `person-${mark}`;
  const cpr = overrides.cpr === undefined ? nextCpr() : overrides.cpr;
  const applicant: PersonSeed = {
    givenName: 'Anna',
    familyName: `Prøve-${mark}`,
    birthdate: '1985-07-01',
    language: 'da',
    publicSites: true,
    proofing: 'Substantial',
    ...overrides,
    cpr,
    userId,
    password,
    address: overrides.address === undefined ? aStreet(mark) : overrides.address,
    email: overrides.email === undefined ? `anna-${mark}@mail.example` : overrides.email,
  };
  const { identityId, idNumber, card } = await seedPerson(context, applicant);
  const { keyNumbers, keys } = readCard(context, card);
  secrets.add(password, 'password');
  if (cpr) secrets.add(cpr, 'CPR number');
  for (const key of keys) secrets.keys.add(key);
  return {
    identityId,
    idNumber,
    userId,
    password,
    cpr: cpr ?? '',
    fullName: `${applicant.givenName} ${applicant.familyName}`,
    cardNumber: formatCardNumber(card.cardNumber),
    cardId: card.id,
    keys: new Map(keyNumbers.map((number, position) => [number, keys[position] ?? ''])),
  };
}

function aStreet(mark: string): PostalAddress {
  return { street: `Prøvegade ${mark}`, postcode: '8900', city: 'Randers C' };
}

export interface TestRelyingParty {
  readonly clientId: string;
  readonly clientSecret: string;
  readonly redirectUri: string;
  readonly scope: string;
}

export async function aRelyingParty(
  nodes: Nodes,
  overrides: Partial<RelyingPartyInput> = {},
): Promise<TestRelyingParty> {
  const { context, secrets } = nodes;
  const clientId = overrides.client_id ?? `rp-${randomBytes(4).toString('hex')}`;
  const clientSecret = randomBytes(24).toString('base64url');
  secrets.add(clientSecret, 'client secret');
  const method = overrides.token_endpoint_auth_method ?? 'client_secret_basic';
  const rp = relyingPartySchema.parse({
    token_endpoint_auth_method: method,
    redirect_uris: ['https://rp.example/cb'],
    scope: 'openid profile ssn nemid.pid offline_access',
    sector_identifier_uri: `https://${clientId}.example/sector`,
    kind: 'public',
    trusted: true,
    name_da: 'Prøvekommunen',
    name_en: 'The test municipality',
    ...(method.startsWith('client_secret')
      ? { client_secret: hashClientSecret(context.keyring, clientSecret) }
      : {}),
    ...overrides,
    client_id: clientId,
  });
  await saveRelyingParty(context.database, rp);
  return { clientId, clientSecret, redirectUri: rp.redirect_uris[0] ?? '', scope: rp.scope };
}
