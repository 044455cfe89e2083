/**
 * Actions of a person on their own ID. Each needs a key that is spent for that one action. So a session that
 * was left open on a shared computer cannot change anything that matters, and the audit log records what each
 * key confirmed.
 */
import { z } from 'zod';
import { CARD_FORMATS } from './card/cardFormat.ts';
import { MAX_SECURITY_KEY_NAME, type SecurityKeyRefusal } from './factors/securityKey.ts';
import type { CardRefusal } from './card/cardLife.ts';
import type { CodeTokenRefusal } from './factors/codeTokenRefusal.ts';
import { parseEmail } from './person/email.ts';
import type { PublicSitesBlocker } from './signIn/publicSites.ts';

const base64url = z.string().regex(/^[\w-]+$/);

const actionSchema = z.discriminatedUnion('kind', [
  /** Null removes the address: notices go by letter from then on. */
  z.strictObject({ kind: z.literal('change_email'), email: z.string().nullable() }),
  /** In the form of `foldName`. */
  z.strictObject({ kind: z.literal('change_user_id'), userId: z.string() }),
  /**
   * Hashed when the form is submitted: the password itself is never stored while the action waits for its
   * key.
   */
  z.strictObject({ kind: z.literal('change_password'), passwordHash: z.string() }),
  z.strictObject({ kind: z.literal('change_threshold'), threshold: z.int() }),
  z.strictObject({ kind: z.literal('order_card') }),
  /** `order`: a card in this format is sent at once. */
  z.strictObject({
    kind: z.literal('change_card_format'),
    format: z.enum(CARD_FORMATS),
    order: z.boolean(),
  }),
  z.strictObject({ kind: z.literal('order_code_token') }),
  /** `code`: it was matched when it was typed. Of two codes in a row it is the second. */
  z.strictObject({
    kind: z.enum(['activate_code_token', 'adjust_code_token']),
    tokenId: z.uuid(),
    code: z.strictObject({ step: z.int(), driftSteps: z.int() }),
  }),
  z.strictObject({ kind: z.literal('public_sites_on') }),
  /** The credential was verified when the form was sent. */
  z.strictObject({
    kind: z.literal('add_security_key'),
    name: z.string().max(MAX_SECURITY_KEY_NAME),
    credentialId: base64url,
    publicKey: base64url,
    signCount: z.int().min(0),
    transports: z.array(z.string()),
    // Any 16 bytes: makers do not follow the versions of UUIDs.
    aaguid: z.guid(),
    isDiscoverable: z.boolean(),
    isSynced: z.boolean(),
    isBackedUp: z.boolean(),
    isAttested: z.boolean(),
  }),
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

/** @throws ZodError or SyntaxError when the text was not made by `packAction`. */
export function unpackAction(packed: string): SelfServiceAction {
  return actionSchema.parse(JSON.parse(packed));
}

/** Why the action was refused after confirmation. The key is then not spent, unless `refusalSpendsKey`. */
export type SelfServiceRefusal =
  | CardRefusal
  | CodeTokenRefusal
  | PublicSitesBlocker
  | SecurityKeyRefusal
  | 'user_id_taken'
  | 'user_id_signs';

/** Whether a refusal spends the key: otherwise user IDs of others could be probed for free. */
export function refusalSpendsKey(why: SelfServiceRefusal): boolean {
  return why === 'user_id_taken';
}

/**
 * Whether the action ends all other sessions of the person, so that anyone who signed in with the old factor
 * is out. Only the self-service session that confirmed the action continues.
 */
export function revokesOtherSessions(kind: SelfServiceActionKind): boolean {
  return kind === 'change_email' || kind === 'change_user_id' || kind === 'change_password';
}

/** Whether the action orders a card. The key that it spends must not order one before. */
export function ordersCard(action: SelfServiceAction): boolean {
  return action.kind === 'order_card' || (action.kind === 'change_card_format' && action.order);
}

/** Whether a second way that the person signs in with may confirm it, beside the card's key. */
export function takesSecondWay(kind: SelfServiceActionKind): boolean {
  return kind === 'add_security_key';
}

/**
 * How long a new e-mail address waits before it takes over, so that the person can stop it from the old one.
 */
export const EMAIL_WAIT_MS = 24 * 60 * 60_000;

export type EmailInputFault = 'malformed' | 'incomplete';

/** Only the syntax of the address is checked here; whether mail arrives is checked by a code later. */
export function readEmailInput(
  typed: string,
): { readonly email: string } | { readonly why: EmailInputFault } {
  const email = parseEmail(typed);
  if (email !== null) return { email };
  return { why: typed.trim() === '' ? 'incomplete' : 'malformed' };
}
