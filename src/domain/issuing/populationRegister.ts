/**
 * The population register: a port that is asked for one CPR number, and the rows of the file from which the
 * default implementation is loaded. Rows are validated here; platform/csvRows.ts parses the file.
 */
import type { Day } from '../calendar.ts';
import { parseEmail } from '../person/email.ts';
import type { PostalAddress } from '../letter.ts';
import { readCountryCode, readAddress, type AddressFault } from '../person/postalAddress.ts';
import { isPrintable } from '../person/printable.ts';
import { parseCpr } from '../person/cpr.ts';
import { fullName, pickNames, type Names } from '../person/person.ts';
import { readFullName, readNames } from '../person/names.ts';
import { dropMissingNameMarkers } from '../person/nameSpelling.ts';

export type PopulationRegisterStatus = 'active' | 'dead' | 'emigrated';

export interface PopulationRegisterEntry extends Names {
  /** Ten digits. */
  readonly cpr: string;
  readonly birthdate: Day;
  readonly status: PopulationRegisterStatus;
  /** Null when the register has no address. */
  readonly address: PostalAddress | null;
  readonly addressProtected: boolean;
  readonly passport: string | null;
  readonly drivingLicence: string | null;
  readonly email: string | null;
  /** Former numbers that this one replaced, in ten digits; absent when the row names none. */
  readonly formerCprs?: readonly string[];
}

/** What a changed row means for the person; `active` is a return from `dead` or `emigrated`. */
export type PopulationRegisterChange = PopulationRegisterStatus | 'name' | 'address' | 'address_protected';

export interface PopulationRegister {
  /** @param cpr ten digits */
  find(cpr: string): Promise<PopulationRegisterEntry | null>;
}

export const REGISTER_COLUMNS = [
  'cpr',
  'name',
  'address',
  'postcode',
  'city',
  'passport',
  'driving_licence',
  'email',
  'protected',
  'status',
] as const;
/** Files without these columns are still accepted. */
const OPTIONAL_COLUMNS = ['former_cpr', 'given_names', 'family_name', 'country'] as const;
type RegisterColumn = (typeof REGISTER_COLUMNS)[number] | (typeof OPTIONAL_COLUMNS)[number];

export type RowFault =
  | 'bad_cpr'
  | 'short_cpr'
  | 'bad_former_cpr'
  | 'no_name'
  | 'unknown_status'
  | 'bad_postcode'
  | 'bad_country'
  | 'address_incomplete'
  | 'bad_protected'
  | 'bad_characters'
  | 'not_printable'
  | 'mangled'
  | 'field_count'
  | 'bad_quoting'
  | 'not_utf8'
  | 'too_long'
  | 'cpr_twice';

/**
 * Reads the columns in the order of the file. A fault names columns only by position: the first line of a
 * file without a header is a person's data.
 */
export function readRegisterHeader(
  fields: readonly string[],
): { columns: readonly RegisterColumn[] } | { fault: string } {
  const headers = fields.map((field) => field.trim().toLowerCase());
  // Trailing commas: a spreadsheet keeps columns that were emptied.
  const names = headers.slice(0, headers.findLastIndex((name) => name !== '') + 1);
  const hasNameParts = names.includes('given_names') && names.includes('family_name');
  const needed = REGISTER_COLUMNS.filter((column) => column !== 'name' || !hasNameParts);
  const missing = needed.filter((column) => !names.includes(column));
  const places = names.map((name, at) => ({ name, at: at + 1 }));
  const known: readonly string[] = [...REGISTER_COLUMNS, ...OPTIONAL_COLUMNS];
  const unknown = places.filter(({ name }) => !known.includes(name));
  const twice = places.filter(
    ({ name, at }) => names.indexOf(name) !== at - 1 && !unknown.some((one) => one.at === at),
  );
  const listPositions = (columns: typeof places) => columns.map(({ at }) => at).join(', ');
  const faults = [
    ...(missing.length > 0 ? [`it lacks ${missing.join(', ')}`] : []),
    ...(unknown.length > 0 ? [`nothing is known of column ${listPositions(unknown)}`] : []),
    ...(twice.length > 0 ? [`column ${listPositions(twice)} is there already`] : []),
  ];
  if (faults.length === 0) return { columns: names as RegisterColumn[] };
  const [only = ''] = names;
  const between = only.includes(';') ? 'semicolons' : only.includes('\t') ? 'tabs' : null;
  if (names.length === 1 && between) {
    faults.unshift(`it has ${between} between its columns, and the line below it has not`);
  }
  return {
    fault: `${faults.join('; ')}. Its columns are ${REGISTER_COLUMNS.join(',')}, with commas between them`,
  };
}

