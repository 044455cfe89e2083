/** A natural person and the one identity that they may have. */
import type { Language } from '../language/language.ts';

export type { Language };

/** A name as in the population register. One of the two parts may be empty: some people have one name. */
export interface Names {
  readonly givenName: string;
  readonly familyName: string;
  /** `givenName` is the whole name: where it divides is not known and is never guessed. */
  readonly nameIsWhole?: boolean;
}

export interface Person extends Names {
  readonly id: string;
  /** ISO date, `YYYY-MM-DD`. */
  readonly birthdate: string;
  readonly language: Language;
  /**
   * The stable person number that relying parties receive as `nemid.pid`; it reveals nothing about the CPR
   * number.
   */
  readonly pid: string;
}

export function fullName({ givenName, familyName }: Names): string {
  return `${givenName} ${familyName}`.trim();
}

/** Picks the name fields of a larger object. */
export function pickNames({ givenName, familyName, nameIsWhole = false }: Names): Names {
  return { givenName, familyName, ...(nameIsWhole ? { nameIsWhole } : {}) };
}

/** How well the person was identified at issuing; a sign-in never has a higher level. */
export type ProofingLevel = 'Low' | 'Substantial';

export interface Identity {
  readonly id: string;
  readonly idNumber: string;
  readonly userId: string | null;
  /** The person's choice that the ID also works at relying parties of kind `public`. */
  readonly publicSites: boolean;
  /** At public sites, sessions and grants from a sign-in up to this time are over. */
  readonly publicEndedAt: Date | null;
  readonly proofing: ProofingLevel;
  readonly hasCpr: boolean;
  readonly isBlocked: boolean;
  /** The number of keys left at which a new card is ordered. */
  readonly threshold: number;
}

/** Formats 12 digits in the grouping that Danish systems already store. */
export function formatPid(digits: string): string {
  return `9208-2002-2-${digits}`;
}
