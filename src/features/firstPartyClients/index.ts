/**
 * First-party clients: relying parties of Nøgle that Nøgle itself serves, such as self-service and the desk.
 *
 * This feature owns their sign-in (an authorization code flow with PKCE over HTTP), their sessions and
 * cookies, and their sign-out. It leaves what a client shows and does to `selfService`, `desk` and `order`,
 * the session at the provider to `sessions`, and who the clients are to `domain/relyingParty`.
 */
export { createFirstPartyRequest } from './firstPartyRequest.ts';
export { isKeyStillRecent } from './firstPartySession.ts';
export type { FirstPartyUser } from './firstPartySession.ts';
export { FirstPartyOidcClient, NotSignedInError } from './ownClient.ts';
export { FirstPartyCookies } from './ownCookies.ts';
export { addFirstPartySignIn } from './routes.ts';
export type { SignInGuard } from './routes.ts';
export { NotSignedInPage, SignedOutPage, TimedOutPage } from './signedOut.page.tsx';
