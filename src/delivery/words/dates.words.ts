/** A day in full. */
import type { Localized } from '../../domain/language/language.ts';

export const IN_FULL: Localized<(weekday: string, day: string, month: string) => string> = {
  da: (weekday, day, month) => `${weekday} den ${day}. ${month}`,
  en: (weekday, day, month) => `${weekday} ${day} ${month}`,
};
