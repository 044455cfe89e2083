/**
 * More sign-ins than can be served: a person who has not begun waits outside, before they cost anything, and
 * those who are on their way get through. Inside are let only those of whom the database knows something: a
 * person who is signed in has no password to give, and a known browser is the one that no flood of strangers
 * may keep out. A cookie by itself proves nothing; anybody can send one of that name.
 */
import type { Context, Middleware } from 'koa';
import type { Interactions } from '../../oidc/interaction.ts';
import { isKnownBrowser } from '../../usecases/knownBrowser.ts';
import type { World } from '../../usecases/world.ts';
import { readBrowserCookies } from '../browserCookie.ts';
import { Trouble } from '../trouble.ts';

export interface CrowdedDoor {
  readonly world: World;
  readonly interactions: Interactions;
  readonly isSecure: boolean;
}

/** @throws Trouble (503) */
export function admitProvenWhileCrowded(door: CrowdedDoor): Middleware {
  return async (ctx, next) => {
    if (door.world.hasher.isCrowded && !(await isProven(door, ctx))) throw new Trouble(503, 'busy');
    await next();
  };
}

async function isProven({ world, interactions, isSecure }: CrowdedDoor, ctx: Context): Promise<boolean> {
  if (await isKnownBrowser(world, readBrowserCookies(ctx, isSecure))) return true;
  return await interactions.isSignedIn(ctx);
}
