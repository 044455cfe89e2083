/**
 * The languages that Nøgle speaks. One more in this list, and the compiler names every place that needs
 * words; nothing else asks which language it is (test/languages.test.ts).
 */
export const LANGUAGES = ['da', 'en'] as const;

export type Language = (typeof LANGUAGES)[number];

/** One of it for each language. */
export type Localized<T = string> = Readonly<Record<Language, T>>;

/** Spoken where nobody asked for another; what has no words in a language yet is said in this one. */
export const DEFAULT_LANGUAGE: Language = 'da';

/** How dates and numbers are written, and the claim `locale`. */
export const LOCALES: Localized = { da: 'da-DK', en: 'en-GB' };

export function isLanguage(value: unknown): value is Language {
  return LANGUAGES.some((language) => language === value);
}

/** In the order of the list. */
export function otherLanguages(language: Language): readonly Language[] {
  return LANGUAGES.filter((one) => one !== language);
}

export function localize<T>(make: (language: Language) => T): Localized<T> {
  return Object.fromEntries(LANGUAGES.map((language) => [language, make(language)])) as Record<Language, T>;
}

/** A field of a registration that there is for each language: `name_da`, `name_en`. */
export type LocalizedField<Name extends string> = `${Name}_${Language}`;

export function fieldIn<Name extends string>(name: Name, language: Language): LocalizedField<Name> {
  return `${name}_${language}`;
}

/** Those fields in the order of the list. */
export function fieldsOf<Name extends string>(name: Name): readonly LocalizedField<Name>[] {
  return LANGUAGES.map((language) => fieldIn(name, language));
}

/** An object of those fields. */
export function localizedFields<Name extends string, T>(
  name: Name,
  make: (language: Language) => T,
): Record<LocalizedField<Name>, T> {
  const entries = LANGUAGES.map((language) => [fieldIn(name, language), make(language)]);
  return Object.fromEntries(entries) as Record<LocalizedField<Name>, T>;
}
