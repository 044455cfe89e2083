/**
 * Limits on how often one member of staff may do one kind of action: look-ups a day, all others an hour. They
 * bound the damage by an attacker who has taken over a desk, and by a member of staff who abuses it.
 */
import { toDanishDay, startOfDay } from '../../domain/calendar.ts';
import type { DeskAction } from '../../domain/staff/desk.ts';
import type { Rules } from '../../domain/rules.ts';

export type StaffCountKind = 'look_up' | keyof Rules['staff']['perHour'];

export interface StaffLimit {
  readonly kind: StaffCountKind;
  readonly most: number;
}

/** The limit that is reached, and the time from which one more is possible. */
export interface LimitReached extends StaffLimit {
  readonly opensAt: Date;
}

/** The limit that each action on an ID counts towards. */
export const STAFF_COUNT_OF: Readonly<Record<DeskAction, StaffCountKind>> = {
  'sign-out-everywhere': 'sign_out',
  'block-card': 'block',
  'block-security-keys': 'block',
  'block-code-token': 'block',
  'block-id': 'block',
  'stop-activation': 'stop_wait',
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
  'call-off-email': 'call_off_email',
};

const HOUR_MS = 3_600_000;

export function readStaffLimit({ staff }: Rules, kind: StaffCountKind): StaffLimit {
  return { kind, most: kind === 'look_up' ? staff.lookUpsPerDay : staff.perHour[kind] };
}

/** Only actions after this time count. A day is a calendar day in Denmark. */
export function readWindowStart(kind: StaffCountKind, now: Date): Date {
  return kind === 'look_up' ? startOfDay(toDanishDay(now)) : new Date(now.getTime() - HOUR_MS);
}

/**
 * When one more is possible.
 *
 * @param oldest time of the first action that counts.
 */
export function readLimitEnd(kind: StaffCountKind, oldest: Date, now: Date): Date {
  if (kind !== 'look_up') return new Date(oldest.getTime() + HOUR_MS);
  return startOfDay(toDanishDay(now), 1);
}
