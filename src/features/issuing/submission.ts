/** An application with who took it in, and what the register says of its applicant by now. */
import type { Application } from '../../domain/issuing/application.ts';
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

export function openSubmission(
  { keyring }: AppContext,
  { id, formSealed }: Pick<StoredApplication, 'id' | 'formSealed'>,
): ApplicationSubmission {
  return JSON.parse(keyring.open('seal', formSealed, `application ${id}`)) as ApplicationSubmission;
}

export function hashSubmissionFingerprints(
  context: AppContext,
  { application }: ApplicationSubmission,
): IdentityFingerprints {
  return hashFingerprints(context, { ...application.applicant, identification: application.identification });
}

/**
 * An application may have waited, for a moment or for days. What the register says by now counts: whether the person is
 * alive and here, where they live, and that it is protected. It says nothing else until the transaction ends.
 * @returns null where the number became another, of somebody of another name: nobody looked at them.
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
  const now = { ...applicant, ...(entry.cpr === applicant.cpr ? {} : readPersonOfEntry(entry)) };
  if (!address) {
    return { ...submission, application: { ...application, applicant: now, register }, addressProtected };
  }
  const livesThere = { applicant: { ...now, address }, addressFrom: 'register' } as const;
  return { ...submission, application: { ...application, register, ...livesThere }, addressProtected };
}

/** The number has become another: all that says who it is comes from the row of that. */
function readPersonOfEntry(entry: PopulationRegisterEntry) {
  const { cpr, birthdate } = entry;
  return { cpr, nameIsWhole: false, ...pickNames(entry), birthdate };
}
