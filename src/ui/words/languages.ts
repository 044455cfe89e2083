/** Words that belong to no page: the names of languages, and how days are written. */
import type { Localized } from '../../domain/language/language.ts';

/** Each language by its own name: the same on every page. */
export const LANGUAGE_NAMES: Localized = { da: 'Dansk', en: 'English' };

interface DateWords {
  readonly day: (weekday: string, day: string, month: string) => string;
  /** The day within a sentence. */
  readonly onDay: (day: string) => string;
  /** A range of two dates. */
  readonly dates: (first: string, last: string) => string;
}

export const DATE_WORDS: Localized<DateWords> = {
  da: {
    day: (weekday, day, month) => `${weekday} den ${day}. ${month}`,
    onDay: (day) => day,
    dates: (first, last) => `den ${first} og den ${last}`,
  },
  en: {
    day: (weekday, day, month) => `${weekday} ${day} ${month}`,
    onDay: (day) => `on ${day}`,
    dates: (first, last) => `${first} and ${last}`,
  },
};
