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
    braille: 'Sheets that are read with the fingers. Letters from Nøgle come in Braille too.',
  },
  desk: {
    coming: (name) =>
      `A card is on its way: ${name}. If the citizen cannot read it, choose another kind. Then that card becomes invalid, and a new one is sent.`,
  },
  change: {
    title: 'Large print or Braille',
    next: (name) => `Your next card: ${name}.`,
    coming: (name) =>
      `A card is already on its way. It was printed: ${name}. Use it when it arrives. What you choose here is for the card after that.`,
    comingHelp:
      'Can you not read the card that is on its way? Go to Borgerservice. They can send another one instead.',
    unprinted: 'A card is on its way, but it is not printed yet. It will be the kind you choose here.',
    question: 'What should your next card be?',
    submit: 'Save',
    submitNow: 'Save and send a new card now',
    same: 'You had already chosen that. Nothing has changed.',
    confirm: {
      next: (name) => `You are about to choose your next key card: ${name}.`,
      now: (name) => `You are about to order a new key card: ${name}.`,
    },
  },
};
