/**
 * The languages of Nøgle. When one is added to this list, the compiler lists every place that needs words. No
 * other code distinguishes languages (test/languages.test.ts).
 */
export const LANGUAGES = ['da', 'en'] as const;

export type Language = (typeof LANGUAGES)[number];

/** One value for each language. */
export type Localized<T = string> = Readonly<Record<Language, T>>;

/**
 * The language when no other was requested, and the fallback for texts that are missing in another language.
 */
export const DEFAULT_LANGUAGE: Language = 'da';

/** The locale that formats dates and numbers, and the value of the claim `locale`. */
export const LOCALES: Localized = { da: 'da-DK', en: 'en-GB' };

export function isLanguage(value: unknown): value is Language {
  return LANGUAGES.some((language) => language === value);
}

/** The other languages, in the order of the list. */
export function otherLanguages(language: Language): readonly Language[] {
  return LANGUAGES.filter((one) => one !== language);
}

export function localize<T>(make: (language: Language) => T): Localized<T> {
  return Object.fromEntries(LANGUAGES.map((language) => [language, make(language)])) as Record<Language, T>;
}

/** A registration field that exists once for each language: `name_da`, `name_en`. */
export type LocalizedField<Name extends string> = `${Name}_${Language}`;

export function fieldIn<Name extends string>(name: Name, language: Language): LocalizedField<Name> {
  return `${name}_${language}`;
}

/** The fields of all languages, in the order of the list. */
export function fieldsOf<Name extends string>(name: Name): readonly LocalizedField<Name>[] {
  return LANGUAGES.map((language) => fieldIn(name, language));
}

/** An object with one such field for each language. */
export function localizedFields<Name extends string, T>(
  name: Name,
  make: (language: Language) => T,
): Record<LocalizedField<Name>, T> {
  const entries = LANGUAGES.map((language) => [fieldIn(name, language), make(language)]);
  return Object.fromEntries(entries) as Record<LocalizedField<Name>, T>;
}
