/** Words of blocking a card or an ID by password. */
import type { BlockTexts } from './words.da.ts';

export const blockEn: BlockTexts = {
  block: {
    title: 'Block your key card or your ID',
    why: 'If you have lost the card, or think that others know your keys or your password, block at once. You can do so even while sign-in is closed.',
    what: 'What do you want to block?',
    card: {
      label: 'My key card',
      hint: 'The card that you use no longer works. If you have no card in use, it is your new card that we block. You are signed out of Nøgle on every computer.',
    },
    identity: {
      label: 'My whole ID',
      hint: 'Nobody can sign in as you, and all your key cards are blocked. Only Borgerservice (citizen service) can open your ID again.',
    },
    submit: 'Block now',
    incomplete: 'Enter both your user ID and your password.',
  },
  blockReceived: {
    title: 'It is blocked, if what you entered was right',
    what: 'If the user ID and the password were right, it is blocked now, and you hear of it by e-mail or letter.',
    doubt:
      'For your safety we do not say here whether they were right. If you are in doubt, try to sign in: if it is blocked, we say so there once the password is right. Try again here only if you think that you mistyped.',
    next: 'We do not order a new card by ourselves. Unless one is on its way already, go to Borgerservice and bring valid identification.',
    again: 'Try again',
  },
};
