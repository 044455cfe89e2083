/**
 * A person's access overview: their sessions, the relying parties with access to them, and the end of each.
 *
 * This feature owns the queries and commands; the pages are in `selfService`. It leaves ending all sessions
 * to `sessions`, asking for consent to `signIn`, and the delivery of log-out notifications to `jobs`.
 */
export { endClientAccess, withdrawScopes } from './access.queries.ts';
export {
  endAllSessions,
  endOtherSessions,
  endSessionByPerson,
  readAccessOverview,
  removeClientAccess,
  removeScopeAccess,
} from './access.ts';
export type { ClientAccess } from './access.ts';
