/**
 * What a registration says in each language, read in one place: `metadata` has a field for each language
 * (`name_da`, `name_en`), and a registration from before a language was added says it in the default one.
 */
import { DEFAULT_LANGUAGE, fieldIn, LANGUAGES } from '../../domain/language/language.ts';
import type { SqlFragment } from '../database.ts';

type LocalizedField = 'name' | 'purpose' | 'without';

/** `{ da, en }` of a field, as JSON. @param metadata the column, `p.metadata` */
export function localizedSql(metadata: string, field: LocalizedField): SqlFragment {
  const inDefault = isFieldSet(metadata, field, DEFAULT_LANGUAGE);
  const pairs = LANGUAGES.map((language) => {
    const said = isFieldSet(metadata, field, language);
    return `'${language}', ${language === DEFAULT_LANGUAGE ? said : `coalesce(${said}, ${inDefault})`}`;
  });
  return { part: `jsonb_build_object(${pairs.join(', ')})` };
}

/** By the words of the default language, then by those of the others. */
export function localizedOrder(metadata: string, field: LocalizedField): SqlFragment {
  const others = LANGUAGES.filter((language) => language !== DEFAULT_LANGUAGE);
  const order = [DEFAULT_LANGUAGE, ...others].map((language) => isFieldSet(metadata, field, language));
  return { part: order.join(', ') };
}

function isFieldSet(metadata: string, field: LocalizedField, language: (typeof LANGUAGES)[number]): string {
  return `${metadata} ->> '${fieldIn(field, language)}'`;
}
