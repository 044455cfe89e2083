/** What helps a person who does not recognise a line of their log, in English. */
import type { concernsDa } from './concerns.words.da.ts';

export const concernsEn: typeof concernsDa = {
  ask: 'Wasn’t this you?',
  askOther: 'Is this wrong?',
  aboutLine: (line) => `About the line: ${line}`,
  title: 'Wasn’t this you?',
  titleOther: 'Is this wrong?',
  theLine: 'The line says',
  helps: 'What you can do',
  back: 'Back to What has happened?',
  isHere: 'It is the same kind of computer or phone as the one you are using now.',
  sessionsLike: 'Signed in right now from the same place:',
  means: {
    both: 'Then somebody else has both your password and a key from your card.',
    password: 'Then somebody else knows your password.',
    guess: 'Somebody may have tried to guess. They did not get in.',
    session: 'Then somebody else used a computer or phone where you are signed in.',
    change: 'Then somebody else is signed in as you and has keys from your card.',
    email: 'Then somebody else is trying to get the messages that we send you.',
    card: 'Then somebody else is trying to get a key card in your name.',
    security_key: 'Then somebody else is trying to get a way in to your ID, or to take one from you.',
    browser: 'Then somebody else signed in as you and said that the computer is yours.',
    access: 'Then somebody else used your ID on that site.',
    public_sites: 'Then somebody else changed where your ID works.',
    staff:
      'Our staff may only look you up when they have a reason. You can always ask us who it was, and why.',
    record:
      'This is something Nøgle does by itself, or that comes from the CPR register. You can ask us about it.',
  },
  remedies: {
    block_card: { means: 'Block your card. Then none of its keys work any more.', link: 'Block the card' },
    block_id: {
      means: 'Block your whole ID. Then nobody can sign in as you, and everybody is signed out.',
      link: 'Block your ID',
    },
    change_password: {
      means: 'Change your password. This signs everybody else out.',
      link: 'Change your password',
    },
    end_sessions: {
      means: 'See where you are signed in, and sign out of the places that you don’t know.',
      link: 'See where you are signed in',
    },
    remove_access: {
      means: 'Remove the access of the site. Then it learns nothing more about you.',
      link: 'Remove the access',
    },
    stop_email: {
      means: 'See where we write to you. You can stop a change that is not in effect yet.',
      link: 'See your e-mail',
    },
    remove_browsers: {
      means: 'Remove the computer or phone that you don’t know.',
      link: 'See the ones that are yours',
    },
    public_sites_off: {
      means: 'Choose yourself whether your ID works on public sites.',
      link: 'See where your ID works',
    },
    stop_security_key: {
      means: 'See which security keys and passkeys there are, and remove those that you don’t know.',
      link: 'See your security keys',
    },
    see_card: { means: 'See whether a card is on its way, and when it comes.', link: 'See your key cards' },
    phone: {
      means: 'If you are in doubt, phone or write to Nøgle’s hotline. Tell them what the line says.',
      link: null,
    },
  },
};
