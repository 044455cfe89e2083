/** Words of a sign-in: password, key, new card, lock, refusal, public sites and consent. */
import type { SignInTexts } from './words.da.ts';

export const signInEn: SignInTexts = {
  password: {
    title: 'Sign in',
    heading: 'Sign in',
    userId: 'User ID',
    userIdHint: 'Your user ID, or the ID number from your welcome letter. Not your CPR number.',
    password: 'Password',
    submit: 'Continue',
    wrong: 'The user ID or the password is wrong. Please try again.',
    lastBeforeLock: 'If it is wrong once more, we close for further tries for some hours.',
    incomplete: 'Enter both your user ID and your password.',
    cpr_number:
      'That looks like a CPR number, and we never use that to sign in. Enter the user ID that you chose yourself, or your ID number. The ID number is the nine digits in your welcome letter. This does not count as a try.',
    name_unreadable:
      'There is a character in the user ID that we cannot read. Enter it again. This does not count as a try.',
    password_unreadable:
      'A tab, a line break or another invisible character came along in the password. Enter it again, or copy the password alone. This does not count as a try.',
    beginAgain: 'Enter your user ID and password again. We cannot see whether our last answer reached you.',
    firstTime: 'First time? Take your ID into use',
  },
  key: {
    title: 'Enter a key from your key card',
    heading: 'Find the key on your key card',
    lookOn: 'Take key card',
    lookFor: 'and find key number',
    thenWrite: 'Enter the six digits that stand beside the number.',
    label: 'Key, six digits',
    submit: 'Sign in',
    cardExample:
      'Drawing of a key card: the number of the card is at the top. The key number is on the left of its row, and the key is just to the right of it. On your card the row may be in another place.',
    cardColumns: { number: 'No.', key: 'Key' },
    left: (left) => `There are ${left} keys left on the card.`,
    leftOne: 'This is the last key on the card.',
    wrong: 'The key is wrong. Check that it is the right card, and read the digits beside the number again.',
    lastBeforeLock: 'If it is wrong once more, we close for further tries for some hours.',
    lastBeforeBlock: 'If it is wrong once more, we block the key card.',
    ownComputer: 'This is my own computer',
    ownComputerHint:
      'Then strangers cannot lock you out here by typing wrong answers. Do not tick it on a computer that others use too.',
    malformed: 'A key is six digits. Enter them as they stand on the card. This did not count as a try.',
    stepUp: (name) => `You are signed in with your password already. ${name} asks for a key too.`,
    another: 'Not you? Sign in as somebody else',
    stale: 'The key number is another one now. Answer the number shown here. This did not count as a try.',
  },
  newCard: {
    title: 'Has your new key card come?',
    titleInstead: 'Take your new key card into use',
    why: 'Then enter a key from the new card below. From then on you use the new one alone, and can cut up the old one.',
    whyInstead: (hours) =>
      `You have no other card in use. When you have entered a key from the new one, ${hours} hours pass before you can sign in with it. We let you know at once, so that nobody can do this behind your back.`,
    lookOn: 'Take the new card',
    submit: 'Take the new card into use',
    skip: 'It has not come yet',
    goOn: 'Go on without the new card',
    lockedTitle: 'The new card cannot be taken into use right now',
    locked:
      'The key was wrong too many times in a row. You can go on now, but it will be some hours before you can sign in again.',
  },
  locked: {
    unknownBrowsers: {
      title: 'You need a code to sign in here',
      why: 'The password was wrong so many times that somebody may be trying to guess it. So you first have to enter a code that we send you.',
      next: 'If you sign in from a computer where you have ticked “This is my own computer”, or where you usually sign in, you need no code.',
      send: 'Send me a code',
      how: 'The code goes to the e-mail address that you have confirmed. If you have confirmed none, it comes by letter.',
      byLetter: 'Send the code by letter',
      ordered:
        'If your ID can get a code, it is on its way. By e-mail you have it within minutes, by letter within some weeks. You can get an e-mail every hour and a letter every five business days.',
      label: 'The code from us',
      hint: 'Eight letters and digits. Capital and small letters are the same.',
      submit: 'Continue',
      wrong: 'The code is not right, or it does not work any more.',
      incomplete: 'Enter the code.',
    },
    title: 'Closed for now',
    heading: (day, time) => `You can try again ${day} ${time}`,
    password: 'The user ID or the password was wrong too many times in a row.',
    key: 'The key was wrong too many times in a row.',
    why: 'So we have closed for some hours, to keep anyone from guessing. It opens again by itself.',
  },
  refused: {
    id_blocked: {
      title: 'Your ID is blocked',
      why: 'So you cannot sign in anywhere with it.',
      next: 'Go to Borgerservice (citizen service) and bring valid identification. They can open it again.',
    },
    card_blocked: {
      title: 'Your key card is blocked',
      why: 'So it cannot be used to sign in.',
      next: 'Go to Borgerservice (citizen service) and bring valid identification to get a new card.',
    },
    card_waiting: {
      title: 'Your new key card cannot be used yet',
      why: 'A key from it was entered, but none from an old card. So some time has to pass, to keep anyone from taking the card into use behind your back.',
      next: 'If it was not you who entered it, block the card at once. The link is at the foot of the page.',
    },
    acr_unattainable: {
      title: 'Your ID cannot be used here',
      why: 'This site requires that you showed valid identification when you got your ID. We have no record that you did.',
      next: 'Go to Borgerservice (citizen service) and bring valid identification. They can put it right.',
    },
    not_activated: {
      title: 'First you have to take your ID into use',
      why: 'You entered the temporary password from your letter. It is only good for taking your ID into use.',
      next: 'It takes a few minutes. Have your key card at hand. Afterwards you can sign in here.',
    },
    no_active_card: {
      title: 'You have no key card in use',
      why: 'To sign in you need a key from a card.',
      next: 'Go to Borgerservice (citizen service) and bring valid identification to get a new card.',
    },
    no_keys_left: {
      title: 'All keys on your key card are used',
      why: 'A key works only once, and the card has no more.',
      next: 'Go to Borgerservice (citizen service) and bring valid identification to get a new card.',
    },
  },
  notActivated: { activate: 'Take your ID into use', signIn: 'I have taken it into use. Sign in' },
  /** Everything is given, and the response was lost on the way. */
  goOn: {
    title: 'Everything is in place',
    next: 'All that is left is to continue.',
    submit: 'Continue',
  },
  publicSites: {
    off: {
      title: 'Your ID works only at your bank',
      why: 'Password and key were right, but your ID is not set to work on public sites like this one.',
      next: 'Do you want to use it on public sites too? Then it works at your municipality, at the tax office and in Digital Post, and you go on from here at once. You can always switch it off again.',
    },
    needs_key: {
      title: 'Your ID works only at your bank',
      why: 'You signed in correctly, but your ID is not set to work on public sites like this one.',
      next: 'You can switch that on with your password and a key from your key card. Then come back here.',
    },
    accept: 'Yes, use it there too',
    refuse: 'No, only at my bank',
    switchOn: 'Switch on public sites',
    under_15: {
      title: 'You must be 15',
      why: 'Your ID works at your bank. On public sites it can be used only once you are 15.',
      next: 'Until then a parent or guardian has to see to it for you.',
    },
    no_cpr: {
      title: 'This needs a CPR number',
      why: 'Your ID works at your bank. On public sites it can be used only when you have a CPR number.',
      next: 'Ask at Borgerservice (citizen service) what you can do instead.',
    },
  },
  consent: {
    title: (name) => `May ${name} have this information about you?`,
    titleOfNothing: (name) => `Do you want to sign in to ${name}?`,
    claims: {
      name: 'Name',
      birthdate: 'Date of birth',
      locale: 'Language',
      'dk.cpr': 'CPR number',
      'nemid.pid': 'Nøgle PID (not your CPR number)',
    },
    cprHidden: 'Shown only just after you have entered a key. They get it if you say yes.',
    nothing: 'They only learn that it is you who signs in. No other information is handed over.',
    offline: (days) =>
      `They may fetch the information again for ${days} days, also when you are not signed in. Then they have to ask you again.`,
    whileSignedIn: (hours) =>
      `They may fetch the information for as long as you are signed in, but for no more than ${hours} hours.`,
    remembered: 'If you say yes, we remember it for next time.',
    accept: 'Yes, they may',
    acceptNothing: 'Yes, sign in',
    refuse: 'No, go back',
  },
};
