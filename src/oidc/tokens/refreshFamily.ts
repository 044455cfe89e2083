/**
 * A family of refresh tokens: the first one and all that it is exchanged for. They all expire when the first
 * does (RFC 9700, 4.14.2; ASVS 10.4.8): a person has consented to thirty days, and using a stolen token must
 * not keep it alive. The provider copies the time of issue of the first to each of them (`iiat`), so a family
 * that a node of an earlier version started or extends has the same end. After that only the person can allow
 * offline access again, on the consent page.
 */
import type { AdapterPayload, KoaContextWithOIDC } from 'oidc-provider';
import { OFFLINE_DAYS } from '../../domain/relyingParty/accessLifetimes.ts';
import { REFRESH_SECONDS } from './lifetimes.ts';

/** The lifetime of the next token of a family, in seconds. */
export function countSecondsLeft({ iiat }: { readonly iiat?: number | undefined }, now: Date): number {
  const left = (iiat ?? toUnixSeconds(now)) + REFRESH_SECONDS - toUnixSeconds(now);
  // The provider accepts no lifetime below 1.
  return Math.max(left, 1);
}

export function isFamilyExpired({ iiat }: AdapterPayload, now: Date): boolean {
  return typeof iiat === 'number' && iiat + REFRESH_SECONDS <= toUnixSeconds(now);
}

/** Explains a refused refresh to the relying party's server: retrying with the same token will fail. */
export function explainRefusedRefresh(ctx: KoaContextWithOIDC): void {
  const { error } = (ctx.body ?? {}) as { error?: unknown };
  if (error !== 'invalid_grant' || ctx.oidc.params?.['grant_type'] !== 'refresh_token') return;
  ctx.body = {
    error,
    error_description:
      'the refresh token is used, ended, of another client, ' +
      `or the ${OFFLINE_DAYS} days of the first one are over; have the person sign in again`,
  };
}

function toUnixSeconds(date: Date): number {
  return Math.floor(date.getTime() / 1000);
}
