/**
 * A browser without a screen: cookies by path as browsers store them, forms sent back with their hidden
 * fields. Each request can go to another node.
 */
import { Cookie, CookieJar } from 'tough-cookie';
import { encodeForm, FORM, request, type HttpAnswer, type Target } from './http.ts';
import type { Secrets } from './secrets.ts';

/** The server of a browser: the nodes of a suite, or a separate process. */
export interface BrowserSite {
  readonly issuer: string;
  readonly secrets: Secrets;
  node(index: number): Omit<Target, 'issuer'>;
}

export interface BrowserRequest {
  readonly method?: string;
  /** The fields of a form, which is posted. */
  readonly form?: Readonly<Record<string, string>>;
  /** A body as no form encodes it. */
  readonly body?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface BrowserPage extends HttpAnswer {
  readonly url: string;
  /** The address of a sign-in's forms; otherwise `url`. */
  readonly formUrl: string;
  /** `data-page` of the page, if it is one of Nøgle's. */
  readonly page: string | undefined;
}

export class TestBrowser {
  /** The User-Agent header, if any. */
  userAgent: string | null = null;
  readonly #site: BrowserSite;
  #jar = new CookieJar();
  readonly #address: string | null;
  #requests: number;

  /**
   * @param firstNode gets the first request; every request goes to the next node
   * @param address the client address, for sites that are behind a proxy
   */
  constructor(site: BrowserSite, firstNode = 0, address: string | null = null) {
    this.#site = site;
    this.#requests = firstNode;
    this.#address = address;
  }

  /** Another browser with the same cookies. */
  async copy(address = this.#address): Promise<TestBrowser> {
    const other = new TestBrowser(this.#site, this.#requests, address);
    other.userAgent = this.userAgent;
    other.#jar = await this.#jar.clone();
    return other;
  }

  /** The cookies that it would send to this address, each as `name=value`. */
  async cookiesFor(url: string): Promise<string[]> {
    const cookies = await this.#jar.getCookies(new URL(url, this.#site.issuer).href);
    return cookies.map((cookie) => cookie.cookieString());
  }

  /** @param cookie as in `Set-Cookie` */
  async setCookie(cookie: string): Promise<void> {
    await this.#jar.setCookie(cookie, this.#site.issuer);
  }

  /** Copies its cookies to a browser with another site. */
  async copyTo(other: TestBrowser): Promise<TestBrowser> {
    other.#jar = await this.#jar.clone();
    return other;
  }

  /** Another browser with the same cookies, except the one of this name. */
  async copyWithout(name: string): Promise<TestBrowser> {
    const other = await this.copy();
    const serialized = await other.#jar.serialize();
    const cookies = serialized.cookies.filter(({ key }) => key !== name);
    other.#jar = await CookieJar.deserialize({ ...serialized, cookies });
    return other;
  }

  /** The cookie store, as a person who opens it sees it. */
  async readCookies(): Promise<{ name: string; value: string; path: string }[]> {
    const { cookies } = await this.#jar.serialize();
    return cookies.map(({ key, value, path }) => ({
      name: String(key),
      value: String(value),
      path: String(path),
    }));
  }

  /** Sets a cookie from another site, as far as browsers allow it. */
  async plant(line: string, from: string): Promise<void> {
    await this.#jar.setCookie(line, from, { ignoreError: true });
  }

  /** Sends one request; follows no redirect. */
  async request(url: string, sent: BrowserRequest = {}) {
    const target = new URL(url, this.#site.issuer);
    const node = this.#site.node(this.#requests++);
    const cookie = await this.#jar.getCookieString(target.href);
    const body = sent.form ? encodeForm(sent.form) : sent.body;
    const method = sent.method ?? (sent.form ? 'POST' : 'GET');
    const { status, headers, text }: HttpAnswer = await request({ ...node, issuer: this.#site.issuer })
      .with(method, target.pathname + target.search)
      .set({
        accept: 'text/html',
        'accept-language': 'da',
        ...(this.userAgent ? { 'user-agent': this.userAgent } : {}),
        ...(this.#address ? { 'x-forwarded-for': this.#address } : {}),
        ...(cookie ? { cookie } : {}),
        ...(body === undefined ? {} : FORM),
        ...sent.headers,
      })
      .send(body);
    for (const line of headers['set-cookie'] ?? []) {
      await this.#jar.setCookie(line, target.href);
      const { key = '', value } = Cookie.parse(line) ?? {};
      this.#site.secrets.addCookie(key, value);
    }
    const { href } = target;
    const [, action = ''] = /<form method="post" action="(\/login\/[^"]*|\/block)"/.exec(text) ?? [];
    const page = /data-page="([a-z-]+)"/.exec(text)?.[1];
    const formUrl = new URL(unescapeHtml(action), href).href;
    return { status, headers, text, url: href, formUrl, page } as BrowserPage;
  }

  /**
   * Follows redirects as long as they stay at Nøgle; the last answer may be a redirect to a relying party.
   */
  async follow(url: string): Promise<BrowserPage> {
    return await this.#settle(await this.request(url));
  }

  /** Sends the form of a page with its hidden fields, as a browser does. */
  async send(page: BrowserPage, fields: Record<string, string>): Promise<BrowserPage> {
    return await this.#settle(await this.post(page, fields));
  }

  /** The same, without following. */
  async post(page: BrowserPage, fields: Record<string, string>): Promise<BrowserPage> {
    return await this.request(page.formUrl, { form: { ...hiddenFields(page), ...fields } });
  }

  async #settle(answer: BrowserPage): Promise<BrowserPage> {
    let current = answer;
    for (let hops = 0; hops < 10; hops += 1) {
      const location = current.headers.location;
      if (!location || !new URL(location, current.url).href.startsWith(`${this.#site.issuer}/`))
        return current;
      current = await this.request(new URL(location, current.url).href);
    }
    throw new Error('ten redirects in a row');
  }
}

export function hiddenFields(page: { text: string }): Record<string, string> {
  const inputs = [...page.text.matchAll(/<input type="hidden" name="([^"]*)" value="([^"]*)"/g)];
  return Object.fromEntries(inputs.map(([, name = '', value = '']) => [name, unescapeHtml(value)]));
}

function unescapeHtml(text: string): string {
  return text
    .replaceAll('&quot;', '"')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&amp;', '&');
}

/** The card and key number that a key page shows. */
export function challengeOf(page: BrowserPage): { cardNumber: string; keyNumber: string } {
  const [, cardNumber, keyNumber] =
    /data-card-number="([^"]+)" data-key-number="([^"]+)"/.exec(page.text) ?? [];
  if (!cardNumber || !keyNumber) throw new Error(`no challenge on page ${page.page} (${page.status})`);
  return { cardNumber, keyNumber };
}
