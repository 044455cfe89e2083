/**
 * Parses the form that staff fill in at the counter. A value that cannot be read is reported next to its
 * field. A value that can be read but does not suffice is no form error: it is a reason to refuse the
 * application.
 */
import { DEFAULT_CARD_FORMAT, isCardFormat, type CardFormat } from '../card/cardFormat.ts';
import { toDanishDay, type Day } from '../calendar.ts';
import { parseEmail } from '../person/email.ts';
import { isBirthdate, type ReasonFault } from '../staff/desk.ts';
import type { PostalAddress } from '../letter.ts';
import { DEFAULT_LANGUAGE, isLanguage, type Language } from '../language/language.ts';
import { isReadable, readDay } from '../input/typedText.ts';
import { readAddress } from '../person/postalAddress.ts';
import { isPrintable } from '../person/printable.ts';
import { parseCpr } from '../person/cpr.ts';
import {
  checkIdentification,
  type Identification,
  type IdentificationFault,
  type IdentificationKind,
} from './identification.ts';
import { readNames } from '../person/names.ts';

/** The fields as typed; boxes are `yes` or empty. They are passed unchanged from page to page. */
export const DESK_FIELDS = [
  /** Why the applicant is looked up; validated by the desk, which asks for it. */
  'reason',
  'cpr',
  'noCpr',
  'birthdate',
  'givenName',
  'familyName',
  'idKind',
  'idNumber',
  'idExpires',
  'valid',
  'theirs',
  'language',
  'understands',
  'alone',
  'terms',
  'publicSites',
  'guardian',
  'cardFormat',
  'email',
  'street',
  'postcode',
  'city',
  'country',
  /** What the officer adds to a refusal, in their own words; validated by the desk. */
  'note',
] as const;
export type DeskField = (typeof DESK_FIELDS)[number];
export type DeskFormInput = Readonly<Record<DeskField, string>>;

export const BLANK_DESK_FORM: DeskFormInput = {
  ...(Object.fromEntries(DESK_FIELDS.map((name) => [name, ''])) as Record<DeskField, string>),
  language: DEFAULT_LANGUAGE,
};

/** The answer in place of a kind of identification: nothing valid was shown. */
export const EMPTY_IDENTIFICATION = 'none';

export interface DeskForm {
  readonly cpr: string | null;
  readonly givenName: string;
  readonly familyName: string;
  readonly birthdate: Day;
  readonly language: Language;
  readonly cardFormat: CardFormat;
  readonly email: string | null;
  /** The address that the applicant gave; the register's takes precedence. */
  readonly address: PostalAddress | null;
  /** Null unless a valid document was shown. */
  readonly identification: Identification | null;
  readonly theirs: boolean;
  readonly understands: boolean;
  readonly alone: boolean;
  readonly terms: boolean;
  readonly publicSites: boolean;
  readonly guardian: string | null;
}

export type DeskFault =
  | 'cpr_missing'
  | 'cpr_malformed'
  | 'cpr_impossible'
  | 'cpr_and_none'
  | 'birthdate_malformed'
  | 'name_missing'
  | 'name_malformed'
  | 'name_differs'
  | IdentificationFault
  | ReasonFault
  | 'note_long'
  | 'public_sites_missing'
  | 'language_missing'
  | 'email_malformed'
  | 'address_incomplete'
  | 'postcode_malformed'
  | 'unreadable'
  | 'not_printable'
  | 'country_unknown';

/** At most one for each field. */
export type DeskFaults = Readonly<Partial<Record<DeskField, DeskFault>>>;

const LETTER_FIELDS = ['givenName', 'familyName', 'street', 'city'] as const satisfies readonly DeskField[];
const FREE_TEXTS = ['guardian', 'street', 'postcode', 'city'] as const satisfies readonly DeskField[];

/**
 * Letters of any script and the characters that occur between them in names; no digits and no markup
 * characters.
 */
