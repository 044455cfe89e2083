/**
 * The e-mail address that was given with an order, or in place of another one, in the letter that tells of
 * it. The rows of notice and letter have it sealed.
 */
import { spellEmail } from '../../core/email.ts';
import type { World } from '../world.ts';

interface SealedEmail {
  readonly emailSealed?: string;
}

type Keys = Pick<World, 'keyring'>;

export function sealEmailForLetter({ keyring }: Keys, email: string | null): SealedEmail {
  if (email === null) return {};
  return { emailSealed: keyring.seal('seal', email, CONTEXT).toString('base64url') };
}

/** As a letter prints it; undefined where none was given. */
export function openEmailOfLetter({ keyring }: Keys, { emailSealed }: SealedEmail): string | undefined {
  if (emailSealed === undefined) return undefined;
  return spellEmail(keyring.open('seal', Buffer.from(emailSealed, 'base64url'), CONTEXT));
}

/** As letters of the version before have it. */
const CONTEXT = 'email given with an order';
