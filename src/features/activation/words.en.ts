/** The meaning of the Danish, in plain English. */
import type { activateDa } from './words.da.ts';

export const activateEn: typeof activateDa = {
  again: 'Start again',
  another: 'Not you? Start again',
  otherId: 'Activate another ID',
  start: {
    title: 'Activate your ID',
    why: 'If you have had two letters from us, activate your ID here. If you have had a letter with a new temporary password, use it here too.',
    need: 'You need:',
    needs: [
      'the letter with the temporary password',
      'your ID number from the welcome letter, or your user ID if you have one',
      'your key card',
    ],
    notYet: 'If something is missing, wait for it to arrive. The letters come on different days.',
    lost: 'Lost a letter? Go to Borgerservice with valid identification, and ask for a new one.',
    name: 'ID number or user ID',
    nameHint: 'The ID number has nine digits. It is not your CPR number.',
    password: 'Temporary password',
    passwordHint: 'The 12 characters from the letter. Spaces and capital letters make no difference.',
    submit: 'Continue',
    errors: {
      incomplete: 'Enter both your ID number and the temporary password.',
      cpr_number:
        'That looks like a CPR number, and we do not use that here. Enter your ID number, the nine digits in your welcome letter, or your user ID if you have one.',
      name_unreadable: 'There is a character in this field that we cannot read. Enter your ID number again.',
      password_unreadable:
        'There is a character in the password that we cannot read. Enter the 12 characters of the letter again.',
      wrong_temporary:
        'The ID number or the temporary password is wrong. Check your letters. If you have several, only the newest counts. Wait half a minute and try again. If it still does not work, phone Nøgle’s hotline.',
      too_soon:
        'We did not look at this try. Wait half a minute and try again. We look at one try at a time, so that nobody can guess.',
      over: 'It took too long, or something changed in the meantime. Start again here. What you have done so far is not wasted.',
    },
  },
  key: {
    heading: 'Find the key on your key card',
    why: 'The key shows that you are the one who has the card.',
    first: 'When the key is right, the card is activated.',
    submit: 'Continue',
  },
  locked: {
    title: 'Keys are locked right now',
    next: 'Come back then and start again here. Your temporary password still works.',
  },
  message: {
    expired: {
      title: 'The temporary password is too old',
      why: 'It was right, but it had to be used by the day that the letter gives.',
      next: 'Go to Borgerservice and ask for a new one. Bring valid identification. If you got your ID at your bank, you can go there too.',
    },
    used: {
      title: 'The temporary password has been used',
      why: 'It can be used only once. Since then the password that was chosen is the one that counts.',
      next: 'If that was you, sign in with it. If it was not you, block at once, here or with Nøgle’s hotline.',
    },
    replaced: {
      title: 'There is a newer temporary password',
      why: 'A new one has been ordered, so this one no longer counts.',
      next: 'Wait for the new letter, and start again with that.',
    },
    id_blocked: {
      title: 'Your ID is blocked',
      why: 'So you cannot activate it.',
      next: 'Go to Borgerservice with valid identification. They can reopen your ID.',
    },
    card_blocked: {
      title: 'Your key card is blocked',
      why: 'Without a card that works you cannot go on.',
      next: 'Go to Borgerservice with valid identification. There you get a new card.',
    },
    card_waiting: {
      title: 'Your new key card cannot be used yet',
      why: 'Somebody entered a key from it when signing in, so it has to wait a little. If that was not you, block at once.',
      next: 'Come back when the card can be used, and start again here.',
    },
    card_ordered: {
      title: 'Your key card has not been sent yet',
      why: 'You need a key from the card, and it is about to be sent.',
      next: 'Wait for the letter with the card, and then start again here. Keep the temporary password until then.',
    },
    no_card: {
      title: 'You have no key card',
      why: 'You need a key from a card, and there is none in use or sent to you.',
      next: 'Go to Borgerservice with valid identification. There you get a new card.',
    },
  },
  choose: {
    title: 'Choose a user ID and a password',
    titleAgain: 'Choose a new password',
    userId: 'User ID',
    userIdHint:
      'What you sign in with. At least 5 characters, and something that you can remember. It must not look like a CPR number.',
    userIdKeep: 'You can keep the one you have.',
    password: 'New password',
    passwordHint:
      'At least 8 characters. Best are several words that only you would put together. Capital and small letters are not the same.',
    confirms:
      'You have accepted the terms, and you understand them without an interpreter. You confirm that with the button below.',
    terms: 'I have read the terms and accept them',
    readTerms: 'Read the terms (opens in a new tab)',
    understood: 'I have read and understood them myself, without an interpreter',
    submit: 'Save',
    submitFirst: 'Activate your ID',
    faults: {
      userId: {
        too_short: 'The user ID is too short. It needs at least 5 characters.',
        too_long: 'The user ID is too long. It may have at most 48 characters.',
        like_a_number: 'The user ID looks like a CPR or ID number. Choose another.',
        unreadable: 'There is a character in the user ID that we cannot read. Enter it again.',
        other_signs:
          "There is a character in the user ID that cannot be used. Use letters like a-z and æøå, digits, spaces and . _ - @ + & '.",
        taken: 'Somebody else has this user ID, or one that looks like it. Choose another.',
        asked_too_often:
          'You have tried so many user IDs that we say no more about them today. Leave the field empty, and you sign in with your ID number. You can choose a user ID in self-service afterwards.',
      },
      password: {
        unreadable:
          'A tab, a line break or another invisible character came along in the password. Enter it again.',
        too_short: 'The password is too short. It needs at least 8 characters.',
        too_long: 'The password is too long. It may have at most 128 characters.',
        is_name: 'The password must not be your user ID or your ID number.',
        common: 'That password is too easy to guess. Choose another.',
        breached:
          'That password is among those stolen from other websites, which thieves try out. Choose another.',
      },
      terms: 'Tick the box to accept the terms. Without that you cannot use your ID.',
      understood:
        'Tick the box to say that you have understood the terms yourself. If you need an interpreter, go to Borgerservice.',
    },
    passwordAgain: 'Enter the password again. We do not keep it when there is something to correct.',
  },
  securityKey: {
    offer: 'Would you like to sign in without the card too?',
    offerWhat:
      'You can use your phone, your computer or a security key. You can also do this later in self-service.',
    offerLink: 'Add a security key or passkey',
    title: 'Add a security key or passkey',
    what: 'Then you can sign in with it in place of a key from the card. Give it a name. After that your browser asks where to keep it.',
    wait: 'It can be used in 24 hours. We write to you, so that you have time to stop it if it was not you. Your key card works as before.',
    added: (when) => `It is added and can be used from ${when.replace(/^on /, '')}.`,
    on: 'Continue',
    skip: 'Skip this',
  },
  done: {
    title: 'Your ID is ready',
    what: 'Now you can sign in with your user ID, your password and a key from your key card.',
    everywhere: 'It works at your bank and on public sites.',
    ordered: {
      everywhere: 'You can use it on the public sites and other places where password and key are enough.',
      bankOnly:
        'You can use it where password and key are enough. If you want to use it on public sites too, sign in at one of them. Then we ask you whether it is to work there.',
      under_15:
        'You can use it where password and key are enough. You can use it on public sites when you turn 15.',
      no_cpr: 'You can use it where password and key are enough. Public websites need a CPR number.',
      next: 'Go to the site that you need, and sign in there.',
    },
    notSeen:
      'Some places, many banks for example, require that somebody has seen you first. If you need that, go to Borgerservice (citizen service) with valid identification and your key card.',
    bankOnly:
      'It works at your bank. If you want to use it on public sites too, sign in at one of them. Then we ask you whether it is to work there.',
    under_15: 'It works at your bank. You can use it on public sites when you turn 15.',
    no_cpr: 'It works at your bank. Public websites need a CPR number.',
    tearUp:
      'Tear up the letter with the temporary password. Keep the key card by itself, and do not write the password down beside it.',
    back: 'Continue to where you were signing in',
    next: 'Go to your bank or another site that you need, and sign in there.',
    services: 'See where you can use your ID',
    selfService: 'Sign in to self-service',
  },
};
