import type { deskCprDa } from './words.da.ts';

export const deskCprEn: typeof deskCprDa = {
  link: 'Correct the CPR number',
  waits: 'A colleague has to look at a new CPR number for the citizen.',
  proposed: 'The proposal is saved. Nothing has changed yet. A colleague has to look at it.',
  form: {
    title: 'A new CPR number',
    why: 'The citizen keeps their ID, card and password. Do this only when you have seen for yourself that the citizen has a new CPR number. Another officer has to approve it.',
    cpr: 'The new CPR number',
    correction: 'The number that the ID has now was never the citizen’s. It has to be released.',
    submit: 'Send to a colleague',
  },
  faults: {
    cpr_malformed: 'A CPR number is ten digits.',
    cpr_impossible: 'The CPR number does not begin with a date that exists.',
    same_number: 'This is the CPR number that the ID belongs to already.',
    taken:
      'There is an ID for that CPR number already. Nobody may have two. Find that ID, and see whether it is the same person.',
    former_number: 'This is a former CPR number. Enter the one that the citizen has now.',
    dead: 'The CPR register says that the person with this number has died.',
    emigrated: 'The CPR register says that the person with this number has left the country.',
    waits: 'A new CPR number for the citizen is waiting already. A colleague has to look at it first.',
  },
  list: {
    title: 'New CPR numbers',
    look: (name) => `Look at ${name}`,
    own: 'You proposed it yourself, or it is your own ID. A colleague has to look at it.',
  },
  duplicates: {
    title: 'May have two IDs',
    why: 'The CPR register says that it is the same person, but there is an ID for the old CPR number and one for the new. Nobody may have two. Look at the citizen and the identification, and block the ID that is not to be used any more.',
    one: (name, born, state) => `${name}, born ${born}. The ID: ${state}`,
    open: (name) => `See ${name}’s ID`,
  },
  outcome: {
    approved: 'The ID now belongs to the new CPR number. The citizen is told.',
    refused: 'It was refused. Nothing has changed.',
    stale:
      'It does not fit any more: something has changed meanwhile. The proposal is closed, and nothing else has changed.',
  },
  look: {
    title: (name) => `Does ${name} have a new CPR number?`,
    why: 'Check everything, and look the number up in the CPR register. You confirm that it is the citizen’s own.',
    name: 'Name',
    idNumber: 'ID number',
    birthdate: 'Born, as the ID has it',
    cpr: 'New CPR number',
    newBirthdate: 'Born by the new number',
    old: 'The old number',
    oldFormer: 'The citizen’s former number',
    oldWrong: 'Was never the citizen’s and is released',
    registered: 'Name in the CPR register for the new number',
    notRegistered: 'We do not have the number from the CPR register',
    identification: 'Identification that the citizen showed',
    reason: 'Reason',
    right: 'Yes: give the ID the new number',
    wrong: 'No: leave the ID as it is',
    back: 'Back to the list',
  },
};
