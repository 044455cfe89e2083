/** The browsers that a person marked as their own, in English. */
import type { browsersDa } from './words.da.ts';

const dropOn = (when: string) => when.replace(/^on /, '');

export const browsersEn: typeof browsersDa = {
  title: 'My own browsers',
  intro:
    'These are the browsers in which you said: “This is my own computer”. In them strangers cannot lock you out by typing wrong answers, and we do not write to you when you sign in.',
  unknown:
    'If there is one that you do not know or no longer use, remove it. This takes effect at once. You are not signed out in it. You can do that here:',
  none: 'There are none. Tick “This is my own computer” the next time you enter a key.',
  on: (browser, system) => `${browser} on ${system}`,
  nameless: 'A browser whose name we do not know',
  since: (when) => `Your own since ${dropOn(when)}.`,
  lastUsed: (when) => `Last used to sign in with a key ${when}.`,
  from: (network) => `You said so from the network ${network}.`,
  takeBack: 'Remove',
  takeBackWhich: (name, when) => `${name}, your own since ${dropOn(when)}`,
  takeBackAll: 'Remove them all',
  isTakenBack: 'The browser is removed. It is not your own any more.',
  areTakenBack: 'The browsers are removed. None of them is your own any more.',
};
