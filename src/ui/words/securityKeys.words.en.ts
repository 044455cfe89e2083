/** What every page says where a security key or a passkey is added, in English. */
import type { securityKeysDa } from './securityKeys.words.da.ts';

export const securityKeysEn: typeof securityKeysDa = {
  kinds: { passkey: 'Passkey', securityKey: 'Security key' },
  missing:
    'This takes a browser that can use passkeys and is allowed to run JavaScript. This browser cannot at the moment. You can always sign in with your key card.',
  name: 'Name',
  nameHint: 'For example “My phone” or “The one on my key ring”.',
  nameFault: { empty: 'Enter a name.', too_long: 'The name is too long. Enter at most 60 characters.' },
  start: 'Continue',
  browserFaults: {
    NotAllowedError: 'It was cancelled or took too long. Nothing has been added. Try again.',
    InvalidStateError: 'It has been added already. Use another one, or go back.',
    NotSupportedError: 'It cannot be used with Nøgle. Use another one.',
    SecurityError: 'The browser does not allow it at this address. Check that you are on Nøgle’s own site.',
    other: 'It did not work. Nothing has been added. Try again.',
  },
  faults: {
    expired: 'The page was open for too long. Nothing has been added. Try again.',
    failed: 'We could not use the answer of your browser. Nothing has been added. Try again.',
    unverified:
      'It did not ask for a PIN, a fingerprint or your face. It must be able to. Switch that on, or use another one.',
    known: 'It cannot be added. Use another one.',
    not_listed: 'That model cannot be used with Nøgle. Use another one.',
    too_many: 'You have 10, and you cannot have more. Remove one first.',
  },
};
