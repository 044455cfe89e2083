/**
 * Limits which signing keys the JWKS endpoint publishes, and for how long relying parties may cache them. The
 * provider holds all keys, so that old ID tokens still serve as hints; relying parties no longer need most of
 * them for verification.
 */
import type { JWK } from 'jose';
import type { Middleware } from 'koa';
import type { KoaContextWithOIDC } from 'oidc-provider';

/**
 * @param cachedSeconds called for each response; 0 on a node that cannot tell whether its keys are current.
 */
export function serveJwks(isShown: (kid: string) => boolean, cachedSeconds: () => number): Middleware {
  return async (ctx, next) => {
    await next();
    const { oidc } = ctx as Partial<KoaContextWithOIDC>;
    if (oidc?.route !== 'jwks' || ctx.status !== 200) return;
    const { keys } = ctx.body as { keys: JWK[] };
    ctx.body = { keys: keys.filter(({ kid }) => isShown(kid ?? '')) };
    const seconds = cachedSeconds();
    ctx.set('Cache-Control', seconds > 0 ? `public, max-age=${seconds}` : 'no-store');
  };
}
