/**
 * A browser that a person called their own. What its cookies hold is random and means nothing by itself; only
 * keyed hashes are kept. Each person who ticked the box in it has a content of their own there: who copied
 * the cookies and signs in with an ID of their own changes nothing for the others.
 */
import { isAnyBrowserKnown } from '../../db/signIn/knownBrowsers.ts';
import type { AppContext } from '../appContext.ts';

/**
 * New content for the cookie of a browser. It follows from the form that makes the browser known, which nobody else
 * can send: the same form again, after an answer that was lost, leads to the same content.
 * @param secret of the form (signIn/holder.ts).
 */
export function deriveBrowserContent({ keyring }: AppContext, secret: string): string {
  return keyring
    .hmac('records', `own browser v1 ${secret}`, keyring.oldestKid('records'))
    .toString('base64url');
}

export function hashBrowser({ keyring }: AppContext, content: string): Buffer {
  return keyring.hmac('records', `browser ${content}`);
}

/** In their order. */
export function hashBrowsers(context: AppContext, contents: readonly string[]): Buffer[] {
  return contents.map((content) => hashBrowser(context, content));
}

/** Whether anybody called it their own. @param contents of its cookies. */
export async function isKnownBrowser(context: AppContext, contents: readonly string[]): Promise<boolean> {
  return contents.length > 0 && (await isAnyBrowserKnown(context.database, hashBrowsers(context, contents)));
}
