/** The words of the formats of a key card in Danish, which is the original. */
import type { CardFormat } from '../../domain/card/cardFormat.ts';

export const cardFormatsDa = {
  question: 'Hvordan vil du have dit nøglekort?',
  names: {
    standard: 'Almindeligt kort',
    large_print: 'Stor skrift på A4',
    braille: 'Punktskrift (braille)',
  } satisfies Record<CardFormat, string>,
  hints: {
    standard: 'Et lille kort, der kan ligge i pungen.',
    large_print: 'To A4-sider med store tal. Brevene fra Nøgle får også stor skrift.',
    braille: 'Ark, du kan læse med fingrene. Brevene fra Nøgle kommer også i punktskrift.',
  } satisfies Record<CardFormat, string>,
};
