/**
 * How often one member of staff may do one kind of thing: look-ups in a day, the rest in an hour. A person
 * who has taken over a desk, or who works at one and abuses it, gets no further than that.
 */
import { toDanishDay, startOfDay } from '../../domain/calendar.ts';
import type { DeskAction } from '../../domain/staff/desk.ts';
import type { Rules } from '../../domain/rules.ts';

export type StaffCountKind = 'look_up' | keyof Rules['staff']['perHour'];

export interface StaffLimit {
  readonly kind: StaffCountKind;
  readonly most: number;
}

/** What is over the limit: how many there may be, and from when on there may be more. */
export interface LimitReached extends StaffLimit {
  readonly opensAt: Date;
}

/** What each thing that is done with an ID is counted as. */
export const STAFF_COUNT_OF: Readonly<Record<DeskAction, StaffCountKind>> = {
  'sign-out-everywhere': 'sign_out',
  'block-card': 'block',
  'block-id': 'block',
  'stop-activation': 'stop_wait',
  'skip-wait': 'skip_wait',
  'new-card': 'card',
  'temporary-password': 'temporary_password',
  reopen: 'reopen',
  'public-sites-on': 'public_sites',
  'public-sites-off': 'public_sites',
  'call-off-email': 'call_off_email',
};

const HOUR_MS = 3_600_000;

export function readStaffLimit({ staff }: Rules, kind: StaffCountKind): StaffLimit {
  return { kind, most: kind === 'look_up' ? staff.lookUpsPerDay : staff.perHour[kind] };
}

/** Of what was done before, only what is later counts. A day is that of the calendar. */
export function readWindowStart(kind: StaffCountKind, now: Date): Date {
  return kind === 'look_up' ? startOfDay(toDanishDay(now)) : new Date(now.getTime() - HOUR_MS);
}

/** @param oldest when the first of those that count was done. */
export function readLimitEnd(kind: StaffCountKind, oldest: Date, now: Date): Date {
  if (kind !== 'look_up') return new Date(oldest.getTime() + HOUR_MS);
  return startOfDay(toDanishDay(now), 1);
}
