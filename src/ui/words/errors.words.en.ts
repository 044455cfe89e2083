import type {
  headersTooLargeDa,
  ErrorTexts,
  tooSlowDa,
  errorPartsDa,
  unprocessedDa,
  wrongHostDa,
} from './errors.words.da.ts';

export const errorsEn: ErrorTexts = {
  expired: {
    title: 'You need to start again',
    why: 'It took too long, or you have already finished here. Or the page was opened in another browser.',
    next: 'Go back to where you wanted to sign in, and start again.',
  },
  answered: {
    title: 'This sign-in has already ended',
    why: 'You went on from here, perhaps in another window or somewhere else. The same sign-in can be used only once.',
    next: 'If you did not get any further, go back to where you wanted to sign in, and start again.',
  },
  bad_form: {
    title: 'We could not read what you sent',
    why: 'The form was not as we sent it to you. It does not count as a try.',
    next: 'Go back and try again.',
  },
  too_large: {
    title: 'What you sent is too large',
    why: 'There was more in the form than we can take. It does not count as a try.',
    next: 'Go back and try again.',
  },
  busy: {
    title: 'We are busy right now',
    why: 'We did not get round to your answer. It does not count as a try.',
    next: 'Wait a moment and try again.',
  },
  slowed: {
    title: 'Wait a moment and try again',
    why: 'There have been many wrong tries from the network you are on, or with this user ID. It may not have been you.',
    next: 'Wait a little and try again. It does not count as a try. If you need to block right away, phone Nøgle’s hotline.',
  },
  unavailable: {
    title: 'Nøgle is out of service for a moment',
    why: 'There is a technical fault on our side. You have done nothing wrong.',
    next: 'Wait a minute and try again.',
  },
  failed: {
    title: 'Something went wrong on our side',
    why: 'You have done nothing wrong. We have made a note of the fault.',
    next: 'Wait a moment and try again.',
  },
  mismatch: {
    title: 'We cannot go on right now',
    why: 'Something in our records does not match, so nobody is let in. The fault is ours, not yours, and we have been alerted.',
    next: 'Phone Nøgle’s hotline and we will help you. It is safe to close this page.',
  },
  bad_request: {
    title: 'We cannot sign you in from there',
    why: 'The site you came from asked for something we cannot give. The fault is theirs, not yours.',
    next: 'Go back to the site and try again. If that does not help, contact the people who run it.',
  },
  not_found: {
    title: 'We cannot find that page',
    why: 'The address may be mistyped, or the page has moved.',
    next: 'Go back, or start from our front page.',
  },
  wrong_method: {
    title: 'The page cannot be used like that',
    why: 'The page exists, but it cannot do what it was asked to do.',
    next: 'Go back and try again from there.',
  },
  wrong_host: {
    title: 'This is not Nøgle’s address',
    why: 'The address in your browser is not ours.',
    next: 'Do not enter your password here. Go to where you wanted to sign in, and start again.',
  },
};

export const wrongHostEn: typeof wrongHostDa = {
  right: 'Go to the right address',
  links: { help: 'Help', block: 'Block your card or ID now' },
};

export const errorPartsEn: typeof errorPartsDa = {
  tryAgain: 'Try again',
  ways: {
    home: 'Go to the front page',
    services: 'Find the site you want to sign in to',
    selfService: 'Go to self-service',
    desk: 'Go to the desk',
    order: 'Start your order again',
    activate: 'Start activating your ID again',
    block: 'Block your card or ID',
    newPassword: 'Get a new password',
    session: 'See where you are signed in',
    help: 'Go to help',
  },
  phone: 'If it keeps happening, phone Nøgle’s hotline on',
  number: 'Give them this number:',
};

export const headersTooLargeEn: typeof headersTooLargeDa = {
  title: 'Your browser sent too much',
  why: 'There were more cookies, or a longer address, than Nøgle can take. You have done nothing wrong.',
  next: 'Delete the cookies for this address in the settings of your browser, or try in a private window. Then go back to the site that you came from, and start again.',
};

export const unprocessedEn: typeof unprocessedDa = {
  busy: 'We are busy right now, so we did not get to look at it.',
  slowed: 'Many wrong answers have come from the network that you are on, so we have not looked at it yet.',
  unavailable: 'Nøgle is out of service for a moment.',
  sendAgain: 'What you wrote is still here. Wait a moment and send it again.',
  passwordAgain: 'What you wrote is still here, but not the password. Wait a moment, type it again and send.',
};

export const tooSlowEn: typeof tooSlowDa = {
  title: 'It did not reach us',
  why: 'Your connection is slow at the moment, so we did not get what you sent. It does not count as a try.',
  next: 'Go back and send it again. If that does not help, try another network.',
};
