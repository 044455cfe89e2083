/**
 * What a person has to agree to before a relying party gets it. One that is not trusted needs a yes to all
 * that it asks for; a trusted one only to the CPR number, the first time. A yes is remembered per relying
 * party and scope.
 */
import { CLAIMS_BY_SCOPE, listedClaimsOfScopes } from './claims.ts';
import type { PendingRequest } from './pendingRequest.ts';

/**
 * The scopes that need a yes; a claim asked for by itself counts as its scope. What this person has nothing
 * for is not asked for: a yes to nothing would be a yes to what comes later.
 */
export function listScopesToConsent(
  { isTrusted, scopes, claims }: Pick<PendingRequest, 'isTrusted' | 'scopes' | 'claims'>,
  { hasCpr }: { hasCpr: boolean },
): string[] {
  const ofClaims = Object.entries(CLAIMS_BY_SCOPE)
    .filter(([, ofScope]) => ofScope.some((claim) => claims.includes(claim)))
    .map(([scope]) => scope);
  const asked = new Set([...scopes, ...ofClaims]);
  if (!hasCpr) asked.delete('ssn');
  return [...asked].filter((scope) => !isTrusted || scope === 'ssn');
}

/** Those that no yes is remembered for. */
export function findMissingConsent(needed: readonly string[], remembered: readonly string[]): string[] {
  return needed.filter((scope) => !remembered.includes(scope));
}

/**
 * What the page asks about: what is new alone, where that is information about the person. Anything else is
 * asked about together with what was agreed to before, so that a page without information never hides what is
 * passed on.
 */
export function scopesOnConsentPage(needed: readonly string[], missing: readonly string[]): string[] {
  const isPart = !missing.includes('openid') && listedClaimsOfScopes(missing).length > 0;
  return [...(isPart ? missing : needed)];
}
