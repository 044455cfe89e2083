/** A natural person and the one identity that they may have. */
import type { Language } from '../language/language.ts';

export type { Language };

/** A name as the register has it. One of the two may be empty: some people have one name. */
export interface Names {
  readonly givenName: string;
  readonly familyName: string;
  /** `givenName` is the whole name: which part is which is not known, and never guessed. */
  readonly nameIsWhole?: boolean;
}

export interface Person extends Names {
  readonly id: string;
  /** ISO date, `YYYY-MM-DD`. */
  readonly birthdate: string;
  readonly language: Language;
  /** The stable person number handed to relying parties as `nemid.pid`; says nothing about the CPR number. */
  readonly pid: string;
}

export function fullName({ givenName, familyName }: Names): string {
  return `${givenName} ${familyName}`.trim();
}

/** The names alone, of what has more. */
export function pickNames({ givenName, familyName, nameIsWhole = false }: Names): Names {
  return { givenName, familyName, ...(nameIsWhole ? { nameIsWhole } : {}) };
}

/** How well it was shown at issuing who the person is; a sign-in is never worth more. */
export type ProofingLevel = 'Low' | 'Substantial';

export interface Identity {
  readonly id: string;
  readonly idNumber: string;
  readonly userId: string | null;
  /** The person's choice that the ID works at relying parties of kind `public` too. */
  readonly publicSites: boolean;
  /** What stands on a sign-in up to here is over at public sites. */
  readonly publicEndedAt: Date | null;
  readonly proofing: ProofingLevel;
  readonly hasCpr: boolean;
  readonly isBlocked: boolean;
  /** Keys left at which a new card is ordered. */
  readonly threshold: number;
}

/** `PID:` and 12 digits in the grouping that Danish systems already store. */
export function formatPid(digits: string): string {
  return `9208-2002-2-${digits}`;
}
