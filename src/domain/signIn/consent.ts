/**
 * What a person must consent to before a relying party receives it. A relying party that is not trusted needs
 * consent to everything that it asks for; a trusted one only to the CPR number, the first time. Consent is
 * remembered for each relying party and scope.
 */
import { CLAIMS_BY_SCOPE, isCprGiven, listedClaimsOfScopes } from './claims.ts';
import type { Identity } from '../person/person.ts';
import type { PendingRequest } from './pendingRequest.ts';

/**
 * The scopes that need consent; a claim that is requested individually counts as its scope. A scope for which
 * the person has no data, or none that is given, is not asked for: such consent would silently cover data
 * that they get later.
 */
export function listScopesToConsent(
  { isTrusted, scopes, claims }: Pick<PendingRequest, 'isTrusted' | 'scopes' | 'claims'>,
  identity: Pick<Identity, 'hasCpr' | 'proofing'>,
): string[] {
  const scopesOfClaims = Object.entries(CLAIMS_BY_SCOPE)
    .filter(([, claimsOfScope]) => claimsOfScope.some((claim) => claims.includes(claim)))
    .map(([scope]) => scope);
  const requested = new Set([...scopes, ...scopesOfClaims]);
  if (!isCprGiven(identity)) requested.delete('ssn');
  return [...requested].filter((scope) => !isTrusted || scope === 'ssn');
}

/** The scopes without remembered consent. */
export function findMissingConsent(needed: readonly string[], remembered: readonly string[]): string[] {
  return needed.filter((scope) => !remembered.includes(scope));
}

/**
 * The scopes that the consent page asks about: only the new ones, if they contain information about the
 * person. Otherwise all of them, so that a page without information never hides what is passed on.
 */
export function scopesOnConsentPage(needed: readonly string[], missing: readonly string[]): string[] {
  const isPart = !missing.includes('openid') && listedClaimsOfScopes(missing).length > 0;
  return [...(isPart ? missing : needed)];
}
