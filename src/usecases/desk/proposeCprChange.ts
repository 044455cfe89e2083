/**
 * An officer saw that a person has another CPR number, where no register says so. Nothing changes by it: another officer
 * decides (settleCprChange.ts), and all is judged again then.
 */
import type { Day } from '../../core/calendar.ts';
import { foldDocumentNumber, type Identification } from '../../core/issuing/identification.ts';
import type { RegisterStatus } from '../../core/issuing/register.ts';
import { whyNot, type Staff, type StaffRefusal } from '../../core/staff.ts';
import { appendEvent } from '../../store/auditLog.ts';
import type { Queryable } from '../../store/database.ts';
import { findCprChange, insertCprChange } from '../../store/desk/cprChanges.ts';
import { findAtDesk } from '../../store/desk/people.ts';
import { findCurrentNumber, findNumbersOf, whileNumbersAreHeld } from '../../store/issuing/formerCprs.ts';
import { holdEntryOf } from '../../store/issuing/register.ts';
import { lockPersonOf, lockPeopleWith, type NumberedPerson } from '../../store/people.ts';
import type { World } from '../world.ts';
import { countStaffAction } from './limits.ts';
import { recordLookUp, type OverLimit } from './lookUps.ts';
import { noteRefusal } from './refusals.ts';
import { findOwnSearch } from './search.ts';
import { asUuid, derivedUuid } from './uuids.ts';

/** As it is kept, sealed. */
export interface CprChange {
  /** Ten digits. */
  readonly cpr: string;
  readonly birthdate: Day;
  /** The number that the ID has now never was the person's: it is given back to whose it is. */
  readonly isCorrection: boolean;
  readonly reason: string;
  readonly identification: Identification;
}

/** Why a person cannot have this number. */
export type CprChangeFault =
  | 'same_number'
  /** Another person has an ID under it, or under a number that it was or became. */
  | 'taken'
  /** It became another number itself. */
  | 'former_number'
  | Exclude<RegisterStatus, 'active'>;

export type Proposed = 'done' | 'over' | 'nobody' | 'waits' | OverLimit | CprChangeFault | StaffRefusal;

export async function proposeCprChange(
  world: World,
  staff: Staff,
  searchId: string,
  { form, ...change }: CprChange & { readonly form: string },
): Promise<Proposed> {
  const { database, keyring, clock } = world;
  const search = await findOwnSearch(world, staff, searchId);
  if (!search) return 'over';
  const found = search.foundId === null ? null : await findAtDesk(database, search.foundId, clock.now());
  if (!found) return 'nobody';
  const { identityId, issuedBy } = found;
  const refusal = whyNot(staff, 'propose_cpr', { identityId, issuedBy });
  if (refusal) {
    await noteRefusal(world, staff, { what: 'propose_cpr', why: refusal, identityId });
    return refusal;
  }
  const over = await countProposal(world, staff, { identityId, searchId, form, ...change });
  if (over) return over;

  const id = asUuid(keyring.hmac('records', `cpr change v1 ${searchId} ${form}`));
  const current = keyring.hmac('cprLookup', change.cpr);
  return await whileNumbersAreHeld(database, { numbers: [current] }, async (db) => {
    const person = await lockPersonOf(db, identityId);
    if (!person) return 'nobody';
    // Sent twice, it is one.
    if (await findCprChange(db, id)) return 'done';
    const fault = await findCprFault(world, db, person, { current, isCorrection: change.isCorrection });
    if (fault) return fault;
    const changeSealed = keyring.seal('seal', JSON.stringify(change), `cpr change ${id}`);
    const proposal = { id, identityId, changeSealed, former: person.lookup, current };
    const isKept = await insertCprChange(db, {
      ...proposal,
      proposedBy: staff.staffId,
      proposedAt: clock.now(),
    });
    if (!isKept) return 'waits';
    const details = {
      by: 'staff',
      staffId: staff.staffId,
      reason: change.reason,
      ...shownIn(world, change),
    } as const;
    await appendEvent(db, { kind: 'cpr_change_proposed', identityId, details });
    return 'done';
  });
}

/** What is said of the new number says something about whose it is: it is a look-up of that person. */
async function countProposal(
  world: World,
  staff: Staff,
  asked: Pick<CprChange, 'cpr' | 'reason'> & { identityId: string; searchId: string; form: string },
): Promise<OverLimit | null> {
  const { cpr, reason, identityId, searchId, form } = asked;
  const likeness = Buffer.alloc(0);
  const over = await recordLookUp(world, staff, {
    what: 'propose_cpr',
    reason,
    cpr,
    likeness,
    parts: [searchId],
  });
  if (over) return over;
  const count = {
    kind: 'propose_cpr',
    form: derivedUuid(world, 'cpr proposal', [searchId, form, cpr]),
  } as const;
  const counted = await countStaffAction(world, world.database, staff, count);
  if (typeof counted === 'string') return null;
  await noteRefusal(world, staff, { what: 'propose_cpr', why: 'over_limit', identityId });
  return { kind: 'over_limit', limit: counted };
}

/** In a transaction that holds the new number and all that hang together with it, and the person. */
export async function findCprFault(
  { keyring }: World,
  db: Queryable,
  person: NumberedPerson,
  { current, isCorrection }: { readonly current: Buffer; readonly isCorrection: boolean },
): Promise<CprChangeFault | null> {
  if (person.lookup?.equals(current)) return 'same_number';
  const end = await findCurrentNumber(db, current);
  // Back from a number that was wrong to the one of before.
  const isBack = isCorrection && person.lookup?.equals(end) === true;
  if (!end.equals(current) && !isBack) return 'former_number';
  const holders = await lockPeopleWith(db, await findNumbersOf(db, [current]));
  if (holders.some(({ identityId }) => identityId !== person.identityId)) return 'taken';
  const entry = await holdEntryOf(db, keyring, current);
  const isOfIt = entry !== null && keyring.hmac('cprLookup', entry.cpr).equals(current);
  return isOfIt && entry.status !== 'active' ? entry.status : null;
}

/** What was shown: its kind, and a keyed hash by which it can be known again. */
export function shownIn({ keyring }: World, { identification: { kind, number } }: CprChange) {
  const mac = keyring.hmac('cprLookup', `document v1 ${kind} ${foldDocumentNumber(number)}`);
  return { identification: { kind, document: mac.toString('base64url') } };
}
