/** The meaning of the Danish, in plain English. */
import type { OrderTexts } from './words.da.ts';

export const orderEn: OrderTexts = {
  form: {
    title: 'Order an ID',
    who: 'Here you can order an ID for Nøgle if you are 15 or older and have a Danish CPR number and a valid Danish passport or driving licence. You can use the ID at your bank and on public sites.',
    how: 'We send two letters to the address that you have in the CPR register. They come on different days.',
    elsewhere:
      'If you cannot order here, go to Borgerservice (citizen service) or to your bank and bring valid identification.',
    about: 'About you',
    cpr: 'CPR number',
    cprHint: 'Ten digits, with or without a hyphen.',
    name: 'Full name',
    nameHint:
      'As it is written in your passport or on your driving licence. You may leave out middle names. If you have only one name, enter that.',
    documentKind: 'Which identification do you use?',
    documentNumber: 'The number of the passport or driving licence',
    documentNumberHint:
      'In the passport it is on the page with your picture. On the driving licence it is in field 5.',
    contact: 'Messages and key card',
    email: 'E-mail (you may leave it empty)',
    emailHint:
      'Then we write to you when something happens to your ID. When you take the ID into use, we send a code to the address, so that we know that it is yours. Until then, and without an address, you get a letter when it matters.',
    declaration: 'What you say yes to',
    terms: 'Read the terms of Nøgle before you tick the boxes. They open on a page of their own: ',
    termsLink: 'Terms of Nøgle',
    withoutInterpreter: 'I understand the terms in English without the help of an interpreter',
    operatesAlone: 'I can use my ID alone, without anybody doing it for me',
    accepts: 'I accept the terms',
    submit: 'Order ID',
  },
  faults: {
    cpr: {
      missing: 'Enter your CPR number.',
      malformed: 'A CPR number is ten digits. Enter it as it is written on your health card.',
      impossible_date:
        'The first six digits of the CPR number are not a date that exists. Check what you have entered.',
      under_15:
        'You are under 15 and cannot order here. But you can have an ID: go to Borgerservice or to your bank with a parent or guardian, and bring valid identification.',
    },
    name: {
      incomplete: 'Enter your name: first name and last name, or the one name that you have.',
      unreadable: 'There is a character in the name that we cannot read. Enter it again.',
    },
    documentKind: { missing: 'Choose whether it is a passport or a driving licence.' },
    documentNumber: {
      missing: 'Enter the number of your passport or driving licence.',
      malformed:
        'The number must be 4 to 20 letters and digits. Enter it as it is written on the passport or driving licence.',
    },
    email: { malformed: 'The e-mail address does not look right. Correct it or leave the field empty.' },
    withoutInterpreter: {
      not_ticked:
        'You cannot get an ID if you need an interpreter to understand the terms: then it is not certain what you say yes to. If you are in doubt, ask Borgerservice what you can do instead.',
    },
    operatesAlone: {
      not_ticked:
        'You cannot get an ID if somebody else has to use it for you: only the person whom it belongs to may use it. Borgerservice can help you with what you want to do, also without an ID.',
    },
    terms: {
      not_ticked:
        'You cannot get an ID without accepting the terms. If you are in doubt about anything in them, ask Borgerservice.',
      changed:
        'The terms have changed since you opened this page. Read them again, and tick the box if you still accept them.',
    },
  },
  received: {
    title: 'We have received your order',
    new: 'If you do not have an ID',
    letters:
      'Then two letters are on their way to the address that you have in the CPR register: one with your ID number and your key card, and one with a temporary password. They come on different days. When you have got both, you can take your ID into use.',
    known: 'If you already have an ID',
    unchanged:
      'Then nothing about it has changed, and no new one comes. Sign in here if you want to use it on public sites.',
    signIn: 'Sign in with your ID',
    why: 'For your own safety we do not say here whether you have an ID. In either case a letter about the order comes to the address that you have in the CPR register. If a member of staff has to look at the order first, it takes a few days more.',
  },
  noMatch: {
    title: 'We cannot give you an ID here',
    why: 'Perhaps something is written differently in the CPR register, or there have been too many tries today. We do not say which, so that nobody can guess their way.',
    next: 'Go to Borgerservice and bring valid identification. They can help you to get an ID.',
    again:
      'If you think that you made a mistake, you can try again. We take only a few tries a day. If the answer is still the same, you can try again tomorrow.',
    tryAgain: 'Try again',
  },
  publicSites: {
    now: {
      title: 'Your ID now works on public sites',
      what: 'You can use it at once, for example at your municipality, at the tax office and in Digital Post. At your bank it works as before.',
    },
    already: {
      title: 'Your ID already works on public sites',
      what: 'Nothing has changed. You can use it, for example at your municipality, at the tax office and in Digital Post.',
    },
    leave: 'You are still signed in to Nøgle in this browser. Sign out if others use this computer.',
  },
  unchanged: {
    title: 'Nothing has changed',
    why: 'You said no or stopped on the way, so your ID is as it was before.',
    next: 'If you want to use it on public sites another time, sign in here again, or say yes when one of them asks you.',
    signIn: 'Sign in again',
  },
};
