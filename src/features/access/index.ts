/** What other features may use of this one. */
export { endClientAccess, withdrawScopes } from './access.queries.ts';
export {
  endOtherSessions,
  endSessionByPerson,
  readAccessOverview,
  removeClientAccess,
  removeScopeAccess,
} from './access.ts';
export type { ClientAccess, ListedSession } from './access.ts';
