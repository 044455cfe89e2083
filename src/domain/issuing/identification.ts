/**
 * Identification documents. Without valid identification no ID is issued, by anyone, on any path. Which kinds
 * are accepted is a setting (domain/rules.ts).
 */
import type { Day } from '../calendar.ts';
import { dropGrouping } from '../input/typedText.ts';
import type { Localized } from '../language/language.ts';
import { IDENTIFICATION_NAMES } from '../language/words.ts';

/**
 * An accepted kind of identification. Its name in each language is under that language's code, as in
 * settings.
 */
export interface IdentificationKind extends Localized {
  /** The code in records and forms, for example `passport`. */
  readonly code: string;
  /** It has an expiry date; otherwise none is asked for. */
  readonly expires: boolean;
}

export interface Identification {
  readonly kind: string;
  /** As printed on the document; compared without spaces, hyphens and case. */
  readonly number: string;
  readonly expiresOn: Day | null;
}

export type IdentificationFault =
  | 'kind_unknown'
  | 'number_missing'
  | 'expiry_missing'
  | 'expiry_impossible'
  | 'expired'
  | 'expiry_too_far';

/**
 * Old Danish driving licences are valid until the 70th birthday; no other document is valid for longer than
 * that.
 */
const MAX_VALID_YEARS = 60;
const DOCUMENT_NUMBER = /^[A-Z0-9]{4,20}$/;

export function foldDocumentNumber(number: string): string {
  return dropGrouping(number).toUpperCase();
}

export function checkIdentification(
  { kind, number, expiresOn }: Identification,
  kinds: readonly IdentificationKind[],
  today: Day,
): IdentificationFault | null {
  const accepted = kinds.find(({ code }) => code === kind);
  if (!accepted) return 'kind_unknown';
  if (!DOCUMENT_NUMBER.test(foldDocumentNumber(number))) return 'number_missing';
  if (!accepted.expires) return null;
  if (expiresOn === null) return 'expiry_missing';
  if (!isCalendarDay(expiresOn)) return 'expiry_impossible';
  if (expiresOn < today) return 'expired';
  return expiresOn > `${Number(today.slice(0, 4)) + MAX_VALID_YEARS}${today.slice(4)}`
    ? 'expiry_too_far'
    : null;
}

/** Whether the text is an ISO date that exists in the calendar. */
export function isCalendarDay(text: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return false;
  const date = new Date(`${text}T12:00:00Z`);
  return !Number.isNaN(date.getTime()) && date.toISOString().slice(0, 10) === text;
}

export const DEFAULT_KINDS: readonly IdentificationKind[] = [
  { code: 'passport', ...IDENTIFICATION_NAMES.passport, expires: true },
  { code: 'driving_licence', ...IDENTIFICATION_NAMES.drivingLicence, expires: true },
  { code: 'id_card', ...IDENTIFICATION_NAMES.idCard, expires: true },
  { code: 'residence_permit', ...IDENTIFICATION_NAMES.residencePermit, expires: true },
];
