/** Texts of self-service about security keys and passkeys, in English. */
import type { securityKeyPagesDa } from './words.da.ts';

const dropOn = (when: string) => when.replace(/^on /, '');

export const securityKeyPagesEn: typeof securityKeyPagesDa = {
  title: 'Security keys and passkeys',
  intro: 'Here you can add another way to sign in than with a key from the card.',
  kinds:
    'A passkey is in your phone or computer. A security key is a small thing that you plug in or hold close. You unlock it with a fingerprint, your face or a PIN.',
  card: 'Your key card works as before. If you lose the phone or the security key, sign in with the card and remove it here.',
  none: 'You don’t have any yet.',
  kind: {
    synced: 'Passkey. It may be on several of your devices.',
    bound: 'Security key or passkey. It is on one device only.',
  },
  waits: (when) => `Waiting. It cannot be used until ${dropOn(when)}.`,
  waitsMeans: 'If it is not yours, stop it now.',
  added: (when) => `Added ${when}.`,
  addedAt: {
    self_service: 'That was in self-service.',
    desk: 'That was at Borgerservice.',
    activation: 'That was when you activated your ID.',
  },
  used: (when) => `Last used ${when}.`,
  notUsed: 'Not used yet.',
  rename: 'Rename',
  renameSubmit: 'Save the name',
  newName: 'New name',
  of: (name) => `(${name})`,
  remove: 'Remove',
  removeMeans:
    'Then nobody can sign in with it any more, and you are signed out everywhere else. To use it again, it has to be added anew with a key from the card.',
  removeSubmit: 'Remove it',
  stop: 'Stop it',
  stopMeans:
    'Then it will never work, and you are signed out everywhere else. If it was not you who added it, somebody else may have had both your key card and your password: then block your whole ID.',
  stopSubmit: 'Stop it now',
  isDone: {
    removed: 'It is removed. You are signed out everywhere else.',
    stopped: 'It is stopped and cannot be used. You are signed out everywhere else.',
    renamed: 'The name is saved.',
  },
  add: 'Add one',
  full: 'You have 10, and you cannot have more. Remove one before you add another.',
  addTitle: 'Add a security key or passkey',
  addSteps: [
    'Give it a name, so that you know it again.',
    'Your browser asks where to keep it. Follow what it says.',
    'Confirm with a key from your key card.',
  ],
  addWait:
    'It can be used 24 hours later, or at once if you also confirm with one that you use already, or with your code token. We write to you at once, so that you have time to stop it if it was not you.',
  addYours:
    'It is for you alone. Do not lend it to anyone, and do not share the account that a passkey comes with.',
  cancel: 'Back',
  overview: {
    none: 'None yet',
    many: (many) => `${many} in all`,
    waiting: (when) => `A new one can be used from ${dropOn(when)}.`,
  },
};
