/** The words of letters in each language. */
import type { Localized } from '../../domain/language/language.ts';
import { lettersDa, type LetterWords } from './words.da.ts';
import { lettersEn } from './words.en.ts';

export const LETTERS: Localized<LetterWords> = { da: lettersDa, en: lettersEn };
