/**
 * Notifications to a person about their ID, by e-mail, or by letter to people without e-mail. A notice
 * contains no secret except a code that was requested, and never a link that signs in. Texts:
 * delivery/mail/notices.ts.
 */
import type { Day } from './calendar.ts';
import type { CardFormat } from './card/cardFormat.ts';

/** Who caused the event. */
export type Actor = 'person' | 'staff' | 'system';

/**
 * Card numbers are in display form and instants in ISO form; `relyingParty` is a client id. `seen`: browser
 * and network of the event, sealed as in the log; absent in rows of the previous version.
 */
export type Notice =
  | { readonly kind: 'card_ordered'; readonly details: { readonly cardNumber: string } }
  | {
      readonly kind: 'card_sent';
      readonly details: {
        readonly cardNumber: string;
        readonly expectedFrom: Day;
        readonly expectedTo: Day;
      };
    }
  | { readonly kind: 'card_active'; readonly details: { readonly cardNumber: string } }
  /** The card did not arrive. `again`: another one was ordered; otherwise the desk has to help. */
  | {
      readonly kind: 'card_not_arrived';
      readonly details: { readonly cardNumber: string; readonly again: boolean };
    }
  /** The card is replaced for a reason on Nøgle's side, such as a failed print run. */
  | { readonly kind: 'card_recalled'; readonly details: { readonly cardNumber: string } }
  /** `again`: another card was ordered; false when there is no address to send one to. */
  | {
      readonly kind: 'card_retired';
      readonly details: { readonly cardNumber: string; readonly again: boolean };
    }
  /** A new card was due, but the person has no address to send it to. */
  | { readonly kind: 'card_not_ordered'; readonly details: { readonly keysLeft: number } }
  /**
   * The first key of a new card was given without a key of the old card: the card can be used from `opensAt`.
   */
  | {
      readonly kind: 'wait_started';
      readonly details: { readonly cardNumber: string; readonly opensAt: string };
    }
  | { readonly kind: 'threshold_changed'; readonly details: { readonly threshold: number } }
  | { readonly kind: 'card_format_changed'; readonly details: { readonly format: CardFormat } }
  /** A card on its way is given up for one in another format. */
  | { readonly kind: 'card_given_up'; readonly details: { readonly cardNumber: string } }
  | { readonly kind: 'public_sites_on' | 'public_sites_off'; readonly details: { readonly by: Actor } }
  /** `onTheWay`: the card had not been used yet. */
  | {
      readonly kind: 'card_blocked';
      readonly details: { readonly cardNumber: string; readonly by: Actor; readonly onTheWay?: boolean };
    }
  | { readonly kind: 'id_blocked'; readonly details: { readonly by: Actor } }
  /**
   * The population register reported a new address. Sent there or by e-mail, and by letter to the old
   * address.
   */
  | { readonly kind: 'address_changed'; readonly details: Readonly<Record<never, never>> }
  | { readonly kind: 'cpr_changed'; readonly details: Readonly<Record<never, never>> }
  | { readonly kind: 'name_changed'; readonly details: Readonly<Record<never, never>> }
  /** The ID is blocked because the person is registered as having left the country. */
  | { readonly kind: 'emigrated'; readonly details: Readonly<Record<never, never>> }
  /** Sent only to the old address, for a while after a move. */
  | { readonly kind: 'ordered_after_move'; readonly details: { readonly holds: 'card' | 'password' } }
  | { readonly kind: 'id_reopened'; readonly details: Readonly<Record<never, never>> }
  /** For an ID that was ordered online: identification was seen at a desk, or was never seen. */
  | { readonly kind: 'id_proofed' | 'proofing_lowered'; readonly details: Readonly<Record<never, never>> }
  | { readonly kind: 'password_ordered'; readonly details: Readonly<Record<never, never>> }
  /** A temporary password was ordered by a key, without a sign-in. */
  | {
      readonly kind: 'new_password_ordered';
      readonly details: { readonly at: string; readonly seen?: string };
    }
  | { readonly kind: 'id_activated'; readonly details: { readonly at: string } }
  | { readonly kind: 'password_changed'; readonly details: { readonly at: string } }
  /**
   * Sent to the previous address, which receives notices for that long. `byLetter`: from then on notices go
   * by post. `emailSealed`: the new address, for a letter only; the previous version does not write it.
   */
  | {
      readonly kind: 'email_changed';
      readonly details: { readonly from: string; readonly byLetter: boolean; readonly emailSealed?: string };
    }
  /** Sent only to the new address, by versions that required no code. */
  | { readonly kind: 'email_taken_on'; readonly details: { readonly from: string } }
  /** A change of the notice address was cancelled. */
  | { readonly kind: 'email_called_off'; readonly details: { readonly by: Actor } }
  /**
   * `opensAt`: when it can be used; absent for one that can be used at once. `confirmedWith`: why that is, in
   * self-service. `withGuardian`: the person is under 15, and the guardian was there.
   */
  | {
      readonly kind: 'security_key_added';
      readonly details: {
        readonly at: string;
        readonly opensAt?: string;
        readonly confirmedWith?: 'security_key' | 'code_token';
        readonly withGuardian?: true;
      };
    }
  /** Its wait is over. */
  | { readonly kind: 'security_key_active'; readonly details: Readonly<Record<never, never>> }
  /** Stopped within its wait, or removed later; `many`: at once. */
  | {
      readonly kind: 'security_key_ended';
      readonly details: { readonly many: number; readonly by: Actor; readonly at: string };
    }
  | { readonly kind: 'user_id_changed'; readonly details: { readonly at: string } }
  /** The person closed their ID in self-service. */
  | { readonly kind: 'id_closed'; readonly details: { readonly at: string } }
  | { readonly kind: 'code_token_ordered'; readonly details: Readonly<Record<never, never>> }
  | { readonly kind: 'code_token_active'; readonly details: { readonly withGuardian?: true } }
  | {
      readonly kind: 'code_token_sent';
      readonly details: { readonly expectedFrom: Day; readonly expectedTo: Day };
    }
  /** The first code of a code token was given with a key of the card: it can be used from `opensAt`. */
  | { readonly kind: 'code_token_waits'; readonly details: { readonly opensAt: string } }
  | { readonly kind: 'code_token_blocked'; readonly details: { readonly by: Actor } }
  /** After a restore that may have lost its end. */
  | { readonly kind: 'code_token_retired'; readonly details: Readonly<Record<never, never>> }
  | {
      readonly kind: 'new_browser';
      readonly details: { readonly relyingParty: string; readonly at: string; readonly seen?: string };
    }
  /** The person removed known browsers; these are unknown from then on. */
  | { readonly kind: 'browsers_taken_back'; readonly details: { readonly many: number; readonly at: string } }
  /**
   * A right password from an unknown browser, with no key after it: the best indication of a stolen password.
   */
  | {
      readonly kind: 'password_without_key';
      readonly details: { readonly at: string; readonly seen?: string };
    }
  | { readonly kind: 'password_locked'; readonly details: { readonly opensAt: string } }
  | { readonly kind: 'only_known_browsers'; readonly details: Readonly<Record<never, never>> }
  /** The code itself is derived when the notice is sent. */
  | { readonly kind: 'sign_in_code'; readonly details: { readonly codeId: string; readonly until: string } }
  | { readonly kind: 'keys_locked'; readonly details: { readonly opensAt: string; readonly seen?: string } }
  /**
   * Someone with the right CPR number, name and document ordered an ID online. The notice does not reveal
   * whether the person already had one. `emailSealed`: the e-mail address that was given, for the letter
   * only. Absent when none was given, and in rows of the previous version.
   */
  | {
      readonly kind: 'ordered_online';
      readonly details: { readonly at: string; readonly emailSealed?: string };
    };

