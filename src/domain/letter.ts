/**
 * What goes by post. A letter says no more than it needs: the ID number stands only in the welcome letter, a
 * temporary password stands alone, and no letter has both a card and a password.
 */
import type { Day } from './calendar.ts';
import type { Language } from './person/person.ts';

export interface PostalAddress {
  readonly street: string;
  /** Empty in a country that has none. */
  readonly postcode: string;
  readonly city: string;
  /** ISO 3166-1; left out where it is Denmark. */
  readonly country?: string;
}

export interface Addressee extends PostalAddress {
  readonly name: string;
}

/** Key number -> key, in no order: whoever prints them sorts by key number. */
export type PrintedKeys = Readonly<Record<string, string>>;

/**
 * What each kind of letter says, beside whom it is to. The card number as it is shown, `A123-456-789`. One
 * more kind here, and the compiler names what it needs: a secret or none, content at sending, a page, words
 * in each language.
 */
interface LetterDetails {
  welcome: { readonly idNumber: string; readonly cardNumber: string; readonly keys: PrintedKeys };
  card: { readonly cardNumber: string; readonly keys: PrintedKeys };
  password: { readonly temporaryPassword: string };
  notice: { readonly subject: string; readonly text: string };
}

export type LetterKind = keyof LetterDetails;

export type ContentOf<Kind extends LetterKind> = LetterDetails[Kind];

export type LetterContent = {
  [Kind in LetterKind]: { readonly kind: Kind; readonly to: Addressee } & LetterDetails[Kind];
}[LetterKind];

/** A letter as it is printed. */
export interface Letter {
  readonly id: string;
  readonly content: LetterContent;
  readonly language: Language;
  /** The card on A4 in large letters instead of the small card. */
  readonly largePrint: boolean;
  /** The business day on which it leaves. */
  readonly postOn: Day;
  /** What is printed together: `2026-11-24-09`, the day it leaves and the hour in which it was handed over. */
  readonly batch: string;
  /** The last day on which a temporary password opens anything; null for other letters. */
  readonly usableUntil: Day | null;
}

/** How long to wait after the `tries`th failure to send something: twice as long each time, an hour at most. */
export function letterRetryDelayMs(tries: number): number {
  return Math.min(2 ** tries, 3_600) * 1_000;
}

interface LetterTraits {
  /**
   * What a row of this kind is about; the table `letters` refuses one without it, and one with something
   * else.
   */
  readonly about: 'card' | 'password' | 'notice';
  /**
   * What may not leave on one day with the other: a person who steals from a letter box must not find both.
   * (27,000 Danes once had to be revoked for that.) Null for what may leave on any day.
   */
  readonly secret: 'card' | 'password' | null;
}

export const LETTERS: Readonly<Record<LetterKind, LetterTraits>> = {
  welcome: { about: 'card', secret: 'card' },
  card: { about: 'card', secret: 'card' },
  password: { about: 'password', secret: 'password' },
  notice: { about: 'notice', secret: null },
};

export const LETTER_KINDS = Object.keys(LETTERS) as LetterKind[];
