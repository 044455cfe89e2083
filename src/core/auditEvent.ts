/**
 * What is written down, in the transaction of what it records. `signed_in` and the like are also the person's
 * own activity log. Details hold no secret, no CPR number and no name. Card numbers stand as they are stored.
 */
import type { ApplicationPath, RefusalReason } from './issuing/application.ts';
import type { LookedWhy } from './desk/lookReasons.ts';
import type { RefusedWhat, RefusedWhy } from './desk/refusals.ts';
import type { DeskDeed } from './desk.ts';
import type { RegisterChange } from './issuing/register.ts';
import type { AcceptedTerms } from './issuing/terms.ts';
import type { LetterKind } from './letter.ts';
import type { Actor } from './notice.ts';
import type { Language } from './person.ts';
import type { FailureKind } from './signIn/failure.ts';
import type { CodeWay } from './signIn/signInCode.ts';
import type { SelfDeedKind } from './selfService/deed.ts';
import type { Role } from './staff.ts';

/** Who did it: the person, a member of staff with a reason, or Nøgle by its own rules. */
export type By =
  | { readonly by: Exclude<Actor, 'staff'> }
  | {
      readonly by: 'staff';
      readonly staffId: string;
      readonly reason: string;
      /** What the person showed at the counter: the kind, and a keyed hash by which it can be known again. */
      readonly identification?: { readonly kind: string; readonly document: string };
      /** Drawn with the form: sent twice, it is one deed. */
      readonly deed?: string;
      /** A colleague who confirmed it, where it is about the ID of a member of staff. */
      readonly confirmedBy?: string;
    };

type Event<Kind extends string, Details> = {
  readonly kind: Kind;
  /** Null where nobody's ID is concerned. */
  readonly identityId: string | null;
  readonly details: Details;
};
type Nothing = Readonly<Record<never, never>>;
/** From which browser and network: personal, so sealed for its person alone (usecases/seen.ts). */
type Seen = { readonly seen?: string };

