/**
 * What can be seen of a user ID and a password before anything is hashed, counted or looked up. A CPR number
 * gets its own word: NemID took it, many people type it out of habit, and here it is nobody's user ID.
 */
import { foldName, isCprLike } from '../person/userId.ts';
import { hasControlCharacter, isReadable } from './typedText.ts';

export const CREDENTIAL_INPUT_FAULTS = [
  'incomplete',
  'cpr_number',
  'name_unreadable',
  'password_unreadable',
] as const;
export type CredentialInputFault = (typeof CREDENTIAL_INPUT_FAULTS)[number];

/** Null when the pair can be judged. Nothing here depends on what is stored. */
export function checkNameAndPassword(name: string, password: string): CredentialInputFault | null {
  if (isCprLike(name)) return 'cpr_number';
  if (foldName(name) === '' || password === '') return 'incomplete';
  if (!isReadable(name)) return 'name_unreadable';
  return hasControlCharacter(password) ? 'password_unreadable' : null;
}

/** What a page shows again of a name. A CPR number is of no use there and is not kept, not even sealed. */
export function cleanNameForPage(name: string): string {
  return isCprLike(name) ? '' : name;
}

/** Which field the fault is told at, where the name is shown again as `shownName`. */
export function findFaultyField(fault: CredentialInputFault, shownName: string): 'userId' | 'password' {
  if (fault === 'password_unreadable') return 'password';
  return fault === 'incomplete' && shownName !== '' ? 'password' : 'userId';
}
