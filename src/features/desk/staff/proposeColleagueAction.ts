/**
 * A proposal of one member of staff for an action on the ID of another: stored until a colleague confirms it.
 */
import { COLLEAGUE_HOURS } from './colleagueActions.rules.ts';
import { PERMISSION_OF, type DeskAction } from '../../../domain/staff/desk.ts';
import type { CardFormat } from '../../../domain/card/cardFormat.ts';
import type { Identification } from '../../../domain/issuing/identification.ts';
import type { Staff } from '../../../domain/staff/staff.ts';
import type { KeyToVerify } from '../../authentication/index.ts';
import { isDeskKeyRefusal, spendKeyWith, type DeskKeyRefusal } from '../actions/cardKey.ts';
import { appendEvent } from '../../../db/auditLog.ts';
import {
  findColleagueAction,
  insertColleagueAction,
  type StoredColleagueAction,
} from './colleagueActions.queries.ts';
import type { AppContext } from '../../appContext.ts';
import { countStaffAction, revertStaffAction } from '../staffLimits.ts';
import type { OverLimit } from '../search/lookUps.ts';
import { hashDocumentOfAction, type NamedSecurityKey } from '../actions/performAction.ts';
import { recordDeskRefusal } from '../refusals/deskRefusals.ts';

/** The content of a proposal, which is stored sealed. */
export interface ColleagueActionRequest {
  readonly reason: string;
  readonly identification: Identification | null;
  /** Absent in proposals of the version before. */
  readonly cardFormat?: CardFormat | null;
  readonly securityKey?: NamedSecurityKey | null;
}

export type ColleagueProposalResult = 'proposed' | 'already_proposed';

export async function proposeColleagueAction(
  context: AppContext,
  staff: Staff,
  request: ColleagueActionRequest & {
    readonly id: string;
    readonly identityId: string;
    readonly action: DeskAction;
    /** Spent with the proposal, for an action that requires one. */
    readonly key: KeyToVerify | null;
  },
): Promise<ColleagueProposalResult | DeskKeyRefusal | OverLimit> {
  const { database, clock } = context;
  const { id, identityId, action, reason, identification, cardFormat = null, key } = request;
  const { securityKey = null } = request;
  const count = { kind: 'colleague', form: id } as const;
  const counted = await countStaffAction(context, database, staff, count);
  if (typeof counted !== 'string') {
    await recordDeskRefusal(context, staff, { what: PERMISSION_OF[action], why: 'over_limit', identityId });
    return { kind: 'over_limit', limit: counted };
  }
  const askedSealed = sealColleagueRequest(context, id, { reason, identification, cardFormat, securityKey });
  const proposal = {
    id,
    identityId,
    action,
    askedSealed,
    proposedBy: staff.staffId,
    proposedAt: clock.now(),
  };
  const isStored = await spendKeyWith(context, key, async (db) => {
    if (!(await insertColleagueAction(db, proposal, readProposalCutoff(context)))) return false;
    const shown = identification && { identification: hashDocumentOfAction(context, identification) };
    const details = { by: 'staff', staffId: staff.staffId, reason, ...shown, action } as const;
    await appendEvent(db, { kind: 'colleague_action_proposed', identityId, details });
    return true;
  });
  if (isDeskKeyRefusal(isStored)) {
    if (counted === 'counted') await revertStaffAction(context, staff, count);
    return isStored;
  }
  if (isStored || (await findColleagueAction(database, id))) return 'proposed';
  if (counted === 'counted') await revertStaffAction(context, staff, count);
  return 'already_proposed';
}

/** Proposals made before this time have expired. */
export function readProposalCutoff({ clock }: Pick<AppContext, 'clock'>): Date {
  return new Date(clock.now().getTime() - COLLEAGUE_HOURS * 3_600_000);
}

export function composeColleagueContext(id: string): string {
  return `colleague action ${id}`;
}

function sealColleagueRequest({ keyring }: AppContext, id: string, request: ColleagueActionRequest): Buffer {
  return keyring.seal('seal', JSON.stringify(request), composeColleagueContext(id));
}

export function openColleagueRequest(
  { keyring }: AppContext,
  { id, askedSealed }: Pick<StoredColleagueAction, 'id' | 'askedSealed'>,
): ColleagueActionRequest {
  return JSON.parse(keyring.open('seal', askedSealed, composeColleagueContext(id))) as ColleagueActionRequest;
}
