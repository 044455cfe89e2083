/**
 * A request of staff for an action on an ID that they looked up. Role, scope and limit are checked again
 * here, at the moment of the action. The action is recorded with who, why and what was shown, and the person
 * gets a notice, except for a sign-out. An action on a colleague's ID is only proposed, and another member of
 * staff confirms it.
 */
import type { CardFormat } from '../../domain/card/cardFormat.ts';
import { STAFF_COUNT_OF } from './limits.rules.ts';
import { PERMISSION_OF, requiresCardKey, type DeskAction } from '../../domain/staff/desk.ts';
import type { Identification } from '../../domain/issuing/identification.ts';
import { reasonNotAllowed, type Staff, type StaffRefusal } from '../../domain/staff/staff.ts';
import type { Queryable } from '../../db/database.ts';
import { isActionDone } from '../../db/people/deskActions.ts';
import type { SubmittedCardKey } from '../authentication/index.ts';
import { isDeskKeyRefusal, prepareDeskKey, refuseKey, type DeskKeyRefusal } from './actions/cardKey.ts';
import { proofIdentity } from './actions/proofIdentity.ts';
import { findDeskPerson } from './deskPeople.queries.ts';
import { isStaffMember } from './staff/staffRoles.queries.ts';
import type { AppContext } from '../appContext.ts';
import { countStaffAction, revertStaffAction } from './staffLimits.ts';
import type { OverLimit } from './search/lookUps.ts';
import {
  hashDocumentOfAction,
  performActionOnce,
  type NamedSecurityKey,
  type PerformedActionResult,
} from './actions/performAction.ts';
import { composeGuardianDetails } from './actions/guardian.ts';
import type { PresentGuardian } from './actions/guardian.rules.ts';
import { isCodeTokenAction, type DeskCodeToken } from './actions/deskCodeToken.ts';
import { proposeColleagueAction, type ColleagueProposalResult } from './staff/proposeColleagueAction.ts';
import { recordDeskRefusal } from './refusals/deskRefusals.ts';
import { isFoundByCard } from './search/cardSearch.ts';
import { findOwnSearch } from './search/searchPeople.ts';
import { macToUuid } from './uuids.ts';

export interface DeskActionRequest {
  readonly action: DeskAction;
  readonly reason: string;
  /** Shown by the person, and found to be valid and theirs; null for actions that need none. */
  readonly identification: Identification | null;
  /** The key of the person's card, for actions that require one. */
  readonly cardKey?: SubmittedCardKey | null;
  /** The format of a card that is ordered; unless set, the one that the person has chosen. */
  readonly cardFormat?: CardFormat | null;
  /** The security key that is added. */
  readonly securityKey?: NamedSecurityKey | null;
  /** Whose codes were compared. */
  readonly codeToken?: DeskCodeToken | null;
  /** Of a person under 15 who gets a second way to sign in. */
  readonly guardian?: PresentGuardian | null;
  /** Form id, generated with the form. */
  readonly form: string;
}

/** `over`: the search is too old. `nobody`: it found no one who may be shown. */
export type DeskActionResult =
  | PerformedActionResult
  | DeskKeyRefusal
  | 'not_for_staff'
  | 'over'
  | StaffRefusal
  | ColleagueProposalResult;

export async function requestDeskAction(
  context: AppContext,
  staff: Staff,
  searchId: string,
  request: DeskActionRequest,
): Promise<DeskActionResult | OverLimit> {
  const { database, clock, keyring } = context;
  const search = await findOwnSearch(context, staff, searchId);
  if (!search) return 'over';
  const found = search.foundId && (await findDeskPerson(database, search.foundId, clock.now()));
  if (!found) return 'nobody';
  const { identityId, issuedBy } = found;
  const what = PERMISSION_OF[request.action];
  const findRefusal = async (db: Queryable) => {
    const byCard = await isFoundByCard(db, staff, search);
    return reasonNotAllowed(staff, what, { identityId, issuedBy, byCard });
  };
  const refusal = await findRefusal(database);
  if (refusal) {
    await recordDeskRefusal(context, staff, { what, why: refusal, identityId });
    return refusal;
  }
  const mac = keyring.hmac('records', `desk deed v1 ${searchId} ${request.action} ${request.form}`);
  const action = macToUuid(mac);
  if (await isActionDone(database, identityId, action)) return 'done';
  const key = request.cardKey ? await prepareDeskKey(context, identityId, request.cardKey, action) : null;
  if (isDeskKeyRefusal(key) || (key === null && requiresCardKey(request.action)))
    return key ?? refuseKey('key_malformed');
  if (await isStaffMember(database, identityId)) {
    // Its codes are old when a colleague confirms it: staff get theirs by post.
    if (isCodeTokenAction(request.action)) return 'not_for_staff';
    return await proposeColleagueAction(context, staff, { ...request, id: action, identityId, key });
  }

  const count = { kind: STAFF_COUNT_OF[request.action], form: action };
  const counted = await countStaffAction(context, database, staff, count);
  if (typeof counted !== 'string') {
    await recordDeskRefusal(context, staff, { what, why: 'over_limit', identityId });
    return { kind: 'over_limit', limit: counted };
  }
  const shown = request.identification && {
    identification: hashDocumentOfAction(context, request.identification),
  };
  const { staffId } = staff;
  const guardian = request.guardian && {
    guardian: await composeGuardianDetails(context, identityId, request.guardian),
  };
  const by = { by: 'staff', staffId, reason: request.reason, ...shown, ...guardian, deed: action } as const;
  const { action: kind, cardFormat = null, securityKey = null, codeToken = null } = request;
  const outcome = key
    ? await proofIdentity(context, identityId, key, by, findRefusal)
    : await performActionOnce(context, identityId, { kind, cardFormat, securityKey, codeToken }, by);
  if (outcome !== 'done' && counted === 'counted') await revertStaffAction(context, staff, count);
  return outcome;
}
