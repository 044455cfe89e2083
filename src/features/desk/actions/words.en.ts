/** Texts of the desk about the proofing of an ID, in English. */
import type { deskProofingDa } from './words.da.ts';

export const deskProofingEn: typeof deskProofingDa = {
  proofing: 'Identification',
  levels: {
    Substantial: 'Has been seen',
    Low: 'Not seen yet: the ID was ordered online',
  },
  ask: 'Ask the citizen to take out key card',
  lookFor: 'and to enter the key next to',
  key: 'The key, six digits',
  keyHint: 'The citizen enters it here. Then we know that the card is with the person who stands here.',
  faults: {
    key_malformed: 'A key has six digits.',
    key_stale: 'The card asks for another key now. Ask the citizen for the one shown here.',
    key_wrong: 'The key is wrong. Ask the citizen to check the card.',
    key_last:
      'The key is wrong. One more wrong key, and keys are locked for some hours, or the card is blocked.',
    key_locked: 'Too many wrong keys were entered. The page of the citizen says when keys can be used again.',
    key_busy: 'Other keys of the card are being checked. Try again in a moment.',
    key_card_blocked:
      'Too many wrong keys were entered, so the card is blocked. Order a new one, and try again once the citizen has activated it.',
  },
};
