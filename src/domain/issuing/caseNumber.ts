/**
 * What a case or an order is called on paper and by telephone: eight signs, written `K7MP-3QXD`. No two signs
 * look alike, and there are no vowels, so that no number is a word.
 */
import type { Random } from '../random.ts';

const SIGNS = '3479CDFGHJKMNPQRTVWX';
const LENGTH = 8;

/** One of 25 thousand million. The database keeps it unique; the number of a case is no secret. */
export function drawCaseNumber(random: Pick<Random, 'below'>): string {
  return Array.from({ length: LENGTH }, () => SIGNS.charAt(random.below(SIGNS.length))).join('');
}

/** The number that follows from a hash of at least 32 bytes, the same for the same hash. */
export function deriveCaseNumber(hash: Buffer): string {
  let rest = BigInt(`0x${hash.toString('hex')}`);
  return drawCaseNumber({
    below: (limit) => {
      const sign = Number(rest % BigInt(limit));
      rest /= BigInt(limit);
      return sign;
    },
  });
}

/** The form in which people read it; cases from before case numbers are called by their id. */
export function writeCaseNumber({ id, caseNumber }: { id: string; caseNumber: string | null }): string {
  return caseNumber === null ? id : writeNumber(caseNumber);
}

export function writeNumber(number: string): string {
  return `${number.slice(0, LENGTH / 2)}-${number.slice(LENGTH / 2)}`;
}

export type CaseReference =
  | { readonly kind: 'number'; readonly number: string }
  /** A case from before case numbers. */
  | { readonly kind: 'id'; readonly id: string };

/** Reads what was typed, in any case, with any spaces and hyphens; null for what is no number of a case. */
export function parseCaseReference(typed: string): CaseReference | null {
  const text = typed.normalize('NFKC').trim();
  if (/^[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}$/i.test(text))
    return { kind: 'id', id: text.toLowerCase() };
  const number = text.toUpperCase().replaceAll(/[\s\p{Pd}.]/gu, '');
  const isNumber = number.length === LENGTH && [...number].every((sign) => SIGNS.includes(sign));
  return isNumber ? { kind: 'number', number } : null;
}
