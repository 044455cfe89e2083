/**
 * The audit log's events, each written in the transaction of the change that it records. `signed_in` and
 * similar events are also the person's activity log. Details contain no secret, no CPR number and no name.
 * Card numbers are in stored form.
 */
import type { CardFormat } from './card/cardFormat.ts';
import type { GuardianDetails } from './factors/guardian.ts';
import type { PageRefusal } from './errors/refusal.ts';
import type { ConfirmingWay, SecurityKeyEnd } from './factors/securityKey.ts';
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
import type { Factor } from './signIn/levels.ts';
import type { CodeDelivery } from './signIn/signInCode.ts';
import type { SelfServiceActionKind } from './selfServiceAction.ts';
import type { StaffRole } from './staff/staff.ts';

/** Who caused the event: the person, a member of staff with a reason, or Nøgle by its own rules. */
export type AuditActor =
  | { readonly by: Exclude<Actor, 'staff'> }
  | {
      readonly by: 'staff';
      readonly staffId: string;
      readonly reason: string;
      /**
       * The document that the person showed at the counter: its kind, and a keyed hash by which it can be
       * recognised.
       */
      readonly identification?: { readonly kind: string; readonly document: string };
      /** Of a person under 15 who got a second way to sign in: the guardian who was present. */
      readonly guardian?: GuardianDetails;
      /** Random id of the form: a form that is submitted twice is executed once. */
      readonly deed?: string;
      /** The colleague who confirmed it, when it is about the ID of a member of staff. */
      readonly confirmedBy?: string;
    };

type AuditEventOf<Kind extends string, Details> = {
  readonly kind: Kind;
  /** Null when the event concerns no ID. */
  readonly identityId: string | null;
  readonly details: Details;
};
type NoDetails = Readonly<Record<never, never>>;
/**
 * Browser and network, which are personal data: sealed for the person only
 * (features/authentication/clientContext.ts).
 */
type WithClientContext = { readonly seen?: string };

