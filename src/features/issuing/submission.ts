/** An application with the officer who took it in, and its refresh from the population register. */
import { DEFAULT_CARD_FORMAT, type CardFormat } from '../../domain/card/cardFormat.ts';
import type { Applicant, Application } from '../../domain/issuing/application.ts';
import type { PopulationRegisterEntry } from '../../domain/issuing/populationRegister.ts';
import { isSameName } from '../../domain/person/names.ts';
import { fullName, pickNames } from '../../domain/person/person.ts';
import type { Queryable } from '../../db/database.ts';
import type { StoredApplication } from '../../db/people/applications.ts';
import { lockEntry } from '../../db/people/populationRegister.ts';
import type { IdentityFingerprints } from '../../db/people/people.ts';
import type { AppContext } from '../appContext.ts';
import { hashFingerprints } from './recognisePerson.ts';

export interface ApplicationSubmission {
  /** Id generated with the form: sent twice, it counts once. */
  readonly id: string;
  /** The number of the case on the page after an order online; the desk shows none. */
  readonly reference?: string;
  readonly application: Application;
  /** The officer who saw the applicant; null where none did. */
  readonly officerId: string | null;
  /** `borgerservice`, `online`, `operator`, or the client id of a bank. */
  readonly issuedBy: string;
  /**
   * The officer saw the people with the same name and birth date, and states that the applicant is another
   * person.
   */
  readonly isSomebodyElse: boolean;
  /** For an application that waits: the people who were shown for that statement. */
  readonly namesakes?: readonly string[];
  readonly addressProtected: boolean;
  /** What the officer adds to a refusal. */
  readonly note?: string;
}

export function openSubmission(
  { keyring }: AppContext,
  { id, formSealed }: Pick<StoredApplication, 'id' | 'formSealed'>,
): ApplicationSubmission {
  const stored = JSON.parse(
    keyring.open('seal', formSealed, composeApplicationContext(id)),
  ) as StoredSubmission;
  const { application } = stored;
  const { largePrint, cardFormat, ...rest } = application.applicant;
  const applicant = { ...rest, cardFormat: cardFormat ?? (largePrint ? 'large_print' : DEFAULT_CARD_FORMAT) };
  return { ...stored, application: { ...application, applicant } };
}

/** The version before wrote, and still reads, whether the card is in large print. */
type StoredSubmission = Omit<ApplicationSubmission, 'application'> & {
  readonly application: Omit<Application, 'applicant'> & {
    readonly applicant: Omit<Applicant, 'cardFormat'> & {
      readonly cardFormat?: CardFormat;
      readonly largePrint?: boolean;
    };
  };
};

export function composeApplicationContext(id: string): string {
  return `application ${id}`;
}

export function sealSubmission({ keyring }: AppContext, submission: ApplicationSubmission): Buffer {
  const { application } = submission;
  const largePrint = application.applicant.cardFormat === 'large_print';
  const applicant = { ...application.applicant, largePrint };
  const stored = { ...submission, application: { ...application, applicant } };
  return keyring.seal('seal', JSON.stringify(stored), composeApplicationContext(submission.id));
}

export function hashSubmissionFingerprints(
  context: AppContext,
  { application }: ApplicationSubmission,
): IdentityFingerprints {
  return hashFingerprints(context, { ...application.applicant, identification: application.identification });
}

/**
 * An application may have waited, for a moment or for days. The present state of the register counts: whether
 * the person is alive and lives in Denmark, their address, and whether it is protected. The row is locked
 * until the transaction ends.
 *
 * @returns null where the number was replaced and the new row has another name: no one has checked that
 *   person.
 */
export async function refreshFromRegister(
  { keyring }: AppContext,
  db: Queryable,
  submission: ApplicationSubmission,
): Promise<ApplicationSubmission | null> {
  const { application } = submission;
  const { applicant } = application;
  const entry = applicant.cpr === null ? null : await lockEntry(db, keyring, applicant.cpr);
  if (!entry) return submission;
  const { status: register, address, addressProtected } = entry;
  if (entry.cpr !== applicant.cpr && !isSameName(fullName(applicant), fullName(entry))) return null;
  const refreshed = { ...applicant, ...(entry.cpr === applicant.cpr ? {} : readPersonOfEntry(entry)) };
  if (!address) {
    return {
      ...submission,
      application: { ...application, applicant: refreshed, register },
      addressProtected,
    };
  }
  const registeredAddress = { applicant: { ...refreshed, address }, addressFrom: 'register' } as const;
  return { ...submission, application: { ...application, register, ...registeredAddress }, addressProtected };
}

/** The number was replaced: the data that identify the person come from the row of the new number. */
function readPersonOfEntry(entry: PopulationRegisterEntry) {
  const { cpr, birthdate } = entry;
  return { cpr, nameIsWhole: false, ...pickNames(entry), birthdate };
}
