/**
 * Verifies what a person gives to prove who they are, and limits how often it may be tried.
 *
 * This feature owns the budgets (on which attempts a password or a key counts), the subjects of counters and
 * networks, known browsers, failure counts, rehashing and the verification of a key from a card. It leaves
 * the pages and the order of a sign-in to `signIn`, the cards and the password hash itself to `identity`, and
 * the statements that count attempts to `db/signIn`.
 */
export { deriveAttemptSubjects, hashBrowserSubject, hashPasswordSubject } from './attemptSubjectHashes.ts';
export { openClientContext, sealClientContext } from './clientContext.ts';
export type { SealedClientContext } from './clientContext.ts';
export { recordSignInFailure } from './failures.ts';
export { runInNetworkTurn, toBusyWhenFull } from './hashingTurn.ts';
export { deriveBrowserContent, hashBrowser, hashBrowsers, isKnownBrowser } from './knownBrowser.ts';
export { dropKnownOrigin, isKnownOrigin } from './knownOrigin.ts';
export {
  hashKnownNetwork,
  hashKnownNetworkSubject,
  isAnyBucketFull,
  listNetworkBuckets,
} from './networks.ts';
export { sealPasswordContext } from './passwordContext.ts';
export { choosePasswordBudget, forgetExhaustedOrigin } from './passwordBudget.ts';
export type { PasswordBudget } from './passwordBudget.ts';
export { composeCounterOwner, composePublicFormCounters } from './publicFormCounters.ts';
export type { PublicFormCounters } from './publicFormCounters.ts';
export { rehashIfNeeded } from './rehash.ts';
export { reportAttempt, reportFailedStep } from './reportAttempt.ts';
export { backfillAllUserIdForms, composeUserIdWithForm } from './userIdForms.ts';
export {
  blockExhaustedCard,
  composeKeyOutcome,
  findRequestedKey,
  handleWrongKey,
  isKeyRight,
  prepareKeyAttempt,
  prepareSharedAttempt,
  verifyAndRecordKey,
} from './verifyKey.ts';
export { verifyTypedCode } from './verifyCode.ts';
export type { TypedCodeResult } from './verifyCode.ts';
export type { KeyToVerify, RequestedKey, SubmittedCardKey } from './verifyKey.ts';
