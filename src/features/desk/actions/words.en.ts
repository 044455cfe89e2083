/** Texts of the desk about the proofing of an ID, in English. */
import type { deskGuardianDa, deskProofingDa } from './words.da.ts';

export const deskProofingEn: typeof deskProofingDa = {
  proofing: 'Identification',
  levels: {
    Substantial: 'Has been seen',
    Low: 'Not seen yet: the ID was ordered online',
  },
  ask: 'Ask the citizen to take out key card',
  lookFor: 'and to enter the key next to',
  key: 'The key, six digits',
  keyHint: 'The citizen enters it here. Then we know that the card is with the person who stands here.',
  faults: {
    key_malformed: 'A key has six digits.',
    key_stale: 'The card asks for another key now. Ask the citizen for the one shown here.',
    key_wrong: 'The key is wrong. Ask the citizen to check the card.',
    key_last:
      'The key is wrong. One more wrong key, and keys are locked for some hours, or the card is blocked.',
    key_locked: 'Too many wrong keys were entered. The page of the citizen says when keys can be used again.',
    key_busy: 'Other keys of the card are being checked. Try again in a moment.',
    key_card_blocked:
      'Too many wrong keys were entered, so the card is blocked. Order a new one, and try again once the citizen has activated it.',
  },
};

/** Texts of the desk about the guardian of a person under 15, in English. */
export const deskGuardianEn: typeof deskGuardianDa = {
  title: 'Parent or guardian',
  why: (name) => `${name} is under 15. So a parent or guardian has to be here and show identification.`,
  who: 'Who is here with the citizen?',
  recorded: {
    application: (name, day) => `${name}. Was there when the ID was issued ${day}`,
    second_way: (name, day) => `${name}. Recorded at the counter ${day}`,
  },
  other: 'Someone else',
  none: 'We have recorded no parent or guardian of the citizen.',
  noneMeans: 'Enter who the adult is, and what you have seen that shows it.',
  nameHint: 'Only when it is someone else than the one we have recorded.',
  proofHint:
    'For example: custody looked up in the population register. It is stored, and the citizen can see it. Do not enter a CPR number.',
  labels: {
    guardianName: 'Name of the adult',
    guardianProof: 'What shows that the adult is the parent or guardian?',
    guardianIdKind: 'Identification that the adult shows now',
    guardianIdNumber: 'Number on the adult’s identification',
    guardianIdExpires: 'The adult’s identification is valid until',
    guardianMatches:
      'The adult is here. The identification is valid, the picture fits, and the name on it is the one chosen or entered here',
  },
  faults: {
    guardian_choice: 'Choose who is here with the citizen.',
    guardian_changed: 'A colleague has recorded another adult in the meantime. Choose again.',
    guardian_name: 'Enter the name of the adult.',
    guardian_proof: 'Enter what you have seen that shows who the adult is, in 5 to 200 characters.',
    guardian_unreadable: 'There is a character that we cannot read. Enter it again.',
    guardian_number: 'Do not enter a CPR number here.',
    guardian_matches:
      'Confirm that the adult is here, and that identification and name fit. Otherwise it cannot be done.',
    guardian_same_document: 'That is the citizen’s own identification. The adult has to show their own.',
    kind_unknown: 'Choose what the adult shows.',
    number_missing: 'Enter the number of the adult’s identification: 4 to 20 letters and digits.',
    expiry_missing: 'Enter when the adult’s identification expires.',
    expiry_impossible: 'That date does not exist. Enter day, month and year.',
    expired: 'The adult’s identification has expired. The adult has to show one that is valid.',
    expiry_too_far: 'No identification is valid for that long. Check the year.',
  },
};
