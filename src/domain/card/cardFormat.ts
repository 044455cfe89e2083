/**
 * The formats of a card: of the size of a bank card, printed large on A4, or embossed in Braille. A person
 * chooses the format of the next card, and may change it at any time; a card keeps the format in which it was
 * printed. The letters to a person come in the same format.
 */
export const CARD_FORMATS = ['standard', 'large_print', 'braille'] as const;
export type CardFormat = (typeof CARD_FORMATS)[number];

export const DEFAULT_CARD_FORMAT: CardFormat = 'standard';

export function isCardFormat(value: unknown): value is CardFormat {
  return CARD_FORMATS.some((format) => format === value);
}

/**
 * The format that a form asks for.
 * @param largePrint the box of a page of the version before, which knew two formats
 */
export function readPostedFormat(posted: string | undefined, largePrint?: string): CardFormat {
  if (isCardFormat(posted)) return posted;
  return largePrint === 'yes' ? 'large_print' : DEFAULT_CARD_FORMAT;
}
