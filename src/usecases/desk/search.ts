/**
 * Staff look somebody up. Each look has a reason, is written down, and stands in the log of whoever fits, also when the
 * one who looked was shown nobody: a clerk is never told that a customer of another bank has an ID.
 */
import { SEARCH_MINUTES } from '../../core/desk.ts';
import { isLikeName } from '../../core/issuing/names.ts';
import { fullName } from '../../core/person.ts';
import { whyNot, type Staff } from '../../core/staff.ts';
import { appendEvent } from '../../store/auditLog.ts';
import { findSearch, insertSearch, type DeskSearch } from '../../store/desk/searches.ts';
import { findSought, type SoughtBy } from '../../store/desk/people.ts';
import type { World } from '../world.ts';

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
 * @returns the id of the search, whatever was found.
 */
export async function searchPerson(
  world: World,
  staff: Staff,
  { sought, reason, form }: { sought: Sought; reason: string; form: string },
): Promise<string> {
  const { database } = world;
  const id = searchId(world, [staff.staffId, form, JSON.stringify(sought), reason]);
  const sharing = await findSought(database, soughtBy(world, sought));
  const found = sharing.filter(({ name }) => isCalled(name, sought)).slice(0, MOST_FOUND);
  const shown = found.filter(({ issuedBy }) => isShown(staff, issuedBy));
  // Two with one name and birth date: which of them is meant, a number has to say.
  const [one = null, ...others] = shown;
  const only = others.length === 0 ? one : null;
  const fits = found.map(({ identityId }) => identityId);
  const foundId = only?.identityId ?? null;
  await writeDown(world, staff, { id, reason, foundId, fits, byFormerCpr: only?.byFormerCpr ?? false });
  return id;
}

/** A search of somebody whose ID came up at issuing: what is done about it there, is done as after any other. */
export async function searchKnown(
  world: World,
  staff: Staff,
  { identityId, reason, form }: { identityId: string; reason: string; form: string },
): Promise<string> {
  const id = searchId(world, [staff.staffId, form, identityId, reason]);
  const foundId = staff.role === 'bank_clerk' ? null : identityId;
  await writeDown(world, staff, { id, reason, foundId, fits: [identityId], byFormerCpr: false });
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
    readonly reason: string;
    readonly foundId: string | null;
    readonly fits: readonly string[];
    readonly byFormerCpr: boolean;
  },
): Promise<void> {
  const { staffId, role } = staff;
  const { id, reason, foundId, byFormerCpr } = asked;
  await database.transaction(async (db) => {
    if (!(await insertSearch(db, { id, staffId, foundId, reason, byFormerCpr, at: clock.now() }))) return;
    const fits = asked.fits.length > 0 ? asked.fits : [null];
    for (const identityId of fits) {
      const shown = identityId !== null && identityId === foundId;
      const details = { staffId, role, reason, shown };
      await appendEvent(db, { kind: 'searched_by_staff', identityId, details });
    }
  });
}

/** Null when it is not theirs, or over. */
export async function findOwnSearch(
  { database, clock }: World,
  { staffId }: Staff,
  id: string,
): Promise<DeskSearch | null> {
  const since = new Date(clock.now().getTime() - SEARCH_MINUTES * 60_000);
  return UUID.test(id) ? await findSearch(database, { id, staffId, since }) : null;
}

export const UUID = /^[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}$/;

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

const MOST_FOUND = 20;

function isCalled(name: string, sought: Sought): boolean {
  return sought.kind !== 'name' || isLikeName(fullName(sought), name);
}

/** Keyed, so that the row tells nothing of what was typed. */
function searchId({ keyring }: World, parts: readonly string[]): string {
  const mac = keyring.hmac('records', `desk search v1 ${parts.join('\n')}`, keyring.oldestKid('records'));
  return asUuid(mac);
}

/** 128 bits of a keyed hash in the form of a UUID (RFC 9562, version 8: made in a way of one's own). */
export function asUuid(mac: Buffer): string {
  const hex = mac.toString('hex');
  const variant = '89ab'.charAt(Number.parseInt(hex.charAt(16), 16) % 4);
  return [
    hex.slice(0, 8),
    hex.slice(8, 12),
    `8${hex.slice(13, 16)}`,
    `${variant}${hex.slice(17, 20)}`,
    hex.slice(20, 32),
  ].join('-');
}
