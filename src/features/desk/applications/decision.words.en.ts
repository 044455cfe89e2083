import type { deskCaseDa, deskDecisionDa } from './decision.words.da.ts';

export const deskDecisionEn: typeof deskDecisionDa = {
  title: 'Your application for an ID is refused',
  onBehalfOf: (operator) => `on behalf of ${operator}`,
  cvr: (cvr) => `Company number (CVR) ${cvr}`,
  born: (day) => `Born ${day}`,
  date: 'Date',
  number: 'Case number',
  decided: (house) => `${house} has decided that you cannot get an ID from Nøgle now.`,
  because: 'Why you were refused',
  reasons: {
    no_identification: 'You did not show valid identification.',
    identification_invalid: 'We cannot accept the identification you showed.',
    identification_expired: 'The identification you showed has expired.',
    identification_not_theirs: 'The picture or the name on the identification is not yours.',
    needs_interpreter:
      'You have to be able to understand the terms in Danish or English without an interpreter.',
    cannot_operate_alone: 'You have to be able to use your ID yourself, without help from others.',
    terms_not_accepted: 'You have not agreed to the terms.',
    no_guardian: 'You are under 15, and no parent or guardian was with you.',
    under_15_online: 'You are under 15. You can get an ID only by coming in person.',
    not_in_register: 'Your CPR number is not in the CPR register.',
    dead: 'The CPR register has an entry about your CPR number that means it cannot be used. Talk to your municipality about it.',
    emigrated: 'The CPR register says that you have moved abroad.',
    no_address: 'We have no address for your letters, or we could not confirm it.',
  },
  rule: (section, heading, rule) => `Terms of Nøgle, section ${section}, “${heading}”: “${rule}”`,
  note: (note) => `From the officer: ${note}`,
  again: 'You can apply again as soon as this is in place.',
  appeal: 'If you disagree',
  appealHow: (weeks) => `You can appeal within ${weeks} weeks of the day you got this decision.`,
  appealLastDay: (decided, last) => `If you got it ${decided}, the last day is ${last}.`,
  appealWhat: (number) =>
    `Say what you disagree with, and give your name and the case number ${number}. Send your appeal to:`,
  appealThen:
    'We look at the case again and answer you in writing. If we still disagree, we tell you who you can go to next.',
  help: (hotline) => `If you need help with your appeal, phone Nøgle’s hotline on ${hotline}.`,
  signature: 'Signature',
  house: { borgerservice: 'Borgerservice (citizen service)', other: 'Nøgle' },
  print: 'Print this page with your browser, sign it, and give it to the citizen.',
  back: 'Back',
};

export const deskCaseEn: typeof deskCaseDa = {
  title: (number) => `Case ${number}`,
  name: 'Name',
  state: 'The application is',
  states: {
    waiting: 'Not decided yet',
    issued: 'Approved',
    refused: 'Refused',
    withdrawn: 'Closed',
  },
  at: 'Received',
  decidedAt: 'Decided',
  issuer: 'At',
  why: 'Why it was refused',
  say: 'What you can say',
  says: {
    waiting: 'The application is not decided yet. A member of staff has to look at it first.',
    issued: 'The application is approved, and two letters are on their way or have been sent.',
    refused: 'The application is refused. The decision on paper says why.',
    withdrawn:
      'The application is closed, and nothing was issued. Go to Borgerservice with valid identification.',
  },
  order:
    'A letter about the order will come to the address in the CPR register. If it has not come in time, go to Borgerservice with valid identification.',
  appeal: (operator, address, weeks, decided, last) =>
    `You can appeal within ${weeks} weeks of the day you got the decision. If that was ${decided}, the last day is ${last}. Send the appeal to ${operator}, ${address}, with your name and the case number.`,
  open: 'Open the case and print the decision again',
};
