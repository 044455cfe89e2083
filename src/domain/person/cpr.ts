/**
 * The Danish personal number (CPR number), DDMMYY-SSSS. Digit 7 and the year give the century. Numbers since
 * 2007 may fail the old modulus 11 check and are valid. Test persons have 60 added to the day, as the CPR
 * office marks them.
 */
import type { Day } from '../calendar.ts';
import { dropGrouping } from '../input/typedText.ts';

export interface Cpr {
  /** Ten digits. */
  readonly digits: string;
  readonly birthdate: Day;
}

export type CprFormatFault = 'malformed' | 'impossible_date';

/** Parses a number as typed or as registered: grouped or not, in the digits of any script. */
export function parseCpr(typed: string): Cpr | CprFormatFault {
  const digits = dropGrouping(typed);
  if (!/^[0-9]{10}$/.test(digits)) return 'malformed';
  const dayField = Number(digits.slice(0, 2));
  const day = dayField > 60 ? dayField - 60 : dayField;
  const month = Number(digits.slice(2, 4));
  const year = readCentury(digits) + Number(digits.slice(4, 6));
  const date = new Date(Date.UTC(year, month - 1, day));
  const isReal = day > 0 && date.getUTCMonth() === month - 1 && date.getUTCDate() === day;
  return isReal ? { digits, birthdate: date.toISOString().slice(0, 10) } : 'impossible_date';
}

/** The table of the CPR office: digit 7 and the year of birth give the century. */
function readCentury(digits: string): number {
  const seventh = Number(digits[6]);
  const year = Number(digits.slice(4, 6));
  if (seventh <= 3) return 1900;
  if (seventh === 4 || seventh === 9) return year <= 36 ? 2000 : 1900;
  return year <= 57 ? 2000 : 1800;
}

/** `DDMMYY-SSSS`. */
export function formatCpr(digits: string): string {
  return `${digits.slice(0, 6)}-${digits.slice(6)}`;
}
