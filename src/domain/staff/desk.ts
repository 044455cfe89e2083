/**
 * What staff do with an ID that they looked up: the actions, which of them require the person's
 * identification, and whose ID a member of staff may see.
 */
import { toDanishDay, type Day } from '../calendar.ts';
import { findActiveCardOf, findCardOnTheWay, type CardSet } from '../card/cardLife.ts';
import { pickFactors, type HeldFactor } from '../factors/heldFactors.ts';
import { isYoungerThan } from '../issuing/application.ts';
import { isCalendarDay } from '../issuing/identification.ts';
import { isPermitted, type ActionOnCitizen, type Staff } from './staff.ts';
import { isReadable } from '../input/typedText.ts';
import type { ProofingLevel } from '../person/person.ts';
import { containsCpr } from '../person/userId.ts';

export const DESK_ACTIONS = [
  'sign-out-everywhere',
  'block-card',
  'block-security-keys',
  'block-code-token',
  'block-id',
  'stop-activation',
  'call-off-email',
  'skip-wait',
  'new-card',
  'add-security-key',
  'give-code-token',
  'adjust-code-token',
  'temporary-password',
  'reopen',
  'proof-identity',
  'public-sites-on',
  'public-sites-off',
] as const;
export type DeskAction = (typeof DESK_ACTIONS)[number];

/** The permission that each action requires. */
export const PERMISSION_OF: Record<DeskAction, ActionOnCitizen> = {
  'sign-out-everywhere': 'block',
  'block-card': 'block',
  'block-security-keys': 'block',
  'block-code-token': 'block',
  'block-id': 'block',
  'stop-activation': 'stop_wait',
  'call-off-email': 'call_off_email',
  'skip-wait': 'skip_wait',
  'new-card': 'card',
  'add-security-key': 'security_key',
  'give-code-token': 'card',
  'adjust-code-token': 'card',
  'temporary-password': 'temporary_password',
  reopen: 'reopen',
  'proof-identity': 'proof',
  'public-sites-on': 'public_sites',
  'public-sites-off': 'public_sites',
};

const CLOSING_ACTIONS: ReadonlySet<DeskAction> = new Set<DeskAction>([
  'sign-out-everywhere',
  'block-card',
  'block-security-keys',
  'block-code-token',
  'block-id',
  'stop-activation',
  'call-off-email',
]);

/**
 * Whether the action requires the person to be present with identification: actions that restore access do.
 * Actions that block must not wait for it.
 */
export function requiresIdentification(action: DeskAction): boolean {
  return !CLOSING_ACTIONS.has(action);
}

/**
 * Whether the action also requires a key of the person's card. Identification alone does not show that the
 * card is in the hands of the person: another may have ordered the ID in their name.
 */
export function requiresCardKey(action: DeskAction): boolean {
  return action === 'proof-identity';
}

/** Whether the action gives the person a second way to sign in. Under 15 that takes the guardian. */
export function addsSecondWay(action: DeskAction): boolean {
  return action === 'add-security-key' || action === 'give-code-token';
}

export const BORGERSERVICE = 'borgerservice';

/**
 * The issuer recorded for IDs that this member of staff issues; null for the hotline and operators, who issue
 * none.
 */
