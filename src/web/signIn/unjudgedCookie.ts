/** Where a browser carries what a form left that was not judged (usecases/signIn/unjudgedForm.ts). */
import type { Context } from 'koa';
import { openUnjudged, sealUnjudged, type UnjudgedForm } from '../../usecases/signIn/unjudgedForm.ts';
import { forgetCarried, readCarried, setCarried } from '../carriedCookies.ts';
import type { SignInDeps } from './step.ts';

/** For as long as a sign-in goes on after its last step. */
const SECONDS = 3600;

function cookieOf({ isSecure }: SignInDeps, interactionId: string) {
  return { name: 'noegle-unjudged', path: `/login/${interactionId}`, seconds: SECONDS, isSecure };
}

export function readUnjudged(deps: SignInDeps, ctx: Context, interactionId: string): UnjudgedForm | null {
  return openUnjudged(deps.world, interactionId, readCarried(ctx, cookieOf(deps, interactionId)));
}

/** @param form null: what was there before is done with */
export function keepUnjudged(
  deps: SignInDeps,
  ctx: Context,
  interactionId: string,
  form: UnjudgedForm | null,
): void {
  const cookie = cookieOf(deps, interactionId);
  if (!form) return forgetCarried(ctx, cookie);
  const { world } = deps;
  setCarried(ctx, cookie, sealUnjudged(world, interactionId, form), world.dice);
}
