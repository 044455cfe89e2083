/** The words of the notices about the format of a key card. */
import type { CardFormat } from '../../domain/card/cardFormat.ts';
import type { Localized } from '../../domain/language/language.ts';
import { BLOCK as BLOCK_DA, BLOCK_ID as BLOCK_ID_DA, type NoticeWords } from './notices.words.da.ts';
import { BLOCK as BLOCK_EN, BLOCK_ID as BLOCK_ID_EN } from './notices.words.en.ts';

const NEXT_DA: Record<CardFormat, string> = {
  standard: 'Dit næste nøglekort bliver et almindeligt kort.',
  large_print: 'Dit næste nøglekort kommer med stor skrift. Det gør brevene fra Nøgle også.',
  braille: 'Dit næste nøglekort kommer i punktskrift. Det gør brevene fra Nøgle også.',
};
const NEXT_EN: Record<CardFormat, string> = {
  standard: 'Your next key card will be a standard card.',
  large_print: 'Your next key card will be in large print. So will letters from Nøgle.',
  braille: 'Your next key card will be in Braille. So will letters from Nøgle.',
};

const formatsDa = {
  card_format_changed: (format: CardFormat): NoticeWords => ({
    subject: 'Dit næste nøglekort får en anden skrift',
    text: [NEXT_DA[format], 'Det kort, du bruger nu, virker stadig.', `Var det ikke dig, så ${BLOCK_DA}`],
  }),
  card_given_up: (cardNumber: string): NoticeWords => ({
    subject: 'Du får et andet nøglekort i stedet',
    text: [
      `Nøglekort nummer ${cardNumber} kan ikke bruges. Du får et andet i stedet, fordi du skal have det i en anden skrift.`,
      'Kommer det gamle kort, så klip det i stykker, og smid det ud.',
      `Har du ikke bedt om et andet kort, så ${BLOCK_ID_DA}`,
    ],
  }),
};

const formatsEn: typeof formatsDa = {
  card_format_changed: (format) => ({
    subject: 'Your next key card will look different',
    text: [NEXT_EN[format], 'The card you use now still works.', `If this was not you, ${BLOCK_EN}`],
  }),
  card_given_up: (cardNumber) => ({
    subject: 'You will get another key card instead',
    text: [
      `Key card number ${cardNumber} cannot be used. You will get another one instead, because you need it in another format.`,
      'If that card arrives, cut it up and throw it away.',
      `If you did not ask for another card, ${BLOCK_ID_EN}`,
    ],
  }),
};

export const CARD_FORMAT_NOTICES: Localized<typeof formatsDa> = { da: formatsDa, en: formatsEn };
