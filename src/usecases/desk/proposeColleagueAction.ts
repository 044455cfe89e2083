/** What one member of staff wants to do with the ID of another: kept until a colleague confirms it. */
import { COLLEAGUE_HOURS } from '../../core/desk/colleagueActions.ts';
import { ACTION_OF, type DeskDeed } from '../../core/desk.ts';
import type { Identification } from '../../core/issuing/identification.ts';
import type { Staff } from '../../core/staff.ts';
import { appendEvent } from '../../store/auditLog.ts';
import {
  findColleagueAction,
  insertColleagueAction,
  type StoredColleagueAction,
} from '../../store/desk/colleagueActions.ts';
import type { World } from '../world.ts';
import { countStaffAction, takeBackStaffAction } from './limits.ts';
import type { OverLimit } from './lookUps.ts';
import { documentOf } from './performAction.ts';
import { noteRefusal } from './refusals.ts';

/** As it is kept, sealed. */
export interface ColleagueAsked {
  readonly reason: string;
  readonly identification: Identification | null;
}

export type ColleagueProposed = 'proposed' | 'already_proposed';

export async function proposeColleagueAction(
  world: World,
  staff: Staff,
  asked: ColleagueAsked & { readonly id: string; readonly identityId: string; readonly deed: DeskDeed },
): Promise<ColleagueProposed | OverLimit> {
  const { database, clock } = world;
  const { id, identityId, deed: action, reason, identification } = asked;
  const count = { kind: 'colleague', form: id } as const;
  const counted = await countStaffAction(world, database, staff, count);
  if (typeof counted !== 'string') {
    await noteRefusal(world, staff, { what: ACTION_OF[action], why: 'over_limit', identityId });
    return { kind: 'over_limit', limit: counted };
  }
  const askedSealed = sealAsked(world, id, { reason, identification });
  const proposal = {
    id,
    identityId,
    action,
    askedSealed,
    proposedBy: staff.staffId,
    proposedAt: clock.now(),
  };
  const isKept = await database.transaction(async (db) => {
    if (!(await insertColleagueAction(db, proposal, stillOpenSince(world)))) return false;
    const shown = identification && { identification: documentOf(world, identification) };
    const details = { by: 'staff', staffId: staff.staffId, reason, ...shown, action } as const;
    await appendEvent(db, { kind: 'colleague_action_proposed', identityId, details });
    return true;
  });
  if (isKept || (await findColleagueAction(database, id))) return 'proposed';
  if (counted === 'counted') await takeBackStaffAction(world, staff, count);
  return 'already_proposed';
}

/** What was proposed before is over. */
export function stillOpenSince({ clock }: Pick<World, 'clock'>): Date {
  return new Date(clock.now().getTime() - COLLEAGUE_HOURS * 3_600_000);
}

function sealAsked({ keyring }: World, id: string, asked: ColleagueAsked): Buffer {
  return keyring.seal('seal', JSON.stringify(asked), `colleague action ${id}`);
}

export function openAsked(
  { keyring }: World,
  { id, askedSealed }: Pick<StoredColleagueAction, 'id' | 'askedSealed'>,
): ColleagueAsked {
  return JSON.parse(keyring.open('seal', askedSealed, `colleague action ${id}`)) as ColleagueAsked;
}
