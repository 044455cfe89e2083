/** Carries what became of a form (usecases/signIn/mention.ts) to the page that it leads to, which says it once. */
import type { Context } from 'koa';
import type { Mention } from '../../usecases/signIn/holder.ts';
import { openMention, sealMention } from '../../usecases/signIn/mention.ts';
import type { Login } from './loginRequest.ts';
import { readSignInCookie, setSignInCookie } from './signInCookie.ts';

const NAME = 'noegle-mention';
/** Until that page. */
const KEPT_SECONDS = 60;

export function setMentionCookie(
  { world, isSecure }: Login,
  ctx: Context,
  interactionId: string,
  mention: Mention,
): void {
  const value = sealMention(world, interactionId, mention);
  setSignInCookie(ctx, NAME, { interactionId, isSecure, value, seconds: KEPT_SECONDS });
}

/** It is read once. */
export function takeMentionCookie(
  { world, isSecure }: Login,
  ctx: Context,
  interactionId: string,
): Mention | null {
  const sealed = readSignInCookie(ctx, NAME, isSecure);
  if (sealed === undefined) return null;
  setSignInCookie(ctx, NAME, { interactionId, isSecure, value: '', seconds: 0 });
  return openMention(world, interactionId, sealed);
}
