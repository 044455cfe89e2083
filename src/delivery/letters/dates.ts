/** Days and times in letters and notices, in Danish time. */
import { writeClockTime, type Day } from '../../domain/calendar.ts';
import { LOCALES, type Language } from '../../domain/language/language.ts';
import { IN_FULL } from '../words/dates.words.ts';

const MINUTE_MS = 60_000;

/** "tirsdag den 24. november 2026", "Tuesday 24 November 2026". */
export function writeLetterDay(day: Day, language: Language): string {
  return writeDayIn('UTC', new Date(`${day}T12:00:00Z`), language);
}

/**
 * "tirsdag den 24. november 2026 kl. 14.05", for a past event.
 * @param at ISO instant
 */
export function writePastTime(at: string, language: Language): string {
  return writeMoment(Math.floor(Date.parse(at) / MINUTE_MS), language);
}

/**
 * The same for something that opens, rounded up to the full minute, so that it is open at the stated time.
 */
export function writeOpeningTime(at: string, language: Language): string {
  return writeMoment(Math.ceil(Date.parse(at) / MINUTE_MS), language);
}

function writeMoment(minute: number, language: Language): string {
  const date = new Date(minute * MINUTE_MS);
  return `${writeDayIn('Europe/Copenhagen', date, language)} ${writeClockTime(date, language)}`;
}

function writeDayIn(timeZone: string, date: Date, language: Language): string {
  const options = { weekday: 'long', day: 'numeric', month: 'long', year: 'numeric' } as const;
  const parts = new Intl.DateTimeFormat(LOCALES[language], { ...options, timeZone }).formatToParts(date);
  const part = (type: Intl.DateTimeFormatPartTypes) => parts.find((one) => one.type === type)?.value ?? '';
  return IN_FULL[language](part('weekday'), part('day'), `${part('month')} ${part('year')}`);
}
