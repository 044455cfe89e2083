/**
 * Levels of assurance as Danish relying parties know them: the NSIS URIs. Nøgle is not NSIS-notified; the levels
 * say what was shown at sign-in. Never High: a printed list of keys does not meet it.
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
