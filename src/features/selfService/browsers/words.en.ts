/** The browsers that a person marked as their own, in English. */
import type { browsersDa } from './words.da.ts';

const dropOn = (when: string) => when.replace(/^on /, '');

export const browsersEn: typeof browsersDa = {
  title: 'My own computers and phones',
  intro:
    'You have said about these: “This is my own computer”. That way nobody can lock you out by typing wrong answers. And we don’t write to you when you sign in on them.',
  unknown:
    'If there is one that you don’t know or no longer use, remove it. This takes effect at once. It does not sign it out. You do that here:',
  none: 'There are none. Tick “This is my own computer” the next time you enter a key.',
  nameless: 'A computer or phone without a name',
  since: (when) => `Your own since ${dropOn(when)}.`,
  lastUsed: (when) => `Last used to sign in with a key ${when}.`,
  from: (network) => `You said so from the network ${network}.`,
  takeBack: 'Remove',
  takeBackWhich: (name, when) => `${name}, your own since ${dropOn(when)}`,
  takeBackAll: 'Remove them all',
  isTakenBack: 'It is removed and no longer your own.',
  areTakenBack: 'They are removed. None of them is your own any more.',
};
