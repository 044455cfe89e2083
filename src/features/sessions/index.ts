/**
 * The provider's session in this browser: `/session`, log-out, and the pages that the provider asks for.
 *
 * This feature owns ending a session here or everywhere, and the page that shows where a person is signed in.
 * It leaves the sessions of first-party clients to `firstPartyClients`, ending one session or the access of a
 * relying party to `access`, and the protocol of a log-out to `oidc/logout`.
 */
export { deriveSessionCsrfToken } from './routes.ts';
export { nameBrowser, nameDevice, nameNetwork } from './device.ts';
export { SessionCard, writeSessionTime } from './sessionCard.page.tsx';
export { listSessionsOfPerson, revokeSessionsOfPerson } from './sessions.ts';
export type { SessionDeps, SessionView } from './sessions.ts';