export type AuditEvent =
  | AuditEventOf<'identity_issued', { idNumber: string; path: ApplicationPath | 'seed'; staffId?: string }>
  | AuditEventOf<
      'application_refused',
      { path: ApplicationPath; reasons: readonly RefusalReason[]; staffId?: string }
    >
  /**
   * `ownBrowser`: the name of the known browser that was used (`composeKnownBrowserName`,
   * db/signIn/knownBrowsers.ts).
   */
  | AuditEventOf<
      'signed_in',
      {
        clientId: string;
        /** Of the card whose key was given; absent for another factor. */
        cardNumber?: string;
        /** Of the code token whose code was given. */
        serialNumber?: string;
        /** Absent for a card's key. */
        factor?: Factor;
        /** It stood for user ID and password too. */
        only?: true;
        ownBrowser?: string;
      } & WithClientContext
    >
  | AuditEventOf<'signed_in_with_password', { clientId: string } & WithClientContext>
  /**
   * A factor that stood for user ID and password too was right; the ID is not accepted at this relying
   * party.
   */
  | AuditEventOf<
      'sign_in_refused',
      { clientId: string; factor: Factor; only: true; refusal: PageRefusal } & WithClientContext
    >
  /** Single sign-on in an existing session, without a prompt. Once for each session and relying party. */
  | AuditEventOf<'gone_on_to', { clientId: string } & WithClientContext>
  | AuditEventOf<'signed_out_everywhere', NoDetails>
  /** By a member of staff; the ID stays open. */
  | AuditEventOf<'signed_out_by_staff', AuditActor>
  | AuditEventOf<'signed_out', { clientId: string | null }>
  | AuditEventOf<'public_sites_changed', { on: boolean } & AuditActor>
  | AuditEventOf<'consent_given' | 'consent_withdrawn', { clientId: string; scopes: readonly string[] }>
  /** The person withdrew all access that a relying party had. */
  | AuditEventOf<'access_ended', { clientId: string }>
  | AuditEventOf<'card_issued', { cardNumber: string }>
  | AuditEventOf<'card_ordered', { cardNumber: string } & AuditActor>
  | AuditEventOf<'card_sent', { cardNumber: string; postOn: string; batch: string }>
  | AuditEventOf<
      'card_activate' | 'card_replace' | 'card_use_up' | 'card_block' | 'card_lose' | 'card_retire',
      CardMoveDetails
    >
  /** `code_token_lost`: it did not arrive, or was given up. `code_token_resynced`: by two codes in a row. */
  | AuditEventOf<
      | 'code_token_ordered'
      | 'code_token_activated'
      | 'code_token_replaced'
      | 'code_token_blocked'
      | 'code_token_lost'
      | 'code_token_resynced',
      CodeTokenDetails & AuditActor
    >
  | AuditEventOf<'code_token_sent', CodeTokenDetails & { postOn: string; batch: string }>
  | AuditEventOf<'code_token_wait_started', CodeTokenDetails & { opensAt: string }>
  | AuditEventOf<'card_not_ordered', { keysLeft: number }>
  | AuditEventOf<'wait_started', { cardNumber: string; opensAt: string }>
  | AuditEventOf<'threshold_changed', { threshold: number }>
  | AuditEventOf<'card_format_changed', { format: CardFormat } & AuditActor>
  | AuditEventOf<'identity_blocked', AuditActor>
  /** The row failed its MAC; operators inspected it and accepted its current content. */
  | AuditEventOf<'identity_accepted', NoDetails>
  /**
   * Changed by the population register, or by two officers: the one who proposed and the one who approved.
   */
  | AuditEventOf<'cpr_changed', AuditActor & { readonly officers?: readonly string[] }>
  | AuditEventOf<'cpr_change_proposed', AuditActor>
  /** Withdrawn: the proposal no longer fitted when it was decided. */
  | AuditEventOf<'cpr_change_refused' | 'cpr_change_withdrawn', { staffId: string }>
  /**
   * `others` have the same name and birth date, or the same document; this officer decided that they are
   * other persons.
   */
  | AuditEventOf<'likeness_judged', { others: readonly string[]; staffId?: string }>
  /**
   * Two rows of the register contradict each other about which number replaced which: nothing was changed.
   */
  | AuditEventOf<'cpr_change_unclear', NoDetails>
  /** According to the register this person has another ID: nothing was changed, and an officer must look. */
  | AuditEventOf<'duplicate_found', NoDetails>
  | AuditEventOf<'register_changed', { what: readonly PopulationRegisterChange[] }>
  | AuditEventOf<'activation_key_given', { cardNumber: string }>
  | AuditEventOf<'terms_confirmed', AcceptedTerms>
  | AuditEventOf<'identity_activated' | 'password_chosen' | 'user_id_chosen', NoDetails>
  /** The chosen user ID, or one that looks like it, belongs to another person. */
  | AuditEventOf<'user_id_refused', NoDetails>
  /** The current password was wrong too often when a change in self-service asked for it. */
  | AuditEventOf<'current_password_locked', NoDetails>
  /** A key was spent to confirm an action in self-service. */
  | AuditEventOf<'deed_confirmed', { deed: SelfServiceActionKind; cardNumber: string } & WithClientContext>
  /** `securityKey`: its id; `from`: when it counts; `confirmedWith`: why that is at once. */
  | AuditEventOf<
      'security_key_added',
      { securityKey: string; from: string; confirmedWith?: ConfirmingWay } & AuditActor
    >
  | AuditEventOf<'security_key_counts' | 'security_key_renamed', { securityKey: string }>
  | AuditEventOf<'security_key_ended', { securityKey: string; end: SecurityKeyEnd } & AuditActor>
  | AuditEventOf<'email_changed', { from: string; removed: boolean }>
  | AuditEventOf<'email_code_ordered', NoDetails>
  /**
   * The code that was sent to the address was entered. `from`: when the address takes over; null when it is
   * in use.
   */
  | AuditEventOf<'email_confirmed', { from: string | null }>
  | AuditEventOf<'email_called_off', AuditActor>
  /** A mail server refused the address for good: letters are sent instead. */
  | AuditEventOf<'email_refused', NoDetails>
  | AuditEventOf<'language_changed', { language: Language }>
  | AuditEventOf<'data_exported', WithClientContext>
  | AuditEventOf<'identity_closed', NoDetails>
  | AuditEventOf<'key_burnt', { cardNumber: string }>
  /** Wrong answers within the hour that began at `from`: one event for each identity and kind. */
  | AuditEventOf<'failures_counted', FailureCountDetails>
  /**
   * Wrong answers over all names, for operators. `unknown`: at unknown names; `people`: identities that were
   * tried.
   */
  | AuditEventOf<'failures_in_all', FailureCountDetails & { unknown: number; people: number }>
  | AuditEventOf<'keys_locked', NoDetails>
  | AuditEventOf<'password_locked' | 'only_known_browsers', NoDetails>
  /** A sign-in code, needed after too many wrong passwords in a row. */
  | AuditEventOf<'sign_in_code_ordered', { way: CodeDelivery }>
  | AuditEventOf<'sign_in_code_used', NoDetails>
  /** `again`: the browser was known already, and the content of its cookie was renewed. */
  | AuditEventOf<'browser_known', { again?: boolean } & WithClientContext>
  | AuditEventOf<'browser_forgotten', NoDetails>
  /** The person removed one or all known browsers in self-service. */
  | AuditEventOf<'browsers_taken_back', { many: number } & WithClientContext>
  | AuditEventOf<'password_without_key', { at: string } & WithClientContext>
  | AuditEventOf<'identity_reopened', AuditActor>
  /** It was ordered online under a version that called that Substantial; by operators. */
  | AuditEventOf<'proofing_lowered', NoDetails>
  /**
   * Identification was seen, and a key of this card given: the proofing is Substantial from now on. Without a
   * card on the ID of a member of staff, where the key was given with the proposal.
   */
  | AuditEventOf<'identity_proofed', { cardNumber?: string } & AuditActor>
  | AuditEventOf<'password_letter_ordered', AuditActor>
  /** A key was spent to order a new password, without a sign-in. */
  | AuditEventOf<'new_password_key_given', { cardNumber: string } & WithClientContext>
  /** A right key ordered no letter, and was not spent. */
  | AuditEventOf<
      'new_password_refused',
      { why: 'under_15' | 'no_address' | 'too_many'; cardNumber: string } & WithClientContext
    >
  /** `shown`: false for a clerk of another bank, whose search reported that no one was found. */
  | AuditEventOf<
      'searched_by_staff',
      {
        staffId: string;
        role: StaffRole;
        shown: boolean;
        /** The ID was shown next to an application that may be the same person's. */
        applicationId?: string;
        /** Shown in a list or next to another ID; recorded once for each reader. */
        look?: string;
        /** The id of a search by CPR number and card number together. */
        cardSearchId?: string;
      } & WithSubject
    >
  /**
   * A look-up by staff who issue IDs, or by a command (`staffId` null). Older events have no reason and no
   * subject.
   */
  | AuditEventOf<
      'register_looked_up',
      { staffId: string | null; role: StaffRole } & Partial<LookedWhy> & WithSubject
    >
  /**
   * The first refusal of its kind in a day; `what` and `why` are codes. `isOwn`: it was about the employee's
   * own ID.
   */
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
  /** About the ID of a member of staff: a colleague must confirm it. */
  | AuditEventOf<'colleague_action_proposed', AuditActor & { readonly action: DeskAction }>
  | AuditEventOf<'colleague_action_refused', { staffId: string; action: DeskAction } & LookedWhy>
  | AuditEventOf<'application_withdrawn', { path: ApplicationPath; staffId: string }>
  /**
   * An operator's command: the system account that ran it (`account`), and the person where several share it
   * (`by`).
   */
  | AuditEventOf<
      'operator_command',
      { command: string; account: string; by: string | null; about: Readonly<Record<string, unknown>> }
    >
  /** To erase the person from the audit tree; another operator has to confirm it. */
  | AuditEventOf<'person_erasure_proposed', { operator: { account: string; by: string | null } }>
  /** `record`: a signed note over the hashes of the events that stay. */
  | AuditEventOf<
      'person_erased',
      { operator: { account: string; by: string | null }; events: number; record: string }
    >
  | AuditEventOf<'letter_sent', { kind: LetterKind; postOn: string }>
  /** `staff_kept`: a proposal to end a role was rejected or cancelled. */
  | AuditEventOf<
      'staff_proposed' | 'staff_approved' | 'staff_ended' | 'staff_end_proposed' | 'staff_kept',
      StaffChangeDetails
    >;

/**
 * Keyed hash of the CPR number, or of the name and birth date, that was looked up: it identifies a person
 * without an ID.
 */
type WithSubject = { readonly subject?: string };

/** `staffId`: the operator who did it; null for the first two operators, who are created by a command. */
type StaffChangeDetails = {
  readonly staffId: string | null;
  readonly role: StaffRole;
  readonly bank: string | null;
};
type FailureCountDetails = { readonly what: FailureKind; readonly many: number; readonly from: string };
type CodeTokenDetails = { readonly serialNumber: string };
type CardMoveDetails = { cardNumber: string } & AuditActor;
