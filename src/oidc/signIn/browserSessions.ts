/** The session of a browser, for pages outside of a sign-in: whose it is, and its end. */
import type { Context } from 'koa';
import type { Provider } from 'oidc-provider';
import { kindsOfAmr, type FactorKinds } from '../../domain/signIn/levels.ts';
import { requireUnitOfWork } from '../../db/unitOfWork.ts';

type SessionRecord = InstanceType<Provider['Session']>;

/** Its record stays inside. */
export class BrowserSession {
  readonly uid: string;
  readonly identityId: string;
  /** What was shown: not always the password alone. */
  readonly kinds: FactorKinds;
  /** When what it stands on was shown; a key given later than the password counts from then. */
  readonly signedInAt: Date;
  readonly #record: SessionRecord;

  constructor(record: SessionRecord, identityId: string) {
    const { uid, amr, loginTs } = record;
    this.uid = uid;
    this.identityId = identityId;
    this.kinds = kindsOfAmr(amr);
    this.signedInAt = new Date((loginTs ?? 0) * 1000);
    this.#record = record;
  }

  async destroy(): Promise<void> {
    await this.#record.destroy();
  }
}

/** What a sign-in at a site of our own stands on. */
export interface SignInProof {
  readonly identityId: string;
  readonly sessionUid: string;
  /** The primary's time of the sign-in: what ends the identity later ends what stands on this. */
  readonly loginAt: Date;
  /** When a key was given in this very sign-in, by the same time; null where a session was there already. */
  readonly keyAt: Date | null;
}

export class BrowserSessions {
  readonly #provider: Provider;

  constructor(provider: Provider) {
    this.#provider = provider;
  }

  /** Null when nobody is signed in with this browser. Nothing is begun, and nothing is prolonged. */
  async findSession(ctx: Context): Promise<BrowserSession | null> {
    const record = await this.#provider.Session.get(ctx);
    return record.accountId ? new BrowserSession(record, record.accountId) : null;
  }

  /**
   * Of the token that a site of our own has just got; null when that is over again. The record of the token names the
   * session: its `sid` is only in the ID tokens of relying parties that are told of log-outs, and ours look by themselves.
   */
  async findSignInProof(accessToken: string): Promise<SignInProof | null> {
    const token = await this.#provider.AccessToken.find(accessToken);
    const { signedInAt: loginAt, keyAt } = requireUnitOfWork();
    if (!token?.sessionUid || !loginAt) return null;
    return { identityId: token.accountId, sessionUid: token.sessionUid, loginAt, keyAt };
  }

  /** Ends it, with all that stands on it. @param from the site at which its person asked for it */
  async endSession(ctx: Context, found: BrowserSession, from: string | null = null): Promise<void> {
    requireUnitOfWork().signingOutOf = from;
    await found.destroy();
    this.clearCookie(ctx);
  }

  /** Of a session that is over: on a shared computer nothing of it stays behind. */
  clearCookie(ctx: Context): void {
    clearSessionCookie(this.#provider, ctx);
  }
}

export function composeSessionCookieName(isSecure: boolean): string {
  return isSecure ? '__Host-noegle-session' : 'noegle-session';
}

/** The answer leaves the browser the session that it has. */
export function dropSessionCookie(ctx: Context, isSecure: boolean): void {
  const cookies = [ctx.response.headers['set-cookie'] ?? []].flat();
  const others = cookies.filter((cookie) => !cookie.startsWith(`${composeSessionCookieName(isSecure)}=`));
  if (others.length > 0) ctx.set('Set-Cookie', others);
  else ctx.remove('Set-Cookie');
}

export function clearSessionCookie(provider: Provider, ctx: Context): void {
  ctx.cookies.set(provider.cookieName('session'), null, {
    signed: false,
    httpOnly: true,
    sameSite: 'lax',
    secure: ctx.secure,
    path: '/',
  });
}
