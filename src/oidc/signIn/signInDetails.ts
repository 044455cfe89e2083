/**
 * What a sign-in has to show, as an interaction carries it. Every version writes and reads this form: a
 * request that one node began is answered by another, of the version before too.
 */
import {
  BOTH_KINDS,
  isTwoFactor,
  KNOWLEDGE,
  SUBSTANTIAL,
  type FactorKinds,
} from '../../domain/signIn/levels.ts';

export type SignInDetails = {
  /** A key too, not the password alone. */
  readonly key: boolean;
  /** The session has shown the password; it counts if that was lately. */
  readonly keyAlone: boolean;
  /** The level below which nothing is given. */
  readonly least: string;
};

export interface RequiredSignIn {
  readonly kinds: FactorKinds;
  /** The session has shown the password, and the level is all that is missing. */
  readonly isStepUp: boolean;
  readonly minimumAcr: string;
}

export function writeDetails({ kinds, isStepUp, minimumAcr }: RequiredSignIn): SignInDetails {
  return { key: isTwoFactor(kinds), keyAlone: isStepUp, least: minimumAcr };
}

/** What an earlier version of ours began requires all. */
export function readDetails({ key, keyAlone, least: minimumAcr }: Partial<SignInDetails>): RequiredSignIn {
  return {
    kinds: key === false ? KNOWLEDGE : BOTH_KINDS,
    isStepUp: keyAlone === true,
    minimumAcr: minimumAcr ?? SUBSTANTIAL,
  };
}
