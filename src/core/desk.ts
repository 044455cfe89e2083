/**
 * What staff do with an ID that they looked up: which deeds there are, which of them want the person in front of them
 * with identification, and whose ID a member of staff may see at all.
 */
import { dayOf, type Day } from './calendar.ts';
import { activeCard, onTheWay, type Shelf } from './cardLife.ts';
import { isYoungerThan } from './issuing/application.ts';
import { isDay } from './issuing/identification.ts';
import { isPermitted, type CitizenAction, type Staff } from './staff.ts';
import { isReadable } from './input/typedText.ts';
import { mentionsCpr } from './userId.ts';

export const DESK_DEEDS = [
  'sign-out-everywhere',
  'block-card',
  'block-id',
  'stop-activation',
  'call-off-email',
  'skip-wait',
  'new-card',
  'temporary-password',
  'reopen',
  'public-sites-on',
  'public-sites-off',
] as const;
export type DeskDeed = (typeof DESK_DEEDS)[number];

/** What the deed is called where it is said who may do what. */
export const ACTION_OF: Record<DeskDeed, CitizenAction> = {
  'sign-out-everywhere': 'block',
  'block-card': 'block',
  'block-id': 'block',
  'stop-activation': 'stop_wait',
  'call-off-email': 'call_off_email',
  'skip-wait': 'skip_wait',
  'new-card': 'card',
  'temporary-password': 'temporary_password',
  reopen: 'reopen',
  'public-sites-on': 'public_sites',
  'public-sites-off': 'public_sites',
};

const SHUTS: ReadonlySet<DeskDeed> = new Set<DeskDeed>([
  'sign-out-everywhere',
  'block-card',
  'block-id',
  'stop-activation',
  'call-off-email',
]);

/** Whatever opens something wants the person in front of the counter; what shuts something must not wait for that. */
export function needsIdentification(deed: DeskDeed): boolean {
  return !SHUTS.has(deed);
}

export const BORGERSERVICE = 'borgerservice';

/** What stands as the issuer of what this member of staff issues; the hotline and operators issue nothing. */
export function houseOf({ employer, bank }: Staff): string | null {
  switch (employer) {
    case 'borgerservice':
      return BORGERSERVICE;
    case 'bank':
      return bank;
    case 'noegle':
      return null;
  }
}

export type ReasonFault = 'reason_unreadable' | 'reason_short' | 'reason_long' | 'reason_number';

/** A reason is kept in clear and shown to the person: no CPR number stands in it. */
export function checkReason(typed: string): ReasonFault | null {
  const { length } = typed.trim();
  if (!isReadable(typed)) return 'reason_unreadable';
  if (length < 5) return 'reason_short';
  if (length > 200) return 'reason_long';
  return mentionsCpr(typed) ? 'reason_number' : null;
}

/** How an ID stands, in the one word that all staff may know. */
export type Standing = 'blocked' | 'not_activated' | 'awaits_password' | 'in_use';

export function standingOf(identity: {
  readonly isBlocked: boolean;
  readonly hasUserId: boolean;
  readonly hasPassword: boolean;
}): Standing {
  if (identity.isBlocked) return 'blocked';
  if (identity.hasPassword) return 'in_use';
  return identity.hasUserId ? 'awaits_password' : 'not_activated';
}

/** What an action can be about, as far as it decides which actions are offered. */
export interface ActionTarget {
  readonly shelf: Shelf;
  readonly publicSites: boolean;
  /** An e-mail address was given, or letters were asked for, and it does not count yet. */
  readonly emailWaits: boolean;
  readonly birthdate: string;
  readonly hasCpr: boolean;
}

/** Actions that would change something now, for this member of staff. What is left out is refused as well. */
export function offeredActions(
  staff: Pick<Staff, 'permissions'>,
  { shelf, publicSites, emailWaits, ...person }: ActionTarget,
  now: Date,
): DeskDeed[] {
  const coming = onTheWay(shelf);
  const isWaiting = coming?.activatesAt != null && !shelf.isBlocked;
  const canHavePublicSites = person.hasCpr && !isYoungerThan(person.birthdate, 15, now);
  const fits: Record<DeskDeed, boolean> = {
    // Whether somebody is signed in now is not for staff to see.
    'sign-out-everywhere': !shelf.isBlocked,
    'block-card': !shelf.isBlocked && (activeCard(shelf) !== null || coming !== null),
    'block-id': !shelf.isBlocked,
    'stop-activation': isWaiting,
    'call-off-email': emailWaits,
    'skip-wait': isWaiting,
    'new-card': !shelf.isBlocked && coming === null,
    'temporary-password': !shelf.isBlocked,
    reopen: shelf.isBlocked,
    'public-sites-on': !shelf.isBlocked && !publicSites && canHavePublicSites,
    'public-sites-off': publicSites,
  };
  return DESK_DEEDS.filter((action) => fits[action] && isPermitted(staff, ACTION_OF[action]));
}

/** How long a search stands: long enough for a talk at the counter. */
export const SEARCH_MINUTES = 15;

/** Nobody who stands at a counter is born tomorrow, or longer ago than anybody has lived. */
export function isBirthdate(day: Day, now: Date): boolean {
  const today = dayOf(now);
  return isDay(day) && day <= today && Number(day.slice(0, 4)) >= Number(today.slice(0, 4)) - 125;
}
