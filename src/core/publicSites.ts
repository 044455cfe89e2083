/** Who may choose that their ID works on public sites at all: from 15 years on, and with a CPR number. */
import type { Person } from './person.ts';

export type PublicSitesBar = 'under_15' | 'no_cpr';
/** Why it is not asked for here: barred, or not both factors were shown in this very request. */
export type PublicSitesHurdle = PublicSitesBar | 'needs_key';

const DANISH_DAY = new Intl.DateTimeFormat('sv-SE', { timeZone: 'Europe/Copenhagen' });

/** @returns why this person cannot have it, or null. */
export function publicSitesBar(
  person: Pick<Person, 'birthdate'>,
  hasCpr: boolean,
  now: Date,
): PublicSitesBar | null {
  const today = DANISH_DAY.format(now);
  const birthday = `${Number(person.birthdate.slice(0, 4)) + 15}${person.birthdate.slice(4)}`;
  if (today < birthday) return 'under_15';
  return hasCpr ? null : 'no_cpr';
}
