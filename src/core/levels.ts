/**
 * Levels of assurance as Danish relying parties know them: the NSIS URIs. Nøgle is not NSIS-notified; the levels
 * say what was shown at sign-in. Never High: a printed list of keys does not meet it.
 *
 * What a request lacks is decided here, once, for every combination; docs/reference/levels.md has them all.
 */
import type { ProofingLevel } from './person.ts';

export const LOW = 'https://data.gov.dk/concept/core/nsis/loa/Low';
export const SUBSTANTIAL = 'https://data.gov.dk/concept/core/nsis/loa/Substantial';
export const ACR_VALUES: readonly string[] = [LOW, SUBSTANTIAL];

/** What password and key together are worth for an identity proofed so well: the lower of the two. */
export function acrOfPasswordAndKey(proofing: ProofingLevel): string {
  return proofing === 'Substantial' ? SUBSTANTIAL : LOW;
}

/** RFC 8176: password, one-time password, and that they were two. */
export const AMR_OF_PASSWORD_AND_KEY: readonly string[] = ['pwd', 'otp', 'mfa'];
export const AMR_OF_PASSWORD: readonly string[] = ['pwd'];

/** Some brokers drop the `/loa/` part: accept both, emit the first. */
export function normalizeAcr(acr: string): string {
  return acr.replace(
    /^(https:\/\/data\.gov\.dk\/concept\/core\/nsis\/)(?=(Low|Substantial|High)$)/,
    '$1loa/',
  );
}

/** A higher level satisfies a lower request. An unknown level is above all that we have. */
export function satisfies(shown: string | undefined, requested: string): boolean {
  const rank = ACR_VALUES.indexOf(normalizeAcr(requested));
  return rank !== -1 && ACR_VALUES.indexOf(shown ?? '') >= rank;
}

/** The levels that a request names, the most wanted first. Essential: one of them, or an error. */
export interface RequestedAcr {
  readonly values: readonly string[];
  readonly essential: boolean;
}

/** What a relying party's registration and its request ask of a sign-in. */
export interface AskedLevel {
  /** The registration's minimum. */
  readonly least: string;
  /** A key spent within this very request. */
  readonly freshKey: boolean;
  readonly acr: RequestedAcr;
  /** The sign-in that there is counts no more: `prompt=login`, or it is older than `max_age`. */
  readonly anew: boolean;
}

/** What the session of the browser stands on. */
export interface ShownLevel {
  readonly acr: string | undefined;
  readonly amr: readonly string[];
}

/**
 * `key`: the password was shown already, and a key raises it. `unattainable`: not by this person, or by nobody.
 * `both`: password and key, whatever was shown before.
 */
export type Lack = 'nothing' | 'password' | 'key' | 'both' | 'unattainable';

/** @param shown null where nobody is signed in. */
export function whatIsLacking(asked: AskedLevel, shown: ShownLevel | null): Lack {
  const { values, essential } = asked.acr;
  const isAttainable = values.some((value) => satisfies(SUBSTANTIAL, value));
  if (essential && values.length > 0 && !isAttainable) return 'unattainable';

  const hasBoth = shown !== null && hasKey(shown.amr);
  // Where nothing is asked, both are: a password alone is for those who ask for it, and may.
  const signIn = leastAsked(asked) === LOW && wanted(asked) === LOW ? 'password' : 'both';
  if (shown === null) return signIn;
  // The level of a session never falls: whoever signs in anew in it shows what it stands on.
  if (asked.anew) return hasBoth ? 'both' : signIn;
  if (asked.freshKey) return 'both';
  if (hasBoth) return satisfies(shown.acr, leastAsked(asked)) ? 'nothing' : 'unattainable';
  return signIn === 'password' ? 'nothing' : 'key';
}

/** A key was shown. */
export function hasKey(amr: readonly string[]): boolean {
  return amr.includes('otp');
}

/** The level below which nothing is given: Substantial unless registration and request are content with Low. */
export function leastAsked({ least, acr }: Pick<AskedLevel, 'least' | 'acr'>): string {
  const isLowEnough =
    !acr.essential || acr.values.length === 0 || acr.values.some((one) => satisfies(LOW, one));
  return least === LOW && isLowEnough ? LOW : SUBSTANTIAL;
}

/** What a sign-in aims at: the most wanted of the levels that there are. */
function wanted({ freshKey, acr }: AskedLevel): string {
  const first = acr.values.find((value) => satisfies(SUBSTANTIAL, value));
  return !freshKey && first !== undefined && satisfies(LOW, first) ? LOW : SUBSTANTIAL;
}

/** A password is asked for again in a step-up when it is older than this. A page that was begun in time has as long once more. */
export const PASSWORD_COUNTS_SECONDS = 300;
