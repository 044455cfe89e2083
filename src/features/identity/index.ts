/**
 * An issued ID and what belongs to it: its cards, its password, and the choice of public sites.
 *
 * This feature owns the commands that change them, each in one transaction with its audit events, notices and
 * letters. It leaves the rules of cards to `domain/card`, the verification of a password or key to
 * `authentication`, blocking to `factors`, creating an ID to `issuing`, and the pages to `signIn`,
 * `selfService` and `desk`.
 */
export { BY_SYSTEM, applyCardCommand, applyCardCommandInTransaction, insertNewCard } from './cardCommands.ts';
export type { CardCommandOutcome } from './cardCommands.ts';
export { changeCardFormatInTransaction, orderCardInFormat } from './changeCardFormat.ts';
export { changeThresholdInTransaction } from './changeThreshold.ts';
export {
  choosePublicSites,
  findBlockerOfIdentity,
  setPublicSitesInTransaction,
} from './choosePublicSites.ts';
export { readDemoCard } from './demoCard.ts';
export type { DemoCard } from './demoCard.ts';
export { hashPassword, isRehashNeeded, rehashPassword, verifyPassword } from './keyedPassword.ts';
export {
  orderPasswordLetter,
  orderPreparedPassword,
  preparePasswordLetter,
  readTemporaryPassword,
} from './orderPasswordLetter.ts';
export type { PreparedPasswordLetter } from './orderPasswordLetter.ts';
export { notifyFormerAddress } from './notifyFormerAddress.ts';
export { readKeyAt, readKeyNumberAt } from './readCard.ts';
export { reportCardNotArrived } from './reportCardNotArrived.ts';
