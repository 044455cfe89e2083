/**
 * What is written down, in the transaction of what it records. `signed_in` and the like are also the person's
 * own activity log. Details hold no secret, no CPR number and no name. Card numbers stand as they are stored.
 */
import type { ApplicationPath, RefusalReason } from './issuing/application.ts';
import type { LookedWhy } from './staff/lookReasons.ts';
import type { RefusedAction, DeskRefusalReason } from './staff/refusals.ts';
import type { DeskAction } from './staff/desk.ts';
import type { PopulationRegisterChange } from './issuing/populationRegister.ts';
import type { AcceptedTerms } from './issuing/terms.ts';
import type { LetterKind } from './letter.ts';
import type { Actor } from './notice.ts';
import type { Language } from './person/person.ts';
import type { FailureKind } from './signIn/failure.ts';
import type { CodeDelivery } from './signIn/signInCode.ts';
import type { SelfServiceActionKind } from './selfServiceAction.ts';
import type { StaffRole } from './staff/staff.ts';

/** Who did it: the person, a member of staff with a reason, or Nøgle by its own rules. */
export type AuditActor =
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

type AuditEventOf<Kind extends string, Details> = {
  readonly kind: Kind;
  /** Null where nobody's ID is concerned. */
  readonly identityId: string | null;
  readonly details: Details;
};
type NoDetails = Readonly<Record<never, never>>;
/** From which browser and network: personal, so sealed for its person alone (features/authentication/clientContext.ts). */
type WithClientContext = { readonly seen?: string };

