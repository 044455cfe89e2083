/**
 * Identifies the browser of a request by a cookie with random content. A page on a sibling domain can plant a
 * cookie with the name and path of an interaction cookie (`Domain=`) that contains its own request: the
 * person would sign in to that (login CSRF). It cannot plant one whose name begins with `__Host-`. So a
 * request names the browser id that began it, and opens for no other.
 *
 * The first GET that begins or shows a request sets the cookie. It lasts until the browser is closed and is
 * never replaced. Cross-site POSTs arrive without it (SameSite), so a POST sets none. Each has its own name:
 * when a new browser opens two tabs concurrently, neither overwrites the id that the other's request names.
 */
import type { Context } from 'koa';
import { readCookieHeader } from '../../domain/cookies/cookieParts.ts';
import { drawSecret, type Random } from '../../domain/random.ts';
import type { Keyring } from '../../platform/keyring.ts';

export interface BrowserIdOptions {
  readonly keyring: Keyring;
  readonly random: Random;
  readonly isSecure: boolean;
}

const CONTENT = /^[A-Za-z0-9_-]{43}$/;
/** Characters of the content that are appended to the cookie's name. */
const NAME_HASH_LENGTH = 8;

export class BrowserId {
  /** This browser sent at least one browser id cookie. */
  readonly isKnown: boolean;
  /** This browser will have a browser id at its next request. */
  readonly isPersistent: boolean;
  readonly #options: BrowserIdOptions;
  readonly #contents: readonly string[];

  constructor(ctx: Context, options: BrowserIdOptions) {
    const contents = readCookieHeader(ctx.get('Cookie'))
      .filter(({ name }) => isBrowserIdCookie(name, options.isSecure))
      .map(({ value }) => value)
      .slice(0, MAX_COOKIES_READ)
      .filter((content) => CONTENT.test(content));
    this.isKnown = contents.length > 0;
    this.isPersistent = this.isKnown || ctx.method === 'GET' || ctx.method === 'HEAD';
    this.#options = options;
    this.#contents = this.isKnown ? contents : [drawSecret(options.random)];
  }

  /** The browser id that a new request names: a keyed hash. The content stays in the cookie. */
  get name(): string {
    return this.#composeName(this.#contents[0] ?? '');
  }

  hasName(name: string): boolean {
    return this.#contents.some((content) => this.#composeName(content) === name);
  }

  /** Sets the cookie in the response to a GET. */
  keep(ctx: Context): void {
    if (this.isKnown || !this.isPersistent) return;
    const [content = ''] = this.#contents;
    const { isSecure } = this.#options;
    ctx.cookies.set(
      `${composeBrowserIdCookieName(isSecure)}-${content.slice(0, NAME_HASH_LENGTH)}`,
      content,
      {
        signed: false,
        httpOnly: true,
        sameSite: 'lax',
        secure: isSecure,
        path: '/',
      },
    );
  }

  #composeName(content: string): string {
    const { keyring } = this.#options;
    // The oldest key, which all nodes have while a newer one is rolled out.
    return keyring
      .hmac('records', `visitor v1 ${content}`, keyring.oldestKid('records'))
      .toString('base64url');
  }
}

/**
 * Browsers send cookies with the longest path first, and no planted cookie has a longer path than the real
 * one.
 */
export const MAX_COOKIES_READ = 32;

function isBrowserIdCookie(name: string, isSecure: boolean): boolean {
  const base = composeBrowserIdCookieName(isSecure);
  return name === base || name.startsWith(`${base}-`);
}

function composeBrowserIdCookieName(isSecure: boolean): string {
  return isSecure ? '__Host-noegle-visitor' : 'noegle-visitor';
}
