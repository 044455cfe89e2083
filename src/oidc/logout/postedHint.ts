/**
 * An ID token that a relying party posts with a logout request. It names the person, with a CPR number where
 * the relying party gets one, so it must not appear in a URL: URLs are kept in histories and logged by
 * proxies. It is verified when it arrives, and only what it proves is stored: sealed, in a cookie of this
 * browser, which the redirect link names. That works for a token of any length and opens on every node.
 */
import type { Context } from 'koa';
import { errors, type Client, type Provider } from 'oidc-provider';
import { decodeJwt } from 'jose';
import type { Random } from '../../domain/random.ts';
import type { Keyring } from '../../platform/keyring.ts';

/** The claims of one of Nøgle's ID tokens that identify a session. */
export interface LogoutHint {
  readonly clientId: string;
  readonly sub: string;
  readonly sid: string | null;
  /** In seconds since the epoch. */
  readonly iat: number;
}

/** The parameter of the link that names the cookie. */
export const POSTED_HINT = 'posted';

/** A browser needs less than this to follow one redirect. */
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

  /**
   * Stores the hint in a cookie.
   * @returns the name of the cookie for the link; null when the token is not one of Nøgle's
   */
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

  /** Returns null unless this browser was given the hint in the last HINT_SECONDS. */
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
      // The cookie is from another installation, or forged.
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

/** Binds the sealed hint to its name: under another name it does not open. */
function composeHintContext(name: string): string {
  return `posted log-out hint v1 ${name}`;
}

/** Reads an ID token of Nøgle's; an expired one is accepted. Returns null for all others. */
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

/**
 * Returns null for a client whose registration the provider cannot use.
 * @throws DatabaseAway when the database is unavailable
 */
export async function findUsableClient(provider: Provider, clientId: string): Promise<Client | null> {
  try {
    return (await provider.Client.find(clientId)) ?? null;
  } catch (error) {
    if (error instanceof errors.OIDCProviderError && error.statusCode < 500) return null;
    throw error;
  }
}
