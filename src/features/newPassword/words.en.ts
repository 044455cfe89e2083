/** Words of the pages where a person who forgot the password gets a new one by a key and a letter. */
import type { NewPasswordTexts } from './words.da.ts';

export const newPasswordEn: NewPasswordTexts = {
  newPassword: {
    link: 'Forgotten your password?',
    title: 'Get a new password',
    steps: ['User ID', 'Key'],
    lead: 'If you have your key card, you can get a new password by post. You do not have to go anywhere.',
    how: 'How it works:',
    list: [
      'You enter your user ID and a key from the card that you use now.',
      'We send a temporary password in a letter to the address we have for you. It is never shown on a screen or sent by e-mail.',
      'When the letter arrives, you choose a new password yourself. You need a key from the card for that too.',
    ],
    old: 'Until then your old password works, if you remember it after all.',
    userIdHint:
      'If you have forgotten it, use your ID number of nine digits. It is in your first letter from us.',
    submit: 'Next',
    errors: {
      incomplete: 'Enter your user ID or your ID number.',
    },
    without:
      'If you do not have your card, or if it is blocked, go to Borgerservice (citizen service). If you are under 15, go there with your parent or guardian.',
  },
  newPasswordKey: {
    title: 'Enter a key from your card',
    lookFor: 'Find this number on the key card that you use now:',
    nameIs: 'User ID:',
    another: 'Correct the user ID',
    submit: 'Ask for a letter',
    notThere: 'Is the number not on your card?',
    notThereWhy:
      'First check that your user ID is spelled right. If it is, you cannot get a new password here. Go to Borgerservice (citizen service) and bring valid identification.',
    slowed:
      'There were too many wrong keys, so we have not looked at yours. Try again in an hour, or go to Borgerservice (citizen service).',
    errors: {
      malformed: 'Enter the six digits beside the number.',
      stale: 'We now ask for another key. Look at the number, and enter the key beside it.',
    },
  },
  newPasswordReceived: {
    title: 'If the key was right, a letter is on its way',
    what: 'The letter with your temporary password goes to the address we have for you. It is usually the one in the CPR register.',
    doubt:
      'We do not say here whether user ID and key were right. Otherwise strangers could use this page to guess.',
    sure: 'How to be sure',
    list: [
      'Wait for our message. It comes by e-mail within minutes. If we do not have your e-mail address, it comes by letter.',
      'The letter with the password arrives within one to two weeks. If one is already on its way, we do not send another.',
      'Keep your key card. You need a key from it together with the letter.',
      'Your old password works until you have chosen a new one.',
    ],
    never: 'Does the letter not come?',
    neverWhy:
      'Then the user ID or the key was wrong, or we cannot send the letter. We cannot if your ID or card is blocked, if you are under 15, if we do not have your address, or if you have had several letters in the last month.',
    desk: 'Go to Borgerservice (citizen service) and bring valid identification. They can help you. If you are under 15, your parent or guardian has to come with you.',
    activate: 'I have the letter',
    again: 'Mistyped? Try again',
  },
};
