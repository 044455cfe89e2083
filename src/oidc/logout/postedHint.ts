/**
 * An ID token that a site posts with its wish for a log-out. It names the person, with a CPR number where
 * the site gets one, so it goes into no address: addresses are kept in histories and written down by
 * proxies. It is judged when it comes, and what it proves is all that goes on: sealed, in a cookie of this
 * browser, which the link that the browser is led on by names. That fits however long the token is, and
 * opens on every node.
 */
import type { Context } from 'koa';
import { errors, type Client, type Provider } from 'oidc-provider';
import { decodeJwt } from 'jose';
import type { Random } from '../../domain/random.ts';
import type { Keyring } from '../../platform/keyring.ts';

/** What an ID token of ours says of a session. */
export interface LogoutHint {
  readonly clientId: string;
  readonly sub: string;
  readonly sid: string | null;
  /** In seconds. */
  readonly iat: number;
}

/** The parameter of the link that names the cookie. */
export const POSTED_HINT = 'posted';

/** Longer than a browser needs to follow one redirect. */
const HINT_SECONDS = 120;
const HINT_NAME = /^[A-Za-z0-9_-]{11}$/;

export interface PostedHintsOptions {
  readonly provider: Provider;
  readonly keyring: Keyring;
  readonly random: Random;
  readonly isSecure: boolean;
  readonly now: () => Date;
}

export class PostedHints {
  readonly #options: PostedHintsOptions;

  constructor(options: PostedHintsOptions) {
    this.#options = options;
  }

  /** @returns the name of what is kept, for the link; null where the token is none of ours. */
  async keep(ctx: Context, token: string): Promise<string | null> {
    const { provider, keyring, random, now } = this.#options;
    const hint = await readHint(provider, token);
    if (!hint) return null;
    const name = random.bytes(8).toString('base64url');
    const until = Math.floor(now().getTime() / 1000) + HINT_SECONDS;
    const sealed = keyring.seal('records', JSON.stringify({ ...hint, until }), composeHintContext(name));
    this.#setCookie(ctx, name, sealed.toString('base64url'));
    return name;
  }

  /** Null unless this browser was given it, a moment ago. */
  find(ctx: Context, name: string): LogoutHint | null {
    const { keyring, now } = this.#options;
    const sealed = HINT_NAME.test(name)
      ? ctx.cookies.get(this.#cookieName(name), { signed: false })
      : undefined;
    if (sealed === undefined) return null;
    try {
      const box = Buffer.from(sealed, 'base64url');
      const { until, ...hint } = JSON.parse(
        keyring.open('records', box, composeHintContext(name)),
      ) as StoredHint;
      return until * 1000 > now().getTime() ? hint : null;
    } catch {
      // Of another installation, or made up.
      return null;
    }
  }

  #setCookie(ctx: Context, name: string, content: string | null): void {
    ctx.cookies.set(this.#cookieName(name), content, {
      signed: false,
      httpOnly: true,
      sameSite: 'lax',
      secure: this.#options.isSecure,
      path: '/session/end',
      ...(content === null ? {} : { maxAge: HINT_SECONDS * 1000 }),
    });
  }

  #cookieName(name: string): string {
    return `${this.#options.isSecure ? '__Secure-' : ''}noegle-logout-${name}`;
  }
}

type StoredHint = LogoutHint & { readonly until: number };

/** Under another name it does not open. */
function composeHintContext(name: string): string {
  return `posted log-out hint v1 ${name}`;
}

/** What an ID token of ours says; one that has expired will do. Null for all else. */
export async function readHint(provider: Provider, token: string): Promise<LogoutHint | null> {
  const payload = decodeIdToken(token);
  const { aud, sub, sid, iat } = payload ?? {};
  if (typeof aud !== 'string' || typeof sub !== 'string' || typeof iat !== 'number') return null;
  const client = await findUsableClient(provider, aud);
  const isValid = client !== null && (await isIdTokenOfClient(provider, token, client));
  return isValid ? { clientId: aud, sub, sid: typeof sid === 'string' ? sid : null, iat } : null;
}

async function isIdTokenOfClient(provider: Provider, token: string, client: Client): Promise<boolean> {
  return await provider.IdToken.validate(token, client).then(
    () => true,
    () => false,
  );
}

function decodeIdToken(token: string) {
  try {
    return decodeJwt(token);
  } catch {
    return null;
  }
}

/** One whose registration the provider cannot use is none. @throws when the database is away */
export async function findUsableClient(provider: Provider, clientId: string): Promise<Client | null> {
  try {
    return (await provider.Client.find(clientId)) ?? null;
  } catch (error) {
    if (error instanceof errors.OIDCProviderError && error.statusCode < 500) return null;
    throw error;
  }
}
