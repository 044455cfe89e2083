/**
 * The guardian with whom a person under 15 gets a second way to sign in.
 *
 * This feature owns the question whether one is needed, as a transaction asks it, the name of the guardian as
 * audit events have it, and what pages say in place of a form. It leaves the rule to `domain/factors`, the
 * check at the counter to `desk`, and what follows from it to `securityKeys` and `codeTokens`.
 */
export { GuardianNeeded } from './guardian.page.tsx';
export { composeGuardianNotice, isGuardianMissing, isGuardianNeeded } from './secondWay.ts';
export { openGuardian, sealGuardian } from './sealedGuardian.ts';
