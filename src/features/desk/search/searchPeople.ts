/**
 * Searches of people by staff. Each has a reason and is recorded in the log of each person who matches, also
 * when the search showed no one. A search does not reveal to a clerk that a customer of another bank has an
 * ID. Issuing does (issue/issueAtDesk.ts): there the applicant has none, or nothing can be issued. A person
 * who ordered their ID online shows a clerk their card: its number is asked for with the CPR number, so that
 * a CPR number alone says nothing.
 */
import type { LookedWhy } from '../../../domain/staff/lookReasons.ts';
import { SEARCH_MINUTES } from '../../../domain/staff/desk.ts';
import { isSimilarName, foldNameForHash } from '../../../domain/person/names.ts';
import { fullName } from '../../../domain/person/person.ts';
import { isPermitted, reasonNotAllowed, type Staff } from '../../../domain/staff/staff.ts';
import { appendEvent } from '../../../db/auditLog.ts';
import { findByCard } from './cardSearch.ts';
import { findDeskSearch, insertDeskSearch, isSearchOfAnother, type DeskSearch } from './searches.queries.ts';
import { findPeopleByQuery, type PersonQuery } from '../deskPeople.queries.ts';
import type { AppContext } from '../../appContext.ts';
import { countStaffAction } from '../staffLimits.ts';
import { hashCprSubject, type OverLimit } from './lookUps.ts';
import { findSubjectOfAddress, recordDeskRefusal } from '../refusals/deskRefusals.ts';
import { deriveUuid, UUID_PATTERN } from '../uuids.ts';

export type SearchQuery =
  | { readonly kind: 'cpr'; readonly cpr: string }
  | { readonly kind: 'card'; readonly cpr: string; readonly cardNumber: string }
  | { readonly kind: 'id_number'; readonly idNumber: string }
  | {
      readonly kind: 'name';
      readonly givenName: string;
      readonly familyName: string;
      readonly birthdate: string;
    };

/**
 * Searches for one person.
 *
 * @param form id generated with the form; the same query sent twice is one search.
 * @returns the id of the search, regardless of what was found. Where the daily limit is reached, nothing is
 *   shown, and the refusal is recorded in the log of the person it was about.
 */
export async function searchPerson(
  context: AppContext,
  staff: Staff,
  { query, reason, form }: { query: SearchQuery; reason: string; form: string },
): Promise<string | OverLimit> {
  const { database } = context;
  const id = deriveUuid(context, 'desk search', [staff.staffId, form, JSON.stringify(query), reason]);
  const subject = hashSearchSubject(context, query);
  const counted = await countStaffAction(context, database, staff, { kind: 'look_up', form: id });
  if (typeof counted !== 'string') {
    const [one = null, ...others] = await findPeopleOfName(context, query);
    const identityId = others.length === 0 && one ? one.identityId : null;
    await recordDeskRefusal(context, staff, { what: 'search', why: 'over_limit', identityId, subject });
    return { kind: 'over_limit', limit: counted };
  }
  const found = await findPeopleOfName(context, query);
  const byCard = query.kind === 'card' && { id: await findByCard(context, staff, query) };
  const shown = found.filter(({ identityId, issuedBy }) =>
    byCard ? identityId === byCard.id : isVisibleToStaff(staff, issuedBy),
  );
  // Two people with one name and birth date: only a number says which of them is meant.
  const [one = null, ...others] = shown;
  const only = others.length === 0 ? one : null;
  const fits = found.map(({ identityId }) => identityId);
  const foundId = only?.identityId ?? null;
  const byFormerCpr = only?.byFormerCpr ?? false;
  const recorded = { id, why: { reason }, foundId, fits, byFormerCpr, byCard: byCard !== false, subject };
  await recordSearch(context, staff, recorded);
  return id;
}

/**
 * Opens a search of a person whose ID came up at issuing or in a list; actions are performed under it as
 * after any other search.
 */
