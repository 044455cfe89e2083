/**
 * The details that a notice may contain. Notices have no MAC: someone who can write to the database could
 * otherwise put any text into Nøgle's mails and letters. So every printed detail has a form without free
 * text: a number, a day, one of a few words. The name of a relying party is read from its own row, which has
 * a MAC.
 */
import { z } from 'zod';
import { CARD_FORMATS } from '../../domain/card/cardFormat.ts';
import type { Notice, NoticeKind } from '../../domain/notice.ts';
import { CLIENT_ID } from '../../domain/relyingParty/clientMetadata.ts';

/** The details are not ones that Nøgle writes, so the notice is not printed. */
export class InvalidNoticeError extends Error {}

const cardNumber = z.string().regex(/^[A-Z]\d{3}-?\d{3}-?\d{3}$/);
const day = z.iso.date();
const instant = z
  .string()
  .regex(/^[\d:.TZ+-]{10,35}$/)
  .refine((text) => !Number.isNaN(Date.parse(text)));
const by = z.enum(['person', 'staff', 'system']);
const count = z.int().min(0).max(9_999);
/** Encrypted: what it says is read only under the person's salt. */
const sealed = z.string().regex(/^[\w-]{1,2000}$/);

const NOTHING = z.object({});
const ABOUT_CARD = z.object({ cardNumber });
const AT = z.object({ at: instant });
const BY = z.object({ by });
const OPENS_AT = z.object({ opensAt: instant });

const DETAILS: Record<NoticeKind, z.ZodType> = {
  card_ordered: ABOUT_CARD,
  card_sent: z.object({ cardNumber, expectedFrom: day, expectedTo: day }),
  card_active: ABOUT_CARD,
  card_not_arrived: z.object({ cardNumber, again: z.boolean() }),
  card_recalled: ABOUT_CARD,
  card_retired: z.object({ cardNumber, again: z.boolean() }),
  card_not_ordered: z.object({ keysLeft: count }),
  wait_started: z.object({ cardNumber, opensAt: instant }),
  threshold_changed: z.object({ threshold: count }),
  card_format_changed: z.object({ format: z.enum(CARD_FORMATS) }),
  card_given_up: ABOUT_CARD,
  public_sites_on: BY,
  public_sites_off: BY,
  card_blocked: z.object({ cardNumber, by, onTheWay: z.boolean().optional() }),
  id_blocked: BY,
  address_changed: NOTHING,
  cpr_changed: NOTHING,
  name_changed: NOTHING,
  emigrated: NOTHING,
  ordered_after_move: z.object({ holds: z.enum(['card', 'password']) }),
  id_reopened: NOTHING,
  id_proofed: NOTHING,
  proofing_lowered: NOTHING,
  password_ordered: NOTHING,
  new_password_ordered: z.object({ at: instant, seen: sealed.optional() }),
  id_activated: AT,
  password_changed: AT,
  email_changed: z.object({ from: instant, byLetter: z.boolean() }),
  email_taken_on: z.object({ from: instant }),
  email_called_off: BY,
  security_key_added: z.object({
    at: instant,
    opensAt: instant.optional(),
    withGuardian: z.literal(true).optional(),
    confirmedWith: z.enum(['security_key', 'code_token']).optional(),
  }),
  security_key_active: NOTHING,
  security_key_ended: z.object({ many: count, by, at: instant }),
  user_id_changed: AT,
  id_closed: AT,
  code_token_ordered: NOTHING,
  code_token_active: z.object({ withGuardian: z.literal(true).optional() }),
  code_token_sent: z.object({ expectedFrom: day, expectedTo: day }),
  code_token_waits: OPENS_AT,
  code_token_blocked: BY,
  code_token_retired: NOTHING,
  new_browser: z.object({ relyingParty: z.string().regex(CLIENT_ID), at: instant, seen: sealed.optional() }),
  browsers_taken_back: z.object({ many: count, at: instant }),
  password_without_key: z.object({ at: instant, seen: sealed.optional() }),
  password_locked: OPENS_AT,
  only_known_browsers: NOTHING,
  sign_in_code: z.object({ codeId: z.string().regex(/^[\w-]{1,64}$/), until: instant }),
  keys_locked: z.object({ opensAt: instant, seen: sealed.optional() }),
  ordered_online: z.object({ at: instant, emailSealed: sealed.optional() }),
};

/**
 * @throws InvalidNoticeError where a detail has another form. A kind that only a later version knows is a
 *   different error: a node of that version sends it.
 */
export function assertNoticeDetails({ kind, details }: Notice): void {
  if (!Object.hasOwn(DETAILS, kind)) throw new Error('a notice of a kind that this version does not know');
  const read = DETAILS[kind].safeParse(details);
  if (read.success) return;
  const [field] = read.error.issues[0]?.path ?? [];
  throw new InvalidNoticeError(
    `the details of a notice do not fit its kind: ${kind}, ${String(field ?? 'all')}`,
  );
}
