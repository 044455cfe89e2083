/** The file of code tokens as their maker sends it: its columns, and what a row may hold. */
import { Secret } from 'otpauth';
import {
  CODE_DIGITS,
  CODE_TOKEN_KINDS,
  PERIOD_RANGE,
  SEED_RANGE,
  type CodeAlgorithm,
  type CodeTokenAlgorithm,
  type CodeTokenKind,
} from '../../domain/factors/codeToken.ts';

const NEEDED_COLUMNS = ['serial', 'kind', 'seed', 'digits'] as const;
const OPTIONAL_COLUMNS = ['period', 'algorithm', 'counter'] as const;
export type TokenColumn = (typeof NEEDED_COLUMNS)[number] | (typeof OPTIONAL_COLUMNS)[number];

/** @returns the columns in the order of the file, or what is wrong with the header */
export function readTokenHeader(
  fields: readonly string[],
): readonly TokenColumn[] | { readonly fault: string } {
  const names = fields.map((field) => field.trim().toLowerCase());
  const known: readonly string[] = [...NEEDED_COLUMNS, ...OPTIONAL_COLUMNS];
  const missing = NEEDED_COLUMNS.filter((column) => !names.includes(column));
  const places = names.map((name, at) => ({ name, at: at + 1 }));
  const unknown = places.filter(({ name }) => !known.includes(name)).map(({ at }) => at);
  const twice = places.filter(({ name, at }) => names.indexOf(name) !== at - 1).map(({ at }) => at);
  const faults = [
    ...(missing.length > 0 ? [`it lacks ${missing.join(', ')}`] : []),
    // Not by name: a file without a header has a seed there.
    ...(unknown.length > 0 ? [`nothing is known of column ${unknown.join(', ')}`] : []),
    ...(twice.length > 0 ? [`column ${twice.join(', ')} is there already`] : []),
  ];
  if (faults.length === 0) return names as TokenColumn[];
  const all = [...NEEDED_COLUMNS, ...OPTIONAL_COLUMNS.map((column) => `[${column}]`)];
  return { fault: `${faults.join('; ')}. Its columns are ${all.join(',')}` };
}

export type TokenRowFault =
  | 'field_count'
  | 'bad_serial'
  | 'bad_kind'
  | 'bad_seed'
  | 'short_seed'
  | 'long_seed'
  | 'bad_digits'
  | 'bad_period'
  | 'bad_algorithm'
  | 'bad_counter';

export interface TokenRow extends CodeAlgorithm {
  readonly serialNumber: string;
  readonly seed: Buffer;
  /** -1 before the first code of a counter that begins with 0. */
  readonly lastStep: number;
}

export const SERIAL_NUMBER = /^[A-Z0-9][A-Z0-9-]{3,31}$/;
const DEFAULT_PERIOD_SECONDS = '30';
const ALGORITHMS: Readonly<Record<string, CodeTokenAlgorithm>> = {
  '': 'SHA-1',
  sha1: 'SHA-1',
  sha256: 'SHA-256',
};

/** @returns every fault of the row, when it has one */
export function readTokenRow(
  columns: readonly TokenColumn[],
  fields: readonly string[],
): TokenRow | readonly TokenRowFault[] {
  if (fields.length !== columns.length) return ['field_count'];
  const read = (column: TokenColumn) => fields[columns.indexOf(column)]?.trim() ?? '';
  const serialNumber = read('serial').toUpperCase();
  const kind = CODE_TOKEN_KINDS.find((one) => one === read('kind').toLowerCase());
  const seed = readSeed(read('seed'));
  const digits = CODE_DIGITS.find((one) => String(one) === read('digits'));
  const algorithm = ALGORITHMS[read('algorithm').toLowerCase().replace('-', '')];
  const period = kind && readPeriod(kind, read('period'));
  const lastStep = kind && readLastStep(kind, read('counter'));
  const faults: TokenRowFault[] = [
    ...(SERIAL_NUMBER.test(serialNumber) ? [] : ['bad_serial' as const]),
    ...(kind ? [] : ['bad_kind' as const]),
    ...(typeof seed === 'string' ? [seed] : []),
    ...(digits ? [] : ['bad_digits' as const]),
    ...(algorithm ? [] : ['bad_algorithm' as const]),
    // Without a kind neither can be judged.
    ...(period === 'bad_period' ? [period] : []),
    ...(lastStep === 'bad_counter' ? [lastStep] : []),
  ];
  const isRead = kind && digits && algorithm && typeof seed !== 'string';
  if (!isRead || typeof period === 'string' || typeof lastStep !== 'number' || faults.length > 0)
    return faults;
  return { serialNumber, kind, seed, digits, algorithm, periodSeconds: period ?? null, lastStep };
}

/** Null for HOTP, which has none. */
function readPeriod(kind: CodeTokenKind, text: string): number | null | 'bad_period' {
  const seconds = readWhole(text || (kind === 'totp' ? DEFAULT_PERIOD_SECONDS : '0'));
  if (kind === 'hotp') return seconds === 0 ? null : 'bad_period';
  return seconds === null || seconds < PERIOD_RANGE.least || seconds > PERIOD_RANGE.most
    ? 'bad_period'
    : seconds;
}

function readLastStep(kind: CodeTokenKind, text: string): number | 'bad_counter' {
  const counter = readWhole(text || '0');
  if (kind === 'totp') return counter === 0 ? -1 : 'bad_counter';
  return counter === null ? 'bad_counter' : counter - 1;
}

/**
 * A seed of nothing but the digits and the letters a to f is hexadecimal; any other is in base32 (RFC 4648).
 */
function readSeed(text: string): Buffer | TokenRowFault {
  const compact = text.replaceAll(/[ -]/g, '').replace(/=+$/, '');
  const seed = decodeSeed(compact);
  if (!seed) return 'bad_seed';
  if (seed.length < SEED_RANGE.least) return 'short_seed';
  return seed.length > SEED_RANGE.most ? 'long_seed' : seed;
}

/** The lengths of a last group in base32 that no bytes are written as. */
const NO_LAST_GROUP: readonly number[] = [1, 3, 6];

function decodeSeed(text: string): Buffer | null {
  if (/^[0-9a-f]+$/i.test(text)) return text.length % 2 === 0 ? Buffer.from(text, 'hex') : null;
  if (!/^[a-z2-7]+$/i.test(text) || NO_LAST_GROUP.includes(text.length % 8)) return null;
  return Buffer.from(Secret.fromBase32(text).bytes);
}

/** @returns null for anything but a whole number of at most nine digits */
function readWhole(text: string): number | null {
  return /^[0-9]{1,9}$/.test(text) ? Number(text) : null;
}
