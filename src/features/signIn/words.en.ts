/** Words of a sign-in: password, key, new card, lock, refusal, public sites, consent, and its end. */
import type { ColumnPart } from '../../domain/card/cardLayout.ts';
import type { SignInTexts } from './words.da.ts';

const COLUMNS = ['first', 'second', 'third', 'fourth'];
const PARTS: Readonly<Record<ColumnPart, string>> = {
  top: 'near the top',
  middle: 'about halfway down',
  bottom: 'near the bottom',
};

/** The site wants an ID for which identification was seen, and this one was ordered online. */
const NOT_PROOFED = {
  title: 'Your ID cannot be used here yet',
  why: 'This site requires that somebody has seen you and your identification. That has not happened yet for your ID: nobody sees you when you order online.',
  next: 'Go to Borgerservice (citizen service), or to your bank if it issues IDs. Bring valid identification and your key card. It takes a few minutes, and you keep your ID and your card.',
};

export const signInEn: SignInTexts = {
  password: {
    title: 'Sign in',
    heading: 'Sign in',
    userId: 'User ID',
    userIdHint: 'Your user ID, or the ID number from your welcome letter. Not your CPR number.',
    password: 'Password',
    submit: 'Continue',
    remember: 'Remember my user ID on this computer',
    rememberHint: 'Leave this empty on a computer that other people use too.',
    forget: 'Not you? Forget this user ID',
    wrong: 'The user ID or the password is wrong. Please try again.',
    lastBeforeLock: 'If it is wrong once more, sign-in is locked for some hours.',
    incomplete: 'Enter both your user ID and your password.',
    cpr_number:
      'That looks like a CPR number, and we never use that to sign in. Enter the user ID that you chose yourself, or your ID number. The ID number is the nine digits in your welcome letter. This does not count as a try.',
    name_unreadable:
      'There is a character in the user ID that we cannot read. Enter it again. This does not count as a try.',
    password_unreadable:
      'The password contains a tab, a line break or another invisible character. Enter it again, or copy just the password. This does not count as a try.',
    beginAgain: 'Enter your user ID and password again. We cannot see whether our last answer reached you.',
    activated: 'Your ID is ready. Sign in with the password that you have just chosen.',
    firstTime: 'First time? Activate your ID',
  },
  key: {
    title: 'Enter a key from your key card',
    heading: 'Find the key on your key card',
    lookOn: 'Take key card',
    lookFor: 'and find key number',
    thenWrite: 'Enter the six digits next to the number.',
    label: 'Key, six digits',
    submit: 'Sign in',
    place: {
      at: (side, column, part) =>
        `It is on side ${side}, in the ${COLUMNS[column - 1] ?? column} column, ${PARTS[part]}.`,
      ascending: 'The numbers are in order, smallest first.',
      side: (side) => `Side ${side}`,
      drawing: (where) => `Drawing of the card with the number marked. ${where}`,
    },
    left: (left) => `There are ${left} keys left on the card.`,
    leftOne: 'This is the last key on the card.',
    wrong: 'The key is wrong. Check that it is the right card, and read the digits next to the number again.',
    lastBeforeLock: 'If it is wrong once more, sign-in is locked for some hours.',
    lastBeforeBlock: 'If it is wrong once more, we block the key card.',
    ownComputer: 'This is my own computer',
    ownComputerHint:
      'Then nobody else can lock you out here by entering wrong answers. Leave this empty on a computer that other people use too.',
    malformed:
      'A key has six digits. Enter them as they are printed on the card. This did not count as a try.',
    stepUp: (name) => `You are already signed in with your password. ${name} asks for a key too.`,
    another: 'Not you? Sign in as someone else',
    stale:
      'The key number has changed. Enter the key for the number shown here. This did not count as a try.',
  },
  securityKey: {
    title: 'Show that it is you',
    heading: 'Use your security key or passkey',
    how: 'You show that it is you by fingerprint, face or PIN on your own device.',
    submit: 'Sign in with it',
    only: 'Sign in with a passkey',
    card: 'Use the key card',
    orPassword: 'Or use user ID and password',
    missing: 'Your browser cannot use security keys and passkeys here. Use the key card instead.',
    keysLocked: (day: string, time: string) =>
      `The key was wrong too many times in a row. You can enter a key again ${day} ${time}. Until then you can sign in with a security key or a passkey.`,
    missingWithoutCard:
      'Your browser cannot use security keys and passkeys here, and the key card cannot be used. Try another browser.',
    faults: {
      not_accepted:
        'Your security key or passkey could not be used here. Try again, choose another one, or use user ID, password and key card.',
      not_verified:
        'Your device did not ask for a PIN, a fingerprint or your face. Switch that on, and try again, or use the key card.',
      copied:
        'Your security key or passkey was not accepted, for there may be a copy of it. Use the key card, and remove it in self-service.',
      waiting:
        'Your security key or passkey cannot be used yet. A day has to pass after it was added. Use the key card until then.',
      malformed: 'We could not read the answer of your browser. Try again, or use the key card.',
    },
    browserFaults: {
      NotAllowedError: 'It was cancelled, or it took too long. You can try again.',
      SecurityError: 'Your browser cannot use security keys and passkeys at this address.',
      other: 'It did not work. Try again, or use the key card.',
    },
  },
  newCard: {
    title: 'Has your new key card arrived?',
    titleInstead: 'Activate your new key card',
    why: 'Then enter a key from the new card. From then on you use only the new one, and you can cut up the old one.',
    whyInstead: (hours) =>
      `You have no other card in use. Once you have entered a key from the new one, ${hours} hours pass before you can sign in with it. We let you know at once, so that nobody can do this behind your back.`,
    whyWaits: (hours) =>
      `Then enter a key from the new card. You did not sign in with the old one, so ${hours} hours pass before the new one works. If you have a card in use, it works meanwhile. We let you know at once, so that nobody can do this behind your back.`,
    lookOn: 'Take the new card',
    submit: 'Activate the new card',
    skip: 'It has not arrived yet',
    goOn: 'Continue without the new card',
    lockedTitle: 'The new card cannot be activated right now',
    locked:
      'The key was wrong too many times in a row. You can continue now, but it will be some hours before you can sign in again.',
  },
  locked: {
    unknownBrowsers: {
      title: 'You need a code to sign in here',
      why: 'The password was wrong so many times that somebody may be trying to guess it. So you first have to enter a code that we send you.',
      next: 'You need no code on a computer where you have ticked “This is my own computer”, or where you usually sign in.',
      send: 'Send me a code',
      how: 'The code goes to the e-mail address that you have confirmed. If you have not confirmed one, it comes by letter.',
      byLetter: 'Send the code by letter',
      ordered:
        'If your ID can get a code, it is on its way. By e-mail it takes a few minutes, by letter up to a few weeks. You can get one e-mail an hour and one letter every five business days.',
      label: 'The code from us',
      hint: 'Eight letters and digits. Capital and small letters are the same.',
      submit: 'Continue',
      wrong: 'The code is not right, or it no longer works. Enter it again, or get a new one.',
      incomplete: 'Enter the code.',
    },
    title: 'Sign-in is locked',
    heading: (day, time) => `You can try again ${day} ${time}`,
    password: 'The user ID or the password was wrong too many times in a row.',
    key: 'The key was wrong too many times in a row.',
    why: 'So sign-in is locked for some hours, to stop anyone from guessing. It opens again by itself.',
    next: {
      password:
        'Wait until then, and try again. You can still block your ID. The link is at the foot of the page.',
      key: 'Wait until then, and have your key card ready. If the wrong keys were not yours, somebody knows your password: block your ID at once. The link is at the foot of the page.',
    },
  },
  refused: {
    id_blocked: {
      title: 'Your ID is blocked',
      why: 'You cannot sign in anywhere with it.',
      next: 'Go to Borgerservice (citizen service) and bring valid identification. They can open it again.',
    },
    card_blocked: {
      title: 'Your key card is blocked',
      why: 'You cannot use it to sign in.',
      next: 'Go to Borgerservice (citizen service) and bring valid identification to get a new card.',
    },
    card_waiting: {
      title: 'Your new key card cannot be used yet',
      why: 'A key from it was entered, but none from an old card. So some time has to pass, to stop anyone from activating the card behind your back.',
      next: 'If it was not you who entered it, block the card at once. The link is at the foot of the page.',
    },
    acr_unattainable: NOT_PROOFED,
    proofing_too_low: NOT_PROOFED,
    no_security_key: {
      title: 'You need a security key here',
      why: 'Signing in here takes a security key or a passkey, and you have none that can be used here.',
      next: 'You can add one in self-service, where you sign in with your key card. It can be used a day later.',
    },
    not_activated: {
      title: 'Activate your ID first',
      why: 'You entered the temporary password from your letter. It can only be used to activate your ID.',
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
  addSecurityKey: 'Go to your security keys in self-service (opens in a new tab)',
  notActivated: { activate: 'Activate your ID', signIn: 'I have activated it. Sign in' },
  /** Everything is given, and the response was lost on the way. */
  goOn: {
    title: 'Everything is in place',
    next: 'All that is left is to continue.',
    submit: 'Continue',
  },
  over: {
    timedOut: {
      title: 'You need to start again',
      why: (name) => `Signing in to ${name} took too long.`,
      next: (name) => `Go back to ${name} and sign in again from there.`,
    },
    signedIn: {
      title: (name) => `You are signed in to ${name}`,
      why: 'You have already finished here, so this page cannot be used again.',
      next: (name) => `Continue at ${name}. If it does not let you in, sign in again from there.`,
    },
    ended: {
      title: 'This sign-in has already ended',
      why: (name) => `You were signing in to ${name}. You have cancelled, or you have answered already.`,
      next: (name) => `Go back to ${name} and start again from there.`,
    },
    unknown: {
      title: 'You need to start again',
      why: 'It took too long, or you have already finished here. Or the page was opened in another browser.',
      next: 'Go back to where you wanted to sign in, and start again from there.',
    },
    goTo: (name) => `Go to ${name}`,
    home: 'Go to Nøgle’s front page',
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
      why: 'Your ID works at your bank. You can use it on public sites only once you are 15.',
      next: 'Until then a parent or guardian has to do it for you.',
    },
    no_cpr: {
      title: 'This needs a CPR number',
      why: 'Your ID works at your bank. You can use it on public sites only when you have a CPR number.',
      next: 'Ask at Borgerservice (citizen service) what you can do instead.',
    },
  },
  consent: {
    title: (name) => `May ${name} have these details about you?`,
    titleOfOne: (name) => `May ${name} have this detail about you?`,
    titleOfNothing: (name) => `Do you want to sign in to ${name}?`,
    purpose: (name) => `What ${name} needs your ID for:`,
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
      `They may fetch the information again for ${days} days, even when you are not signed in. After that they have to ask you again.`,
    whileSignedIn: (hours) =>
      `They may fetch the information for as long as you are signed in, but for no more than ${hours} hours.`,
    remembered: 'If you say yes, we remember it for next time.',
    takeBack: 'You can always take back your yes in self-service, under',
    accept: 'Yes, they may',
    acceptNothing: 'Yes, sign in',
    refuse: 'No, go back',
  },
};
