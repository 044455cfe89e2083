/** A relying party that nobody here wrote: express with express-openid-connect, as its own documentation sets it up. */
import { randomBytes } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import express from 'express';
import type { ConfigParams } from 'express-openid-connect';
import { CookieJar } from 'tough-cookie';
import type { RelyingPartyInput } from '../../src/core/relyingParty.ts';
import type { Browser } from './browser.ts';
import { keyFor } from './flow.ts';
import { call, type Answer } from './http.ts';
import type { Nodes } from './nodes.ts';
import { aRelyingParty, type TestPerson, type TestRelyingParty } from './people.ts';

type Store = NonNullable<NonNullable<ConfigParams['session']>['store']>;
type Stored = Parameters<Store['set']>[1];

/** Sessions, and who was logged out, in memory: as express-session stores are. */
function memoryStore(): Store {
  const kept = new Map<string, Stored>();
  return {
    get: (id, done) => done(null, kept.get(id) ?? null),
    set: (id, session, done) => {
      kept.set(id, session);
      done?.();
    },
    destroy: (id, done) => {
      kept.delete(id);
      done?.();
    },
  };
}

export class ExpressSite {
  readonly rp: TestRelyingParty;
  readonly origin: string;
  readonly #port: number;
  readonly #app: express.Express;
  #server: Server | null = null;

  private constructor(rp: TestRelyingParty, port: number, app: express.Express) {
    this.rp = rp;
    this.#port = port;
    this.origin = originOf(port);
    this.#app = app;
  }

  /** @param port one whose origin the nodes may call. */
  static async start(
    nodes: Nodes,
    port: number,
    given: Partial<RelyingPartyInput> = {},
  ): Promise<ExpressSite> {
    const origin = originOf(port);
    const rp = await aRelyingParty(nodes, {
      redirect_uris: [`${origin}/callback`],
      post_logout_redirect_uris: [origin],
      backchannel_logout_uri: `${origin}/backchannel-logout`,
      ...given,
    });
    // It requires jose, which Jest can only give it once the suite's own imports of jose are done.
    const { default: expressOpenid } = await import('express-openid-connect');
    const app = express();
    app.use(
      expressOpenid.auth({
        issuerBaseURL: nodes.issuer,
        baseURL: origin,
        clientID: rp.clientId,
        clientSecret: rp.clientSecret,
        clientAuthMethod: 'client_secret_basic',
        idTokenSigningAlg: 'ES256',
        secret: randomBytes(32).toString('hex'),
        authorizationParams: { response_type: 'code', response_mode: 'query', scope: 'openid profile' },
        authRequired: false,
        idpLogout: true,
        backchannelLogout: true,
        session: { store: memoryStore() },
      }),
    );
    app.get('/', (req, res) => {
      res.send(req.oidc.isAuthenticated() ? `signed in: ${String(req.oidc.user?.['sub'])}` : 'logged out');
    });
    const site = new ExpressSite(rp, port, app);
    await site.open();
    return site;
  }

  async open(): Promise<void> {
    const server = createServer(this.#app);
    this.#server = server;
    await new Promise<void>((resolve) => server.listen(this.#port, '127.0.0.1', resolve));
  }

  /** Down: nobody listens there. */
  async close(): Promise<void> {
    const server = this.#server;
    this.#server = null;
    if (!server) return;
    const closed = new Promise((resolve) => server.close(resolve));
    server.closeAllConnections();
    await closed;
  }

  /** One person's browser there. */
  visitor(): Visitor {
    return new Visitor(this.#port);
  }
}

export function originOf(port: number): string {
  return `http://127.0.0.1:${port}`;
}

export class Visitor {
  readonly #jar = new CookieJar();
  readonly #port: number;

  constructor(port: number) {
    this.#port = port;
  }

  async open(url: string): Promise<Answer> {
    const target = new URL(url, originOf(this.#port));
    const cookie = await this.#jar.getCookieString(target.href);
    const headers = { host: target.host, accept: 'text/html', connection: 'close' };
    const answer = await call(this.#port, target.pathname + target.search, {
      headers: cookie ? { ...headers, cookie } : headers,
    });
    for (const line of answer.headers['set-cookie'] ?? []) await this.#jar.setCookie(line, target.href);
    return answer;
  }

  /** Its own login, by Nøgle, and back. @param browser the same person's browser at Nøgle. */
  async signIn(browser: Browser, person: TestPerson): Promise<void> {
    const login = await this.open('/login');
    let page = await browser.follow(login.headers.location ?? '');
    if (page.page === 'password') {
      page = await browser.send(page, { userId: person.userId, password: person.password });
      page = await browser.send(page, { key: keyFor(person, page) });
    }
    const callback = await this.open(page.headers.location ?? '');
    if (callback.status !== 302)
      throw new Error(`the callback answered ${callback.status}: ${callback.text}`);
  }

  /** What the app says on its next page. */
  async sees(): Promise<string> {
    return (await this.open('/')).text;
  }
}
