/**
 * Staff look somebody up. Each look has a reason, is written down, and stands in the log of each person who
 * fits, also when the search showed nobody: it does not tell a clerk that a customer of another bank has an ID.
 * Issuing does (issue.ts): there the applicant has none, or nothing can be issued.
 */
import type { LookedWhy } from '../../core/desk/lookReasons.ts';
import { SEARCH_MINUTES } from '../../core/desk.ts';
import { isLikeName, likenessOfName } from '../../core/issuing/names.ts';
import { fullName } from '../../core/person.ts';
import { isPermitted, whyNot, type Staff } from '../../core/staff.ts';
import { appendEvent } from '../../store/auditLog.ts';
import { findSearch, insertSearch, isOthersSearch, type DeskSearch } from '../../store/desk/searches.ts';
import { findSought, type SoughtBy } from '../../store/desk/people.ts';
import type { World } from '../world.ts';
import { countStaffAction } from './limits.ts';
import { subjectOfCpr, type OverLimit } from './lookUps.ts';
import { findSubjectOf, noteRefusal } from './refusals.ts';
import { derivedUuid, UUID } from './uuids.ts';

export type Sought =
  | { readonly kind: 'cpr'; readonly cpr: string }
  | { readonly kind: 'id_number'; readonly idNumber: string }
  | {
      readonly kind: 'name';
      readonly givenName: string;
      readonly familyName: string;
      readonly birthdate: string;
    };

/**
 * @param form drawn with the form; the same question sent twice is one search.
 * @returns the id of the search, whatever was found; where the limit of the day is reached, nothing is shown,
 * and the refusal stands in the log of whom it was about.
 */
export async function searchPerson(
  world: World,
  staff: Staff,
  { sought, reason, form }: { sought: Sought; reason: string; form: string },
): Promise<string | OverLimit> {
  const { database } = world;
  const id = derivedUuid(world, 'desk search', [staff.staffId, form, JSON.stringify(sought), reason]);
  const subject = subjectOf(world, sought);
  const counted = await countStaffAction(world, database, staff, { kind: 'look_up', form: id });
  if (typeof counted !== 'string') {
    const [one = null, ...others] = await findCalled(world, sought);
    const identityId = others.length === 0 && one ? one.identityId : null;
    await noteRefusal(world, staff, { what: 'search', why: 'over_limit', identityId, subject });
    return { kind: 'over_limit', limit: counted };
  }
  const found = await findCalled(world, sought);
  const shown = found.filter(({ issuedBy }) => isShown(staff, issuedBy));
  // Two with one name and birth date: which of them is meant, a number has to say.
  const [one = null, ...others] = shown;
  const only = others.length === 0 ? one : null;
  const fits = found.map(({ identityId }) => identityId);
  const foundId = only?.identityId ?? null;
  const byFormerCpr = only?.byFormerCpr ?? false;
  await writeDown(world, staff, { id, why: { reason }, foundId, fits, byFormerCpr, subject });
  return id;
}

/** A search of somebody whose ID came up at issuing: what is done about it there, is done as after any other. */
export async function searchKnown(
  world: World,
  staff: Staff,
  { identityId, why, form }: { identityId: string; why: LookedWhy; form: string },
): Promise<string> {
  const id = derivedUuid(world, 'desk search', [staff.staffId, form, identityId, textOf(why)]);
  const foundId = isPermitted(staff, 'see_known_id') ? identityId : null;
  await writeDown(world, staff, { id, why, foundId, fits: [identityId], byFormerCpr: false });
  return id;
}

/** Whether this member of staff may be shown somebody whose ID was issued there; oneself may be looked at. */
export function isShown(staff: Staff, issuedBy: string | null): boolean {
  return whyNot(staff, 'search', { identityId: null, issuedBy }) === null;
}

async function writeDown(
  { database, clock }: World,
  staff: Staff,
  asked: {
    readonly id: string;
    readonly why: LookedWhy;
    readonly foundId: string | null;
    readonly fits: readonly string[];
    readonly byFormerCpr: boolean;
    readonly subject?: string;
  },
): Promise<void> {
  const { staffId, role } = staff;
  const { id, why, foundId, byFormerCpr } = asked;
  const reason = textOf(why);
  await database.transaction(async (db) => {
    if (!(await insertSearch(db, { id, staffId, foundId, reason, byFormerCpr, at: clock.now() }))) return;
    const fits = asked.fits.length > 0 ? asked.fits : [null];
    for (const identityId of fits) {
      const shown = identityId !== null && identityId === foundId;
      // Who has no ID is named by what was asked for.
      const named = identityId === null && asked.subject !== undefined ? { subject: asked.subject } : {};
      const details = { staffId, role, ...why, shown, ...named };
      await appendEvent(db, { kind: 'searched_by_staff', identityId, details });
    }
  });
}

/** As it is kept with the search. */
function textOf(why: LookedWhy): string {
  return 'reason' in why ? why.reason : why.reasonCode;
}

/** Null when it is not theirs, or over. What staff ask of another's search is refused, and written down. */
export async function findOwnSearch(world: World, staff: Staff, id: string): Promise<DeskSearch | null> {
  const { database, clock } = world;
  const { staffId } = staff;
  const since = new Date(clock.now().getTime() - SEARCH_MINUTES * 60_000);
  if (!UUID.test(id)) return null;
  const found = await findSearch(database, { id, staffId, since });
  if (!found && (await isOthersSearch(database, { id, staffId }))) {
    const identityId = await findSubjectOf(world, id);
    await noteRefusal(world, staff, { what: 'search', why: 'others_search', identityId });
  }
  return found;
}

function soughtBy(world: World, sought: Sought): SoughtBy {
  switch (sought.kind) {
    case 'cpr':
      return { kind: 'cpr', lookup: world.keyring.hmac('cprLookup', sought.cpr) };
    case 'id_number':
      return sought;
    case 'name':
      return { kind: 'birthdate', birthdate: sought.birthdate };
  }
}

/** As it stands in events: a keyed hash, by which the same question is known again. */
function subjectOf(world: World, sought: Sought): string {
  const hash = (text: string) => world.keyring.hmac('cprLookup', text).toString('base64url');
  switch (sought.kind) {
    case 'cpr':
      return subjectOfCpr(world, sought.cpr);
    case 'id_number':
      return hash(`id number v1 ${sought.idNumber}`);
    case 'name':
      return hash(`likeness v1 ${sought.birthdate} ${likenessOfName(fullName(sought))}`);
  }
}

async function findCalled(world: World, sought: Sought) {
  const sharing = await findSought(world.database, soughtBy(world, sought));
  return sharing.filter(({ name }) => isCalled(name, sought)).slice(0, MOST_FOUND);
}

const MOST_FOUND = 20;

function isCalled(name: string, sought: Sought): boolean {
  return sought.kind !== 'name' || isLikeName(fullName(sought), name);
}
