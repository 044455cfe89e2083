/** What other features may use of this one. */
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
export { choosePasswordBudget, forgetExhaustedOrigin } from './passwordBudget.ts';
export type { PasswordBudget } from './passwordBudget.ts';
export { rehashIfNeeded } from './rehash.ts';
export { backfillAllUserIdForms, composeUserIdWithForm } from './userIdForms.ts';
export {
  blockExhaustedCard,
  composeKeyOutcome,
  findRequestedKey,
  handleWrongKey,
  isKeyRight,
  prepareKeyAttempt,
  verifyAndRecordKey,
} from './verifyKey.ts';
export type { KeyToVerify, RequestedKey, SubmittedCardKey } from './verifyKey.ts';
