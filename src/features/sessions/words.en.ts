/** The words of signing out, and of where a person is signed in. */
import type { SessionTexts } from './words.da.ts';

export const sessionEn: SessionTexts = {
  logout: {
    title: 'Sign out',
    heading: 'Do you want to sign out?',
    why: 'You will be signed out of Nøgle, and we tell the sites that you are signed in to here. If others use this computer, close the browser too.',
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
    title: 'Where am I signed in?',
    here: 'You are here',
    sinceWithKey: (when) => `You signed in with password and key ${when}.`,
    sinceWithPassword: (when) => `You signed in ${when}, with your password alone.`,
    thisOne: 'The one you are using now',
    elsewhere: 'Other places',
    network: 'Network',
    since: 'Signed in',
    lastUsed: 'Last used',
    sites: 'Sites',
    noSites: 'None right now',
    device: {
      kinds: { computer: 'Computer', mobile: 'Phone or tablet' },
      unknown: 'Computer or phone',
      on: (browser, system) => `${browser} on ${system}`,
      of: (kind, browser) => `${kind}: ${browser}`,
      nameless: 'Unknown browser',
      hereNetwork: 'The one you are using now',
    },
    notYours: 'Is there a place that you don’t know?',
    endOne: 'Sign out of it, or block your card',
    endHere: 'Sign out here',
    endEverywhere: 'Sign out everywhere',
    elsewhereWithKey: 'See other places, and sign out of them. This takes a key',
    everywhereMeans:
      'If you sign out everywhere, no site learns anything more about you until you sign in again.',
  },
  noSession: {
    title: 'You are not signed in',
    why: 'Nobody is signed in with Nøgle in this browser right now.',
    next: 'If you want to sign in, go to the site that you want to use, and start there.',
  },
  stillSignedIn: {
    title: 'You are still signed in to Nøgle',
    why: 'Remember to sign out if others use this computer.',
    signOut: 'Sign out',
  },
};
