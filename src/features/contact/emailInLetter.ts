/**
 * The e-mail address that was named in an order or a change, for the letter that notifies of it. The rows of
 * the notice and the letter store it sealed.
 */
import { spellEmail } from '../../domain/person/email.ts';
import type { AppContext } from '../appContext.ts';

interface EmailOfLetter {
  readonly emailSealed?: string;
}

type LetterEmailKeyring = Pick<AppContext, 'keyring'>;

export function sealEmailForLetter({ keyring }: LetterEmailKeyring, email: string | null): EmailOfLetter {
  if (email === null) return {};
  return { emailSealed: keyring.seal('seal', email, LETTER_EMAIL_CONTEXT).toString('base64url') };
}

/** Returns the address as the letter prints it; undefined when none was named. */
export function openEmailForLetter(
  { keyring }: LetterEmailKeyring,
  { emailSealed }: EmailOfLetter,
): string | undefined {
  if (emailSealed === undefined) return undefined;
  return spellEmail(keyring.open('seal', Buffer.from(emailSealed, 'base64url'), LETTER_EMAIL_CONTEXT));
}

/** The context that letters of the previous version are sealed under. */
export const LETTER_EMAIL_CONTEXT = 'email given with an order';
