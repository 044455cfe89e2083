/**
 * An application for an ID, and the only function that decides it. Every path to an ID (desk, bank, online,
 * command) fills in the same application, so no path can skip a requirement.
 */
import type { CardFormat } from '../card/cardFormat.ts';
import { toDanishDay, type Day } from '../calendar.ts';
import type { PostalAddress } from '../letter.ts';
import type { Language, Names, ProofingLevel } from '../person/person.ts';
import { checkIdentification, type Identification, type IdentificationKind } from './identification.ts';
import { TERMS_VERSION, type AcceptedTerms } from './terms.ts';

export type ApplicationPath = 'desk' | 'bank' | 'online' | 'command';

export interface Applicant extends Names {
  /** Ten digits, or null for a person without a CPR number. */
  readonly cpr: string | null;
  readonly birthdate: Day;
  readonly language: Language;
  readonly cardFormat: CardFormat;
  /** The address of notices; null: they go by letter. */
  readonly email: string | null;
  readonly address: PostalAddress | null;
}

export interface Application {
  readonly path: ApplicationPath;
  readonly applicant: Applicant;
  /** Null when no document was shown. */
  readonly identification: Identification | null;
  /** The document is the applicant's: an officer compared it, or the register lists its number for them. */
  readonly identificationMatches: boolean;
  /** The applicant understands the terms, in their language, without an interpreter. */
  readonly withoutInterpreter: boolean;
  readonly operatesAlone: boolean;
  readonly terms: AcceptedTerms | null;
  readonly publicSites: boolean;
  /** The guardian who is present when the applicant is under 15. */
  readonly guardian: string | null;
  /** The person's status in the population register; null when the register does not have the number. */
  readonly register: 'active' | 'dead' | 'emigrated' | null;
  readonly addressFrom: 'register' | 'applicant';
}

export type RefusalReason =
  | 'no_identification'
  | 'identification_invalid'
  | 'identification_expired'
  | 'identification_not_theirs'
  | 'needs_interpreter'
  | 'cannot_operate_alone'
  | 'terms_not_accepted'
  | 'no_guardian'
  | 'under_15_online'
  | 'not_in_register'
  | 'dead'
  | 'emigrated'
  | 'no_address';

export const REFUSAL_REASONS = {
  no_identification: true,
  identification_invalid: true,
  identification_expired: true,
  identification_not_theirs: true,
  needs_interpreter: true,
  cannot_operate_alone: true,
  terms_not_accepted: true,
  no_guardian: true,
  under_15_online: true,
  not_in_register: true,
  dead: true,
  emigrated: true,
  no_address: true,
} as const satisfies Record<RefusalReason, true>;

export type ApplicationDecision =
  | { readonly kind: 'refused'; readonly reasons: readonly RefusalReason[] }
  | {
      readonly kind: 'granted';
      /**
       * False when the person did not ask for them, or cannot have them: under 15, or without a CPR number.
       */
      readonly publicSites: boolean;
      readonly proofing: ProofingLevel;
      /** A second officer must approve it first: the address is only the applicant's own statement. */
      readonly needsSecondOfficer: boolean;
    };

/** Decides an application. All reasons are reported together, so that the written decision lists them all. */
export function decideApplication(
  application: Application,
  { kinds, now }: { kinds: readonly IdentificationKind[]; now: Date },
): ApplicationDecision {
  const { path, applicant, guardian, register, addressFrom } = application;
  const isUnder15 = isYoungerThan(applicant.birthdate, 15, now);
  const reasons: RefusalReason[] = [];
  const refuseIf = (condition: boolean, reason: RefusalReason) => {
    if (condition) reasons.push(reason);
  };

  const identificationRefusal = identificationFault(application, kinds, toDanishDay(now));
  if (identificationRefusal) reasons.push(identificationRefusal);
  refuseIf(!application.withoutInterpreter, 'needs_interpreter');
  refuseIf(!application.operatesAlone, 'cannot_operate_alone');
  refuseIf(application.terms?.version !== TERMS_VERSION, 'terms_not_accepted');
  refuseIf(isUnder15 && path === 'online', 'under_15_online');
  refuseIf(isUnder15 && path !== 'online' && !guardian?.trim(), 'no_guardian');
  refuseIf(path === 'online' && register === null, 'not_in_register');
  refuseIf(register === 'dead', 'dead');
  refuseIf(register === 'emigrated', 'emigrated');
  refuseIf(applicant.address === null || (path === 'online' && addressFrom !== 'register'), 'no_address');
  if (reasons.length > 0) return { kind: 'refused', reasons };
  return {
    kind: 'granted',
    publicSites: application.publicSites && !isUnder15 && applicant.cpr !== null,
    proofing: proofingOf(path),
    needsSecondOfficer: addressFrom !== 'register' && path !== 'command',
  };
}

/**
 * Online no one sees the person or the document: that its number is right shows only that it is known. The
 * level rises when a desk or a bank sees both (domain/staff/desk.ts).
 */
function proofingOf(path: ApplicationPath): ProofingLevel {
  return path === 'online' ? 'Low' : 'Substantial';
}

const IDENTIFICATION_MISMATCH = 'identification_not_theirs';

function identificationFault(
  { path, identification, identificationMatches }: Application,
  kinds: readonly IdentificationKind[],
  today: Day,
): RefusalReason | null {
  if (!identification) return 'no_identification';
  const fault = checkIdentification(identification, kinds, today);
  // Online no one inspects the document: the register lists the numbers of the valid ones.
  if (path === 'online' && fault === 'expiry_missing')
    return identificationMatches ? null : IDENTIFICATION_MISMATCH;
  if (fault) return fault === 'expired' ? 'identification_expired' : 'identification_invalid';
  return identificationMatches ? null : IDENTIFICATION_MISMATCH;
}

export function isYoungerThan(birthdate: Day, years: number, now: Date): boolean {
  const birthday = `${Number(birthdate.slice(0, 4)) + years}${birthdate.slice(4)}`;
  return toDanishDay(now) < birthday;
}
