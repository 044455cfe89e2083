/** Who may choose that their ID works on public sites at all: from 15 years on, and with a CPR number. */
import type { Person } from './person.ts';

export type PublicSitesBar = 'under_15' | 'no_cpr';
/** Why it is not asked for here: barred for good, or no key was shown in this very request. */
export type PublicSitesHurdle = PublicSitesBar | 'needs_key';

/** @returns why this person cannot have it, or null. */
export function publicSitesBar(person: Person, hasCpr: boolean, now: Date): PublicSitesBar | null {
  const today = new Intl.DateTimeFormat('sv-SE', { timeZone: 'Europe/Copenhagen' }).format(now);
  const birthday = `${Number(person.birthdate.slice(0, 4)) + 15}${person.birthdate.slice(4)}`;
  if (today < birthday) return 'under_15';
  return hasCpr ? null : 'no_cpr';
}
