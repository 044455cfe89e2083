/** What an officer types about the guardian of a person under 15 who gets a second way to sign in. */
import type { Guardian } from '../../../domain/factors/guardian.ts';
import { isReadable } from '../../../domain/input/typedText.ts';
import { normalizeFieldText, readIdentificationFields } from '../../../domain/issuing/deskForm.ts';
import {
  foldDocumentNumber,
  type Identification,
  type IdentificationFault,
  type IdentificationKind,
} from '../../../domain/issuing/identification.ts';
import { containsCpr } from '../../../domain/person/userId.ts';

/** In the order of the page. */
export const GUARDIAN_FIELDS = [
  'guardian',
  'guardianName',
  'guardianProof',
  'guardianIdKind',
  'guardianIdNumber',
  'guardianIdExpires',
  'guardianMatches',
] as const;
export type GuardianField = (typeof GUARDIAN_FIELDS)[number];
export type GuardianInput = Readonly<Record<GuardianField, string>>;

export const BLANK_GUARDIAN: GuardianInput = {
  guardian: '',
  guardianName: '',
  guardianProof: '',
  guardianIdKind: '',
  guardianIdNumber: '',
  guardianIdExpires: '',
  guardianMatches: '',
};

/** In place of the guardian on record. */
export const OTHER_GUARDIAN = 'other';

export type GuardianFault =
  | 'guardian_choice'
  | 'guardian_changed'
  | 'guardian_name'
  | 'guardian_proof'
  | 'guardian_unreadable'
  | 'guardian_number'
  | 'guardian_matches'
  | 'guardian_same_document'
  | IdentificationFault;
export type GuardianFaults = Partial<Record<GuardianField, GuardianFault>>;

export interface RecordedGuardian {
  /** Of the record: a choice that names an earlier one is not taken for this one. */
  readonly id: string;
  readonly name: string;
  readonly at: Date;
  /** `application`: they were there when the ID was issued. `second_way`: an officer recorded them since. */
  readonly from: 'application' | 'second_way';
}

/** The guardian is to be checked. `recorded`: null when the record names none. */
export interface GuardianCheck {
  readonly recorded: RecordedGuardian | null;
}

/** A guardian who is at the counter, and the document that they showed. */
export interface PresentGuardian extends Guardian {
  readonly identification: Identification;
}

interface GuardianOptions {
  readonly kinds: readonly IdentificationKind[];
  readonly now: Date;
  /** What the person shows. */
  readonly ofPerson: Pick<Identification, 'kind' | 'number'> | null;
}

const MAX_NAME = 200;
const PROOF_LENGTHS = { min: 5, max: 200 } as const;

/** @returns either the guardian, or what is missing */
export function readTypedGuardian(
  { recorded }: GuardianCheck,
  typed: GuardianInput,
  { kinds, now, ofPerson }: GuardianOptions,
): { readonly guardian: PresentGuardian | null; readonly faults: GuardianFaults } {
  const faults: GuardianFaults = {};
  const guardian = readGuardianOfChoice(recorded, typed, faults);
  const shown = {
    idKind: typed.guardianIdKind,
    idNumber: typed.guardianIdNumber,
    idExpires: typed.guardianIdExpires,
  };
  const { identification, fault } = readIdentificationFields(shown, { kinds, now });
  if (fault) faults[GUARDIAN_FIELD_OF[fault.field]] = fault.fault;
  else if (ofPerson && isSameDocument(ofPerson, identification))
    faults.guardianIdNumber = 'guardian_same_document';
  if (typed.guardianMatches !== 'yes') faults.guardianMatches = 'guardian_matches';
  const isComplete = guardian !== null && Object.keys(faults).length === 0;
  return { guardian: isComplete ? { ...guardian, identification } : null, faults };
}

const GUARDIAN_FIELD_OF = {
  idKind: 'guardianIdKind',
  idNumber: 'guardianIdNumber',
  idExpires: 'guardianIdExpires',
} as const;

function isSameDocument(
  one: Pick<Identification, 'kind' | 'number'>,
  other: Pick<Identification, 'kind' | 'number'>,
): boolean {
  return one.kind === other.kind && foldDocumentNumber(one.number) === foldDocumentNumber(other.number);
}

function readGuardianOfChoice(
  recorded: RecordedGuardian | null,
  typed: GuardianInput,
  faults: GuardianFaults,
): Guardian | null {
  if (recorded && typed.guardian !== OTHER_GUARDIAN) {
    if (typed.guardian === recorded.id) return { name: recorded.name, proof: null };
    faults.guardian = typed.guardian === '' ? 'guardian_choice' : 'guardian_changed';
    return null;
  }
  const name = normalizeFieldText(typed.guardianName);
  const proof = normalizeFieldText(typed.guardianProof);
  if (name === '' || name.length > MAX_NAME) faults.guardianName = 'guardian_name';
  if (proof.length < PROOF_LENGTHS.min || proof.length > PROOF_LENGTHS.max)
    faults.guardianProof = 'guardian_proof';
  for (const field of ['guardianName', 'guardianProof'] as const) {
    if (!isReadable(typed[field])) faults[field] = 'guardian_unreadable';
    else if (containsCpr(typed[field])) faults[field] = 'guardian_number';
  }
  return { name, proof };
}
