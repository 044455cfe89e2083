/** Who is on the staff: asked at each request, so that a role that is ended is ended at the next click. */
import type { Staff } from '../../core/staff.ts';
import * as store from '../../store/desk/staff.ts';
import type { World } from '../world.ts';

export type { Bank, ListedStaff } from '../../store/desk/staff.ts';

/** Null for whoever has no role now. */
export async function findStaffOf({ database }: World, identityId: string): Promise<Staff | null> {
  return await store.findStaff(database, identityId);
}

export async function readStaff({
  database,
}: World): Promise<{ members: store.ListedStaff[]; banks: store.Bank[] }> {
  return { members: await store.listStaff(database), banks: await store.listBanks(database) };
}
