/** The authorization request that waits for its person: all that rules, use cases and pages know of it. */
import type { Localized } from '../language/language.ts';
import type { FactorKinds } from './levels.ts';
import type { RelyingPartyKind } from '../relyingParty/relyingParty.ts';

export interface PendingRequest {
  /** Of the interaction. */
  readonly id: string;
  /** Since it began, by the clock that the provider has: it expires an hour after its last step. */
  readonly ageMs: number;
  /** Where its forms go, with the way back to a site of our own. */
  readonly formOrigins: string;
  /** Where the provider goes on with it once everything is shown. */
  readonly resumeUrl: string;

  readonly clientId: string;
  readonly names: Localized;
  /** A data address, or null. */
  readonly logo: string | null;
  readonly kind: RelyingPartyKind;
  readonly isTrusted: boolean;

  /** Somebody has to sign in; without, somebody is signed in already: `accountId`. */
  readonly signIn: boolean;
  readonly accountId: string | null;
  /** What has to be shown: not always the password alone. */
  readonly requiredKinds: FactorKinds;
  /** The level below which nothing is given. */
  readonly minimumAcr: string;
  /** The password was shown to this session, and a second factor is all that is missing. */
  readonly stepUp: StepUp | null;

  readonly scopes: readonly string[];
  /** Asked for one by one, by the `claims` parameter. */
  readonly claims: readonly string[];
  /** The relying party wants the consent page, whatever is remembered. */
  readonly consentPage: boolean;

  readonly uiLocales: string;
  /** A user ID; anything else that was sent is shown to no one. */
  readonly loginHint: string;
}

/** The live session that a second factor raises. */
export interface StepUp {
  readonly sessionUid: string;
  readonly accountId: string;
  readonly passwordAt: Date;
}
