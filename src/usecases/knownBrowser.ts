/**
 * A browser that a person called their own. What its cookies hold is random and means nothing by itself; only
 * keyed hashes are kept. Each person who ticked the box in it has a content of their own there: who copied
 * the cookies and signs in with an ID of their own changes nothing for the others.
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

/** In their order. */
export function browserKeys(world: World, contents: readonly string[]): Buffer[] {
  return contents.map((content) => browserKey(world, content));
}

/** Whether anybody called it their own. @param contents of its cookies. */
export async function isKnownBrowser(world: World, contents: readonly string[]): Promise<boolean> {
  return contents.length > 0 && (await isBrowserOfSomebody(world.database, browserKeys(world, contents)));
}
