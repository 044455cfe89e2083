/**
 * A second officer decides on another CPR number for a person. Everything is checked again at that moment,
 * under the locks.
 */
import type { Day } from '../../../domain/calendar.ts';
import type { Identification } from '../../../domain/issuing/identification.ts';
import { isPermitted, reasonNotAllowed, type Staff } from '../../../domain/staff/staff.ts';
import { appendEvent } from '../../../db/auditLog.ts';
import { enqueueMissedLogouts } from '../../../db/oidc/backchannelLogouts.ts';
import type { Queryable } from '../../../db/database.ts';
import {
  findCprChange,
  listPendingCprChanges,
  closeCprChange,
  type StoredCprChange,
} from './cprChanges.queries.ts';
import { findDeskPerson } from '../deskPeople.queries.ts';
import { findStaffRole, worksHereSince } from '../staff/staffRoles.queries.ts';
import { correctCprNumber, markLinksFollowed } from '../../../db/people/cprLinks.ts';
import { recordFormerNumbers, runWithNumbersLocked } from '../../../db/people/formerCprs.ts';
import { createDatabaseRegister, lockEntryOfLookup } from '../../../db/people/populationRegister.ts';
import { lockPersonOfIdentity } from '../../../db/people/people.ts';
import { changeCpr } from '../../issuing/index.ts';
import { changePerson } from '../../populationRegister/index.ts';
import type { AppContext } from '../../appContext.ts';
import { countStaffAction } from '../staffLimits.ts';
import { recordViewsOnce } from '../search/similarPeople.ts';
import { countListView, type OverLimit } from '../search/lookUps.ts';
import { recordDeskRefusal } from '../refusals/deskRefusals.ts';
import {
  composeCprChangeContext,
  findCprChangeRefusal,
  hashShownDocument,
  type CprChange,
} from './proposeCprChange.ts';
import { readProposalCutoff } from '../staff/proposeColleagueAction.ts';
import { UUID_PATTERN } from '../uuids.ts';

export interface PendingCprChange {
  readonly id: string;
  readonly name: string;
  readonly at: Date;
  /** The viewer proposed it, or it is about the viewer's own ID. */
  readonly isOwn: boolean;
}

export async function listCprChangesForStaff(context: AppContext, staff: Staff): Promise<PendingCprChange[]> {
  if (!isPermitted(staff, 'approve_cpr')) return [];
  const stored = await listPendingCprChanges(context.database);
  const all = stored.map(async (one) => {
    const name = (await findDeskPerson(context.database, one.identityId, context.clock.now()))?.name ?? '';
    return { id: one.id, name, at: one.proposedAt, isOwn: isOwnCprChange(staff, one) };
  });
  return await Promise.all(all);
}

function isOwnCprChange({ staffId }: Staff, { proposedBy, identityId }: StoredCprChange): boolean {
  return proposedBy === staffId || identityId === staffId;
}

export interface CprChangeView {
  readonly name: string;
  readonly idNumber: string;
  /** The birth date and number that the ID has now. */
  readonly birthdate: Day;
  readonly cpr: string;
  readonly newBirthdate: Day;
  readonly isCorrection: boolean;
  readonly reason: string;
  readonly identification: Identification;
  /** The name in the register under the new number; null when the register has no row of it. */
  readonly registeredName: string | null;
}

/** Returns null when no such proposal waits. The view is recorded in the person's own log. */
export async function viewCprChange(
  context: AppContext,
  staff: Staff,
  id: string,
): Promise<CprChangeView | OverLimit | 'own' | null> {
  const { database, keyring, clock } = context;
  const isTheirs = UUID_PATTERN.test(id) && isPermitted(staff, 'approve_cpr');
  const stored = isTheirs ? await findCprChange(database, id) : null;
  if (stored?.state !== 'waiting') return null;
  if (isOwnCprChange(staff, stored)) return await refuseOwnCprChange(context, staff, stored);
  const { identityId } = stored;
  const over = await countListView(context, staff, {
    what: 'approve_cpr',
    identityId,
    parts: ['cpr change', id],
  });
  if (over) return over;
  const person = await findDeskPerson(database, stored.identityId, clock.now());
  if (!person) return null;
  const { birthdate: newBirthdate, ...change } = openCprChange(context, stored);
  await recordViewsOnce(context, staff, [identityId], { reasonCode: 'cpr_change', about: id });
  const entry = await createDatabaseRegister(database, keyring).find(change.cpr);
  const { name, idNumber, birthdate } = person;
  const isCurrentEntry = entry?.cpr === change.cpr;
  const registeredName = isCurrentEntry ? `${entry.givenName} ${entry.familyName}`.trim() : null;
  return { ...change, name, idNumber, birthdate, newBirthdate, registeredName };
}

function openCprChange({ keyring }: AppContext, { id, changeSealed }: StoredCprChange): CprChange {
  return JSON.parse(keyring.open('seal', changeSealed, composeCprChangeContext(id))) as CprChange;
}

async function refuseOwnCprChange(
  context: AppContext,
  staff: Staff,
  { identityId }: StoredCprChange,
): Promise<'own'> {
  const why = identityId === staff.staffId ? 'own_id' : 'own_proposal';
  await recordDeskRefusal(context, staff, { what: 'approve_cpr', why, identityId });
  return 'own';
}

