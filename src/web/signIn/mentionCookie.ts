/**
 * What became of a form whose browser holds no row to note it in: the next page says it, once. It is sealed, for what was typed
 * stands in it; and it says nothing that the row would not have said to the same form.
 */
import type { Context } from 'koa';
import { outcomeFromJson, type OutcomeJson } from '../../store/signIns.ts';
import type { Mention } from '../../usecases/signIn/holder.ts';
import type { Login } from './loginRequest.ts';

/** Until the page that the form leads to. */
const KEPT_SECONDS = 60;

export function setMentionCookie(
  { world, isSecure }: Login,
  ctx: Context,
  interactionId: string,
  mention: Mention,
): void {
  const sealed = world.keyring.seal('records', JSON.stringify(mention), contextOf(interactionId));
  write(ctx, { isSecure, interactionId }, sealed.toString('base64url'), KEPT_SECONDS * 1000);
}

/** It is read once. */
export function takeMentionCookie(login: Login, ctx: Context, interactionId: string): Mention | null {
  const { world, isSecure } = login;
  const sealed = ctx.cookies.get(cookieName(isSecure), { signed: false });
  if (sealed === undefined) return null;
  write(ctx, { isSecure, interactionId }, '', 0);
  try {
    const text = world.keyring.open('records', Buffer.from(sealed, 'base64url'), contextOf(interactionId));
    const { outcome: json, typedName } = JSON.parse(text) as { outcome: OutcomeJson; typedName: string };
    const outcome = outcomeFromJson(json);
    return outcome && { outcome, typedName };
  } catch {
    // Not ours, or of another request.
    return null;
  }
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

function contextOf(interactionId: string): string {
  return `mention of ${interactionId}`;
}

function cookieName(isSecure: boolean): string {
  return isSecure ? '__Secure-noegle-mention' : 'noegle-mention';
}
