/**
 * What relying parties are shown of the signing keys, and for how long they may keep it. The engine holds all keys,
 * so that old ID tokens still serve as hints; most of those nobody else has to verify any more.
 */
import type { JWK } from 'jose';
import type { Middleware } from 'koa';
import type { KoaContextWithOIDC } from 'oidc-provider';

/** @param cachedSeconds asked at each answer; 0 in a node that cannot say whether its keys are the newest. */
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
