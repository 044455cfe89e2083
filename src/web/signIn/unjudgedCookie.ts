/** Where a browser carries what a form left that was not judged (usecases/signIn/unjudgedForm.ts). */
import type { Context } from 'koa';
import { openUnjudged, sealUnjudged, type UnjudgedForm } from '../../usecases/signIn/unjudgedForm.ts';
import { forgetCarried, readCarried, setCarried } from '../carriedCookies.ts';
import type { Login } from './loginRequest.ts';

/** For as long as a sign-in goes on after its last step. */
const SECONDS = 3600;

function cookieOf({ isSecure }: Login, interactionId: string) {
  return { name: 'noegle-unjudged', path: `/login/${interactionId}`, seconds: SECONDS, isSecure };
}

export function readUnjudged(login: Login, ctx: Context, interactionId: string): UnjudgedForm | null {
  return openUnjudged(login.world, interactionId, readCarried(ctx, cookieOf(login, interactionId)));
}

/** @param form null: what was there before is done with */
export function keepUnjudged(
  login: Login,
  ctx: Context,
  interactionId: string,
  form: UnjudgedForm | null,
): void {
  const cookie = cookieOf(login, interactionId);
  if (!form) return forgetCarried(ctx, cookie);
  const { world } = login;
  setCarried(ctx, cookie, sealUnjudged(world, interactionId, form), world.dice);
}
