/**
 * The localized fields of a registration: `metadata` has one field for each language (`name_da`, `name_en`).
 * A registration from before a language was added falls back to the default language.
 */
import { DEFAULT_LANGUAGE, fieldIn, LANGUAGES } from '../../domain/language/language.ts';
import type { SqlFragment } from '../database.ts';

type LocalizedField = 'name' | 'purpose' | 'without';

/** `{ da, en }` of a field, as JSON. @param metadata the column, as `p.metadata` */
export function localizedSql(metadata: string, field: LocalizedField): SqlFragment {
  const inDefault = isFieldSet(metadata, field, DEFAULT_LANGUAGE);
  const pairs = LANGUAGES.map((language) => {
    const localized = isFieldSet(metadata, field, language);
    return `'${language}', ${language === DEFAULT_LANGUAGE ? localized : `coalesce(${localized}, ${inDefault})`}`;
  });
  return { part: `jsonb_build_object(${pairs.join(', ')})` };
}

/** Sorts by the text in the default language, then by those in the others. */
export function localizedOrder(metadata: string, field: LocalizedField): SqlFragment {
  const others = LANGUAGES.filter((language) => language !== DEFAULT_LANGUAGE);
  const order = [DEFAULT_LANGUAGE, ...others].map((language) => isFieldSet(metadata, field, language));
  return { part: order.join(', ') };
}

function isFieldSet(metadata: string, field: LocalizedField, language: (typeof LANGUAGES)[number]): string {
  return `${metadata} ->> '${fieldIn(field, language)}'`;
}
