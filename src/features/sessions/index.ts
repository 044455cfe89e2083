/** What other features may use of this one. */
export { deriveSessionCsrfToken } from './routes.ts';
export { revokeSessionsOfPerson } from './sessions.ts';
