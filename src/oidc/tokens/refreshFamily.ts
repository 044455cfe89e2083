/**
 * A family of refresh tokens: the first one, and those that it is exchanged for. All of them end when the
 * first does (RFC 9700, 4.14.2; ASVS 10.4.8). A person has said yes to thirty days, and a token that was
 * stolen is not kept alive by using it. The provider hands the time of issue of the first on to each of
 * them (`iiat`), so a family that a node of an earlier version began, or prolongs, has the same end.
 * Afterwards only a person can open it again: offline access is asked for with the consent page.
 */
import type { AdapterPayload, KoaContextWithOIDC } from 'oidc-provider';
import { OFFLINE_DAYS } from '../../domain/relyingParty/accessLifetimes.ts';
import { REFRESH_SECONDS } from './lifetimes.ts';

/** For how long the next one of a family is good. */
export function countSecondsLeft({ iiat }: { readonly iiat?: number | undefined }, now: Date): number {
  const left = (iiat ?? toUnixSeconds(now)) + REFRESH_SECONDS - toUnixSeconds(now);
  // The provider takes no other number; one second later it is over.
  return Math.max(left, 1);
}

export function isFamilyExpired({ iiat }: AdapterPayload, now: Date): boolean {
  return typeof iiat === 'number' && iiat + REFRESH_SECONDS <= toUnixSeconds(now);
}

/** What the server of a relying party has to know: the same token again will not do. */
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