export type NoticeKind = Notice['kind'];

/** A notice in a letter. `ofTheDay`: all notices that this letter combines, this one first. */
export type LetterNotice = Notice & { readonly ofTheDay?: readonly Notice[] };

/**
 * How each notice goes by letter to a person without e-mail. `gathered`: with all others of a person, in at
 * most one letter a business day, on the business day after it: one action makes one envelope. `at_once`: a
 * sign that someone else is at the ID, or is about to take it over. It leaves with the next posting, first in
 * its letter, and takes what is gathered along. Null: no notice letter. An online order has its own letter,
 * which everyone gets, and a sign-in code that goes by letter is ordered as a letter.
 */
export const LETTER_FOR: Readonly<Record<NoticeKind, 'at_once' | 'gathered' | null>> = {
  card_ordered: 'gathered',
  card_sent: 'gathered',
  card_active: 'gathered',
  card_not_arrived: 'gathered',
  card_recalled: 'gathered',
  card_retired: 'gathered',
  card_not_ordered: 'gathered',
  wait_started: 'at_once',
  threshold_changed: 'gathered',
  card_format_changed: 'gathered',
  card_given_up: 'gathered',
  public_sites_on: 'gathered',
  public_sites_off: 'gathered',
  card_blocked: 'gathered',
  id_blocked: 'gathered',
  address_changed: 'at_once',
  cpr_changed: 'gathered',
  name_changed: 'gathered',
  emigrated: 'gathered',
  ordered_after_move: 'at_once',
  id_reopened: 'gathered',
  id_proofed: 'at_once',
  proofing_lowered: 'gathered',
  password_ordered: 'gathered',
  new_password_ordered: 'at_once',
  id_activated: 'at_once',
  password_changed: 'at_once',
  email_changed: 'at_once',
  email_taken_on: 'gathered',
  email_called_off: 'gathered',
  security_key_added: 'at_once',
  security_key_active: 'gathered',
  security_key_ended: 'gathered',
  user_id_changed: 'at_once',
  id_closed: 'gathered',
  code_token_ordered: 'gathered',
  code_token_active: 'gathered',
  code_token_sent: 'gathered',
  code_token_waits: 'at_once',
  code_token_blocked: 'gathered',
  code_token_retired: 'gathered',
  new_browser: 'gathered',
  browsers_taken_back: 'gathered',
  password_without_key: 'at_once',
  password_locked: 'gathered',
  only_known_browsers: 'gathered',
  sign_in_code: null,
  keys_locked: 'at_once',
  ordered_online: null,
};

/** The kinds that never wait for a shared letter. */
export const AT_ONCE = (Object.keys(LETTER_FOR) as NoticeKind[]).filter(
  (kind) => LETTER_FOR[kind] === 'at_once',
);
