/**
 * Security keys and passkeys: what a browser is asked to create, what of its answer is accepted, and the life
 * of what was added.
 *
 * This feature owns the challenge, the verification, and the commands that add, rename and end them, each in
 * one transaction with its audit events and notices. It leaves the pages to `selfService`, `activation`,
 * `desk` and `block`, the confirmation by a card's key to `selfService`, and signing in with them to
 * `signIn`.
 */
export { addSecurityKeyInTransaction, type SecurityKeyToAdd } from './addSecurityKey.ts';
export {
  endSecurityKey,
  endSecurityKeysInTransaction,
  readSecurityKeys,
  renameSecurityKeyOf,
  type RenameOutcome,
} from './changeSecurityKeys.ts';
export {
  composeCreation,
  MAX_CREDENTIAL_LENGTH,
  type CreationOptions,
  type CreationOwner,
} from './creationOptions.ts';
export { verifyCreation, type CreationFault, type VerifiedCreation } from './verifyCreation.ts';
