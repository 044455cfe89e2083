/**
 * What happened at the front door, for operators: each event is a line in the log, which a SIEM can follow,
 * and counts in the metrics. It is no record: the audit log is written in the transaction of a change, and an
 * event is reported when its outcome is known. Names follow the OWASP Application Logging Vocabulary. An event
 * has ids and codes, never a name, a user ID, a CPR number or an address.
 */
import type { RelyingPartyKind } from './relyingParty/relyingParty.ts';
import type { SignInRefusal } from './errors/refusal.ts';

/** The step of a sign-in whose form was decided. */
export type SignInStep = 'password' | 'key' | 'new_card' | 'sign_in_code' | 'public_sites' | 'consent';

/** The relying party of a sign-in; null when the request is not known any longer. */
interface AtRelyingParty {
  readonly clientId: string | null;
  readonly rpKind: RelyingPartyKind | null;
}

export type SecurityEvent =
  /** A form of a sign-in was right: the next page is shown, or the response is sent. */
  | ({ readonly kind: 'step_accepted'; readonly step: SignInStep } & AtRelyingParty)
  | ({
      readonly kind: 'authn_login_fail';
      readonly step: SignInStep;
      /** `locked`: nothing was compared. `refused`: too many at a time, or from a network. */
      readonly reason: 'wrong' | 'locked' | 'refused';
      /** Null when no one has the user ID. */
      readonly identityId: string | null;
    } & AtRelyingParty)
  | ({
      readonly kind: 'authn_login_success';
      readonly identityId: string;
      readonly acr: string;
      /** True without any form: the session was enough. */
      readonly isSingleSignOn: boolean;
    } & AtRelyingParty)
  | ({
      readonly kind: 'authz_fail';
      readonly refusal: SignInRefusal;
      readonly identityId: string | null;
    } & AtRelyingParty)
  /** So many wrong answers in a row that further ones are not compared for a while. */
  | { readonly kind: 'authn_login_lock'; readonly what: 'password' | 'key'; readonly identityId: string }
  | { readonly kind: 'authn_password_change'; readonly identityId: string }
  /** A code or refresh token that was used before: its family has ended. */
  | { readonly kind: 'authn_token_reuse'; readonly what: 'code' | 'refresh_token'; readonly clientId: string }
  | {
      readonly kind: 'session_revoked';
      readonly identityId: string;
      readonly by: 'person' | 'staff' | 'rules';
    }
  | {
      readonly kind: 'identity_blocked' | 'card_blocked';
      readonly identityId: string;
      readonly by: 'person' | 'staff' | 'rules';
    }
  | {
      readonly kind: 'staff_action';
      readonly action: string;
      readonly staffId: string;
      readonly identityId: string;
    }
  | { readonly kind: 'staff_action_refused'; readonly action: string; readonly staffId: string }
  /** A row is not as Nøgle wrote it. */
  | { readonly kind: 'row_tampered'; readonly row: string };

export type ReportEvent = (event: SecurityEvent) => void;
