/**
 * An ID that was ordered online is no bank's. A clerk finds one to proof it by CPR number and card number
 * together, which only the person with the card at the counter can say, and does nothing else with it: not
 * before the proofing, and not after it.
 */
import {
  reasonNotAllowed,
  isPermitted,
  type ActionOnCitizen,
  type Staff,
} from '../../../domain/staff/staff.ts';
import type { Queryable } from '../../../db/database.ts';
import type { AppContext } from '../../appContext.ts';
import { findIdentityToProof, type DeskPersonRow } from '../deskPeople.queries.ts';
import { recordDeskRefusal } from '../refusals/deskRefusals.ts';
import { isStaffMember } from '../staff/staffRoles.queries.ts';
import { isCardSearch, type DeskSearch } from './searches.queries.ts';

/** Finds the identity that the card number and CPR number belong to, where it can be proofed. */
export async function findByCard(
  { database, keyring }: AppContext,
  staff: Staff,
  { cpr, cardNumber }: { readonly cpr: string; readonly cardNumber: string },
): Promise<string | null> {
  if (!isPermitted(staff, 'proof_by_card')) return null;
  return await findIdentityToProof(database, { lookup: keyring.hmac('cprLookup', cpr), cardNumber });
}

/** Whether the search found its person by their card. No longer once they are a member of staff. */
export async function isFoundByCard(
  db: Queryable,
  staff: Staff,
  { id, foundId }: Pick<DeskSearch, 'id' | 'foundId'>,
): Promise<boolean> {
  if (foundId === null || !isPermitted(staff, 'proof_by_card')) return false;
  return (await isCardSearch(db, { id, foundId })) && !(await isStaffMember(db, foundId));
}

/**
 * Whether the person is shown: until the search is over, also after the proofing. A form of any other action
 * is recorded as a refusal.
 */
export async function isShownByCard(
  context: AppContext,
  staff: Staff,
  search: DeskSearch,
  { row, what }: { readonly row: DeskPersonRow; readonly what: ActionOnCitizen },
): Promise<boolean> {
  const { identityId, issuedBy, blockedAt } = row;
  const subject = { identityId, issuedBy, byCard: await isFoundByCard(context.database, staff, search) };
  if (blockedAt !== null || reasonNotAllowed(staff, 'proof', subject) !== null) return false;
  if (what === 'search' || what === 'proof') return true;
  await recordDeskRefusal(context, staff, { what, why: 'other_bank', identityId });
  return false;
}
