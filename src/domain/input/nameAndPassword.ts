/**
 * Faults of a user ID and password that are found before anything is hashed, counted or looked up. A CPR
 * number has a separate fault: NemID accepted it, many people type it out of habit, and here it is no one's
 * user ID.
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

/** Returns null when the pair can be verified. The result does not depend on stored data. */
export function checkNameAndPassword(name: string, password: string): CredentialInputFault | null {
  if (isCprLike(name)) return 'cpr_number';
  if (foldName(name) === '' || password === '') return 'incomplete';
  if (!isReadable(name)) return 'name_unreadable';
  return hasControlCharacter(password) ? 'password_unreadable' : null;
}

/** The name that a page shows again. A CPR number is never kept for that, not even sealed. */
export function cleanNameForPage(name: string): string {
  return isCprLike(name) ? '' : name;
}

/** The field next to which the fault is shown, when the page shows the name as `shownName`. */
export function findFaultyField(fault: CredentialInputFault, shownName: string): 'userId' | 'password' {
  if (fault === 'password_unreadable') return 'password';
  return fault === 'incomplete' && shownName !== '' ? 'password' : 'userId';
}
