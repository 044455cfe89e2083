/**
 * What goes by post. A letter says no more than it needs: the ID number stands only in the welcome letter, a
 * temporary password stands alone, and no letter has both a card and a password.
 */
import type { Day } from './calendar.ts';
import type { Language } from './person.ts';

export type LetterKind = 'welcome' | 'card' | 'password' | 'notice';

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

/** The card number as it is shown, `A123-456-789`. */
export type LetterContent =
  | {
      readonly kind: 'welcome';
      readonly to: Addressee;
      readonly idNumber: string;
      readonly cardNumber: string;
      readonly keys: PrintedKeys;
    }
  | {
      readonly kind: 'card';
      readonly to: Addressee;
      readonly cardNumber: string;
      readonly keys: PrintedKeys;
    }
  | { readonly kind: 'password'; readonly to: Addressee; readonly temporaryPassword: string }
  | { readonly kind: 'notice'; readonly to: Addressee; readonly subject: string; readonly text: string };

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
export function retryAfterMs(tries: number): number {
  return Math.min(2 ** tries, 3_600) * 1_000;
}

/**
 * What may not leave on one day with the other: whoever steals from a letter box must not find both. (27,000 Danes
 * once had to be revoked for that.) Null for what may leave on any day.
 */
export function secretIn(kind: LetterKind): 'card' | 'password' | null {
  switch (kind) {
    case 'welcome':
    case 'card':
      return 'card';
    case 'password':
      return 'password';
    case 'notice':
      return null;
  }
}