/** An empty value means not protected. */
const PROTECTION_VALUES: Readonly<Record<string, boolean>> = {
  yes: true,
  true: true,
  '1': true,
  no: false,
  false: false,
  '0': false,
  '': false,
};
const STATUSES: readonly string[] = ['active', 'dead', 'emigrated'] satisfies PopulationRegisterStatus[];
const MAX_FIELD_LENGTH = 200;
const ADDRESS_FAULTS: Readonly<Record<AddressFault, RowFault>> = {
  incomplete: 'address_incomplete',
  bad_postcode: 'bad_postcode',
  unknown_country: 'bad_country',
};

export function readRegisterRow(
  columns: readonly RegisterColumn[],
  cells: readonly string[],
): PopulationRegisterEntry | RowFault {
  const fields = cells.slice(0, columns.length);
  const surplus = cells.slice(columns.length);
  if (fields.length !== columns.length || surplus.some((field) => field.trim() !== '')) return 'field_count';
  if (fields.some(isTextMangled)) return 'mangled';
  // Neither PostgreSQL nor an address page accepts control characters.
  if (fields.some((field) => /\p{Cc}/u.test(field.replaceAll('\t', ' ')))) return 'bad_characters';
  if (fields.some((field) => field.length > MAX_FIELD_LENGTH)) return 'too_long';
  const field = (column: RegisterColumn) => normalizeRegisterText(fields[columns.indexOf(column)] ?? '');
  const cpr = parseCpr(field('cpr'));
  if (typeof cpr === 'string') return isCprShortened(field('cpr')) ? 'short_cpr' : 'bad_cpr';
  if (TEXT_COLUMNS.some((column) => MARKED_NAME.test(field(column)))) return 'mangled';
  const formerCprs = readFormerNumbers(field('former_cpr'), cpr.digits);
  if (!formerCprs) return 'bad_former_cpr';
  const names = readNameColumns(field);
  if (!/\p{L}/u.test(fullName(names))) return 'no_name';
  const status = field('status').toLowerCase();
  if (!STATUSES.includes(status)) return 'unknown_status';
  const addressProtected = PROTECTION_VALUES[field('protected').toLowerCase()];
  if (addressProtected === undefined) return 'bad_protected';
  const [street, postcode, city] = [field('address'), field('postcode'), field('city')];
  const address = readAddress({ street, postcode, city, country: field('country') });
  if (typeof address === 'string') return ADDRESS_FAULTS[address];
  // Nothing is sent to the dead, and a death counts even if the name cannot be printed.
  if (status !== 'dead' && ![fullName(names), street, city].every(isPrintable)) return 'not_printable';
  return {
    cpr: cpr.digits,
    ...names,
    birthdate: cpr.birthdate,
    status: status as PopulationRegisterStatus,
    address,
    addressProtected,
    passport: field('passport') || null,
    drivingLicence: field('driving_licence') || null,
    email: parseEmail(field('email')),
    ...(formerCprs.length > 0 ? { formerCprs } : {}),
  };
}

/**
 * Whether a spreadsheet took the number for a numeric value: its leading zero is missing, or it is in
 * scientific notation. Such a number is reported and never repaired: when another digit is missing, a zero in
 * front would make it another person's number.
 */
