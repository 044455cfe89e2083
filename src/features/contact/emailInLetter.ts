/**
 * The e-mail address that was given with an order, or in place of another one, in the letter that tells of
 * it. The rows of notice and letter have it sealed.
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

/** As a letter prints it; undefined where none was given. */
export function openEmailForLetter(
  { keyring }: LetterEmailKeyring,
  { emailSealed }: EmailOfLetter,
): string | undefined {
  if (emailSealed === undefined) return undefined;
  return spellEmail(keyring.open('seal', Buffer.from(emailSealed, 'base64url'), LETTER_EMAIL_CONTEXT));
}

/** As letters of the version before have it. */
const LETTER_EMAIL_CONTEXT = 'email given with an order';
