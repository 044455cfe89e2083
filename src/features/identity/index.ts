/** What other features may use of this one. */
export { blockInTransaction, blockTarget } from './block.ts';
export type { BlockTarget } from './block.ts';
export { BY_SYSTEM, applyCardCommand, applyCardCommandInTransaction, insertNewCard } from './cardCommands.ts';
export { changeThresholdInTransaction } from './changeThreshold.ts';
export {
  choosePublicSites,
  findBlockerOfIdentity,
  setPublicSitesInTransaction,
} from './choosePublicSites.ts';
export { readDemoCard } from './demoCard.ts';
export type { DemoCard } from './demoCard.ts';
export { hashPassword, isRehashNeeded, rehashPassword, verifyPassword } from './keyedPassword.ts';
export { readTemporaryPassword } from './orderPasswordLetter.ts';
export { readKeyAt, readKeyNumberAt } from './readCard.ts';
export { reportCardNotArrived } from './reportCardNotArrived.ts';
