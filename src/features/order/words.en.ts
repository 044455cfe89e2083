/** The meaning of the Danish, in plain English. */
import type { OrderTexts } from './words.da.ts';

export const orderEn: OrderTexts = {
  form: {
    title: 'Order an ID',
    opens:
      'You can use an ID that you order here on public sites, and elsewhere when password and key are enough. Some places, many banks for example, require that somebody has seen you first.',
    raised:
      'That is easily done once you have your ID: go to Borgerservice (citizen service) with valid identification and your key card. It takes a few minutes. If you would rather show identification from the start, get your ID at Borgerservice or at your bank.',
    who: 'You can order an ID here once you are 15. You need a CPR number and a valid Danish passport or driving licence.',
    how: 'We send two letters to your address in the CPR register. They come on different days.',
    elsewhere:
      'Can’t order here? Go to Borgerservice (citizen service) or your bank with valid identification.',
    about: 'About you',
    cpr: 'CPR number',
    cprHint: 'Ten digits, with or without a hyphen.',
    name: 'Full name',
    nameHint: 'As in your passport or on your driving licence. You can leave out middle names.',
    documentKind: 'Which identification are you using?',
    documentNumber: 'The number of the passport or driving licence',
    documentNumberHint: 'In a passport it is next to your picture, on a driving licence in field 5.',
    contact: 'Messages and key card',
    email: 'E-mail (optional)',
    emailHint:
      'We will write to you when something happens to your ID. We will ask you for a code, so that we know the address is yours. Without an e-mail address you get a letter when it matters.',
    next: 'Continue',
    back: 'Back',
    clear: 'Delete what I have entered',
    declaration: 'What you agree to',
    terms: 'Read the terms before you tick the boxes.',
    termsLink: 'Read the terms of Nøgle (opens in a new tab)',
    withoutInterpreter: 'I understand the terms in English without an interpreter',
    operatesAlone: 'I can use my ID myself, without anybody doing it for me',
    accepts: 'I accept the terms',
    cannot:
      'If you cannot agree to all of this, you cannot have an ID. Borgerservice can help you in another way.',
  },
  check: {
    title: 'Check your answers',
    change: 'Change',
    documentKind: 'Identification',
    documentNumber: 'Number',
    email: 'E-mail',
    noEmail: 'None. You get letters.',
    card: 'Key card',
    terms: 'Terms',
    accepted: (language) =>
      `You accept them. You understand them in ${language} without an interpreter, and you can use your ID yourself.`,
    languages: { da: 'Danish', en: 'English' },
    notYet: 'You have not ordered yet. The button below does that.',
    submit: 'Order ID',
  },
  faults: {
    cpr: {
      missing: 'Enter your CPR number.',
      malformed: 'A CPR number is ten digits. Enter it as it is written on your health card.',
      impossible_date:
        'The first six digits of the CPR number are not a date that exists. Check what you have entered.',
      under_15:
        'You are under 15 and cannot order here. But you can have an ID. Go to Borgerservice or your bank with a parent or guardian, and bring valid identification.',
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
      not_ticked: 'Tick the box to say that you understand the terms without an interpreter.',
    },
    operatesAlone: { not_ticked: 'Tick the box to say that you can use your ID yourself.' },
    terms: {
      not_ticked: 'Tick the box to accept the terms.',
      changed: 'The terms have just changed. Read them again, and tick the box if you still accept them.',
    },
  },
  received: {
    title: 'We have your order',
    reference: 'Your order number',
    at: (day, time) => `Ordered ${day} ${time}.`,
    next: 'What happens next',
    new: 'If you do not have an ID, two letters will come to your address in the CPR register. They come on different days.',
    letters: 'We expect them:',
    first: 'One letter',
    second: 'The other letter',
    between: (dates) => `between ${dates}`,
    inLetters: 'One has your ID number and your key card. The other has a temporary password.',
    activate: 'When you have both letters, activate your ID here:',
    later: 'If we have to look at your order first, it takes a few days more.',
    late: (last) => `If a letter is missing on ${last}, phone Nøgle’s hotline:`,
    known: 'Do you have an ID already?',
    unchanged:
      'Then it is as it was, and no new one will come. Sign in here if you want to use it on public sites.',
    signIn: 'Sign in with your ID',
    why: 'For your safety we do not say here whether you have an ID. A letter about the order always comes to your address in the CPR register.',
    print: 'You can print this page and keep it.',
    home: 'To the start page',
  },
  noMatch: {
    title: 'We cannot give you an ID here',
    why: 'Perhaps something in the CPR register differs from what you entered. Or there have been too many tries today. We do not say which, so that nobody can guess.',
    again: 'If you think you made a mistake, correct it and try again. You only have a few tries a day.',
    tryAgain: 'Correct and try again',
    next: 'Otherwise go to Borgerservice (citizen service) with valid identification. They can help you get an ID.',
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
    leave: 'You are still signed in to Nøgle. Sign out if others use this computer.',
    where: 'See where you can use your ID',
  },
  unchanged: {
    title: 'Nothing has changed',
    why: 'You said no or stopped on the way, so your ID is as it was before.',
    next: 'If you want to use it on public sites another time, sign in here again, or say yes when one of them asks you.',
    signIn: 'Sign in again',
  },
};
