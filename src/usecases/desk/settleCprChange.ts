/** A second officer looks at another CPR number for a person. All is judged again at that moment, under the locks. */
import type { Day } from '../../core/calendar.ts';
import type { Identification } from '../../core/issuing/identification.ts';
import { isPermitted, whyNot, type Staff } from '../../core/staff.ts';
import { appendEvent } from '../../store/auditLog.ts';
import { queueMissedLogouts } from '../../store/backchannelLogouts.ts';
import type { Queryable } from '../../store/database.ts';
import {
  findCprChange,
  listWaitingCprChanges,
  settleCprChange,
  type StoredCprChange,
} from '../../store/desk/cprChanges.ts';
import { findAtDesk } from '../../store/desk/people.ts';
import { findStaff, worksHereSince } from '../../store/desk/staff.ts';
import { correctNumber, markFollowed } from '../../store/issuing/apartCprs.ts';
import { recordFormer, whileNumbersAreHeld } from '../../store/issuing/formerCprs.ts';
import { databaseRegister, holdEntryOf } from '../../store/issuing/register.ts';
import { lockPersonOf } from '../../store/people.ts';
import { changeCpr } from '../issuing/changeCpr.ts';
import { changePerson } from '../register/changePerson.ts';
import type { World } from '../world.ts';
import { countStaffAction } from './limits.ts';
import { noteShownOnce } from './lookalikes.ts';
import { countLook, type OverLimit } from './lookUps.ts';
import { noteRefusal } from './refusals.ts';
import { findCprFault, shownIn, type CprChange } from './proposeCprChange.ts';
import { stillOpenSince } from './proposeColleagueAction.ts';
import { UUID } from './uuids.ts';

export interface WaitingCprChange {
  readonly id: string;
  readonly name: string;
  readonly at: Date;
  /** Proposed by the one who looks, or about their own ID. */
  readonly isOwn: boolean;
}

export async function listCprChanges(world: World, staff: Staff): Promise<WaitingCprChange[]> {
  if (!isPermitted(staff, 'approve_cpr')) return [];
  const stored = await listWaitingCprChanges(world.database);
  const all = stored.map(async (one) => {
    const name = (await findAtDesk(world.database, one.identityId, world.clock.now()))?.name ?? '';
    return { id: one.id, name, at: one.proposedAt, isOwn: isOwn(staff, one) };
  });
  return await Promise.all(all);
}

function isOwn({ staffId }: Staff, { proposedBy, identityId }: StoredCprChange): boolean {
  return proposedBy === staffId || identityId === staffId;
}

export interface CprChangeSeen {
  readonly name: string;
  readonly idNumber: string;
  /** As the ID has it now. */
  readonly birthdate: Day;
  readonly cpr: string;
  readonly newBirthdate: Day;
  readonly isCorrection: boolean;
  readonly reason: string;
  readonly identification: Identification;
  /** What the register calls the person of the new number; null: it has no such row. */
  readonly registeredName: string | null;
}

/** Null when there is none that waits. The look stands in the person's own log. */
export async function viewCprChange(
  world: World,
  staff: Staff,
  id: string,
): Promise<CprChangeSeen | OverLimit | 'own' | null> {
  const { database, keyring, clock } = world;
  const isTheirs = UUID.test(id) && isPermitted(staff, 'approve_cpr');
  const stored = isTheirs ? await findCprChange(database, id) : null;
  if (stored?.state !== 'waiting') return null;
  if (isOwn(staff, stored)) return await refuseOwn(world, staff, stored);
  const { identityId } = stored;
  const over = await countLook(world, staff, { what: 'approve_cpr', identityId, parts: ['cpr change', id] });
  if (over) return over;
  const person = await findAtDesk(database, stored.identityId, clock.now());
  if (!person) return null;
  const { birthdate: newBirthdate, ...change } = openChange(world, stored);
  await noteShownOnce(world, staff, [identityId], { reasonCode: 'cpr_change', about: id });
  const entry = await databaseRegister(database, keyring).find(change.cpr);
  const { name, idNumber, birthdate } = person;
  const isOfIt = entry?.cpr === change.cpr;
  const registeredName = isOfIt ? `${entry.givenName} ${entry.familyName}`.trim() : null;
  return { ...change, name, idNumber, birthdate, newBirthdate, registeredName };
}

function openChange({ keyring }: World, { id, changeSealed }: StoredCprChange): CprChange {
  return JSON.parse(keyring.open('seal', changeSealed, `cpr change ${id}`)) as CprChange;
}

async function refuseOwn(world: World, staff: Staff, { identityId }: StoredCprChange): Promise<'own'> {
  const why = identityId === staff.staffId ? 'own_id' : 'own_proposal';
  await noteRefusal(world, staff, { what: 'approve_cpr', why, identityId });
  return 'own';
}

