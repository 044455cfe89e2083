/**
 * Days as the post and the law count them, in Danish time. A day is an ISO date, `YYYY-MM-DD`: days are
 * compared and sorted as text. Business days are Monday to Friday except Danish public holidays, 5 June, 24
 * and 31 December.
 */
import { createRequire } from 'node:module';
import type Holidays from 'date-holidays';
import type { Language } from './language/language.ts';
import { CLOCK } from './language/words.ts';

export type Day = string;

/**
 * Constitution Day, Christmas Eve and New Year's Eve are no public holidays, but no post is delivered on
 * them.
 */
const CLOSED_DAYS = new Set(['06-05', '12-24', '12-31']);
const DAY_MS = 24 * 3_600_000;

const DANISH_TIME = new Intl.DateTimeFormat('sv-SE', {
  timeZone: 'Europe/Copenhagen',
  dateStyle: 'short',
  timeStyle: 'short',
});

/** The date in Denmark. */
export function toDanishDay(instant: Date): Day {
  return DANISH_TIME.format(instant).slice(0, 10);
}

/** The hour in Denmark, `00` to `23`. */
export function toDanishHour(instant: Date): string {
  return DANISH_TIME.format(instant).slice(11, 13);
}

const HOUR_MS = 3_600_000;

/**
 * The time in Denmark as pages and letters write it: "kl. 14.05", "at 14:05", "kl. 02.30 (vintertid)". No
 * instant falls into the hour that is missing in spring.
 */
export function writeClockTime(instant: Date, language: Language): string {
  const shown = DANISH_TIME.format(instant);
  const shownAfter = (hours: number) => DANISH_TIME.format(new Date(instant.getTime() + hours * HOUR_MS));
  const which = shownAfter(1) === shown ? 'summer' : shownAfter(-1) === shown ? 'winter' : 'once';
  const words = CLOCK[language];
  return `${words.time(shown.slice(11, 13), shown.slice(14, 16))}${words.which[which]}`;
}

export function isBusinessDay(day: Day): boolean {
  const weekday = toNoon(day).getUTCDay();
  return (
    weekday !== 0 && weekday !== 6 && !CLOSED_DAYS.has(day.slice(5)) && !HOLIDAYS.of(day.slice(0, 4)).has(day)
  );
}

/**
 * The day itself if it is a business day, else the next one: when an item that is handed over on that day is
 * posted.
 */
export function nextBusinessDay(day: Day): Day {
  return isBusinessDay(day) ? day : businessDaysAfter(day, 1);
}

/** The `count`th business day after `day`. `count` from 1. */
export function businessDaysAfter(day: Day, count: number): Day {
  return walkBusinessDays(day, count, 1);
}

/** The `count`th business day before `day`. `count` from 1. */
export function businessDaysBefore(day: Day, count: number): Day {
  return walkBusinessDays(day, count, -1);
}

/** The day `count` days later, counting all days. */
export function daysAfter(day: Day, count: number): Day {
  return new Date(toNoon(day).getTime() + count * DAY_MS).toISOString().slice(0, 10);
}

/** The first instant of the day `count` days after `day`, in Danish time. */
export function startOfDay(day: Day, count = 0): Date {
  const at = daysAfter(day, count);
  const inUtc = new Date(`${at}T00:00:00Z`);
  // Denmark is one hour ahead of UTC, or two in summer: take the one that gives midnight there.
  const [summer, winter] = [2, 1].map((hours) => new Date(inUtc.getTime() - hours * 3_600_000)) as [
    Date,
    Date,
  ];
  return DANISH_TIME.format(summer).slice(0, 16) === `${at} 00:00` ? summer : winter;
}

function walkBusinessDays(day: Day, count: number, direction: 1 | -1): Day {
  let at = day;
  for (let left = count; left > 0; ) {
    at = new Date(toNoon(at).getTime() + direction * DAY_MS).toISOString().slice(0, 10);
    if (isBusinessDay(at)) left -= 1;
  }
  return at;
}

function toNoon(day: Day): Date {
  return new Date(`${day}T12:00:00Z`);
}

/**
 * Loaded at the first use: the library reads the calendars of all countries, which took a seventh of the
 * start-up time.
 */
class DanishHolidays {
  readonly #years = new Map<string, ReadonlySet<Day>>();
  #calendar: Holidays | null = null;

  of(year: string): ReadonlySet<Day> {
    const found = this.#years.get(year) ?? this.#read(Number(year));
    this.#years.set(year, found);
    return found;
  }

  #read(year: number): ReadonlySet<Day> {
    this.#calendar ??= openCalendar();
    return new Set(this.#calendar.getHolidays(year).map(({ date }) => date.slice(0, 10)));
  }
}

function openCalendar(): Holidays {
  const Calendar = createRequire(import.meta.url)('date-holidays') as typeof Holidays;
  return new Calendar('DK', { types: ['public'] });
}

const HOLIDAYS = new DanishHolidays();