export type AuditEvent =
  | AuditEventOf<'identity_issued', { idNumber: string; path: ApplicationPath | 'seed'; staffId?: string }>
  | AuditEventOf<
      'application_refused',
      { path: ApplicationPath; reasons: readonly RefusalReason[]; staffId?: string }
    >
  /** `composeBrowserSample`: the name of the known browser that it was in (db/signIn/knownBrowsers.ts). */
  | AuditEventOf<
      'signed_in',
      { clientId: string; cardNumber: string; ownBrowser?: string } & WithClientContext
    >
  | AuditEventOf<'signed_in_with_password', { clientId: string } & WithClientContext>
  /** In a session that was there: nothing was asked for. Once for each session and relying party. */
  | AuditEventOf<'gone_on_to', { clientId: string } & WithClientContext>
  | AuditEventOf<'signed_out_everywhere', NoDetails>
  /** The same, by a member of staff; the ID stays open. */
  | AuditEventOf<'signed_out_by_staff', AuditActor>
  | AuditEventOf<'signed_out', { clientId: string | null }>
  | AuditEventOf<'public_sites_changed', { on: boolean } & AuditActor>
  | AuditEventOf<'consent_given' | 'consent_withdrawn', { clientId: string; scopes: readonly string[] }>
  /** The person took back all that a relying party had of them. */
  | AuditEventOf<'access_ended', { clientId: string }>
  | AuditEventOf<'card_issued', { cardNumber: string }>
  | AuditEventOf<'card_ordered', { cardNumber: string } & AuditActor>
  | AuditEventOf<'card_sent', { cardNumber: string; postOn: string; batch: string }>
  | AuditEventOf<
      'card_activate' | 'card_replace' | 'card_use_up' | 'card_block' | 'card_lose',
      CardMoveDetails
    >
  | AuditEventOf<'card_not_ordered', { keysLeft: number }>
  | AuditEventOf<'wait_started', { cardNumber: string; opensAt: string }>
  | AuditEventOf<'threshold_changed', { threshold: number }>
  | AuditEventOf<'identity_blocked', AuditActor>
  /** Its row was not as it was written; operators looked at it, and it is believed as it stands. */
  | AuditEventOf<'identity_accepted', NoDetails>
  /** The register, or two officers: who proposed and who approved. */
  | AuditEventOf<'cpr_changed', AuditActor & { readonly officers?: readonly string[] }>
  | AuditEventOf<'cpr_change_proposed', AuditActor>
  /** Withdrawn: what was proposed did not fit any more when it was looked at. */
  | AuditEventOf<'cpr_change_refused' | 'cpr_change_withdrawn', { staffId: string }>
  /** `others` have the same name and birth date, or document, and are somebody else by the word of this officer. */
  | AuditEventOf<'likeness_judged', { others: readonly string[]; staffId?: string }>
  /** Two rows of the register contradict each other about whose number became which: nothing was changed. */
  | AuditEventOf<'cpr_change_unclear', NoDetails>
  /** By the register this person has another ID: nothing was changed, and an officer has to look. */
  | AuditEventOf<'duplicate_found', NoDetails>
  | AuditEventOf<'register_changed', { what: readonly PopulationRegisterChange[] }>
  | AuditEventOf<'activation_key_given', { cardNumber: string }>
  | AuditEventOf<'terms_confirmed', AcceptedTerms>
  | AuditEventOf<'identity_activated' | 'password_chosen' | 'user_id_chosen', NoDetails>
  /** Somebody has the user ID that was asked for, or one that looks like it. */
  | AuditEventOf<'user_id_refused', NoDetails>
  /** Typed wrongly too often, beside a change in self-service. */
  | AuditEventOf<'current_password_locked', NoDetails>
  /** A key was spent in self-service: what for. */
  | AuditEventOf<'deed_confirmed', { deed: SelfServiceActionKind; cardNumber: string } & WithClientContext>
  | AuditEventOf<'email_changed', { from: string; removed: boolean }>
  | AuditEventOf<'email_code_ordered', NoDetails>
  /** Its code came back. `from`: when it takes over; null where it is in use. */
  | AuditEventOf<'email_confirmed', { from: string | null }>
  | AuditEventOf<'email_called_off', AuditActor>
  | AuditEventOf<'language_changed', { language: Language }>
  | AuditEventOf<'data_exported', WithClientContext>
  | AuditEventOf<'identity_closed', NoDetails>
  | AuditEventOf<'key_burnt', { cardNumber: string }>
  /** Wrong answers of one hour, which began at `from`: one event an identity and kind. */
  | AuditEventOf<'failures_counted', FailureCountDetails>
  /**
   * The same over all names, for operators. `unknown`: at names that nobody has; `people`: identities that
   * were tried.
   */
  | AuditEventOf<'failures_in_all', FailureCountDetails & { unknown: number; people: number }>
  | AuditEventOf<'keys_locked', NoDetails>
  | AuditEventOf<'password_locked' | 'only_known_browsers', NoDetails>
  /** A code for the sign-in, after too many wrong passwords in a row. */
  | AuditEventOf<'sign_in_code_ordered', { way: CodeDelivery }>
  | AuditEventOf<'sign_in_code_used', NoDetails>
  /** `again`: it was known already, and what its cookie holds was renewed. */
  | AuditEventOf<'browser_known', { again?: boolean } & WithClientContext>
  | AuditEventOf<'browser_forgotten', NoDetails>
  /** By its person, in self-service: one, or all that there were. */
  | AuditEventOf<'browsers_taken_back', { many: number } & WithClientContext>
  | AuditEventOf<'password_without_key', { at: string }>
  | AuditEventOf<'identity_reopened', AuditActor>
  | AuditEventOf<'password_letter_ordered', AuditActor>
  /** `shown`: false for a clerk of another bank, who was told that nobody was found. */
  | AuditEventOf<
      'searched_by_staff',
      {
        staffId: string;
        role: StaffRole;
        shown: boolean;
        /** Seen beside an application that may be the same person's. */
        applicationId?: string;
        /** Seen in a list or beside another, once for each who looks. */
        look?: string;
      } & WithSubject
    >
  /** By somebody who issues; `staffId` null: by a command. Events of before have no reason and no subject. */
  | AuditEventOf<
      'register_looked_up',
      { staffId: string | null; role: StaffRole } & Partial<LookedWhy> & WithSubject
    >
  /** The first of a day; `what` and `why` in words of the code. `isOwnCprChange`: about their own ID. */
  | AuditEventOf<
      'refused_at_desk',
      {
        staffId: string;
        role: StaffRole | null;
        what: RefusedAction;
        why: DeskRefusalReason;
        isOwn: boolean;
      } & WithSubject
    >
  /** About the ID of a member of staff: another has to confirm it. */
  | AuditEventOf<'colleague_action_proposed', AuditActor & { readonly action: DeskAction }>
  | AuditEventOf<'colleague_action_refused', { staffId: string; action: DeskAction } & LookedWhy>
  | AuditEventOf<'application_withdrawn', { path: ApplicationPath; staffId: string }>
  /** A command of an operator: which account of the system gave it, and who, where several share one. */
  | AuditEventOf<
      'operator_command',
      { command: string; account: string; by: string | null; about: Readonly<Record<string, unknown>> }
    >
  | AuditEventOf<'letter_sent', { kind: LetterKind; postOn: string }>
  /** `staff_kept`: what was proposed about the end of a role was turned down, or called off. */
  | AuditEventOf<
      'staff_proposed' | 'staff_approved' | 'staff_ended' | 'staff_end_proposed' | 'staff_kept',
      StaffChangeDetails
    >;

/**
 * Keyed hash of the number, or of name and birth date, that was asked for: by it a person without an ID is
 * known again.
 */
type WithSubject = { readonly subject?: string };

/** `staffId`: the operator who did it; null for the first two operators, who come by a command. */
type StaffChangeDetails = {
  readonly staffId: string | null;
  readonly role: StaffRole;
  readonly bank: string | null;
};
type FailureCountDetails = { readonly what: FailureKind; readonly many: number; readonly from: string };
type CardMoveDetails = { cardNumber: string } & AuditActor;
