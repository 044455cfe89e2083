/**
 * A browser that a person called their own. What its cookie holds is random and means nothing by itself; only its
 * keyed hash is kept, for each person who ticked the box in it.
 */
import { isBrowserOfSomebody } from '../store/knownBrowsers.ts';
import type { World } from './world.ts';

/** Random content for the cookie of a browser that has none yet. */
export function drawBrowser({ dice }: World): string {
  return dice.bytes(32).toString('base64url');
}

export function browserKey({ keyring }: World, content: string): Buffer {
  return keyring.hmac('records', `browser ${content}`);
}

/** Whether anybody called it their own. @param content of its cookie. */
export async function isKnownBrowser(world: World, content: string): Promise<boolean> {
  return await isBrowserOfSomebody(world.database, browserKey(world, content));
}
