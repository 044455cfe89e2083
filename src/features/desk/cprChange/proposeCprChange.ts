/**
 * An officer saw that a person has another CPR number that no register states. A proposal changes nothing:
 * another officer decides it (settleCprChange.ts), and everything is checked again at that time.
 */
import type { Day } from '../../../domain/calendar.ts';
import { foldDocumentNumber, type Identification } from '../../../domain/issuing/identification.ts';
import type { PopulationRegisterStatus } from '../../../domain/issuing/populationRegister.ts';
import { reasonNotAllowed, type Staff, type StaffRefusal } from '../../../domain/staff/staff.ts';
import { appendEvent } from '../../../db/auditLog.ts';
import type { Queryable } from '../../../db/database.ts';
import { findCprChange, insertCprChange } from './cprChanges.queries.ts';
import { findDeskPerson } from '../deskPeople.queries.ts';
import {
  findCurrentNumber,
  findNumbersOfPerson,
  runWithNumbersLocked,
} from '../../../db/people/formerCprs.ts';
import { lockEntryOfLookup } from '../../../db/people/populationRegister.ts';
import {
  lockPersonOfIdentity,
  lockPeopleWithNumbers,
  type PersonWithCpr,
} from '../../../db/people/people.ts';
import type { AppContext } from '../../appContext.ts';
import { countStaffAction } from '../staffLimits.ts';
import { recordLookUp, type OverLimit } from '../search/lookUps.ts';
import { recordDeskRefusal } from '../refusals/deskRefusals.ts';
import { findOwnSearch } from '../search/searchPeople.ts';
import { macToUuid, deriveUuid } from '../uuids.ts';

/** The content of a proposal, which is stored sealed. */
export interface CprChange {
  /** Ten digits. */
  readonly cpr: string;
  readonly birthdate: Day;
  /**
   * The present number of the ID never was this person's: it becomes available to the person whose number it
   * is.
   */
  readonly isCorrection: boolean;
  readonly reason: string;
  readonly identification: Identification;
}

/** Reasons why a person cannot have this number. */
export type CprChangeRefusal =
  | 'same_number'
  /** Another person has an ID under it, or under a former or later number of it. */
  | 'taken'
  /** This number was itself replaced by another one. */
  | 'former_number'
  | Exclude<PopulationRegisterStatus, 'active'>;

export type CprProposalResult =
  | 'done'
  | 'over'
  | 'nobody'
  | 'waits'
  | OverLimit
  | CprChangeRefusal
  | StaffRefusal;

export async function proposeCprChange(
  context: AppContext,
  staff: Staff,
  searchId: string,
  { form, ...change }: CprChange & { readonly form: string },
): Promise<CprProposalResult> {
  const { database, keyring, clock } = context;
  const search = await findOwnSearch(context, staff, searchId);
  if (!search) return 'over';
  const found = search.foundId === null ? null : await findDeskPerson(database, search.foundId, clock.now());
  if (!found) return 'nobody';
  const { identityId, issuedBy } = found;
  const refusal = reasonNotAllowed(staff, 'propose_cpr', { identityId, issuedBy });
  if (refusal) {
    await recordDeskRefusal(context, staff, { what: 'propose_cpr', why: refusal, identityId });
    return refusal;
  }
  const over = await countCprProposal(context, staff, { identityId, searchId, form, ...change });
  if (over) return over;

  const id = macToUuid(keyring.hmac('records', `cpr change v1 ${searchId} ${form}`));
  const current = keyring.hmac('cprLookup', change.cpr);
  return await runWithNumbersLocked(database, { numbers: [current] }, async (db) => {
    const person = await lockPersonOfIdentity(db, identityId);
    if (!person) return 'nobody';
    // The same form was sent before.
    if (await findCprChange(db, id)) return 'done';
    const fault = await findCprChangeRefusal(context, db, person, {
      current,
      isCorrection: change.isCorrection,
    });
    if (fault) return fault;
    const changeSealed = keyring.seal('seal', JSON.stringify(change), composeCprChangeContext(id));
    const proposal = { id, identityId, changeSealed, former: person.lookup, current };
    const isStored = await insertCprChange(db, {
      ...proposal,
      proposedBy: staff.staffId,
      proposedAt: clock.now(),
    });
    if (!isStored) return 'waits';
    const details = {
      by: 'staff',
      staffId: staff.staffId,
      reason: change.reason,
      ...hashShownDocument(context, change),
    } as const;
    await appendEvent(db, { kind: 'cpr_change_proposed', identityId, details });
    return 'done';
  });
}

/**
 * The answer reveals something about the person with the new number, so it counts as a look-up of that
 * person.
 */
async function countCprProposal(
  context: AppContext,
  staff: Staff,
  request: Pick<CprChange, 'cpr' | 'reason'> & { identityId: string; searchId: string; form: string },
): Promise<OverLimit | null> {
  const { cpr, reason, identityId, searchId, form } = request;
  const nameBirthdateHash = Buffer.alloc(0);
  const over = await recordLookUp(context, staff, {
    what: 'propose_cpr',
    reason,
    cpr,
    nameBirthdateHash,
    parts: [searchId],
  });
  if (over) return over;
  const count = {
    kind: 'propose_cpr',
    form: deriveUuid(context, 'cpr proposal', [searchId, form, cpr]),
  } as const;
  const counted = await countStaffAction(context, context.database, staff, count);
  if (typeof counted === 'string') return null;
  await recordDeskRefusal(context, staff, { what: 'propose_cpr', why: 'over_limit', identityId });
  return { kind: 'over_limit', limit: counted };
}

/** Runs in a transaction that locks the person, the new number and all numbers linked to it. */
export async function findCprChangeRefusal(
  { keyring }: AppContext,
  db: Queryable,
  person: PersonWithCpr,
  { current, isCorrection }: { readonly current: Buffer; readonly isCorrection: boolean },
): Promise<CprChangeRefusal | null> {
  if (person.lookup?.equals(current)) return 'same_number';
  const latest = await findCurrentNumber(db, current);
  // A correction may return to the number that the wrong one replaced.
  const isBack = isCorrection && person.lookup?.equals(latest) === true;
  if (!latest.equals(current) && !isBack) return 'former_number';
  const owners = await lockPeopleWithNumbers(db, await findNumbersOfPerson(db, [current]));
  if (owners.some(({ identityId }) => identityId !== person.identityId)) return 'taken';
  const entry = await lockEntryOfLookup(db, keyring, current);
  const isCurrentEntry = entry !== null && keyring.hmac('cprLookup', entry.cpr).equals(current);
  return isCurrentEntry && entry.status !== 'active' ? entry.status : null;
}

/** The identification shown: its kind, and a keyed hash by which it can be recognised. */
export function hashShownDocument({ keyring }: AppContext, { identification: { kind, number } }: CprChange) {
  const mac = keyring.hmac('cprLookup', `document v1 ${kind} ${foldDocumentNumber(number)}`);
  return { identification: { kind, document: mac.toString('base64url') } };
}

export function composeCprChangeContext(id: string): string {
  return `cpr change ${id}`;
}
