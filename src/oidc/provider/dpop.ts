/** DPoP (RFC 9449): what the provider says of a proof that is missing. */
import type { KoaContextWithOIDC } from 'oidc-provider';

/**
 * The provider says `invalid_grant` when no proof comes from a relying party that registered to send one, and
 * a client throws a good refresh token away for that. What else is wrong is said once there is a proof. A
 * refresh without it is a request in which something is missing: so the conformance suite of FAPI 2.0 has it.
 */
export function explainMissingDpopProof(ctx: KoaContextWithOIDC): void {
  const isRegistered = ctx.oidc.client?.['dpopBoundAccessTokens'] === true;
  const { error } = (ctx.body ?? {}) as { error?: unknown };
  if (!isRegistered || ctx.get('DPoP') !== '' || error !== 'invalid_grant') return;
  const isRefresh = ctx.oidc.params?.['grant_type'] === 'refresh_token';
  ctx.body = {
    error: isRefresh ? 'invalid_request' : 'invalid_dpop_proof',
    error_description: 'this registration takes no token without a DPoP proof, and none was sent',
  };
}
