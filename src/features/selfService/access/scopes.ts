/** What scopes give, in words. */
import { listedClaimsOfScopes } from '../../../domain/signIn/claims.ts';
import type { Texts } from '../../../ui/words/words.da.ts';

export function describeScopes(t: Texts, scopes: readonly string[]): string {
  return listedClaimsOfScopes(scopes)
    .map((claim) => t.consent.claims[claim])
    .join(', ');
}
