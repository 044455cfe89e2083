/** An applicant for an ID, with everything in order by default; and the letters that they receive. */
import { randomBytes, randomInt } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import type { Applicant, Application } from '../../src/domain/issuing/application.ts';
import { TERMS_VERSION } from '../../src/domain/issuing/terms.ts';
import { submitApplication } from '../../src/features/issuing/submitApplication.ts';
import type { ApplicationSubmission } from '../../src/features/issuing/submission.ts';
import { readTemporaryPassword } from '../../src/features/identity/orderPasswordLetter.ts';
import { readCard } from '../../src/features/identity/readCard.ts';
import { findCard } from '../../src/db/cards/keyCards.ts';
import type { Nodes } from './nodes.ts';

let serial = randomInt(1_000_000);

export interface ApplicationChanges extends Partial<Omit<ApplicationSubmission, 'application'>> {
  readonly application?: Partial<Omit<Application, 'applicant'>>;
  readonly applicant?: Partial<Applicant>;
}

/**
 * An application that is granted at the desk. The CPR number is unique and impossible (there is no 61st day).
 */
export function composeApplication({
  application,
  applicant,
  ...changes
}: ApplicationChanges = {}): ApplicationSubmission {
  serial = (serial + 1) % 1_000_000;
  const mark = randomBytes(4).toString('hex');
  return {
    id: crypto.randomUUID(),
    officerId: null,
    issuedBy: 'borgerservice',
    isSomebodyElse: false,
    addressProtected: false,
    ...changes,
    application: {
      path: 'desk',
      identification: {
        kind: 'passport',
        number: `2${String(serial).padStart(8, '0')}`,
        expiresOn: '2035-01-31',
      },
      identificationMatches: true,
      withoutInterpreter: true,
      operatesAlone: true,
      terms: { version: TERMS_VERSION, language: 'da' },
      publicSites: true,
      guardian: null,
      register: 'active',
      addressFrom: 'register',
      ...application,
      applicant: {
        cpr: `6107${String(serial).padStart(6, '0')}`,
        givenName: 'Anna',
        familyName: `Prøve-${mark}`,
        birthdate: '1985-07-01',
        language: 'da',
        cardFormat: 'standard',
        email: null,
        address: { street: `Prøvegade ${mark}`, postcode: '8900', city: 'Randers C' },
        ...applicant,
      },
    },
  };
}

/** An issued ID whose letters have left. */
export interface IssuedTestIdentity {
  readonly identityId: string;
  readonly idNumber: string;
  readonly temporaryPassword: string;
  /** Key number -> key. */
  readonly keys: ReadonlyMap<string, string>;
}

/** Issues an ID by the only use case that does. @throws when it was refused */
export async function issueApplication(
  nodes: Nodes,
  submission: ApplicationSubmission = composeApplication(),
): Promise<string> {
  const { cpr } = submission.application.applicant;
  if (cpr) nodes.secrets.add(cpr, 'CPR number');
  const applied = await submitApplication(nodes.context, submission);
  if (applied.kind !== 'issued') throw new Error(`the ID was not issued: ${applied.kind}`);
  return applied.identityId;
}

const DAY_MS = 24 * 3_600_000;

/**
 * Sends pending letters, over as many business days as it takes: a card and a password never leave on one
 * day.
 */
export async function sendAllLetters(nodes: Nodes): Promise<void> {
  const waiting = async () =>
    (await nodes.database.query(`SELECT FROM letters WHERE state = 'waiting'`)).length;
  for (let days = 0; (await waiting()) > 0 && days < 10; days += 1) {
    if (days > 0) nodes.clock.forward(DAY_MS);
    await nodes.database.query(`UPDATE letters SET try_at = now() WHERE state = 'waiting'`);
    await nodes.node(0).app.tasks['sendLetters']?.({});
  }
}

/** The newest temporary password, as in the letter; null when none was ever ordered. */
export async function temporaryPasswordOf(nodes: Nodes, identityId: string): Promise<string> {
  const [letter] = await nodes.database.query<{ id: string }>(
    `SELECT id FROM letters WHERE identity_id = $1 AND kind = 'password' ORDER BY ordered_at DESC, id DESC LIMIT 1`,
    [identityId],
  );
  const password = readTemporaryPassword(nodes.context, letter?.id ?? '');
  nodes.secrets.add(password, 'temporary password');
  return password;
}

/** The content of the letters when all have arrived. */
export async function waitForLetters(nodes: Nodes, identityId: string): Promise<IssuedTestIdentity> {
  await sendAllLetters(nodes);
  return await readDeliveredLetters(nodes, identityId);
}

/** The content of the letters, whether they have left or not. */
export async function readDeliveredLetters(nodes: Nodes, identityId: string): Promise<IssuedTestIdentity> {
  const { context, secrets } = nodes;
  const temporaryPassword = await temporaryPasswordOf(nodes, identityId);
  const [row] = await nodes.database.query<{ id: string; id_number: string }>(
    `SELECT c.id, i.id_number FROM identities i JOIN key_cards c ON c.identity_id = i.id
     WHERE i.id = $1 ORDER BY c.ordered_at DESC LIMIT 1`,
    [identityId],
  );
  const card = await findCard(context.database, row?.id ?? '');
  if (!card) throw new Error('there is no card');
  const { keyNumbers, keys } = readCard(context, card);
  for (const key of keys) secrets.keys.add(key);
  return {
    identityId,
    idNumber: row?.id_number ?? '',
    temporaryPassword,
    keys: new Map(keyNumbers.map((number, position) => [number, keys[position] ?? ''])),
  };
}

/** The letters to this person in the suite's print-house folder, as JSON. */
export async function printedLetters(nodes: Nodes, name: string): Promise<Record<string, unknown>[]> {
  const folder = path.join(nodes.folder, 'letters');
  const files = (await readdir(folder)).filter((file) => file.endsWith('.json'));
  const letters = await Promise.all(
    files.map(async (file) => JSON.parse(await readFile(path.join(folder, file), 'utf8')) as never),
  );
  return letters.filter((letter: { to: { name: string } }) => letter.to.name === name);
}