/**
 * `stale`: the person has another number now, the new number belongs to another person, or the proposer no
 * longer works here; the proposal is closed. `settled`: another officer decided first.
 */
export type CprChangeSettlement = 'approved' | 'refused' | 'stale' | 'settled' | 'own' | 'gone';

export async function decideCprChange(
  context: AppContext,
  staff: Staff,
  { id, isRight }: { id: string; isRight: boolean },
): Promise<CprChangeSettlement | OverLimit> {
  const { database } = context;
  const stored = UUID_PATTERN.test(id) ? await findCprChange(database, id) : null;
  if (!stored) return 'gone';
  const { identityId } = stored;
  const refusal = reasonNotAllowed(staff, 'approve_cpr', { identityId, issuedBy: null });
  if (refusal === 'own_id' || stored.proposedBy === staff.staffId)
    return await refuseOwnCprChange(context, staff, stored);
  if (refusal) return 'gone';
  const counted = await countStaffAction(context, database, staff, { kind: 'approve', form: id });
  if (typeof counted !== 'string') {
    await recordDeskRefusal(context, staff, { what: 'approve_cpr', why: 'over_limit', identityId });
    return { kind: 'over_limit', limit: counted };
  }
  const numbers = [stored.current, ...(stored.former ? [stored.former] : [])];
  const { outcome, publicSitesEnded } = await runWithNumbersLocked(database, { numbers }, async (db) =>
    isRight
      ? await approveCprChange(context, db, staff, stored)
      : await closePendingCprChange(context, db, staff, stored, 'refused'),
  );
  if (publicSitesEnded) await enqueueMissedLogouts(database, stored.identityId, 'public');
  if (outcome !== 'settled') return outcome;
  // It may have been decided by the first of two clicks of the same officer.
  const now = await findCprChange(database, id);
  if (now?.decidedBy !== staff.staffId || now.state === 'waiting') return 'settled';
  return now.state === 'withdrawn' ? 'stale' : now.state;
}

interface CprSettlementResult {
  readonly outcome: 'approved' | 'refused' | 'stale' | 'settled';
  readonly publicSitesEnded: boolean;
}

async function approveCprChange(
  context: AppContext,
  db: Queryable,
  staff: Staff,
  stored: StoredCprChange,
): Promise<CprSettlementResult> {
  const { keyring, clock } = context;
  const { id, identityId, proposedBy, current, former } = stored;
  const person = await lockPersonOfIdentity(db, identityId);
  const proposer = await findStaffRole(db, proposedBy, readProposalCutoff(context));
  const change = openCprChange(context, stored);
  const { isCorrection } = change;
  const isUnchanged = person && (former ? person.lookup?.equals(former) === true : person.lookup === null);
  const isApplicable =
    isUnchanged &&
    proposer !== null &&
    isPermitted(proposer, 'propose_cpr') &&
    (await worksHereSince(db, proposedBy, stored.proposedAt)) &&
    (await findCprChangeRefusal(context, db, person, { current, isCorrection })) === null;
  if (!isApplicable) return await closePendingCprChange(context, db, staff, stored, 'withdrawn');
  const at = clock.now();
  if (isCorrection && former) await correctCprNumber(db, { identityId, wrong: former, right: current, at });
  else if (!(await recordFormerNumbers(db, { former: former ? [former] : [], current, by: 'staff', at }))) {
    return await closePendingCprChange(context, db, staff, stored, 'withdrawn');
  } else if (former) await markLinksFollowed(db, former, identityId);
  const decided = { id, state: 'approved', decidedBy: staff.staffId, decidedAt: clock.now() } as const;
  if (!(await closeCprChange(db, decided)))
    throw new Error('the CPR change was settled while its numbers were locked');
  const by = {
    by: 'staff',
    staffId: staff.staffId,
    reason: change.reason,
    officers: [proposedBy, staff.staffId],
    ...hashShownDocument(context, change),
  } as const;
  const publicSitesEnded = await changeCpr(context, db, person, change, { by, isNotified: true });
  // Until now the register's row of the new number belonged to no ID.
  const entry = await lockEntryOfLookup(db, keyring, current);
  const isCurrentEntry = entry !== null && keyring.hmac('cprLookup', entry.cpr).equals(current);
  if (isCurrentEntry) await changePerson(context, db, { lookup: current, entry, before: null });
  return { outcome: 'approved', publicSitesEnded };
}

async function closePendingCprChange(
  { clock }: AppContext,
  db: Queryable,
  { staffId }: Staff,
  { id, identityId }: StoredCprChange,
  state: 'refused' | 'withdrawn',
): Promise<CprSettlementResult> {
  const outcome = state === 'refused' ? 'refused' : 'stale';
  if (!(await closeCprChange(db, { id, state, decidedBy: staffId, decidedAt: clock.now() }))) {
    return { outcome: 'settled', publicSitesEnded: false };
  }
  await appendEvent(db, { kind: `cpr_change_${state}`, identityId, details: { staffId } });
  return { outcome, publicSitesEnded: false };
}
