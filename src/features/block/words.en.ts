/** Words of blocking a factor or an ID, by password and in self-service. */
import type { BlockTexts } from './words.da.ts';

const TRY_TO_SIGN_IN = 'Try to sign in. If it is blocked, we say so right after the password.';

export const blockEn: BlockTexts = {
  block: {
    title: 'Block your key card or your ID',
    why: 'Have you lost the card? Or does somebody else know your keys or your password? Then block at once. You can do so even while sign-in is locked.',
    what: 'What do you want to block?',
    means: 'When you block, this happens:',
    card: {
      label: 'My key card',
      hint: 'The card is gone, or somebody else has seen the keys. If you have a code token, we block that too.',
      title: 'Block your key card',
      means: [
        'The card that you use stops working. If you have no card in use, we block your new card.',
        'If you have a code token, it stops working as well. If it is all that you have lost, go back and block it alone.',
        'You are signed out everywhere.',
        'If a new card is on its way, you can use it when it arrives. If not, go to Borgerservice (citizen service) for a new one and bring valid identification.',
        'You cannot undo this.',
      ],
      submit: 'Block the key card now',
      other: 'Block my whole ID instead',
    },
    security_keys: {
      label: 'My security keys and passkeys',
      hint: 'The phone, computer or security key is gone, or one was added that is not yours.',
      title: 'Block your security keys and passkeys',
      means: [
        'None of them works any more, and one that is waiting never will.',
        'You are signed out everywhere.',
        'Your key card works as before. You can add new ones in self-service with a key from the card.',
        'If one was added that is not yours, somebody else may have had both your card and your password. Then block your whole ID instead.',
        'You cannot undo this.',
      ],
      submit: 'Block them now',
      other: 'Block my whole ID instead',
    },
    code_token: {
      label: 'My code token',
      hint: 'The code token is gone, but you still have your key card.',
      title: 'Block your code token',
      means: [
        'The code token that you use stops working, and one that is waiting never will work.',
        'If you have none in use, we block the one that is on its way.',
        'You are signed out everywhere.',
        'Your key card works as before. You can order a new code token in self-service with a key from the card.',
        'You cannot undo this.',
      ],
      submit: 'Block the code token now',
      other: 'Is the card gone too? Block both instead',
    },
    identity: {
      label: 'My whole ID',
      hint: 'Somebody else knows your password, or both card and password are gone.',
      title: 'Block your whole ID',
      means: [
        'Nobody can sign in as you, and neither can you.',
        'All your key cards are blocked, and you are signed out everywhere.',
        'If you have a code token, security keys or passkeys, they stop working as well.',
        'To have your ID opened again, go to Borgerservice (citizen service) and bring valid identification.',
        'You cannot undo this here.',
      ],
      submit: 'Block my ID now',
      other: 'Block only my key card instead',
    },
    prove: 'Enter your user ID and your password, so that we know it is you.',
    back: 'No, do not block',
    incomplete: 'Enter both your user ID and your password.',
  },
  blockReceived: {
    title: 'It is blocked, if what you entered was right',
    what: 'If the user ID and the password were right, it is blocked now, everywhere.',
    sure: 'How to be sure',
    hotline: 'Call Nøgle’s hotline on',
    hotlineCan: 'They can see whether it is blocked, and they can block it for you.',
    notice:
      'Wait for our message. It comes by e-mail within minutes. If we do not have your e-mail address, it comes by letter within a few business days.',
    signIn: {
      card: TRY_TO_SIGN_IN,
      identity: TRY_TO_SIGN_IN,
      security_keys:
        'Sign in to self-service with your key card. You can see there whether they are gone, and add new ones.',
      code_token:
        'Sign in to self-service with your key card. You can see there whether the code token is gone, and order a new one.',
    },
    doubt: 'We do not say so here. Otherwise strangers could use this page to guess your password.',
    newCard: 'How to get a new card',
    next: 'We do not order a new card by ourselves. Unless one is already on its way, go to Borgerservice (citizen service) and bring valid identification.',
    again: 'Mistyped? Try again',
  },
};
