/** Whom an application is of, and the locks by which each person gets one ID. */
import type { Queryable } from '../../db/database.ts';
import { runWithNumbersLocked } from '../../db/people/formerCprs.ts';
import type { IdentityFingerprints } from '../../db/people/people.ts';
import type { AppContext } from '../appContext.ts';
import { hashSubmissionFingerprints, type ApplicationSubmission } from './submission.ts';

/** The person that the application is of: only one of theirs waits at a time. */
export function readApplicationSubject({ cpr, document, nameBirthdateHash }: IdentityFingerprints): Buffer {
  return cpr ?? document ?? nameBirthdateHash;
}

/**
 * Runs the work in a transaction until whose end no other ID is issued for this CPR number or its former and
 * later numbers, for this birth date, on this document, or on this application.
 */
export async function runWithApplicantLocked<T>(
  context: AppContext,
  submission: ApplicationSubmission,
  work: (db: Queryable) => Promise<T>,
): Promise<T> {
  return await runWithApplicantsLocked(context, [submission], work);
}

/** The same for several applicants at once. */
export async function runWithApplicantsLocked<T>(
  context: AppContext,
  submissions: readonly ApplicationSubmission[],
  work: (db: Queryable) => Promise<T>,
): Promise<T> {
  const numbers: Buffer[] = [];
  const fingerprints: Buffer[] = [];
  for (const submission of submissions) {
    const { cpr, nameBirthdateHash, document, birthdate } = hashSubmissionFingerprints(context, submission);
    if (cpr) numbers.push(cpr);
    // The birth date is locked because two spellings of one name share no text; the hash of name and birth
    // date is locked for nodes of an earlier version.
    fingerprints.push(nameBirthdateHash, Buffer.from(`born ${birthdate}`), Buffer.from(submission.id));
    if (document) fingerprints.push(document);
  }
  return await runWithNumbersLocked(context.database, { numbers, fingerprints }, work);
}
