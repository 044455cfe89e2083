/** Texts of a change that a key confirms, and of what came of it, in English. */
import type { confirmDa } from './words.da.ts';

export const confirmEn: typeof confirmDa = {
  confirm: {
    title: 'Confirm with a key',
    actions: {
      change_email: (email) => `You are about to change your e-mail address to ${email}.`,
      noEmail: 'You are about to choose that we write to you by post.',
      change_user_id: (userId) =>
        `You are about to change your user ID to ${userId}. If it is taken, we will say so afterwards, and the key will have been used.`,
      change_password: 'You are about to change your password.',
      change_threshold: (keys) =>
        `You are about to choose that a new card is sent when ${keys} keys are left.`,
      order_card: 'You are about to order a new key card.',
      order_code_token: 'You are about to order a code token.',
      activate_code_token: 'You are about to start using your code token.',
      adjust_code_token: 'You are about to adjust your code token.',
      public_sites_on: 'You are about to switch public sites on.',
      add_security_key: (name) =>
        `You are about to add “${name}”, so that you can sign in with it in place of the card. It can be used in 24 hours.`,
      close_id: 'You are about to close your ID for good.',
    },
    why: 'Only enter the key if you asked for this yourself. Don’t let anyone else enter it.',
    submit: 'Yes, do it',
    cancel: 'No, don’t do it',
    secondWay: {
      heading: 'Do you want to use it at once?',
      means:
        'Then confirm with something you already sign in with, too. That shows it is you, even if somebody else got hold of a key from your card. Otherwise the new one can be used in 24 hours.',
      code: (serialNumber) => `Code from code token ${serialNumber}`,
      codeHint: 'Leave it empty if the new one may wait.',
      submit: 'Yes, and confirm with a passkey or security key',
      gone: 'Your code token is not in use any more. Enter the key from the card again: the new one can then be used in 24 hours.',
      far: 'The clock in your code token is wrong, so the code is not right. Leave the field empty: the new one can then be used in 24 hours.',
      faults: {
        not_accepted:
          'Your security key or passkey could not be used here, and nothing has changed. Try again, choose another one, or use only the card.',
        not_verified:
          'Your device did not ask for a PIN, a fingerprint or your face, so nothing has changed. Switch that on, and try again, or use only the card.',
        copied:
          'Your security key or passkey was not accepted, for there may be a copy of it. Use only the card, and remove it afterwards.',
        waiting:
          'The one that you chose cannot be used yet, so it cannot confirm anything either. Choose another one, or use only the card.',
        malformed: 'We could not read the answer of your browser. Try again, or use only the card.',
      },
    },
  },
  done: {
    title: 'Done',
    receipt: 'Receipt',
    name: 'Name',
    what: 'Change',
    whats: {
      change_email: 'Change of e-mail',
      change_user_id: 'User ID changed',
      change_password: 'Password changed',
      change_threshold: 'Time of the next card chosen',
      change_card_format: 'Kind of key card chosen',
      order_card: 'Key card ordered',
      order_code_token: 'Code token ordered',
      activate_code_token: 'Code token is waiting',
      adjust_code_token: 'Code token adjusted',
      public_sites_on: 'Public sites switched on',
      add_security_key: 'Security key or passkey added',
      close_id: 'ID closed',
    },
    keyName: 'Its name',
    when: 'Done',
    paper: 'Print this page if you would like a receipt.',
    change_email:
      'This takes effect in 24 hours at the earliest. If it is a new address, you also have to enter the code that we send to it. Until then we write to you as before.',
    change_user_id: (userId) => `Your user ID is now ${userId}. You are signed out everywhere else.`,
    change_password: 'Your password is changed. You are signed out everywhere else.',
    change_threshold: (keys) => `Saved: we send a new card when ${keys} keys are left.`,
    change_card_format: {
      next: (kind) => `Your next key card will be ${kind}.`,
      coming: (kind) => `The key card that is on its way to you will be ${kind}.`,
      after: (kind) => `The key card after the one on its way will be ${kind}.`,
    },
    order_card: 'Your new key card is ordered. You will hear when it is sent.',
    order_code_token: 'Your code token is ordered. You will hear when it is sent.',
    activate_code_token:
      'Your code token can be used in a day. You will hear when it can. If this was not you, stop it on the page “Code token”.',
    adjust_code_token: 'Your code token is adjusted. Use the next code that it shows when you sign in.',
    public_sites_on: 'Your ID now also works on public sites.',
    add_security_key:
      'It is added and can be used in 24 hours. We have written to you. Until then you can stop it.',
    addedAtOnce:
      'It is added, and you can use it at once. You confirmed with two things. We have written to you.',
    close_id: 'Your ID is closed.',
  },
  message: {
    title: 'It could not be done',
    notSpent: 'No key was used, and nothing has changed.',
    spent: 'The key has been used. Your user ID is the same as before.',
    why: {
      user_id_taken: 'Somebody has taken that user ID, or one that looks like it. Choose another.',
      user_id_signs: 'There is a character in the user ID that cannot be used. Choose another.',
      on_the_way: 'A card is on its way to you already.',
      no_address: 'We don’t know your address, so we can’t send a card. Please go to Borgerservice.',
      under_15: 'You must be 15 before your ID can be used on public sites.',
      no_cpr: 'This takes a CPR number. Ask Borgerservice what you can do instead.',
      out_of_code_tokens:
        'We have no more code tokens just now. Ask at Borgerservice, or try again in some days.',
      code_token_on_the_way: 'A code token is on its way to you already.',
      code_spent: 'The code from the code token has been used. Start again with a new code.',
      security_key_known: 'It cannot be added. Use another one.',
      needs_guardian:
        'You are under 15. It is done at Borgerservice (citizen service), and your parent or guardian has to come with you.',
      too_many_security_keys: 'You have 10, and you cannot have more. Remove one first.',
      other: 'Something has changed since. See on the overview how things stand.',
    },
    gone: 'This page can no longer be used. Start again if you still want to change something.',
    overview: 'Go to My ID',
    locked: 'The key was entered wrong too many times in a row.',
    noCard: 'You have no key card in use, so you can’t enter a key.',
    noCardNext: 'Please go to Borgerservice, and bring valid identification.',
  },
};
