/**
 * Protects running sign-ins when there are more than can be served: a person who has not begun is turned away
 * before they cost anything. Only requests that the database knows are let in: a signed-in person has no
 * password to give, and a flood of strangers must not keep out a known browser. The presence of a cookie
 * proves nothing; anyone can send one of that name.
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
