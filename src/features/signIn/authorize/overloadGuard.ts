/**
 * More sign-ins than can be served: a person who has not begun waits outside, before they cost anything, and
 * those who are on their way get through. Inside are let only those of whom the database knows something: a
 * person who is signed in has no password to give, and a known browser is the one that no flood of strangers
 * may keep out. A cookie by itself proves nothing; anybody can send one of that name.
 */
import type { Context, Middleware } from 'koa';
import type { Interactions } from '../../../oidc/signIn/interaction.ts';
import { isKnownBrowser } from '../../authentication/index.ts';
import type { AppContext } from '../../appContext.ts';
import { readKnownBrowserCookies } from '../../../http/knownBrowserCookies.ts';
import { HttpError } from '../../../ui/httpError.ts';

export interface OverloadGuardDeps {
  readonly context: AppContext;
  readonly interactions: Interactions;
  readonly isSecure: boolean;
}

/** @throws HttpError (503) */
export function admitKnownUnderLoad(deps: OverloadGuardDeps): Middleware {
  return async (ctx, next) => {
    if (deps.context.hasher.isCrowded && !(await isKnownRequest(deps, ctx))) throw new HttpError(503, 'busy');
    await next();
  };
}

async function isKnownRequest(
  { context, interactions, isSecure }: OverloadGuardDeps,
  ctx: Context,
): Promise<boolean> {
  if (await isKnownBrowser(context, readKnownBrowserCookies(ctx, isSecure))) return true;
  return await interactions.isSignedIn(ctx);
}
