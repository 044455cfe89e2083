/** The words of signing out, and of where a person is signed in. */
import type { SessionTexts } from './words.da.ts';

export const sessionEn: SessionTexts = {
  logout: {
    title: 'Sign out',
    heading: 'Do you want to sign out?',
    why: 'You will be signed out of Nøgle, and we tell the sites that you are signed in to with this browser. If others use this computer, also close the browser.',
    where: 'See where you are signed in.',
    submit: 'Sign out',
    stay: 'No, stay signed in',
  },
  loggedOut: {
    title: 'You are signed out',
    why: 'Close the browser if others use this computer.',
    again: 'Sign in to Nøgle self-service',
  },
  session: {
    title: 'Where you are signed in',
    here: 'In this browser',
    sinceWithKey: (when) => `You signed in with password and key ${when}.`,
    sinceWithPassword: (when) => `You signed in ${when}, with your password alone.`,
    noSites: 'No sites right now.',
    elsewhere: 'In other browsers',
    since: (when) => `Signed in ${when}:`,
    notYours: 'If there is something you do not know, sign out everywhere and block your card.',
    endHere: 'Sign out in this browser',
    endEverywhere: 'Sign out everywhere',
    elsewhereWithKey: 'See other places, and sign out everywhere. It takes a key',
    everywhereMeans:
      'If you sign out everywhere, no site may fetch information about you any more until you sign in again.',
  },
  noSession: {
    title: 'You are not signed in',
    why: 'Nobody is signed in with Nøgle in this browser right now.',
    next: 'If you want to sign in, go to the site that you want to use, and begin there.',
  },
  stillSignedIn: {
    title: 'You are still signed in to Nøgle',
    why: 'Remember to sign out if others use this computer.',
    signOut: 'Sign out',
  },
};
