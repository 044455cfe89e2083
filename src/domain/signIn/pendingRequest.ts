/** The authorization request of an interaction: all that rules, use cases and pages know of it. */
import type { Localized } from '../language/language.ts';
import type { FactorKinds, Requirement } from './levels.ts';
import type { RelyingPartyKind } from '../relyingParty/relyingParty.ts';

export interface PendingRequest extends Requirement {
  /** The id of the interaction. */
  readonly id: string;
  /** Age of the interaction by the provider's clock: it expires an hour after its last step. */
  readonly ageMs: number;
  /** The form action of its pages, including the way back to a first-party client. */
  readonly formOrigins: string;
  /** The provider's resume URL, for when everything is complete. */
  readonly resumeUrl: string;

  readonly clientId: string;
  readonly names: Localized;
  /** What the relying party needs an ID for, where it has registered that. */
  readonly purposes: Localized<string | null>;
  /** A data URL, or null. */
  readonly logo: string | null;
  readonly kind: RelyingPartyKind;
  readonly isTrusted: boolean;

  /** A sign-in is required; otherwise `accountId` is signed in already. */
  readonly signIn: boolean;
  readonly accountId: string | null;
  /** The kinds of factors that are required. */
  readonly requiredKinds: FactorKinds;
  /** The proofing below which no one may sign in there, as the registration has it now. */
  readonly minimumProofing: string;
  /** Set when this session has the password already and only a second factor is missing. */
  readonly stepUp: StepUp | null;

  readonly scopes: readonly string[];
  /** Requested individually by the `claims` parameter. */
  readonly claims: readonly string[];
  /** The relying party requires the consent page, regardless of remembered consent. */
  readonly consentPage: boolean;

  readonly uiLocales: string;
  /** The user ID in `login_hint`; any other hint is never shown. */
  readonly loginHint: string;
}

/**
 * In a step-up, a password older than this is asked for again. A page that began in time gets the same time
 * once more.
 */
export const PASSWORD_REUSE_SECONDS = 300;

/** The live session that a second factor raises. */
export interface StepUp {
  readonly sessionUid: string;
  readonly accountId: string;
  readonly passwordAt: Date;
}
