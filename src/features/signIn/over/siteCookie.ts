/**
 * For which relying party a sign-in was, and whether it was completed: for the page that its address shows
 * when it is over (sendOver.ts). The cookie outlives the request's own by a day and holds a client id alone,
 * which is looked up among the registrations: what is planted in it leads to a registered site, or nowhere.
 */
import type { Context } from 'koa';
import { CLIENT_ID } from '../../../domain/relyingParty/clientMetadata.ts';

const SITE_SECONDS = 25 * 3600;
/** The last sign of the value; a client id contains none of them. */
const SUFFIXES = { pending: '', signed_in: '!', ended: '~' } as const;

/** `signed_in`: this browser got a code. `ended`: it got an error. */
type SignInProgress = keyof typeof SUFFIXES;

export interface SiteOfSignIn {
  readonly clientId: string;
  readonly progress: SignInProgress;
}

export function readSiteCookie(ctx: Context, isSecure: boolean): SiteOfSignIn | null {
  const value = ctx.cookies.get(composeSiteCookieName(isSecure), { signed: false }) ?? '';
  const progress =
    (['signed_in', 'ended'] as const).find((one) => value.endsWith(SUFFIXES[one])) ?? 'pending';
  const clientId = progress === 'pending' ? value : value.slice(0, -1);
  return CLIENT_ID.test(clientId) ? { clientId, progress } : null;
}

export function setSiteCookie(
  ctx: Context,
  isSecure: boolean,
  interactionId: string,
  { clientId, progress }: SiteOfSignIn,
): void {
  ctx.cookies.set(composeSiteCookieName(isSecure), clientId + SUFFIXES[progress], {
    signed: false,
    httpOnly: true,
    sameSite: 'lax',
    secure: isSecure,
    path: `/login/${interactionId}`,
    maxAge: SITE_SECONDS * 1000,
  });
}

function composeSiteCookieName(isSecure: boolean): string {
  return isSecure ? '__Secure-noegle-site' : 'noegle-site';
}
