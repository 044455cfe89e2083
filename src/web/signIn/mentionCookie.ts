/** Carries what became of a form (usecases/signIn/mention.ts) to the page that it leads to, which says it once. */
import type { Context } from 'koa';
import type { Mention } from '../../usecases/signIn/holder.ts';
import { openMention, sealMention } from '../../usecases/signIn/mention.ts';
import type { Login } from './loginRequest.ts';

/** Until that page. */
const KEPT_SECONDS = 60;

export function setMentionCookie(
  { world, isSecure }: Login,
  ctx: Context,
  interactionId: string,
  mention: Mention,
): void {
  write(ctx, { isSecure, interactionId }, sealMention(world, interactionId, mention), KEPT_SECONDS * 1000);
}

/** It is read once. */
export function takeMentionCookie(login: Login, ctx: Context, interactionId: string): Mention | null {
  const { world, isSecure } = login;
  const sealed = ctx.cookies.get(cookieName(isSecure), { signed: false });
  if (sealed === undefined) return null;
  write(ctx, { isSecure, interactionId }, '', 0);
  return openMention(world, interactionId, sealed);
}

function write(
  ctx: Context,
  { isSecure, interactionId }: { isSecure: boolean; interactionId: string },
  value: string,
  maxAge: number,
): void {
  ctx.cookies.set(cookieName(isSecure), value, {
    signed: false,
    httpOnly: true,
    sameSite: 'lax',
    secure: isSecure,
    path: `/login/${interactionId}`,
    maxAge,
  });
}

function cookieName(isSecure: boolean): string {
  return isSecure ? '__Secure-noegle-mention' : 'noegle-mention';
}
