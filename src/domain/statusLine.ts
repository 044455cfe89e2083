/**
 * The status line: what the operator tells everyone for the moment, on every page. It is plain text, in every
 * language, and short enough to be read in passing.
 */
import { dropInvisibleSigns, readLine, UNREADABLE } from './input/typedText.ts';
import { LANGUAGES, localize, type Language, type Localized } from './language/language.ts';

export const MAX_STATUS_LENGTH = 200;

export interface StatusLine {
  readonly texts: Localized;
  /** Null: until it is cleared. */
  readonly until: Date | null;
}

export type StatusLineFault =
  | { readonly fault: 'missing' | 'too_long' | 'markup' | 'unreadable'; readonly language: Language }
  | { readonly fault: 'until' };

/** Tags, entities and the links of Markdown would stand on the page as they were typed. */
const MARKUP = /[<>]|&#?\w+;|\]\(/;
const INSTANT = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d)?(Z|[+-]\d\d:\d\d)$/;

/** @param until an ISO instant with its offset, in the future */
export function readStatusLine(
  typed: Readonly<Partial<Record<Language, string>>>,
  until: string | undefined,
  now: Date,
): StatusLine | StatusLineFault {
  const texts = localize((language) => dropInvisibleSigns(readLine(typed[language] ?? '')).trim());
  for (const language of LANGUAGES) {
    const fault = findTextFault(texts[language]);
    if (fault) return { fault, language };
  }
  if (until === undefined) return { texts, until: null };
  const end = INSTANT.test(until) ? new Date(until) : null;
  if (!end || !(end > now)) return { fault: 'until' };
  return { texts, until: end };
}

function findTextFault(text: string) {
  if (text === '') return 'missing';
  if (text.length > MAX_STATUS_LENGTH) return 'too_long';
  if (MARKUP.test(text)) return 'markup';
  return text.includes(UNREADABLE) ? 'unreadable' : null;
}

export function isStatusShown(line: StatusLine, now: Date): boolean {
  return line.until === null || now < line.until;
}
