/**
 * A browser that a person marked as their own. Its cookies hold random values without a meaning; the database
 * stores only keyed hashes. Each person who ticked the box in a browser has a separate value there: a person
 * who copies the cookies and signs in with their own ID changes nothing for the others.
 */
import { isAnyBrowserKnown } from '../../db/signIn/knownBrowsers.ts';
import type { AppContext } from '../appContext.ts';

/**
 * Derives the new value for the cookie of a browser. It follows from the form that makes the browser known,
 * which no one else can send: the same form, sent again after a lost response, results in the same value.
 * @param secret of the form (signIn/holder/holder.ts)
 * @returns 256 bits as base64url
 */
export function deriveBrowserContent({ keyring }: AppContext, secret: string): string {
  return keyring
    .hmac('records', `own browser v1 ${secret}`, keyring.oldestKid('records'))
    .toString('base64url');
}

export function hashBrowser({ keyring }: AppContext, content: string): Buffer {
  return keyring.hmac('records', `browser ${content}`);
}

export function hashBrowsers(context: AppContext, contents: readonly string[]): Buffer[] {
  return contents.map((content) => hashBrowser(context, content));
}

/**
 * Returns whether any person marked this browser as their own.
 * @param contents values of its cookies
 */
export async function isKnownBrowser(context: AppContext, contents: readonly string[]): Promise<boolean> {
  return contents.length > 0 && (await isAnyBrowserKnown(context.database, hashBrowsers(context, contents)));
}
