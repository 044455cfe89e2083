/**
 * The role of a person, read at each request, so that a role that is ended gives no access from the next
 * request on.
 */
import type { Staff } from '../../../domain/staff/staff.ts';
import * as store from './staffRoles.queries.ts';
import { readProposalCutoff } from './proposeColleagueAction.ts';
import type { AppContext } from '../../appContext.ts';

export type { Bank, ListedStaff } from './staffRoles.queries.ts';

/** Returns null for a person who has no role now, or whose role is paused. */
export async function findStaffOfIdentity(context: AppContext, identityId: string): Promise<Staff | null> {
  return await store.findStaffRole(context.database, identityId, readProposalCutoff(context));
}

export async function listStaffAndBanks({
  database,
  clock,
}: AppContext): Promise<{ members: store.ListedStaff[]; banks: store.Bank[] }> {
  return {
    members: await store.listStaff(database, clock.now()),
    banks: await store.listBanks(database),
  };
}
