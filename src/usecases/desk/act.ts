/**
 * What staff do with an ID that they looked up. Role, scope and limit are judged again here, at the moment of
 * the action. It is written down with who, why and what was shown, and the person gets a notice, but for a
 * sign-out. About a
 * colleague's ID it is proposed, and another confirms it.
 */
import { COUNTED_AS } from '../../core/desk/limits.ts';
import { ACTION_OF, type DeskDeed } from '../../core/desk.ts';
import type { Identification } from '../../core/issuing/identification.ts';
import { whyNot, type Staff, type StaffRefusal } from '../../core/staff.ts';
import { findAtDesk } from '../../store/desk/people.ts';
import { isOnStaff } from '../../store/desk/staff.ts';
import type { World } from '../world.ts';
import { countStaffAction, takeBackStaffAction } from './limits.ts';
import type { OverLimit } from './lookUps.ts';
import { documentOf, performOnce, type Performed } from './performAction.ts';
import { proposeColleagueAction, type ColleagueProposed } from './proposeColleagueAction.ts';
import { noteRefusal } from './refusals.ts';
import { findOwnSearch } from './search.ts';
import { asUuid } from './uuids.ts';

export interface Asked {
  readonly deed: DeskDeed;
  readonly reason: string;
  /** Shown by the person and found to be valid and theirs; null for what needs none. */
  readonly identification: Identification | null;
  /** Drawn with the form. */
  readonly form: string;
}

/** `over`: the search is too old. `nobody`: it found nobody who may be shown. */
export type Acted = Performed | 'over' | StaffRefusal | ColleagueProposed;

export async function act(
  world: World,
  staff: Staff,
  searchId: string,
  asked: Asked,
): Promise<Acted | OverLimit> {
  const { database, clock, keyring } = world;
  const search = await findOwnSearch(world, staff, searchId);
  if (!search) return 'over';
  const found = search.foundId && (await findAtDesk(database, search.foundId, clock.now()));
  if (!found) return 'nobody';
  const { identityId, issuedBy } = found;
  const what = ACTION_OF[asked.deed];
  const refusal = whyNot(staff, what, { identityId, issuedBy });
  if (refusal) {
    await noteRefusal(world, staff, { what, why: refusal, identityId });
    return refusal;
  }
  const mac = keyring.hmac('records', `desk deed v1 ${searchId} ${asked.deed} ${asked.form}`);
  const deed = asUuid(mac);
  if (await isOnStaff(database, identityId)) {
    return await proposeColleagueAction(world, staff, { ...asked, id: deed, identityId });
  }

  const count = { kind: COUNTED_AS[asked.deed], form: deed };
  const counted = await countStaffAction(world, database, staff, count);
  if (typeof counted !== 'string') {
    await noteRefusal(world, staff, { what, why: 'over_limit', identityId });
    return { kind: 'over_limit', limit: counted };
  }
  const shown = asked.identification && { identification: documentOf(world, asked.identification) };
  const by = { by: 'staff', staffId: staff.staffId, reason: asked.reason, ...shown, deed } as const;
  const came = await performOnce(world, identityId, asked.deed, by);
  if (came !== 'done' && counted === 'counted') await takeBackStaffAction(world, staff, count);
  return came;
}
