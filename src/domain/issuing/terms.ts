/** The terms that everybody who has an ID has accepted, in a language that they understand. Words: ui/words. */
import type { Language } from '../person/person.ts';

/** Changed whenever what people agree to changes; what was accepted is kept with each application. */
export const TERMS_VERSION = '2026-11-01';

export interface AcceptedTerms {
  readonly version: string;
  readonly language: Language;
}
