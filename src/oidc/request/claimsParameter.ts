/**
 * The `claims` parameter (OpenID Connect Core, 5.5). Members that are not understood, and claims that the
 * registration does not allow, are dropped without an error, so that no later step asks for or returns them.
 * A parameter that is not a claims request, or has a value of the wrong type, is an error.
 */
import { errors, type Client, type KoaContextWithOIDC } from 'oidc-provider';
import { listClaimsOfScopes } from '../../domain/signIn/claims.ts';

const CLAIM_PLACES = ['userinfo', 'id_token'] as const;

/**
 * The provider requires `userinfo` or `id_token`. Other members are not understood, so a parameter with
 * neither counts as absent. The provider looks up the client before it validates the parameter, and this runs
 * in that lookup.
 */
export function dropUnknownPlaces(ctx: KoaContextWithOIDC | undefined): void {
  const sent = ctx?.oidc.route === 'authorization' ? ctx.oidc.params : ctx?.oidc.body;
  const claims: unknown = sent?.['claims'];
  if (!sent || typeof claims !== 'string') return;
  try {
    const read: unknown = JSON.parse(claims);
    const isObject = typeof read === 'object' && read !== null && !Array.isArray(read);
    if (isObject && !CLAIM_PLACES.some((place) => place in read)) sent['claims'] = undefined;
  } catch {
    // The provider reports what is wrong with it.
  }
}

/**
 * Removes the claims that the registration does not allow.
 * @throws InvalidRequest when a claim has a value of the wrong type
 */
export function filterAllowedClaims(ctx: KoaContextWithOIDC, claims: object, client: Client): void {
  const allowed = listClaimsOfScopes(client.scope?.split(' ') ?? []);
  const filtered: Record<string, unknown> = {};
  for (const place of CLAIM_PLACES) {
    const requested = (claims as Record<string, Record<string, unknown> | undefined>)[place];
    if (requested === undefined) continue;
    for (const [claim, value] of Object.entries(requested)) {
      if (value !== null && (typeof value !== 'object' || Array.isArray(value))) {
        throw new errors.InvalidRequest(`claims.${place}.${claim} must be null or an object`);
      }
    }
    filtered[place] = Object.fromEntries(Object.entries(requested).filter(([claim]) => allowed.has(claim)));
  }
  if (ctx.oidc.params) ctx.oidc.params['claims'] = JSON.stringify(filtered);
}