const NAME_FIELD = /^[\p{L}\p{M}][\p{L}\p{M}\p{Join_Control} '’.-]*$/u;

export function readDeskForm(
  typed: DeskFormInput,
  { kinds, now }: { kinds: readonly IdentificationKind[]; now: Date },
): { readonly form: DeskForm } | { readonly faults: DeskFaults } {
  const faults: Partial<Record<DeskField, DeskFault>> = {};
  const person = readPerson(typed, now, faults);
  const identification = readIdentification(typed, { kinds, now }, faults);
  const address = readDeskAddress(typed, faults);
  const email = parseEmail(typed.email);
  if (email === null && typed.email.trim() !== '') faults.email = 'email_malformed';
  // The other fields have separate rules, which no such character passes.
  for (const field of FREE_TEXTS) if (!isReadable(typed[field])) faults[field] ??= 'unreadable';
  for (const field of LETTER_FIELDS) if (!isPrintable(typed[field])) faults[field] ??= 'not_printable';
  if (typed.publicSites !== 'yes' && typed.publicSites !== 'no') faults.publicSites = 'public_sites_missing';
  if (!isLanguage(typed.language)) faults.language = 'language_missing';
  if (!person || Object.keys(faults).length > 0) return { faults };
  const isYes = (name: DeskField) => typed[name] === 'yes';
  return {
    form: {
      ...person,
      language: isLanguage(typed.language) ? typed.language : DEFAULT_LANGUAGE,
      cardFormat: isCardFormat(typed.cardFormat) ? typed.cardFormat : DEFAULT_CARD_FORMAT,
      email,
      address,
      identification,
      theirs: isYes('theirs'),
      understands: isYes('understands'),
      alone: isYes('alone'),
      terms: isYes('terms'),
      publicSites: isYes('publicSites'),
      guardian: normalizeFieldText(typed.guardian) || null,
    },
  };
}

type MutableDeskFaults = Partial<Record<DeskField, DeskFault>>;

function readPerson(typed: DeskFormInput, now: Date, faults: MutableDeskFaults) {
  const { givenName, familyName } = readNames(typed);
  for (const [field, name] of [
    ['givenName', givenName],
    ['familyName', familyName],
  ] as const) {
    // Said once, though both fields are empty.
    if (givenName === '' && familyName === '') faults.givenName = 'name_missing';
    else if (name !== '' && (name.length > 100 || !NAME_FIELD.test(name))) faults[field] = 'name_malformed';
  }
  const birthdate = typed.noCpr === 'yes' ? readBirthdate(typed, now, faults) : null;
  const cpr = typed.noCpr === 'yes' ? null : readCpr(typed.cpr, now, faults);
  if (typed.noCpr === 'yes' && typed.cpr.trim() !== '') faults.cpr = 'cpr_and_none';
  const knownBirthdate = cpr?.birthdate ?? birthdate;
  return knownBirthdate === null
    ? null
    : { cpr: cpr?.digits ?? null, givenName, familyName, birthdate: knownBirthdate };
}

function readCpr(typed: string, now: Date, faults: MutableDeskFaults) {
  if (typed.trim() === '') {
    faults.cpr = 'cpr_missing';
    return null;
  }
  const cpr = parseCpr(typed);
  if (cpr === 'malformed') faults.cpr = 'cpr_malformed';
  else if (cpr === 'impossible_date' || !isBirthdate(cpr.birthdate, now)) faults.cpr = 'cpr_impossible';
  else return cpr;
  return null;
}

function readBirthdate({ birthdate }: DeskFormInput, now: Date, faults: MutableDeskFaults): Day | null {
  const day = readDay(birthdate);
  if (day !== null && isBirthdate(day, now)) return day;
  faults.birthdate = 'birthdate_malformed';
  return null;
}

function readIdentification(
  typed: DeskFormInput,
  { kinds, now }: { kinds: readonly IdentificationKind[]; now: Date },
  faults: MutableDeskFaults,
): Identification | null {
  if (typed.idKind === EMPTY_IDENTIFICATION) return null;
  const { identification, fault } = readIdentificationFields(typed, { kinds, now });
  if (typed.valid !== 'yes') {
    // The number of an invalid document need not be legible; only its kind is required.
    if (fault?.fault === 'kind_unknown') faults.idKind = 'kind_unknown';
    return null;
  }
  if (fault) faults[fault.field] = fault.fault;
  return fault ? null : identification;
}

type IdentificationField = 'idKind' | 'idNumber' | 'idExpires';

/** The document that was shown, and its fault or null. */
export function readIdentificationFields(
  typed: Readonly<Record<IdentificationField, string>>,
  { kinds, now }: { kinds: readonly IdentificationKind[]; now: Date },
): {
  readonly identification: Identification;
  readonly fault: { readonly field: IdentificationField; readonly fault: IdentificationFault } | null;
} {
  const expires = kinds.find(({ code }) => code === typed.idKind)?.expires ?? false;
  const hasExpiry = expires && typed.idExpires.trim() !== '';
  const day = hasExpiry ? (readDay(typed.idExpires) ?? typed.idExpires) : null;
  const identification = { kind: typed.idKind, number: normalizeFieldText(typed.idNumber), expiresOn: day };
  const fault = checkIdentification(identification, kinds, toDanishDay(now));
  return { identification, fault: fault && { field: FIELD_OF_FAULT[fault], fault } };
}

const FIELD_OF_FAULT: Readonly<Record<IdentificationFault, IdentificationField>> = {
  kind_unknown: 'idKind',
  number_missing: 'idNumber',
  expiry_missing: 'idExpires',
  expiry_impossible: 'idExpires',
  expired: 'idExpires',
  expiry_too_far: 'idExpires',
};

function readDeskAddress(typed: DeskFormInput, faults: MutableDeskFaults): PostalAddress | null {
  const input = {
    street: normalizeFieldText(typed.street),
    postcode: normalizeFieldText(typed.postcode),
    city: normalizeFieldText(typed.city),
    country: normalizeFieldText(typed.country),
  };
  const address = readAddress(input);
  if (address === 'bad_postcode') faults.postcode = 'postcode_malformed';
  else if (address === 'unknown_country') faults.country = 'country_unknown';
  else if (address === 'incomplete' || (address === null && input.country !== '')) {
    const field = (['street', 'city', 'postcode'] as const).find((name) => input[name] === '') ?? 'street';
    faults[field] = 'address_incomplete';
  } else return address;
  return null;
}

export function normalizeFieldText(text: string): string {
  return text.normalize('NFC').trim().replace(/\s+/g, ' ');
}
