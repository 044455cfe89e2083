/** An authorization request that waits for its person, as the pages know it, and what the person has shown. */
import type { AskedFor } from '../../core/consent.ts';
import type { FactorKinds, Factors } from '../../core/levels.ts';
import type { Identity } from '../../core/person.ts';
import type { RelyingPartyKind } from '../../core/relyingParty.ts';
import type { IdentityWithPerson } from '../../store/identities.ts';

/** The request that a browser is in the middle of. */
export interface PendingRequest {
  readonly id: string;
  /** Where its forms go, with the way back to a site of our own. */
  readonly formsGoTo: string;
  /** Where the browser goes on once everything is shown. */
  readonly goesOnAt: string;
  /** The person gave up: nothing more is asked. */
  readonly isRefused: boolean;
  readonly clientId: string;
  readonly names: { da: string; en: string };
  /** A data address, or null. */
  readonly logo: string | null;
  readonly kind: RelyingPartyKind;
  /** Somebody has to sign in; without, somebody is signed in already: `accountId`. */
  readonly signIn: boolean;
  /** What has to be shown: not always the password alone. */
  readonly requiredKinds: FactorKinds;
  /** The level below which nothing is given. */
  readonly minimumAcr: string;
  /** The password was shown to this session, and a key is all that is missing. */
  readonly stepUp: StepUp | null;
  readonly accountId: string | null;
  /** The relying party wants the consent page, whatever is remembered. */
  readonly consentPage: boolean;
  readonly consent: AskedFor;
  readonly ageMs: number;
  readonly uiLocales: string;
  /** A user ID; whatever else was sent is not shown to anybody. */
  readonly loginHint: string;
}

/** The live session that a key raises. */
export interface StepUp {
  readonly sessionUid: string;
  readonly accountId: string;
  readonly passwordAt: Date;
}

/** What the person has shown. Times are the primary's: what ends the identity later ends this sign-in. */
export interface Shown {
  readonly identity: Identity;
  /** As it was read for this request. */
  readonly owner: IdentityWithPerson | null;
  readonly passwordAt: Date;
  /** When the last of it was right. */
  readonly signedInAt: Date;
  readonly factors: Factors;
  /** The password was that of the session which this raises. */
  readonly isStepUp: boolean;
}
