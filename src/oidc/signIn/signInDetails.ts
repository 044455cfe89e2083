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
  type Requirement,
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
  /** That which does where the proofing does not reach the level; absent for none. */
  readonly instead?: PhishingResistance;
};

export interface RequiredSignIn extends Requirement {
  readonly kinds: FactorKinds;
  /** The password was given in the session, and only the level is missing. */
  readonly isStepUp: boolean;
}

export function writeDetails({ kinds, isStepUp, ...required }: RequiredSignIn): SignInDetails {
  const { minimumAcr, resistance, resistanceInstead } = required;
  const resists = resistance === null ? {} : { resists: resistance };
  const instead = resistanceInstead === null ? {} : { instead: resistanceInstead };
  return { key: isTwoFactor(kinds), keyAlone: isStepUp, least: minimumAcr, ...resists, ...instead };
}

/** An interaction that an earlier version began requires both factors. */
export function readDetails({
  key,
  keyAlone,
  least: minimumAcr,
  resists,
  instead,
}: Partial<SignInDetails>): RequiredSignIn {
  return {
    kinds: key === false ? KNOWLEDGE : BOTH_KINDS,
    isStepUp: keyAlone === true,
    minimumAcr: minimumAcr ?? SUBSTANTIAL,
    resistance: resists ?? null,
    resistanceInstead: instead ?? null,
  };
}
