import type { emailDa } from './words.da.ts';

export const emailEn: typeof emailDa = {
  title: 'Is this your e-mail address?',
  given: (email) =>
    `We can write to ${email} about your ID. First use a code to show that the address is yours. Until then we write to you by post.`,
  change: (email) =>
    `You have asked us to write to ${email}. Use a code to show that the address is yours. We start using it 24 hours after you asked at the earliest. Until then we write to you as before.`,
  kept: (email) =>
    `We write to ${email} when something happens to your ID. Please use a code to show that the address is yours. Until then you get the important messages by post too.`,
  sent: 'We have sent a code to the address. It can take a few minutes to arrive. Look in the folder for spam as well.',
  none: 'We send a code to the address. You enter it here.',
  over: 'The last code can no longer be used. Ask for a new one.',
  refused:
    'The address does not take e-mail from us. Check that it is spelled correctly, or use another one.',
  code: 'Code from the e-mail',
  codeHint: '8 characters. Spaces and capital letters make no difference.',
  submit: 'Confirm the address',
  send: 'Send a code',
  sendAgain: 'Send a new code',
  newest: 'Only the newest code works.',
  another: 'Is the address wrong?',
  anotherEmail: 'Another e-mail address',
  anotherHint: 'For example name@example.com.',
  anotherSubmit: 'Use that address',
  anotherLink: 'Change the address, or get messages by post',
  without: 'Write to me by post',
  withoutMeans:
    'If you would rather have messages by post, we forget the address. You can always enter a new one in self-service.',
  callOff: 'Stop the change',
  callOffMeans: 'If you stop the change, we write to you where we did before.',
  notNow: 'Not now',
  faults: {
    incomplete: 'Enter the code from the e-mail.',
    wrong:
      'The code does not belong to this address. Look in the newest e-mail that we have sent to it, and enter the code again.',
    over: 'That code can no longer be used. Ask for a new one.',
    limit:
      'We cannot send more codes right now. Try again later, tomorrow at the latest. Until then we write to you as before.',
    email_incomplete: 'Enter an e-mail address.',
    email_malformed: 'The e-mail address is not right. It should look like name@example.com.',
    another_over:
      'You can no longer change the address here, and it has not been changed. Change it in self-service.',
  },
  activation: {
    ready: 'Your ID is ready. There is only one thing left.',
    later: 'Do this later',
    anotherMeans: (minutes) =>
      `We send a code to the new address, and start using it after 24 hours at the earliest. Until then we write to you as before, about the change too. You can change the address here for ${minutes} minutes. After that, do it in self-service.`,
    anotherElsewhere:
      'You now change the address in self-service, where you use a key. So no one else can do it if you leave the computer.',
    anotherTyped: (email) => `You entered: ${email}`,
    anotherLink: 'Change the address in self-service',
  },
  contact: {
    unconfirmed:
      'You have not yet used a code to show that the address is yours. Until you do, you get the important messages by post too.',
    waiting: (email) => `You have not yet entered the code that we have sent to ${email}.`,
    refused:
      'This address does not accept mail, so we write to you by post. Check that it is right, or give us another one.',
    enter: 'Confirm the e-mail address',
    confirmed: 'Thank you. Now we know that the e-mail address is yours.',
    calledOff: 'The change is stopped. We write to you where we did before.',
  },
};
