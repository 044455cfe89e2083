/**
 * The requirements of a sign-in as an interaction stores them. Every version writes and reads this form,
 * because a node of the previous version may answer a request that another node began.
 */
import {
  BOTH_KINDS,
  isTwoFactor,
  KNOWLEDGE,
  SUBSTANTIAL,
  type FactorKinds,
  type PhishingResistance,
} from '../../domain/signIn/levels.ts';

export type SignInDetails = {
  /** A key is required in addition to the password. */
  readonly key: boolean;
  /** The password was given in the session; it counts if that was recent. */
  readonly keyAlone: boolean;
  /** The minimum level. */
  readonly least: string;
  /** The resistance to phishing that is required; absent for none. */
  readonly resists?: PhishingResistance;
};

export interface RequiredSignIn {
  readonly kinds: FactorKinds;
  /** The password was given in the session, and only the level is missing. */
  readonly isStepUp: boolean;
  readonly minimumAcr: string;
  readonly resistance: PhishingResistance | null;
}

export function writeDetails({ kinds, isStepUp, minimumAcr, resistance }: RequiredSignIn): SignInDetails {
  const resists = resistance === null ? {} : { resists: resistance };
  return { key: isTwoFactor(kinds), keyAlone: isStepUp, least: minimumAcr, ...resists };
}

/** An interaction that an earlier version began requires both factors. */
export function readDetails({
  key,
  keyAlone,
  least: minimumAcr,
  resists,
}: Partial<SignInDetails>): RequiredSignIn {
  return {
    kinds: key === false ? KNOWLEDGE : BOTH_KINDS,
    isStepUp: keyAlone === true,
    minimumAcr: minimumAcr ?? SUBSTANTIAL,
    resistance: resists ?? null,
  };
}
