/**
 * Code tokens: their stock, how a person gets one, and how one ends.
 *
 * This feature owns the import, the commands that give out, activate, adjust and end a code token, each in
 * the transaction of its caller, under the lock of the person's identity, with its audit events and notices;
 * and the reading of codes. It leaves the rules of codes to `domain/factors`, counting wrong ones to
 * `authentication`, blocking to `identity`, and the pages to `signIn`, `selfService` and `desk`.
 */
export {
  endWaitOfCodeToken,
  findCodeTokenToHandOver,
  voidLostCodeToken,
  handOverCodeToken,
  orderCodeToken,
  startCodeTokenWait,
} from './assignCodeToken.ts';
export type { CodeTokenToHandOver } from './assignCodeToken.ts';
export { blockCodeTokens, markCodeTokenSent, resyncInTransaction, stopCodeToken } from './codeTokenLife.ts';
export { importTokens, TokenFileFault, type TokenImportReport } from './importTokens.ts';
export { matchTwoTypedCodes, matchTypedCode, openSeed } from './readCode.ts';
