import type { headersTooLargeDa, ErrorTexts, unprocessedDa } from './errors.words.da.ts';

export const errorsEn: ErrorTexts = {
  expired: {
    title: 'You need to start again',
    why: 'It took too long, or you have already finished here, or the page was opened in another browser.',
    next: 'Go back to where you wanted to sign in, and start again.',
  },
  answered: {
    title: 'This sign-in has already ended',
    why: 'You went on from here, perhaps in another window or somewhere else. The same sign-in can be used only once.',
    next: 'If you did not get any further, go back to where you wanted to sign in, and start again.',
  },
  bad_form: {
    title: 'We could not read what you sent',
    why: 'The form did not reach us as we made it. This did not count as a try.',
    next: 'Go back and try again.',
  },
  too_large: {
    title: 'What you sent is too large',
    why: 'There was more in the form than there may be. This did not count as a try.',
    next: 'Go back and try again.',
  },
  busy: {
    title: 'We are busy right now',
    why: 'We did not get to look at your answer. This did not count as a try.',
    next: 'Wait a moment and try again.',
  },
  slowed: {
    title: 'Wait a moment and try again',
    why: 'There were many wrong tries from the network you are on, or with this user ID. It need not have been you.',
    next: 'Wait a little and try again. This did not count as a try. If you need to block at once, phone Nøgle’s hotline.',
  },
  unavailable: {
    title: 'Nøgle is out of service for a moment',
    why: 'There is a technical fault on our side. You have done nothing wrong.',
    next: 'Wait a minute and try again.',
  },
  failed: {
    title: 'Something went wrong on our side',
    why: 'You have done nothing wrong. The fault has been written down.',
    next: 'Try again. If it goes on, give the number below to support.',
  },
  mismatch: {
    title: 'We cannot go on right now',
    why: 'Something in our records does not match, so nobody is let in. The fault is ours, not yours, and we have been alerted.',
    next: 'Call the hotline at the foot of this page and give the number below. It is safe to close the page.',
  },
  bad_request: {
    title: 'The site you came from asked for what we cannot give',
    why: 'The fault is in the site that you came from, not with you.',
    next: 'Go back to the site and try again. If it goes on, contact those who run it.',
  },
  not_found: {
    title: 'This page does not exist',
    why: 'The address is misspelt, or the page has moved.',
    next: 'Go back to where you came from.',
  },
  wrong_method: {
    title: 'The page cannot be used like that',
    why: 'The page exists, but it cannot do what it was asked to do.',
    next: 'Go back to where you came from, and try again from there.',
  },
  wrong_host: {
    title: 'This is not where Nøgle lives',
    why: 'You came here under an address that is not ours.',
    next: 'Do not enter your password here. Go to where you wanted to sign in, and start again.',
  },
};

export const rightAddressEn = 'Nøgle lives here:';

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
