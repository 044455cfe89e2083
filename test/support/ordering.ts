/** People of the population register, and what they send when they order an ID online. */
import { randomBytes, randomInt } from 'node:crypto';
import type { PopulationRegisterEntry } from '../../src/domain/issuing/populationRegister.ts';
import { TERMS_VERSION } from '../../src/domain/issuing/terms.ts';
import { TestBrowser, type BrowserPage } from './browser.ts';
import type { HttpAnswer } from './http.ts';
import type { Nodes } from './nodes.ts';
import { aPerson } from './people.ts';

let serial = randomInt(9_000);

/**
 * Born in 1985, each on another day, so that two of one name are distinct; 60 is added to the day, as the CPR
 * office does for test persons. Each number is unique in a run.
 */
function nextCpr(): { cpr: string; birthdate: string } {
  serial = (serial + 1) % 10_000;
  const day = 1 + (serial % 28);
  const month = String(1 + (Math.floor(serial / 28) % 12)).padStart(2, '0');
  // Digit 7 up to 3: born in the 1900s.
  const cpr = `${60 + day}${month}85${String(serial % 4_000).padStart(4, '0')}`;
  return { cpr, birthdate: `1985-${month}-${String(day).padStart(2, '0')}` };
}

/** A person with all that an order online needs, by default. */
export async function aRegistered(
  nodes: Nodes,
  overrides: Partial<PopulationRegisterEntry> = {},
): Promise<PopulationRegisterEntry> {
  const mark = randomBytes(4).toString('hex');
  const entry: PopulationRegisterEntry = {
    ...nextCpr(),
    givenName: 'Søren Aage',
    familyName: `Prøve-${mark}`,
    status: 'active',
    address: { street: `Prøvegade ${mark}`, postcode: '8900', city: 'Randers C' },
    addressProtected: false,
    passport: `20${String(randomInt(1e7)).padStart(7, '0')}`,
    drivingLicence: String(randomInt(1e7, 1e8)),
    email: null,
    ...overrides,
  };
  await saveRegistered(nodes, entry);
  return entry;
}

/** Adds the entry to the register. */
export async function saveRegistered(nodes: Nodes, entry: PopulationRegisterEntry): Promise<void> {
  nodes.secrets.add(entry.cpr, 'CPR number');
  const { keyring } = nodes.context;
  const lookup = keyring.hmac('cprLookup', entry.cpr);
  await nodes.database.query('INSERT INTO register_entries VALUES ($1, $2, $1, now())', [
    lookup,
    keyring.seal('seal', JSON.stringify(entry), lookup.toString('hex')),
  ]);
}

/** A person of the register with an ID. */
export async function aKnown(nodes: Nodes): Promise<{ entry: PopulationRegisterEntry; identityId: string }> {
  const entry = await aRegistered(nodes);
  const { cpr, givenName, familyName, birthdate, address } = entry;
  const { identityId } = await aPerson(nodes, { cpr, givenName, familyName, birthdate, address });
  return { entry, identityId };
}

let clients = 0;

/** A browser in a separate network. */
export function createSiteClient(nodes: Nodes, firstNode = 0): TestBrowser {
  clients += 1;
  return new TestBrowser(nodes, firstNode, `198.51.${Math.floor(clients / 250)}.${clients % 250}`);
}

/** The last form of `/order`, with all that this person has filled in. */
export function fillIn({
  cpr,
  givenName,
  familyName,
  passport,
}: PopulationRegisterEntry): Record<string, string> {
  return {
    step: 'send',
    termsVersion: TERMS_VERSION,
    language: 'da',
    cpr,
    name: `${givenName} ${familyName}`,
    documentKind: 'passport',
    documentNumber: passport ?? '',
    email: '',
    withoutInterpreter: 'yes',
    operatesAlone: 'yes',
    terms: 'yes',
  };
}

/** Sends it, with the fields in `typed` replaced; null leaves a field out. */
export async function postOrder(
  browser: TestBrowser,
  entry: PopulationRegisterEntry,
  typed: Record<string, string | null> = {},
): Promise<BrowserPage> {
  const fields = Object.entries({ ...fillIn(entry), ...typed }).filter(([, value]) => value !== null);
  const form = Object.fromEntries(fields) as Record<string, string>;
  return await browser.request('/order', { form });
}

/** What an outsider sees, without the time, and the numbers of the request and of the order. */
export function maskResponse({ status, headers, text }: HttpAnswer): string {
  const compared = Object.entries(headers).filter(([name]) => !['date', 'x-request-id'].includes(name));
  return [status, ...compared.map(([name, value]) => `${name}: ${String(value)}`), text]
    .join('\n')
    .replaceAll(/[0-9A-Z]{4}-[0-9A-Z]{4}(\.\d{13})?/g, 'XXXX-XXXX')
    .replaceAll(/expires=[^;]*/g, 'expires=');
}

export interface OrderedIdentity {
  readonly id: string;
  readonly issued_by: string;
  readonly user_id: string | null;
}

/** The identities of a CPR number. */
export async function orderedBy(nodes: Nodes, { cpr }: PopulationRegisterEntry): Promise<OrderedIdentity[]> {
  return await nodes.database.query<OrderedIdentity>(
    `SELECT i.id, i.issued_by, i.user_id, i.large_print, i.card_format, i.proofing, p.language, p.given_name, p.family_name
     FROM identities i JOIN people p ON p.id = i.person_id WHERE p.cpr_lookup = $1`,
    [nodes.context.keyring.hmac('cprLookup', cpr)],
  );
}