/**
 * `stale`: the person has another number by now, the new one is somebody's, or who proposed it works here no more; it is
 * closed. `settled`: another officer was first.
 */
export type CprChangeSettled = 'approved' | 'refused' | 'stale' | 'settled' | 'own' | 'gone';

export async function decideCprChange(
  world: World,
  staff: Staff,
  { id, isRight }: { id: string; isRight: boolean },
): Promise<CprChangeSettled | OverLimit> {
  const { database } = world;
  const stored = UUID.test(id) ? await findCprChange(database, id) : null;
  if (!stored) return 'gone';
  const { identityId } = stored;
  const refusal = whyNot(staff, 'approve_cpr', { identityId, issuedBy: null });
  if (refusal === 'own_id' || stored.proposedBy === staff.staffId)
    return await refuseOwn(world, staff, stored);
  if (refusal) return 'gone';
  const counted = await countStaffAction(world, database, staff, { kind: 'approve', form: id });
  if (typeof counted !== 'string') {
    await noteRefusal(world, staff, { what: 'approve_cpr', why: 'over_limit', identityId });
    return { kind: 'over_limit', limit: counted };
  }
  const numbers = [stored.current, ...(stored.former ? [stored.former] : [])];
  const { came, publicSitesEnded } = await whileNumbersAreHeld(database, { numbers }, async (db) =>
    isRight ? await approve(world, db, staff, stored) : await close(world, db, staff, stored, 'refused'),
  );
  if (publicSitesEnded) await queueMissedLogouts(database, stored.identityId, 'public');
  if (came !== 'settled') return came;
  // The first of two clicks of the same officer.
  const now = await findCprChange(database, id);
  if (now?.decidedBy !== staff.staffId || now.state === 'waiting') return 'settled';
  return now.state === 'withdrawn' ? 'stale' : now.state;
}

interface Settling {
  readonly came: 'approved' | 'refused' | 'stale' | 'settled';
  readonly publicSitesEnded: boolean;
}

async function approve(
  world: World,
  db: Queryable,
  staff: Staff,
  stored: StoredCprChange,
): Promise<Settling> {
  const { keyring, clock } = world;
  const { id, identityId, proposedBy, current, former } = stored;
  const person = await lockPersonOf(db, identityId);
  const proposer = await findStaff(db, proposedBy, stillOpenSince(world));
  const change = openChange(world, stored);
  const { isCorrection } = change;
  const isUnchanged = person && (former ? person.lookup?.equals(former) === true : person.lookup === null);
  const fits =
    isUnchanged &&
    proposer !== null &&
    isPermitted(proposer, 'propose_cpr') &&
    (await worksHereSince(db, proposedBy, stored.proposedAt)) &&
    (await findCprFault(world, db, person, { current, isCorrection })) === null;
  if (!fits) return await close(world, db, staff, stored, 'withdrawn');
  const at = clock.now();
  if (isCorrection && former) await correctNumber(db, { identityId, wrong: former, right: current, at });
  else if (!(await recordFormer(db, { former: former ? [former] : [], current, by: 'staff', at }))) {
    return await close(world, db, staff, stored, 'withdrawn');
  } else if (former) await markFollowed(db, former, identityId);
  const decided = { id, state: 'approved', decidedBy: staff.staffId, decidedAt: clock.now() } as const;
  if (!(await settleCprChange(db, decided)))
    throw new Error('a change was settled while its numbers were held');
  const by = {
    by: 'staff',
    staffId: staff.staffId,
    reason: change.reason,
    officers: [proposedBy, staff.staffId],
    ...shownIn(world, change),
  } as const;
  const publicSitesEnded = await changeCpr(world, db, person, change, { by, isTold: true });
  // What the register has under the new number was nobody's until now.
  const entry = await holdEntryOf(db, keyring, current);
  const isOfIt = entry !== null && keyring.hmac('cprLookup', entry.cpr).equals(current);
  if (isOfIt) await changePerson(world, db, { lookup: current, entry, before: null });
  return { came: 'approved', publicSitesEnded };
}

async function close(
  { clock }: World,
  db: Queryable,
  { staffId }: Staff,
  { id, identityId }: StoredCprChange,
  state: 'refused' | 'withdrawn',
): Promise<Settling> {
  const came = state === 'refused' ? 'refused' : 'stale';
  if (!(await settleCprChange(db, { id, state, decidedBy: staffId, decidedAt: clock.now() }))) {
    return { came: 'settled', publicSitesEnded: false };
  }
  await appendEvent(db, { kind: `cpr_change_${state}`, identityId, details: { staffId } });
  return { came, publicSitesEnded: false };
}
