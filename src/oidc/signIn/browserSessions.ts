/** The browser's session for pages outside of a sign-in: whose it is, and how it ends. */
import type { Context } from 'koa';
import type { Provider } from 'oidc-provider';
import { kindsOfAmr, type FactorKinds } from '../../domain/signIn/levels.ts';
import type { SessionUse } from '../../domain/sessionUse.ts';
import type { Keyring } from '../../platform/keyring.ts';
import { requireUnitOfWork } from '../../db/unitOfWork.ts';
import { openRecord } from '../records/recordFacts.ts';

type SessionRecord = InstanceType<Provider['Session']>;

/** A session without its record, which stays private. */
export class BrowserSession {
  readonly uid: string;
  readonly identityId: string;
  /** The factors that the person authenticated with: not always only the password. */
  readonly kinds: FactorKinds;
  /** When the person authenticated; the time of the key when it was given later than the password. */
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

/** The row of a session. */
export interface StoredSession {
  readonly id: Buffer;
  readonly payload: Buffer;
}

/** The proof of a sign-in at a first-party client. */
export interface SignInProof {
  readonly identityId: string;
  readonly sessionUid: string;
  /** The database's time of the sign-in: what ends the identity later also ends this sign-in. */
  readonly loginAt: Date;
  /**
   * The database's time at which a key was given in this very sign-in; null where a session already existed.
   */
  readonly keyAt: Date | null;
}

export class BrowserSessions {
  readonly #provider: Provider;
  readonly #keyring: Keyring;

  constructor(provider: Provider, keyring: Keyring) {
    this.#provider = provider;
    this.#keyring = keyring;
  }

  /** Opens the latest use of a stored session. Null where a node of the previous version saved it last. */
  readUse({ id, payload }: StoredSession): SessionUse | null {
    try {
      return openRecord(this.#keyring, payload, id).use;
    } catch {
      return null;
    }
  }

  /** Returns null when no one is signed in with this browser. It neither creates nor extends a session. */
  async findSession(ctx: Context): Promise<BrowserSession | null> {
    const record = await this.#provider.Session.get(ctx);
    return record.accountId ? new BrowserSession(record, record.accountId) : null;
  }

  /**
   * Finds the sign-in behind the access token that a first-party client has just received; null when it has
   * ended. The token's record names the session: `sid` is only in ID tokens of relying parties with
   * back-channel logout, and first-party clients check the session themselves.
   */
  async findSignInProof(accessToken: string): Promise<SignInProof | null> {
    const token = await this.#provider.AccessToken.find(accessToken);
    const { signedInAt: loginAt, keyAt } = requireUnitOfWork();
    if (!token?.sessionUid || !loginAt) return null;
    return { identityId: token.accountId, sessionUid: token.sessionUid, loginAt, keyAt };
  }

  /**
   * Ends the session with everything that depends on it.
   * @param from the first-party client at which the person logged out
   */
  async endSession(ctx: Context, found: BrowserSession, from: string | null = null): Promise<void> {
    requireUnitOfWork().signingOutOf = from;
    await found.destroy();
    this.clearCookie(ctx);
  }

  /** Clears the cookie of a session that ended, so that none stays behind on a shared computer. */
  clearCookie(ctx: Context): void {
    clearSessionCookie(this.#provider, ctx);
  }
}

export function composeSessionCookieName(isSecure: boolean): string {
  return isSecure ? '__Host-noegle-session' : 'noegle-session';
}

/** Removes the session cookie from the response, so that the browser keeps the one that it has. */
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
