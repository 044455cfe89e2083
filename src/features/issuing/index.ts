/**
 * Issuing: the only way in which a person gets an ID. This feature owns the decision on an application,
 * recognising a person who has an ID, the transaction that creates person, identity, card and letters, and
 * the change of a CPR number.
 *
 * It leaves forms, look-ups and the second officer to features/desk, orders online to features/order, the
 * register's file to features/populationRegister, cards and passwords to features/identity, and the rules
 * themselves to domain/issuing. Other features use only what is exported here.
 */
export { changeCpr } from './changeCpr.ts';
export { composeSubmission } from './composeSubmission.ts';
export { createIdentity, prepareIssueLetters } from './createIdentity.ts';
export { readApplicationSubject, runWithApplicantLocked } from './lockApplicants.ts';
export { hashFingerprints, recognisePerson } from './recognisePerson.ts';
export { hashSubmissionFingerprints, openSubmission, refreshFromRegister } from './submission.ts';
export type { ApplicationSubmission } from './submission.ts';
export {
  decideByRules,
  recordDeclaredDifferent,
  settlePendingApplication,
  submitApplication,
  submitApplicationsTogether,
} from './submitApplication.ts';
export type { ApplicationResult } from './submitApplication.ts';
