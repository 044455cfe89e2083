/** DPoP (RFC 9449): what the engine says of a proof that is missing. */
import type { KoaContextWithOIDC } from 'oidc-provider';

/**
 * The engine says `invalid_grant` when no proof comes from a relying party that registered to send one, and a client
 * throws a good refresh token away for that. What else is wrong is said once there is a proof.
 */
export function nameMissingProof(ctx: KoaContextWithOIDC): void {
  const isBound = ctx.oidc.client?.['dpopBoundAccessTokens'] === true;
  const { error } = (ctx.body ?? {}) as { error?: unknown };
  if (!isBound || ctx.get('DPoP') !== '' || error !== 'invalid_grant') return;
  ctx.body = {
    error: 'invalid_dpop_proof',
    error_description: 'this registration takes no token without a DPoP proof, and none was sent',
  };
}
