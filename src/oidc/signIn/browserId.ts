/**
 * The browser that a request belongs to, known by a cookie of random content. A page on a sibling domain can
 * plant a cookie with the name and the path of ours (`Domain=`) and its own request in it: the person would
 * sign in to that. It cannot plant one whose name begins with `__Host-`. So a request names the visitor that
 * began it, and opens for no other.
 *
 * The cookie is set by the first GET that begins or shows a request. It is kept until the browser is closed,
 * and never replaced. Other sites' posts come without it (SameSite), so a POST sets none. Each has a name of its
 * own: of two tabs that a new browser opens at once, neither takes away what the other's request names.
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
/** Of the content, at the end of the name. */
const NAME_HASH_LENGTH = 8;

export class BrowserId {
  /** This browser sent at least one such cookie. */
  readonly isKnown: boolean;
  /** This browser has one at its next request. */
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

  /** What a new request names: a keyed hash. What is in the cookie stays there. */
  get name(): string {
    return this.#composeName(this.#contents[0] ?? '');
  }

  hasName(name: string): boolean {
    return this.#contents.some((content) => this.#composeName(content) === name);
  }

  /** With the answer to a GET. */
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
    // The key that all nodes have, also while a newer one is on its way to them.
    return keyring
      .hmac('records', `visitor v1 ${content}`, keyring.oldestKid('records'))
      .toString('base64url');
  }
}

/** Browsers send those of the longest path first, and none that was planted has a longer one than ours. */
export const MAX_COOKIES_READ = 32;

function isBrowserIdCookie(name: string, isSecure: boolean): boolean {
  const base = composeBrowserIdCookieName(isSecure);
  return name === base || name.startsWith(`${base}-`);
}

function composeBrowserIdCookieName(isSecure: boolean): string {
  return isSecure ? '__Host-noegle-visitor' : 'noegle-visitor';
}
