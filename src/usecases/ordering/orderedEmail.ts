/**
 * The e-mail address that was given with an order, in the letter that tells of it. The row of the letter has
 * it sealed, with the time of the order.
 */
import { spellEmail } from '../../core/email.ts';
import type { World } from '../world.ts';

interface Ordered {
  /** When, in ISO form. */
  readonly at: string;
  readonly emailSealed?: string;
}

type Keys = Pick<World, 'keyring'>;

export function sealOrderedEmail({ keyring }: Keys, email: string | null): { readonly emailSealed?: string } {
  if (email === null) return {};
  return { emailSealed: keyring.seal('seal', email, CONTEXT).toString('base64url') };
}

/** As a letter prints it; undefined where none was given. */
export function openOrderedEmail({ keyring }: Keys, { emailSealed }: Ordered): string | undefined {
  if (emailSealed === undefined) return undefined;
  return spellEmail(keyring.open('seal', Buffer.from(emailSealed, 'base64url'), CONTEXT));
}

const CONTEXT = 'email given with an order';
