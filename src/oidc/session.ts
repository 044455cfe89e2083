/** The session of a browser, for pages outside of a sign-in: whose it is, and its end. */
import type { Context } from 'koa';
import type { Provider } from 'oidc-provider';
import { hasKey } from '../core/levels.ts';

export interface BrowserSession {
  readonly uid: string;
  readonly identityId: string;
  /** Password and key were shown, not the password alone. */
  readonly hasKey: boolean;
}

export class BrowserSessions {
  readonly #provider: Provider;

  constructor(provider: Provider) {
    this.#provider = provider;
  }

  /** Null when nobody is signed in with this browser. Nothing is begun, and nothing is prolonged. */
  async find(ctx: Context): Promise<BrowserSession | null> {
    const { accountId, uid, amr } = await this.#provider.Session.get(ctx);
    return accountId ? { uid, identityId: accountId, hasKey: hasKey(amr ?? []) } : null;
  }

  /** Ends it, with all that stands on it. */
  async end(ctx: Context): Promise<void> {
    const session = await this.#provider.Session.get(ctx);
    if (session.accountId) await session.destroy();
  }
}