function isCprShortened(cpr: string): boolean {
  return /^\d{5}-?\d{4}$/.test(cpr) || /^\d([.,]\d+)?E\+?\d+$/i.test(cpr);
}

/**
 * Characters that follow when UTF-8 was misread as Windows-1252 or Latin-1 and saved: each non-ASCII letter
 * became two.
 */
const SECOND_COLUMN =
  '\\u0080-\\u009F\\u00A1-\\u00BF\\u0152\\u0153\\u0160\\u0161\\u0178\\u017D\\u017E\\u0192\\u201A\\u201E\\u2020-\\u2022\\u2026\\u2030\\u2039' +
  '\\u203A\\u20AC\\u2122';
/**
 * After Å and Ä, which are letters of Danish names, quotes, dashes and spaces do not count: they may occur
 * there.
 */
const MISREAD_CHARACTERS = new RegExp(
  `[ÂÃ][\\u00A0\\u02C6\\u02DC\\u2013-\\u201D${SECOND_COLUMN}]|[ÄÅ][${SECOND_COLUMN}]`,
);

function isTextMangled(field: string): boolean {
  return MISREAD_CHARACTERS.test(field) || field.includes('\uFFFD');
}

/** A question mark in place of a letter that an encoding does not have, or the letter in UTF-7. */
const MARKED_NAME = /\p{L}[?¿¡]\p{L}|\+A[A-P][A-Za-z0-9+/]+-/u;
const TEXT_COLUMNS = ['name', 'given_names', 'family_name', 'address', 'city'] as const;

/** The separate name columns; when they are empty, the full name split as far as that is certain. */
function readNameColumns(field: (column: RegisterColumn) => string): Names {
  const parts = readNames({ givenName: field('given_names'), familyName: field('family_name') });
  return fullName(parts) === '' ? readFullName(field('name')) : parts;
}

/** Cleans an entry that an earlier version stored: the text "no surname" is not part of the name. */
export function cleanRegisterName(entry: PopulationRegisterEntry): PopulationRegisterEntry {
  const whole = fullName(entry);
  if (dropMissingNameMarkers(whole).missingPart === null) return entry;
  return { ...entry, ...readFullName(whole) };
}

export function hasSameNameParts(one: Names, other: Names): boolean {
  return JSON.stringify(pickNames(one)) === JSON.stringify(pickNames(other));
}

/** Reads former numbers, separated by semicolons. Null when one is invalid or equals the row's own number. */
function readFormerNumbers(field: string, cpr: string): string[] | null {
  const parts = field.split(';').filter((part) => part.trim() !== '');
  const numbers = parts.map((part) => parseCpr(part));
  const digits = numbers.flatMap((number) => (typeof number === 'string' ? [] : [number.digits]));
  return digits.length === parts.length && !digits.includes(cpr) ? [...new Set(digits)] : null;
}

/**
 * Whether two addresses are the same place: a difference only in case, commas or full stops means that no one
 * moved.
 */
export function isSamePlace(one: PostalAddress, other: PostalAddress): boolean {
  const fold = (address: PostalAddress) =>
    `${readCountryCode(address)} ${address.postcode} ${address.street
      .normalize('NFC')
      .toLowerCase()
      .replace(/[^\p{L}\p{N}]+/gu, ' ')
      .trim()}`;
  return fold(one) === fold(other);
}

/** Whether two addresses are the same letter by letter. As long as they are, the person is not notified. */
export function isSameAddress(one: PostalAddress, other: PostalAddress): boolean {
  const isSameTown = one.postcode === other.postcode && one.city === other.city;
  return one.street === other.street && isSameTown && readCountryCode(one) === readCountryCode(other);
}

function normalizeRegisterText(text: string): string {
  return text.normalize('NFC').trim().replace(/\s+/g, ' ');
}
