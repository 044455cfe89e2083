/**
 * The `claims` parameter (OpenID Connect Core, 5.5). What is not understood in it, and what the registration
 * does not open, is left out without an error: nothing later asks a person for it, nor gives it. What is no
 * request at all, or has a value of the wrong type, stays an error.
 */
import { errors, type Client, type KoaContextWithOIDC } from 'oidc-provider';
import { listClaimsOfScopes } from '../../domain/signIn/claims.ts';

const CLAIM_PLACES = ['userinfo', 'id_token'] as const;

/**
 * The provider wants one of the two places there are; other members are none that it understands, so without
 * either it is as if nothing had been asked for. It looks for the client before it judges the parameter.
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
    // The provider says what is wrong with it.
  }
}

/** @throws InvalidRequest */
export function filterAllowedClaims(ctx: KoaContextWithOIDC, claims: object, client: Client): void {
  const open = listClaimsOfScopes(client.scope?.split(' ') ?? []);
  const stored: Record<string, unknown> = {};
  for (const place of CLAIM_PLACES) {
    const requested = (claims as Record<string, Record<string, unknown> | undefined>)[place];
    if (requested === undefined) continue;
    for (const [claim, value] of Object.entries(requested)) {
      if (value !== null && (typeof value !== 'object' || Array.isArray(value))) {
        throw new errors.InvalidRequest(`claims.${place}.${claim} must be null or an object`);
      }
    }
    stored[place] = Object.fromEntries(Object.entries(requested).filter(([claim]) => open.has(claim)));
  }
  if (ctx.oidc.params) ctx.oidc.params['claims'] = JSON.stringify(stored);
}
