/** The words of the formats of a key card in English. */
import type { cardFormatsDa } from './cardFormats.words.da.ts';

export const cardFormatsEn: typeof cardFormatsDa = {
  question: 'What kind of key card do you want?',
  names: {
    standard: 'Standard card',
    large_print: 'Large print on A4',
    braille: 'Braille',
  },
  hints: {
    standard: 'A small card that fits in your wallet.',
    large_print: 'Two sheets of A4 with large numbers. Letters from Nøgle are in large print too.',
    braille: 'Sheets that you read with your fingers. Letters from Nøgle come in Braille too.',
  },
};
