/**
 * What happened at the front door, for operators: each event is a line in the log, which a SIEM can follow,
 * and counts in the metrics. It is no record: the audit log is written in the transaction of a change, and an
 * event is reported when that has committed. One whose commit was lost with its connection is in no log, and
 * may be in the audit log. Names follow the OWASP Application Logging Vocabulary. An event has ids and codes,
 * never a name, a user ID, a CPR number or an address. docs/reference/security-events.md lists them.
 */
import type { RelyingPartyKind } from './relyingParty/relyingParty.ts';
import type { ProtocolError, SignInRefusal } from './errors/refusal.ts';
import type { StandardError } from './errors/standardErrors.ts';
import type { FailureKind } from './signIn/failure.ts';
import type { RefusedAction, DeskRefusalReason } from './staff/refusals.ts';
import type { TamperedRowAbout } from './tamperedRow.ts';

/** The step of a sign-in whose form was decided. */
export type SignInStep =
  | 'password'
  | 'key'
  | 'code_token'
  | 'security_key'
  | 'new_card'
  | 'sign_in_code'
  | 'public_sites'
  | 'consent';

/**
 * The form with a wrong answer: a step of a sign-in, or a form elsewhere (activation, the forms that block or
 * order a new password, online orders, self-service), which has no relying party.
 */
export type FailedStep = SignInStep | FailureKind | 'current_password';

/** The relying party of a sign-in; null for a form that belongs to none. */
export interface AtRelyingParty {
  readonly clientId: string | null;
  readonly rpKind: RelyingPartyKind | null;
}

export const NO_RELYING_PARTY: AtRelyingParty = { clientId: null, rpKind: null };

/** Who caused it. `rules`: Nøgle by itself, as after too many wrong keys or a death in the register. */
export type CausedBy = 'person' | 'staff' | 'rules';

export type SecurityEvent =
  /**
   * A form of a sign-in was right: the next page is shown, or the response is sent. A right password of an ID
   * that is blocked or not activated is accepted too; its refusal follows as `authz_fail`.
   */
  | ({
      readonly kind: 'step_accepted';
      readonly step: SignInStep;
      /** Null when the form reveals no person: an ID that was never activated. */
      readonly identityId: string | null;
    } & AtRelyingParty)
  | ({
      readonly kind: 'authn_login_fail';
      readonly step: FailedStep;
      /** `locked`: nothing was compared. `refused`: too many at a time, or from a network. */
      readonly reason: 'wrong' | 'locked' | 'refused';
      /** Null when no one has the user ID, or when it was not looked up. */
      readonly identityId: string | null;
    } & AtRelyingParty)
  /** The relying party gets a code. */
  | ({
      readonly kind: 'authn_login_success';
      readonly identityId: string;
      readonly acr: string;
      /** True without any form: the session was enough. */
      readonly isSingleSignOn: boolean;
    } & AtRelyingParty)
  /** The relying party gets an error instead of a code: a person was refused or cancelled, or its request. */
  | ({
      readonly kind: 'authz_fail';
      /** The stable code of docs/reference/errors.md, or the standard error where there is none. */
      readonly refusal: SignInRefusal | ProtocolError | StandardError;
      /** Null where no session was known: mostly at a request that shows no page. */
      readonly identityId: string | null;
    } & AtRelyingParty)
  /** So many wrong answers in a row that further ones are not compared for a while. */
  | {
      readonly kind: 'authn_login_lock';
      readonly what: 'password' | 'key' | 'current_password';
      readonly identityId: string;
    }
  /** Also at activation, where the first one is chosen. */
  | { readonly kind: 'authn_password_change'; readonly identityId: string }
  /** A code or refresh token that was used before: its family has ended. */
  | { readonly kind: 'authn_token_reuse'; readonly what: 'code' | 'refresh_token'; readonly clientId: string }
  /**
   * Sessions were ended from elsewhere than their own browser. A block ends all sessions too and has its own
   * event; signing out has none.
   */
  | {
      readonly kind: 'session_revoked';
      readonly identityId: string;
      readonly by: CausedBy;
    }
  | {
      readonly kind: 'identity_blocked' | 'card_blocked' | 'code_token_blocked';
      readonly identityId: string;
      readonly by: CausedBy;
    }
  /** One for each record in the audit log that names a member of staff: look-ups too. */
  | {
      readonly kind: 'staff_action';
      /** The kind of the audit record, such as `card_ordered` or `searched_by_staff`. */
      readonly action: string;
      readonly staffId: string;
      /** Null when it concerns no ID: a person who has none yet. */
      readonly identityId: string | null;
    }
  | {
      readonly kind: 'staff_action_refused';
      readonly action: RefusedAction;
      readonly reason: DeskRefusalReason;
      readonly staffId: string;
      readonly identityId: string | null;
    }
  /** A row is not as Nøgle wrote it: its fields, or a value that is sealed in it. */
  | ({ readonly kind: 'row_tampered' } & TamperedRowAbout);

export type ReportEvent = (event: SecurityEvent) => void;
