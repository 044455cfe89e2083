/** Chooses the language of a page, and writes days and times in it. */
import { writeClockTime } from '../domain/calendar.ts';
import {
  DEFAULT_LANGUAGE,
  isLanguage,
  LOCALES,
  type Language,
  type Localized,
} from '../domain/language/language.ts';
import { da, type Texts } from './words/words.da.ts';
import { en } from './words/words.en.ts';
import { DATE_WORDS } from './words/languages.ts';

export const TEXTS_BY_LANGUAGE: Localized<Texts> = { da, en };

/**
 * The person's own choice (cookie) first, then the relying party's `ui_locales`, then the browser's
 * preference, then the default.
 */
export function chooseLanguage(preferences: {
  cookie: string | undefined;
  uiLocales: string;
  acceptLanguage: string;
}): Language {
  if (isLanguage(preferences.cookie)) return preferences.cookie;
  const preferred =
    findFirstKnownLanguage(preferences.uiLocales.split(' ')) ??
    findFirstKnownLanguage(sortLanguageTags(preferences.acceptLanguage));
  return preferred ?? DEFAULT_LANGUAGE;
}

function findFirstKnownLanguage(tags: string[]): Language | null {
  return tags.map((tag) => tag.toLowerCase().split('-')[0]).find(isLanguage) ?? null;
}

/** `en;q=0.8, da` -> da, en. */
function sortLanguageTags(header: string): string[] {
  return header
    .split(',')
    .map((entry) => {
      const [tag = '', ...parameters] = entry.trim().split(';');
      const q = parameters.map((one) => /^\s*q=([0-9.]+)$/.exec(one)?.[1]).find((found) => found);
      return { tag, q: q === undefined ? 1 : Number(q) };
    })
    .filter(({ q }) => q > 0)
    .sort((a, b) => b.q - a.q)
    .map(({ tag }) => tag);
}

const ZONE = { timeZone: 'Europe/Copenhagen' } as const;

/** Rounds up to the full minute, so that a stated time is never too early. Used for day and time alike. */
function roundUpToMinute(date: Date): Date {
  return new Date(Math.ceil(date.getTime() / 60_000) * 60_000);
}

/** A day within a sentence: "tirsdag den 24. november 2026", "on Tuesday 24 November 2026". */
export function writeDay(date: Date, language: Language): string {
  return DATE_WORDS[language].onDay(writeBareDay(date, language));
}

/** A day on its own: "tirsdag den 24. november 2026", "Tuesday 24 November 2026". */
export function writeBareDay(date: Date, language: Language): string {
  const options = { ...ZONE, weekday: 'long', day: 'numeric', month: 'long', year: 'numeric' } as const;
  const parts = new Intl.DateTimeFormat(LOCALES[language], options).formatToParts(roundUpToMinute(date));
  const part = (type: string) => parts.find((one) => one.type === type)?.value ?? '';
  return DATE_WORDS[language].day(part('weekday'), part('day'), `${part('month')} ${part('year')}`);
}

/** A date without a time, from its ISO form: "1. juli 1985", "1 July 1985". */
export function writeDate(iso: string, language: Language): string {
  const options = { timeZone: 'UTC', day: 'numeric', month: 'long', year: 'numeric' } as const;
  return new Intl.DateTimeFormat(LOCALES[language], options).format(new Date(`${iso}T00:00:00Z`));
}

/**
 * Rounds down to the minute: a past event is never in the future. In the form of `writeDay` and `writeTime`.
 */
export function writePastMoment(
  date: Date,
  language: Language,
): { readonly day: string; readonly time: string } {
  const minute = new Date(Math.floor(date.getTime() / 60_000) * 60_000);
  return { day: writeDay(minute, language), time: writeTime(minute, language) };
}

/** A past moment on its own: "tirsdag den 24. november 2026 kl. 10.40". Rounds down, the day too. */
export function writeBareMoment(date: Date, language: Language): string {
  const minute = new Date(Math.floor(date.getTime() / 60_000) * 60_000);
  return `${writeBareDay(minute, language)} ${writeTime(minute, language)}`;
}

/** Two dates: "den 28. november og den 4. december 2026", "1 and 8 December 2026". */
export function writeDates({ from, to }: { from: string; to: string }, language: Language): string {
  const [day = '', month = '', year = ''] = writeDate(from, language).split(' ');
  // What both dates have in common is written once, at the end.
  const differs = (length: number) => from.slice(0, length) !== to.slice(0, length);
  const first = [day, differs(7) ? month : '', differs(4) ? year : ''].filter(Boolean).join(' ');
  const last = writeDate(to, language);
  return DATE_WORDS[language].dates(first, last);
}

/** "kl. 14.05", "at 14:05"; and "kl. 02.30 (vintertid)" where that time occurs twice. */
export function writeTime(date: Date, language: Language): string {
  return writeClockTime(roundUpToMinute(date), language);
}
