/** Texts about the person's code token, in English. */
import type { codeTokenDa } from './words.da.ts';

/** A day begins with "on", which "from" takes the place of. */
const dropOn = (when: string) => when.replace(/^on /, '');

export const codeTokenEn: typeof codeTokenDa = {
  title: 'Code token',
  what: 'A code token is a small device with a display. It shows a code that you can enter instead of a key from your card when you sign in. You need no phone. Your key card still works.',
  overview: {
    none: 'You have none',
    active: (number) => `Number ${number} is in use`,
    coming: 'On its way to you',
    notYet: 'Not in use yet',
    another: 'A new one is on its way.',
    waiting: (when) => `The new one can be used from ${dropOn(when)}.`,
  },
  none: 'You have no code token.',
  inUse: 'The code token you use',
  coming: 'Code token on its way',
  number: 'Number',
  lastUsed: 'Last used',
  notUsed: 'Not yet',
  ordered: 'It is ordered, but not sent yet.',
  sent: (dates) => `Sent by post. It should arrive between ${dates}.`,
  waiting: (when) => `You have entered a code from it. It can be used from ${dropOn(when)}.`,
  order: {
    title: 'Order a code token',
    means:
      'It is sent to the address in the population register. You can also get it at Borgerservice if you would rather have help. Bring valid identification.',
    submit: 'Order a code token',
    another: 'If you have one already, it works until the new one is in use.',
    outOfStock: 'We have no more just now. Ask at Borgerservice, or try again in some days.',
    noAddress: 'We don’t know your address, so we can’t send one. Please go to Borgerservice.',
  },
  activate: {
    title: 'Has it arrived?',
    means:
      'Check that the number on the back of the code token is the one shown here. Then enter the code that it shows right now. After that you enter a key from your card. To keep you safe, there is a wait of a day before it can be used.',
    code: 'The code on the code token',
    submit: 'Start using it',
    notArrived: 'It has not arrived',
    notArrivedMeans:
      'If it has not arrived, we make it invalid, and you can order another one. If it does arrive, it cannot be used.',
  },
  stop: {
    means: 'If it is not you who is about to start using it, stop it. It can never be used then.',
    submit: 'Stop it',
  },
  adjust: {
    title: 'Is the code no longer right?',
    means:
      'The clock in a code token can drift, and one with a button may have been pressed too many times. You can then adjust it. Enter the code, wait until it shows a new one, and enter that as well.',
    first: 'First code',
    second: 'The code right after it',
    submit: 'Adjust the code token',
  },
  block: {
    title: 'Have you lost it?',
    means: 'Then block it. It stops working, and you are signed out everywhere else. You cannot undo this.',
    submit: 'Block the code token now',
  },
  done: {
    lost: 'The code token that did not arrive is invalid now. You can order another one.',
    stopped: 'It is stopped. The code token cannot be used.',
    blocked: 'Your code token is blocked. You are signed out everywhere else.',
  },
  faults: {
    malformed: (digits) => `The code must be ${digits} digits.`,
    wrong: (left) =>
      `The code is not right. Wait until it shows a new code, and enter that. You have ${left === 1 ? 'one try' : `${left} tries`} left.`,
    wrongLast: (left) =>
      `The code is not right. If you get it wrong ${left === 1 ? 'once' : `${left} times`} more, your key card and your code token will be blocked.`,
    far: 'The clock in the code token is wrong, so the code is not right. Take it to Borgerservice. They can adjust it or give you another one.',
    spent: 'That code has been used. Wait until it shows a new one, and enter that.',
    notInRow:
      'The two codes are not right. They must come right after each other. If the clock in the code token is more than 20 minutes wrong, it cannot be adjusted. You then need another one.',
    locked: (when) => `There were too many wrong keys and codes. You can try again ${when}.`,
  },
};
