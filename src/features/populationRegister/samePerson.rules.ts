/**
 * A new CPR number is followed only where something shows that old and new are one person: one wrong digit in
 * a file would otherwise give a person's ID to a stranger. A birth date is not enough: numbers of one day
 * differ in only four digits.
 */
import type { Day } from '../../domain/calendar.ts';
import type { PostalAddress } from '../../domain/letter.ts';
import { isSimilarName, sharesNameWord } from '../../domain/person/names.ts';
import { isSamePlace } from '../../domain/issuing/populationRegister.ts';

/** What one source states about a person: a row of the register, or an ID. */
export interface PersonIdentifyingFacts {
  readonly name: string;
  readonly birthdate: Day;
  readonly address: PostalAddress | null;
  /** Keyed hashes of kind and number, in hex. */
  readonly documents: readonly string[];
}

export function hasAgreeingFacts(one: PersonIdentifyingFacts, other: PersonIdentifyingFacts): boolean {
  if (isSimilarName(one.name, other.name)) return true;
  if (one.documents.some((document) => other.documents.includes(document))) return true;
  if (one.address && other.address && isSamePlace(one.address, other.address)) return true;
  return one.birthdate === other.birthdate && sharesNameWord(one.name, other.name);
}

/** Whether all are connected by agreeing pairs. */
export function isSamePerson(facts: readonly PersonIdentifyingFacts[]): boolean {
  const [first, ...remaining] = facts;
  const connected = first ? [first] : [];
  for (const one of connected) {
    for (let at = remaining.length - 1; at >= 0; at -= 1) {
      const other = remaining[at];
      if (!other || !hasAgreeingFacts(one, other)) continue;
      connected.push(other);
      remaining.splice(at, 1);
    }
  }
  return remaining.length === 0;
}