export async function searchKnownPerson(
  context: AppContext,
  staff: Staff,
  { identityId, why, form }: { identityId: string; why: LookedWhy; form: string },
): Promise<string> {
  const id = deriveUuid(context, 'desk search', [staff.staffId, form, identityId, readReasonText(why)]);
  const foundId = isPermitted(staff, 'see_known_id') ? identityId : null;
  await recordSearch(context, staff, { id, why, foundId, fits: [identityId], byFormerCpr: false });
  return id;
}

/** Whether this member of staff may see people with this issuer. Staff may see their own ID. */
export function isVisibleToStaff(staff: Staff, issuedBy: string | null): boolean {
  return reasonNotAllowed(staff, 'search', { identityId: null, issuedBy }) === null;
}

async function recordSearch(
  { database, clock }: AppContext,
  staff: Staff,
  search: {
    readonly id: string;
    readonly why: LookedWhy;
    readonly foundId: string | null;
    readonly fits: readonly string[];
    readonly byFormerCpr: boolean;
    readonly byCard?: boolean;
    readonly subject?: string;
  },
): Promise<void> {
  const { staffId, role } = staff;
  const { id, why, foundId, byFormerCpr } = search;
  const reason = readReasonText(why);
  const row = { id, staffId, foundId, reason, byFormerCpr, applicationId: null, at: clock.now() };
  await database.transaction(async (db) => {
    if (!(await insertDeskSearch(db, row))) return;
    const fits = search.fits.length > 0 ? search.fits : [null];
    const card = search.byCard ? { cardSearchId: id } : {};
    for (const identityId of fits) {
      const shown = identityId !== null && identityId === foundId;
      // A person without an ID is named by the query.
      const named = identityId === null && search.subject !== undefined ? { subject: search.subject } : {};
      const details = { staffId, role, ...why, shown, ...named, ...card };
      await appendEvent(db, { kind: 'searched_by_staff', identityId, details });
    }
  });
}

/** The reason as it is stored with the search. */
function readReasonText(why: LookedWhy): string {
  return 'reason' in why ? why.reason : why.reasonCode;
}

/**
 * Returns null for a search that is another member's or too old. A request for another member's search is
 * recorded as a refusal.
 */
export async function findOwnSearch(
  context: AppContext,
  staff: Staff,
  id: string,
): Promise<DeskSearch | null> {
  const { database, clock } = context;
  const { staffId } = staff;
  const since = new Date(clock.now().getTime() - SEARCH_MINUTES * 60_000);
  if (!UUID_PATTERN.test(id)) return null;
  const found = await findDeskSearch(database, { id, staffId, since });
  if (!found && (await isSearchOfAnother(database, { id, staffId }))) {
    const identityId = await findSubjectOfAddress(context, id);
    await recordDeskRefusal(context, staff, { what: 'search', why: 'others_search', identityId });
  }
  return found;
}

function composePersonQuery(context: AppContext, query: SearchQuery): PersonQuery {
  switch (query.kind) {
    case 'cpr':
    case 'card':
      return { kind: 'cpr', lookup: context.keyring.hmac('cprLookup', query.cpr) };
    case 'id_number':
      return query;
    case 'name':
      return { kind: 'birthdate', birthdate: query.birthdate };
  }
}

/** The subject in audit events: a keyed hash, by which the same query is recognised. */
function hashSearchSubject(context: AppContext, query: SearchQuery): string {
  const hash = (text: string) => context.keyring.hmac('cprLookup', text).toString('base64url');
  switch (query.kind) {
    case 'cpr':
    case 'card':
      return hashCprSubject(context, query.cpr);
    case 'id_number':
      return hash(`id number v1 ${query.idNumber}`);
    case 'name':
      return hash(`likeness v1 ${query.birthdate} ${foldNameForHash(fullName(query))}`);
  }
}

async function findPeopleOfName(context: AppContext, query: SearchQuery) {
  const candidates = await findPeopleByQuery(context.database, composePersonQuery(context, query));
  return candidates.filter(({ name }) => matchesSearchName(name, query)).slice(0, MAX_FOUND);
}

const MAX_FOUND = 20;

function matchesSearchName(name: string, query: SearchQuery): boolean {
  return query.kind !== 'name' || isSimilarName(fullName(query), name);
}
