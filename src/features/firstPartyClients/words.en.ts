import type { firstPartyDa } from './words.da.ts';

export const firstPartyEn: typeof firstPartyDa = {
  notSignedIn: {
    title: 'You were not signed in',
    why: (name) =>
      `You are not signed in to ${name.replace(/^The /, 'the ')}. Perhaps you cancelled, it took too long, or the page was opened in another browser.`,
    again: 'Sign in',
  },
  continue: {
    title: 'You are signed in already',
    who: 'In this browser you are signed in to Nøgle as',
    why: 'Do you want to go on? For what matters most you still need a key.',
    submit: (name) => `Go on to ${name.replace(/^The /, 'the ')}`,
    other: 'Not you? Sign out',
  },
  signedOut: {
    title: (name) => `You are signed out of ${name.replace(/^The /, 'the ')}`,
    stillSignedIn: 'Somebody is still signed in to Nøgle with this browser.',
    next: 'Close the browser if you share the computer with others.',
    elsewhere: 'You may still be signed in on other computers and phones.',
    seeWhere: 'Sign in and see where',
    again: 'Sign in again',
  },
};
