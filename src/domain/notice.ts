/**
 * What a person is told of what happens to their ID, by e-mail, or by letter to people without e-mail. Never a
 * secret but a code that was asked for, and never a link that logs in. Words: delivery/mail/notices.ts.
 */
import type { Day } from './calendar.ts';

/** Who did it. */
export type Actor = 'person' | 'staff' | 'system';

/** Card numbers as they are shown; instants in ISO form; `relyingParty` is a client id. */
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
  /** The card did not come. `again`: another one was ordered; if not, the desk has to help. */
  | {
      readonly kind: 'card_not_arrived';
      readonly details: { readonly cardNumber: string; readonly again: boolean };
    }
  /** The card is replaced for a reason that lies with us, as when a print run went wrong. */
  | { readonly kind: 'card_recalled'; readonly details: { readonly cardNumber: string } }
  /** A new card was due, and there is no address to send it to. */
  | { readonly kind: 'card_not_ordered'; readonly details: { readonly keysLeft: number } }
  /** The first key of a new card was given without one of the old card: it can be used from `opensAt`. */
  | {
      readonly kind: 'wait_started';
      readonly details: { readonly cardNumber: string; readonly opensAt: string };
    }
  | { readonly kind: 'threshold_changed'; readonly details: { readonly threshold: number } }
  | { readonly kind: 'public_sites_on' | 'public_sites_off'; readonly details: { readonly by: Actor } }
  | { readonly kind: 'card_blocked'; readonly details: { readonly cardNumber: string; readonly by: Actor } }
  | { readonly kind: 'id_blocked'; readonly details: { readonly by: Actor } }
  /** The population register says so: told at the new address or by e-mail, and by letter at the old address. */
  | { readonly kind: 'address_changed'; readonly details: Readonly<Record<never, never>> }
  | { readonly kind: 'cpr_changed'; readonly details: Readonly<Record<never, never>> }
  | { readonly kind: 'name_changed'; readonly details: Readonly<Record<never, never>> }
  /** The ID is blocked because the person is registered as having left the country. */
  | { readonly kind: 'emigrated'; readonly details: Readonly<Record<never, never>> }
  /** To the old address alone, for a while after a move. */
  | { readonly kind: 'ordered_after_move'; readonly details: { readonly holds: 'card' | 'password' } }
  | { readonly kind: 'id_reopened'; readonly details: Readonly<Record<never, never>> }
  | { readonly kind: 'password_ordered'; readonly details: Readonly<Record<never, never>> }
  | { readonly kind: 'id_activated'; readonly details: { readonly at: string } }
  | { readonly kind: 'password_changed'; readonly details: { readonly at: string } }
  /**
   * To the address of before, which takes notices for so long. `byLetter`: from then on they come by post.
   * `emailSealed`: the new one, for a letter alone. Absent from the version before.
   */
  | {
      readonly kind: 'email_changed';
      readonly details: { readonly from: string; readonly byLetter: boolean; readonly emailSealed?: string };
    }
  /** To the new address alone, by versions that asked for no code. */
  | { readonly kind: 'email_taken_on'; readonly details: { readonly from: string } }
  /** A change of where notices go was called off. */
  | { readonly kind: 'email_called_off'; readonly details: { readonly by: Actor } }
  | { readonly kind: 'user_id_changed'; readonly details: { readonly at: string } }
  /** The person closed their ID by themselves. */
  | { readonly kind: 'id_closed'; readonly details: { readonly at: string } }
  | {
      readonly kind: 'new_browser';
      readonly details: { readonly relyingParty: string; readonly at: string };
    }
  /** They are one of the unknown from then on. */
  | { readonly kind: 'browsers_taken_back'; readonly details: { readonly many: number; readonly at: string } }
  /** A right password from an unknown browser, and no key after it: the best sign of a stolen password. */
  | { readonly kind: 'password_without_key'; readonly details: { readonly at: string } }
  | { readonly kind: 'password_locked'; readonly details: { readonly opensAt: string } }
  | { readonly kind: 'only_known_browsers'; readonly details: Readonly<Record<never, never>> }
  /** The code itself is derived where it is sent. */
  | { readonly kind: 'sign_in_code'; readonly details: { readonly codeId: string; readonly until: string } }
  | { readonly kind: 'keys_locked'; readonly details: { readonly opensAt: string } }
  /**
   * Somebody with the right number, name and document asked for an ID online; whether there was one is not
   * said.
   * `emailSealed`: the e-mail address that they gave, for the letter alone. Absent where they gave none, and
   * from the version before.
   */
  | {
      readonly kind: 'ordered_online';
      readonly details: { readonly at: string; readonly emailSealed?: string };
    };

export type NoticeKind = Notice['kind'];

/** A notice in a letter. `ofTheDay`: all that goes together in this one, itself first. */
export type LetterNotice = Notice & { readonly ofTheDay?: readonly Notice[] };

/**
 * How it goes by letter to a person without e-mail. What anybody can bring about as often as they like, and
 * what happens at every library, is `gathered`: one letter a business day at most, or a heap of them would
 * bury those that matter. An order made online has a letter of its own, which everybody gets, and a code is
 * asked for by letter as such: null.
 */
export const LETTER_FOR: Readonly<Record<NoticeKind, 'own' | 'gathered' | null>> = {
  card_ordered: 'own',
  card_sent: 'own',
  card_active: 'own',
  card_not_arrived: 'own',
  card_recalled: 'own',
  card_not_ordered: 'own',
  wait_started: 'own',
  threshold_changed: 'own',
  public_sites_on: 'own',
  public_sites_off: 'own',
  card_blocked: 'own',
  id_blocked: 'own',
  address_changed: 'own',
  cpr_changed: 'own',
  name_changed: 'own',
  emigrated: 'own',
  ordered_after_move: 'own',
  id_reopened: 'own',
  password_ordered: 'own',
  id_activated: 'own',
  password_changed: 'own',
  email_changed: 'own',
  email_taken_on: 'own',
  email_called_off: 'own',
  user_id_changed: 'own',
  id_closed: 'own',
  new_browser: 'gathered',
  browsers_taken_back: 'gathered',
  password_without_key: 'own',
  password_locked: 'gathered',
  only_known_browsers: 'own',
  sign_in_code: null,
  keys_locked: 'own',
  ordered_online: null,
};
