/** The words of the formats of a key card in English. */
import type { cardFormatsDa } from './cardFormats.words.da.ts';

export const cardFormatsEn: typeof cardFormatsDa = {
  question: 'What kind of key card do you want?',
  names: {
    standard: 'Standard card',
    large_print: 'Large print on A4',
    braille: 'Braille',
  },
  kinds: {
    standard: 'a standard card',
    large_print: 'a card in large print',
    braille: 'a card in Braille',
  },
  hints: {
    standard: 'A small card that fits in your wallet.',
    large_print: 'Two sheets of A4 with large numbers. Letters from Nøgle are in large print too.',
    braille: 'Sheets that are read with the fingers. Letters from Nøgle come in Braille too.',
  },
  desk: {
    coming: (kind) =>
      `There is ${kind} on its way. If the citizen cannot read it, choose another kind. That card then becomes invalid, and a new one is sent.`,
  },
  change: {
    title: 'Large print or Braille',
    next: (kind) => `Your next card will be ${kind}.`,
    coming: (kind) =>
      `There is already ${kind} on its way. Use it when it arrives. What you choose here is for the card after that.`,
    here: (kind) => `Your new card is ${kind}. What you choose here is for the card after that.`,
    after: (kind) => `The card after that will be ${kind}.`,
    comingHelp: 'Can’t you read the new card? Go to Borgerservice. They can send another one instead.',
    unprinted: 'A card is on its way, but it is not printed yet. It will be the kind you choose here.',
    question: 'What should your next card be?',
    submit: 'Save',
    submitNow: 'Save and send a new card now',
    same: 'You had already chosen that. Nothing has changed.',
    confirm: {
      next: (kind) => `You are about to choose ${kind} as your next key card.`,
      now: (kind) => `You are about to order a new key card now. It will be ${kind}.`,
    },
  },
};
