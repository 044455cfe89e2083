/** What other features may use of this one. */
export { changeCpr } from './changeCpr.ts';
export { composeSubmission } from './composeSubmission.ts';
export { createIdentity, prepareIssueLetters } from './createIdentity.ts';
export { hashFingerprints, recognisePerson } from './recognisePerson.ts';
export { hashSubmissionFingerprints, openSubmission, refreshFromRegister } from './submission.ts';
export type { ApplicationSubmission } from './submission.ts';
export {
  decideByRules,
  recordDeclaredDifferent,
  runWithApplicantLocked,
  settlePendingApplication,
  submitApplication,
} from './submitApplication.ts';
export type { ApplicationResult } from './submitApplication.ts';
