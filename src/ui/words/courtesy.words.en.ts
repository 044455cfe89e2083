import type { cookiesNeededDa, courtesyDa, stepsDa } from './courtesy.words.da.ts';

export const courtesyEn: typeof courtesyDa = {
  showPassword: 'Show password',
  hidePassword: 'Hide password',
  capsLock: 'Caps Lock is on: you are typing capital letters.',
  timeout: {
    soon: 'You will be signed out in two minutes',
    soonWhy:
      'Nothing has happened on this page for a while. We sign you out so that nobody else can use it. What you have written and not sent will not be kept.',
    stay: 'Stay signed in',
    oneMinute: 'There is one minute left.',
    failed: 'We got no answer. Check your connection and try again.',
    over: 'You are signed out',
    overWhy: 'Nothing happened on this page for too long. What you had not sent has not been kept.',
    again: 'Sign in again',
  },
  emptied: {
    soon: 'This page will be cleared in two minutes',
    soonWhy:
      'Nothing has happened on this page for a while. We remove what is on it so that nobody else can see it.',
    stay: 'Stay on this page',
    oneMinute: 'There is one minute left.',
    over: 'This page has been cleared',
    overWhy: 'Nothing happened on this page for too long. What was written and not sent has been removed.',
    again: 'Open the page again',
  },
  closed: {
    over: 'This page has been closed',
    overWhy:
      'Nothing happened on it for too long. You are still signed in, because another page here is in use.',
    again: 'Show the page again',
  },
};

export const cookiesNeededEn: typeof cookiesNeededDa = {
  title: 'Your browser does not keep cookies',
  why: 'While you are signing in, Nøgle keeps a cookie in your browser so that we know it is you. It did not come back, so you cannot go on here. You have done nothing wrong, and nothing has counted as a try.',
  what: 'How to go on',
  inApp:
    'Is the page open inside an app, for example from a message or a post? Open it in your ordinary browser instead. It is often in a menu with three dots: “Open in browser”, “Open in Safari” or “Open in Chrome”.',
  allow: (host) =>
    `Are cookies turned off? Allow them for ${host} in the settings of your browser, under “Privacy” or “Cookies”. Nøgle uses them to sign you in, and does not follow you anywhere else.`,
  thenAgain: 'Then try again.',
  thenBack: 'Then go back to the site where you wanted to sign in, and start again from there.',
  inShort:
    'Your browser does not keep cookies. Open the site in an ordinary browser, not inside an app, or allow cookies in its settings. Then start again.',
};

export const stepsEn: typeof stepsDa = {
  of: (step, all) => `Step ${step} of ${all}`,
  done: 'done',
  signIn: ['Password', 'Key'],
  activate: ['Your letters', 'Key', 'Your choices'],
  order: ['Order', 'Wait for two letters', 'Activate your ID'],
};
