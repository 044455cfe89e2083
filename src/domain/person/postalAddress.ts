/**
 * Postal addresses. An address names its country unless that is Denmark; rows of earlier versions name none.
 * The Faroe Islands and Greenland write addresses as Denmark does, and most files and people name no country
 * for them.
 */
import { findCountry, writeCountry, writeCountryOnLetter } from './countries.ts';
import { foldSignVariants } from '../input/typedText.ts';
import type { PostalAddress } from '../letter.ts';
import type { Language } from './person.ts';

export type AddressFault = 'incomplete' | 'bad_postcode' | 'unknown_country';

export interface WrittenAddress {
  readonly street: string;
  readonly postcode: string;
  readonly city: string;
  readonly country: string;
}

/**
 * The three-digit postcodes of the Faroe Islands. Four digits with a leading zero are Danish, and
 * spreadsheets drop the zero.
 */
const FAROESE_POSTCODES = new Set(
  (
    '100 110 160 165 175 176 177 178 180 185 186 187 188 210 215 220 230 235 236 240 255 260 270 280 285 286 330 335 336 ' +
    '340 350 355 358 360 370 375 380 385 386 387 388 400 405 410 415 416 420 430 435 436 437 438 440 445 450 460 465 466 ' +
    '470 475 476 477 478 480 485 490 494 495 496 497 510 511 512 513 515 520 530 535 600 610 620 625 626 627 640 645 650 ' +
    '655 656 660 665 666 690 695 700 710 725 726 727 730 735 736 737 740 750 765 766 767 780 785 795 796 797 798 800 810 ' +
    '825 826 827 850 860 870 900 910 920 925 926 927 928 950 960 970'
  ).split(' '),
);
const DANISH_WITH_ZERO = new Set(
  '555 783 800 877 892 893 894 897 899 900 910 913 914 917 918 919 929 960 962 963 999'.split(' '),
);
/** Towns of the postcodes that exist in both. */
const FAROESE_TOWNS = /^(tv.r.yri|v.gur|v.gi|hov)$/iu;

/** Countries whose postcode follows the town, and those whose postcode is on a separate line. */
const POSTCODE_AFTER_TOWN = new Set(['AU', 'CA', 'IN', 'NZ', 'PK', 'TH', 'TW', 'US', 'ZA']);
const POSTCODE_ON_OWN_LINE = new Set(['GB', 'GG', 'GI', 'IE', 'IM', 'JE']);

/** Parses an address whose parts are trimmed. Returns null when at most the country is given. */
export function readAddress(input: WrittenAddress): PostalAddress | AddressFault | null {
  const { street, city } = input;
  const postcode = foldSignVariants(input.postcode).toUpperCase();
  if (street === '' && postcode === '' && city === '') return null;
  const code = input.country === '' ? readCountryPrefix(postcode) : findCountry(input.country);
  if (input.country !== '' && !code) return 'unknown_country';
  const isAbroad = code !== null && !['DK', 'FO', 'GL'].includes(code);
  if (street === '' || city === '' || (postcode === '' && !isAbroad)) return 'incomplete';
  if (!isAbroad) return readWithinRealm({ street, postcode, city }, code);
  if (postcode !== '' && !/^[A-Z0-9][A-Z0-9 -]{1,11}$/.test(postcode)) return 'bad_postcode';
  return { street, postcode, city, country: code };
}

/** `SE-123 45`: the country code is a prefix of the postcode. */
function readCountryPrefix(postcode: string): string | null {
  const [, prefix] = /^([A-Z]{2})-/.exec(postcode) ?? [];
  return prefix === undefined ? null : findCountry(prefix);
}

function readWithinRealm(
  { street, postcode, city }: { street: string; postcode: string; city: string },
  named: string | null,
): PostalAddress | AddressFault {
  const [, prefix, digits = ''] =
    /^(?:(DK|FO|GL)[- ]?)?(\d{3,4})$/.exec(postcode.replace(/(\d) (?=\d)/g, '$1')) ?? [];
  const country = prefix === 'FO' || prefix === 'GL' ? prefix : (named ?? prefix ?? null);
  if (digits.length === 4) {
    const isGreenland = digits.startsWith('39');
    if (country === 'FO' || (country === 'GL' && !isGreenland)) return 'bad_postcode';
    return { street, postcode: digits, city, ...(isGreenland ? { country: 'GL' } : {}) };
  }
  if (digits === '' || country === 'GL') return 'bad_postcode';
  const isDanish = country !== 'FO' && DANISH_WITH_ZERO.has(digits);
  const isFaroese = country === 'FO' || (country === null && FAROESE_POSTCODES.has(digits));
  if (isFaroese && !(isDanish && !FAROESE_TOWNS.test(city)))
    return { street, postcode: digits, city, country: 'FO' };
  return isDanish ? { street, postcode: `0${digits}`, city } : 'bad_postcode';
}

/** The ISO 3166-1 code. */
export function readCountryCode({ postcode, country }: PostalAddress): string {
  return country ?? (/^39\d\d$/.test(postcode) ? 'GL' : 'DK');
}

function composeTownLines(address: PostalAddress): string[] {
  const { postcode, city } = address;
  const country = readCountryCode(address);
  if (postcode === '') return [city];
  if (country === 'FO') return [`FO-${postcode} ${city}`];
  if (POSTCODE_ON_OWN_LINE.has(country)) return [city, postcode];
  return [POSTCODE_AFTER_TOWN.has(country) ? `${city} ${postcode}` : `${postcode} ${city}`];
}

/**
 * The lines below the name on a letter. The country is the last line, in capitals and in English: sorting
 * offices abroad read it on the way (Universal Postal Union, S42). Post within the realm is sorted by people
 * who read Danish.
 */
export function composePostalLines(address: PostalAddress): string[] {
  const country = readCountryCode(address);
  const lines = [address.street, ...composeTownLines(address)];
  if (country === 'DK') return lines;
  const isRealm = country === 'FO' || country === 'GL';
  const name = isRealm ? writeCountry(country, 'da') : writeCountryOnLetter(country);
  return [...lines, name.toLocaleUpperCase('da')];
}

/** The address on one line, for pages. */
export function writeAddress(address: PostalAddress, language: Language): string {
  const country = readCountryCode(address);
  const lines = [address.street, composeTownLines(address).join(' ')];
  return [...lines, ...(country === 'DK' ? [] : [writeCountry(country, language)])].join(', ');
}
