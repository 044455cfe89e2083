/** What other features may use of this one. */
export { createFirstPartyRequest } from './firstPartyRequest.ts';
export { isKeyStillRecent } from './firstPartySession.ts';
export type { FirstPartyUser } from './firstPartySession.ts';
export { FirstPartyOidcClient, NotSignedInError } from './ownClient.ts';
export { FirstPartyCookies } from './ownCookies.ts';
export { addFirstPartySignIn } from './routes.ts';
export type { SignInGuard } from './routes.ts';
export { NotSignedInPage, SignedOutPage, TimedOutPage } from './signedOut.page.tsx';
