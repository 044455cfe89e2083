/** The meaning of the Danish, in plain English. */
import type { Texts } from './da.ts';

export const en: Texts = {
  htmlLang: 'en',
  brand: 'Nøgle',
  brandLine: 'One log-in for it all',
  skipToContent: 'Skip to content',
  otherLanguage: { label: 'Dansk', lang: 'da' },
  errorTitle: 'Error',
  errorSummary: 'There is something to correct',
  signingInTo: 'You are signing in to',
  step: (step) => `Step ${step} of 2`,
  cancel: 'Cancel',
  backTo: (name) => `Back to ${name}`,
  footer: {
    never: 'Nøgle never phones you to ask for a key or a password. If somebody does, hang up.',
    keepApart: 'Never keep your key card and your password in the same place.',
  },
  password: {
    title: 'Sign in',
    heading: 'Sign in',
    userId: 'User ID',
    userIdHint: 'Your user ID, or the ID number from your welcome letter. Not your CPR number.',
    password: 'Password',
    submit: 'Continue',
    wrong: 'The user ID or the password is wrong. Please try again.',
    incomplete: 'Enter both your user ID and your password.',
  },
  key: {
    title: 'Enter a key from your key card',
    heading: 'Find the key on your key card',
    lookOn: 'Take key card',
    lookFor: 'and find key number',
    thenWrite: 'Enter the six digits that stand beside the number.',
    label: 'Key, six digits',
    submit: 'Sign in',
    cardExample: 'This is what a key card looks like. The numbers here are only an example.',
    left: (left) => `There are ${left} keys left on the card.`,
    leftOne: 'This is the last key on the card.',
    wrong: 'The key is wrong. Check that it is the right card, and read the digits beside the number again.',
    malformed: 'A key is six digits. Enter them as they stand on the card. This did not count as a try.',
    stale: 'The key number is another one now. Answer the number shown here. This did not count as a try.',
  },
  locked: {
    title: 'Closed for now',
    heading: (day, time) => `You can try again ${day} ${time}`,
    password: 'The user ID or the password was wrong too many times in a row.',
    key: 'The key was wrong too many times in a row.',
    why: 'So we have closed sign-in for some hours, to keep anyone from guessing. It opens by itself.',
  },
  refused: {
    id_blocked: {
      title: 'Your ID is blocked',
      why: 'So you cannot sign in anywhere with it.',
      next: 'Go to Borgerservice (citizen service) and bring valid identification. They can open it again.',
    },
    no_active_card: {
      title: 'You have no key card in use',
      why: 'To sign in you need a key from a card.',
      next: 'Go to Borgerservice (citizen service) and bring valid identification to get a new card.',
    },
    no_keys_left: {
      title: 'All keys on your key card are used',
      why: 'A key works only once, and the card has no more.',
      next: 'If no new card has come by post, go to Borgerservice (citizen service).',
    },
  },
  logout: {
    title: 'Sign out',
    heading: 'Do you want to sign out?',
    why: 'You will be signed out of Nøgle. If others use this computer, also close the sites you are signed in to.',
    submit: 'Sign out',
    stay: 'No, stay signed in',
  },
  loggedOut: {
    title: 'You are signed out',
    why: 'Close the browser if others use this computer.',
  },
  trouble: {
    expired: {
      title: 'You need to start again',
      why: 'It took too long, or you have already finished here, or the page was opened in another browser.',
      next: 'Go back to where you wanted to sign in, and start again.',
    },
    bad_form: {
      title: 'We could not read what you sent',
      why: 'The form did not reach us as we made it. This did not count as a try.',
      next: 'Go back and try again.',
    },
    too_large: {
      title: 'What you sent is too large',
      why: 'A field of the form was longer than it can be. This did not count as a try.',
      next: 'Go back and try again.',
    },
    busy: {
      title: 'We are busy right now',
      why: 'We did not get to look at your answer. This did not count as a try.',
      next: 'Wait a moment and try again.',
    },
    unavailable: {
      title: 'Nøgle is out of service for a moment',
      why: 'There is a technical fault on our side. You have done nothing wrong.',
      next: 'Wait a minute and try again.',
    },
    failed: {
      title: 'Something went wrong on our side',
      why: 'You have done nothing wrong. The fault has been written down.',
      next: 'Try again. If it goes on, give the number below to support.',
    },
    bad_request: {
      title: 'The site that you came from asked for something we cannot give',
      why: 'The fault is in the site that you came from, not with you.',
      next: 'Go back to the site and try again. If it goes on, contact those who run it.',
    },
    not_found: {
      title: 'This page does not exist',
      why: 'The address is misspelt, or the page has moved.',
      next: 'Go back to where you came from.',
    },
    wrong_host: {
      title: 'This is not where Nøgle lives',
      why: 'You came here under an address that is not ours.',
      next: 'Do not enter your password here. Go to where you wanted to sign in, and start again.',
    },
  },
  troubleTryAgain: 'Try again',
  troubleNumber: 'Number for support:',
};
