/** Writes the values of the person's data in the reader's language. */
import type { Day } from '../../../domain/calendar.ts';
import { DEFAULT_KINDS } from '../../../domain/issuing/identification.ts';
import type { Language } from '../../../domain/person/person.ts';
import { writeDate, writeDates, writePastMoment } from '../../../ui/language.ts';
import type { Texts } from '../../../ui/words/words.da.ts';

export interface Writer {
  readonly day: (day: Day) => string;
  readonly days: (days: { readonly from: Day; readonly to: Day }) => string;
  /** Null stays null. */
  readonly time: (at: Date | null) => string | null;
  readonly yesOrNo: (is: boolean) => string;
}

export function createWriter({ ownData }: Texts, language: Language): Writer {
  return {
    day: (day) => writeDate(day, language),
    days: (days) => writeDates(days, language),
    time: (at) => {
      if (at === null) return null;
      const { day, time } = writePastMoment(at, language);
      return `${day} ${time}`.replace(/^on /, '');
    },
    yesOrNo: (is) => (is ? ownData.read.yes : ownData.read.no),
  };
}

/** @param otherwise for a kind without a name, such as one of a later version during a rolling update */
export function nameKind(
  names: Readonly<Partial<Record<string, string>>>,
  kind: string,
  otherwise: string,
): string {
  return names[kind] ?? otherwise;
}

/** A kind that the operator added has a name in the settings only: its code is shown. */
export function nameIdentification(kind: string, language: Language): string {
  return DEFAULT_KINDS.find(({ code }) => code === kind)?.[language] ?? kind;
}