export type AuditEvent =
  | Event<'identity_issued', { idNumber: string; path: ApplicationPath | 'seed'; staffId?: string }>
  | Event<
      'application_refused',
      { path: ApplicationPath; reasons: readonly RefusalReason[]; staffId?: string }
    >
  /** `ownBrowser`: the name of the known browser that it was in (store/knownBrowsers.ts). */
  | Event<'signed_in', { clientId: string; cardNumber: string; ownBrowser?: string } & Seen>
  | Event<'signed_in_with_password', { clientId: string } & Seen>
  /** In a session that was there: nothing was asked for. Once for each session and relying party. */
  | Event<'gone_on_to', { clientId: string } & Seen>
  | Event<'signed_out_everywhere', Nothing>
  /** The same, by a member of staff; the ID stays open. */
  | Event<'signed_out_by_staff', By>
  | Event<'signed_out', { clientId: string | null }>
  | Event<'public_sites_changed', { on: boolean } & By>
  | Event<'consent_given' | 'consent_withdrawn', { clientId: string; scopes: readonly string[] }>
  /** The person took back all that a relying party had of them. */
  | Event<'access_ended', { clientId: string }>
  | Event<'card_issued', { cardNumber: string }>
  | Event<'card_ordered', { cardNumber: string } & By>
  | Event<'card_sent', { cardNumber: string; postOn: string; batch: string }>
  | Event<'card_activate' | 'card_replace' | 'card_use_up' | 'card_block' | 'card_lose', CardMoved>
  | Event<'card_not_ordered', { keysLeft: number }>
  | Event<'wait_started', { cardNumber: string; opensAt: string }>
  | Event<'threshold_changed', { threshold: number }>
  | Event<'identity_blocked', By>
  /** Its row was not as it was written; operators looked at it, and it is believed as it stands. */
  | Event<'identity_accepted', Nothing>
  /** The register, or two officers: who proposed and who approved. */
  | Event<'cpr_changed', By & { readonly officers?: readonly string[] }>
  | Event<'cpr_change_proposed', By>
  /** Withdrawn: what was proposed did not fit any more when it was looked at. */
  | Event<'cpr_change_refused' | 'cpr_change_withdrawn', { staffId: string }>
  /** `others` have the same name and birth date, or document, and are somebody else by the word of this officer. */
  | Event<'likeness_judged', { others: readonly string[]; staffId?: string }>
  /** Two rows of the register contradict each other about whose number became which: nothing was changed. */
  | Event<'cpr_change_unclear', Nothing>
  /** By the register this person has another ID: nothing was changed, and an officer has to look. */
  | Event<'duplicate_found', Nothing>
  | Event<'register_changed', { what: readonly RegisterChange[] }>
  | Event<'activation_key_given', { cardNumber: string }>
  | Event<'terms_confirmed', AcceptedTerms>
  | Event<'identity_activated' | 'password_chosen' | 'user_id_chosen', Nothing>
  /** Somebody has the user ID that was asked for, or one that looks like it. */
  | Event<'user_id_refused', Nothing>
  /** Typed wrongly too often, beside a change in self-service. */
  | Event<'current_password_locked', Nothing>
  /** A key was spent in self-service: what for. */
  | Event<'deed_confirmed', { deed: SelfDeedKind; cardNumber: string } & Seen>
  | Event<'email_changed', { from: string; removed: boolean }>
  | Event<'email_code_ordered', Nothing>
  /** Its code came back. `from`: when it takes over; null where it is in use. */
  | Event<'email_confirmed', { from: string | null }>
  | Event<'email_called_off', By>
  | Event<'language_changed', { language: Language }>
  | Event<'data_exported', Seen>
  | Event<'identity_closed', Nothing>
  | Event<'key_burnt', { cardNumber: string }>
  /** Wrong answers of one hour, which began at `from`: one event an identity and kind. */
  | Event<'failures_counted', FailuresCounted>
  /**
   * The same over all names, for operators. `unknown`: at names that nobody has; `people`: identities that
   * were tried.
   */
  | Event<'failures_in_all', FailuresCounted & { unknown: number; people: number }>
  | Event<'keys_locked', Nothing>
  | Event<'password_locked' | 'only_known_browsers', Nothing>
  /** A code for the sign-in, after too many wrong passwords in a row. */
  | Event<'sign_in_code_ordered', { way: CodeWay }>
  | Event<'sign_in_code_used', Nothing>
  /** `again`: it was known already, and what its cookie holds was renewed. */
  | Event<'browser_known', { again?: boolean } & Seen>
  | Event<'browser_forgotten', Nothing>
  /** By its person, in self-service: one, or all that there were. */
  | Event<'browsers_taken_back', { many: number } & Seen>
  | Event<'password_without_key', { at: string }>
  | Event<'identity_reopened', By>
  | Event<'password_letter_ordered', By>
  /** `shown`: false for a clerk of another bank, who was told that nobody was found. */
  | Event<
      'searched_by_staff',
      {
        staffId: string;
        role: Role;
        shown: boolean;
        /** Seen beside an application that may be the same person's. */
        applicationId?: string;
        /** Seen in a list or beside another, once for each who looks. */
        look?: string;
      } & Named
    >
  /** By somebody who issues; `staffId` null: by a command. Events of before have no reason and no subject. */
  | Event<'register_looked_up', { staffId: string | null; role: Role } & Partial<LookedWhy> & Named>
  /** The first of a day; `what` and `why` in words of the code. `isOwn`: about their own ID. */
  | Event<
      'refused_at_desk',
      { staffId: string; role: Role | null; what: RefusedWhat; why: RefusedWhy; isOwn: boolean } & Named
    >
  /** About the ID of a member of staff: another has to confirm it. */
  | Event<'colleague_action_proposed', By & { readonly action: DeskDeed }>
  | Event<'colleague_action_refused', { staffId: string; action: DeskDeed } & LookedWhy>
  | Event<'application_withdrawn', { path: ApplicationPath; staffId: string }>
  /** A command of an operator: which account of the system gave it, and who, where several share one. */
  | Event<
      'operator_command',
      { command: string; account: string; by: string | null; about: Readonly<Record<string, unknown>> }
    >
  | Event<'letter_sent', { kind: LetterKind; postOn: string }>
  /** `staff_kept`: what was proposed about the end of a role was turned down, or called off. */
  | Event<
      'staff_proposed' | 'staff_approved' | 'staff_ended' | 'staff_end_proposed' | 'staff_kept',
      StaffChanged
    >;

/**
 * Keyed hash of the number, or of name and birth date, that was asked for: by it a person without an ID is
 * known again.
 */
type Named = { readonly subject?: string };

/** `staffId`: the operator who did it; null for the first two operators, who come by a command. */
type StaffChanged = { readonly staffId: string | null; readonly role: Role; readonly bank: string | null };
type FailuresCounted = { readonly what: FailureKind; readonly many: number; readonly from: string };
type CardMoved = { cardNumber: string } & By;
