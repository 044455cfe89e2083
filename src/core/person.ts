/** A natural person and the one identity that they may have. */
export type Language = 'da' | 'en';

export interface Person {
  readonly id: string;
  readonly givenName: string;
  readonly familyName: string;
  /** ISO date, `YYYY-MM-DD`. */
  readonly birthdate: string;
  readonly language: Language;
  /** The stable person number handed to relying parties as `nemid.pid`; says nothing about the CPR number. */
  readonly pid: string;
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
