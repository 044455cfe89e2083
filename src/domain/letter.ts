/**
 * Letters. A letter contains no more than it needs: the ID number is only in the welcome letter, a temporary
 * password is alone in its letter, and no letter has both a card and a password.
 */
import type { Day } from './calendar.ts';
import type { CardFormat } from './card/cardFormat.ts';
import type { Language } from './person/person.ts';

export interface PostalAddress {
  readonly street: string;
  /** Empty in a country without postcodes. */
  readonly postcode: string;
  readonly city: string;
  /** ISO 3166-1 alpha-2; absent for Denmark. */
  readonly country?: string;
}

export interface Addressee extends PostalAddress {
  readonly name: string;
}

/** Key number -> key, unordered: the printing code sorts by key number. */
export type PrintedKeys = Readonly<Record<string, string>>;

/**
 * The content of each kind of letter, in addition to the addressee. The card number is in display form,
 * `A123-456-789`. When a kind is added here, the compiler lists what it needs: whether it has a secret, its
 * content at sending, a page, and words in each language.
 */
interface LetterDetails {
  welcome: { readonly idNumber: string; readonly cardNumber: string; readonly keys: PrintedKeys };
  card: { readonly cardNumber: string; readonly keys: PrintedKeys };
  /** The device with this number is enclosed. */
  token: { readonly serialNumber: string };
  password: { readonly temporaryPassword: string };
  notice: { readonly subject: string; readonly text: string };
}

export type LetterKind = keyof LetterDetails;

export type ContentOf<Kind extends LetterKind> = LetterDetails[Kind];

export type LetterContent = {
  [Kind in LetterKind]: { readonly kind: Kind; readonly to: Addressee } & LetterDetails[Kind];
}[LetterKind];

/** A letter that is ready to print. */
export interface Letter {
  readonly id: string;
  readonly content: LetterContent;
  readonly language: Language;
  /** The format of the card in it, and of what is written to this person. */
  readonly format: CardFormat;
  /** The business day on which it is posted. */
  readonly postOn: Day;
  /** Letters that are printed together: `2026-11-24-09`, the posting day and the hour of the hand-over. */
  readonly batch: string;
  /** The last day on which a temporary password is valid; null for other letters. */
  readonly usableUntil: Day | null;
}

/** Delay in milliseconds after the `tries`th failure to send: doubles each time, at most an hour. */
export function letterRetryDelayMs(tries: number): number {
  return Math.min(2 ** tries, 3_600) * 1_000;
}

interface LetterTraits {
  /**
   * What a row of this kind refers to. The table `letters` rejects a row without it, and one with another
   * reference.
   */
  readonly about: 'card' | 'token' | 'password' | 'notice';
  /**
   * The secret in the letter; a code token counts as a card. A letter with one secret is not posted on the
   * same day as a letter with the other: a person who steals from a letter box must not find both. (27,000
   * Danes once had to be revoked for that.) Null: no secret, any day.
   */
  readonly secret: 'card' | 'password' | null;
}

export const LETTERS: Readonly<Record<LetterKind, LetterTraits>> = {
  welcome: { about: 'card', secret: 'card' },
  card: { about: 'card', secret: 'card' },
  token: { about: 'token', secret: 'card' },
  password: { about: 'password', secret: 'password' },
  notice: { about: 'notice', secret: null },
};

export const LETTER_KINDS = Object.keys(LETTERS) as LetterKind[];