export function findIssuingOrganisation({ employer, bank }: Staff): string | null {
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

/** Validates a reason. It is stored in clear and shown to the person, so it must not contain a CPR number. */
export function checkReason(typed: string): ReasonFault | null {
  const { length } = typed.trim();
  if (!isReadable(typed)) return 'reason_unreadable';
  if (length < 5) return 'reason_short';
  if (length > 200) return 'reason_long';
  return containsCpr(typed) ? 'reason_number' : null;
}

const MAX_NOTE = 400;

/** Validates what an officer adds to a refusal. It may be empty. */
export function checkNote(note: string): ReasonFault | 'note_long' | null {
  if (!isReadable(note)) return 'reason_unreadable';
  if (note.length > MAX_NOTE) return 'note_long';
  return containsCpr(note) ? 'reason_number' : null;
}

/** The status of an ID, in the one word that all staff may see. */
export type AccountStatus = 'blocked' | 'not_activated' | 'awaits_password' | 'in_use';

export function readAccountStatus(identity: {
  readonly isBlocked: boolean;
  readonly hasUserId: boolean;
  readonly hasPassword: boolean;
}): AccountStatus {
  if (identity.isBlocked) return 'blocked';
  if (identity.hasPassword) return 'in_use';
  return identity.hasUserId ? 'awaits_password' : 'not_activated';
}

/** The fields of an ID that decide which actions are offered. */
export interface ActionTarget {
  readonly cardSet: CardSet;
  /** Those that have not ended. */
  readonly factors: readonly Pick<HeldFactor, 'kind' | 'state'>[];
  readonly publicSites: boolean;
  readonly proofing: ProofingLevel;
  /** A new e-mail address, or a change to letters, is pending. */
  readonly emailWaits: boolean;
  readonly birthdate: string;
  readonly hasCpr: boolean;
}

/**
 * The actions that would change something now and that this member of staff may take. All others are refused
 * too.
 */
export function offeredActions(
  staff: Pick<Staff, 'permissions'>,
  { cardSet, factors, publicSites, proofing, emailWaits, ...person }: ActionTarget,
  now: Date,
): DeskAction[] {
  const nextCard = findCardOnTheWay(cardSet);
  const isCardWaiting = nextCard?.activatesAt != null && !cardSet.isBlocked;
  const tokenWaits = !cardSet.isBlocked && pickFactors(factors, 'code_token', 'waits').length > 0;
  const hasCodeToken = pickFactors(factors, 'code_token', 'counts').length > 0;
  const isWaiting = isCardWaiting || tokenWaits;
  const canHavePublicSites = person.hasCpr && !isYoungerThan(person.birthdate, 15, now);
  const fits: Record<DeskAction, boolean> = {
    // Whether the person is signed in now is not for staff to see.
    'sign-out-everywhere': !cardSet.isBlocked,
    'block-card':
      !cardSet.isBlocked &&
      (findActiveCardOf(cardSet) !== null || nextCard !== null || hasCodeToken || tokenWaits),
    'block-security-keys': factors.some(({ kind }) => kind === 'security_key'),
    'block-code-token': factors.some(({ kind }) => kind === 'code_token'),
    'block-id': !cardSet.isBlocked,
    'stop-activation': isWaiting,
    'call-off-email': emailWaits,
    'skip-wait': isWaiting,
    // A card on its way can be replaced by one that the person can read.
    'new-card': !cardSet.isBlocked && !isCardWaiting,
    'add-security-key': !cardSet.isBlocked,
    'give-code-token': !cardSet.isBlocked,
    'adjust-code-token': !cardSet.isBlocked && hasCodeToken,
    'temporary-password': !cardSet.isBlocked,
    reopen: cardSet.isBlocked,
    'proof-identity': !cardSet.isBlocked && proofing === 'Low' && findActiveCardOf(cardSet) !== null,
    'public-sites-on': !cardSet.isBlocked && !publicSites && canHavePublicSites,
    'public-sites-off': publicSites,
  };
  return DESK_ACTIONS.filter((action) => fits[action] && isPermitted(staff, PERMISSION_OF[action]));
}

/** How long a search result stays valid: long enough for a talk at the counter. */
export const SEARCH_MINUTES = 15;

/** Whether the day can be the birth date of a living person: not in the future, and at most 125 years ago. */
export function isBirthdate(day: Day, now: Date): boolean {
  const today = toDanishDay(now);
  return isCalendarDay(day) && day <= today && Number(day.slice(0, 4)) >= Number(today.slice(0, 4)) - 125;
}
