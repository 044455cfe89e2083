/**
 * The terms that every holder of an ID has accepted, in a language that they understand. Their text is in
 * ui/words.
 */
import type { Language } from '../person/person.ts';

/** Changes with every change of the terms; the accepted version is stored with each application. */
export const TERMS_VERSION = '2026-11-30';

export interface AcceptedTerms {
  readonly version: string;
  readonly language: Language;
}
