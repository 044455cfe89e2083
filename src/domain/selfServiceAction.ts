/**
 * What a person changes about their own ID. Each of these is confirmed by a key that is spent for it alone: a session
 * that was left open on a shared computer changes nothing that matters, and a key says what it was given for.
 */
import { z } from 'zod';
import type { CardRefusal } from './card/cardLife.ts';
import { parseEmail } from './person/email.ts';
import type { PublicSitesBlocker } from './signIn/publicSites.ts';

const actionSchema = z.discriminatedUnion('kind', [
  /** Null: from then on notices come by letter. */
  z.strictObject({ kind: z.literal('change_email'), email: z.string().nullable() }),
  /** As `foldName` makes it. */
  z.strictObject({ kind: z.literal('change_user_id'), userId: z.string() }),
  /** Hashed when it was asked for: the password itself waits nowhere. */
  z.strictObject({ kind: z.literal('change_password'), passwordHash: z.string() }),
  z.strictObject({ kind: z.literal('change_threshold'), threshold: z.int() }),
  z.strictObject({ kind: z.literal('order_card') }),
  z.strictObject({ kind: z.literal('public_sites_on') }),
  z.strictObject({ kind: z.literal('close_id') }),
]);

export type SelfServiceAction = z.output<typeof actionSchema>;
export type SelfServiceActionKind = SelfServiceAction['kind'];
export type SelfServiceActionOf<Kind extends SelfServiceActionKind> = Extract<
  SelfServiceAction,
  { kind: Kind }
>;

export function packAction(action: SelfServiceAction): string {
  return JSON.stringify(action);
}

/** @throws what was not packed by `packAction`. */
export function unpackAction(packed: string): SelfServiceAction {
  return actionSchema.parse(JSON.parse(packed));
}

/** Why it could not be done after all; then the key was not spent either, unless `refusalSpendsKey`. */
export type SelfServiceRefusal = CardRefusal | PublicSitesBlocker | 'user_id_taken' | 'user_id_signs';

/** What others have is no free question: the key is spent all the same. */
export function refusalSpendsKey(why: SelfServiceRefusal): boolean {
  return why === 'user_id_taken';
}

/**
 * After these nothing stays signed in elsewhere: whoever got in with the factor of before is out. Only the session of
 * self-service in which it was confirmed goes on.
 */
export function revokesOtherSessions(kind: SelfServiceActionKind): boolean {
  return kind === 'change_email' || kind === 'change_user_id' || kind === 'change_password';
}

/** How long a new e-mail address waits before it takes over: time to stop it, at the old one. */
export const EMAIL_WAIT_MS = 24 * 60 * 60_000;

export type EmailInputFault = 'malformed' | 'incomplete';

/** What is at fault cannot be more than the form of it: that it arrives is seen later. */
export function readEmailInput(
  typed: string,
): { readonly email: string } | { readonly why: EmailInputFault } {
  const email = parseEmail(typed);
  if (email !== null) return { email };
  return { why: typed.trim() === '' ? 'incomplete' : 'malformed' };
}
