/** Who may have an ID that works on public sites: persons from 15 years on who have a CPR number. */
import type { Person } from '../person/person.ts';

export type PublicSitesBlocker = 'under_15' | 'no_cpr';
/** Why the sign-in does not ask for it: blocked, or not both factors were given within this request. */
export type PublicSitesFacts = PublicSitesBlocker | 'needs_key';

const DANISH_DATE = new Intl.DateTimeFormat('sv-SE', { timeZone: 'Europe/Copenhagen' });

/** @returns why this person cannot have it, or null. */
export function findPublicSitesBlocker(
  person: Pick<Person, 'birthdate'>,
  hasCpr: boolean,
  now: Date,
): PublicSitesBlocker | null {
  const today = DANISH_DATE.format(now);
  const birthday = `${Number(person.birthdate.slice(0, 4)) + 15}${person.birthdate.slice(4)}`;
  if (today < birthday) return 'under_15';
  return hasCpr ? null : 'no_cpr';
}
