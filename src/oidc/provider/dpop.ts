/** DPoP (RFC 9449): the error for a missing proof. */
import type { KoaContextWithOIDC } from 'oidc-provider';

/**
 * The provider responds with `invalid_grant` when a client that registered to use DPoP sends no proof, and a
 * client discards a valid refresh token on that error. Other faults are reported once there is a proof. A
 * refresh without a proof gets `invalid_request`, as the conformance suite of FAPI 2.0 expects.
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
