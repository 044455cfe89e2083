/**
 * One person at one browser signs in: from the relying party's request to its tokens, request by request, as
 * a browser does.
 */
import { createHash, randomBytes } from 'node:crypto';
import { Agent, request as httpRequest, type IncomingHttpHeaders } from 'node:http';
import { HOST } from './install.ts';
import { PASSWORD, type BenchPerson, type BenchRelyingParty } from './people.ts';

export interface BenchAnswer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
}

/** The node refused because it is busy. */
export class RefusedSignInError extends Error {
  readonly status: number;
  readonly afterMs: number;
  constructor(status: number, afterMs: number) {
    super(`refused with ${status}`);
    this.status = status;
    this.afterMs = afterMs;
  }
}

const ANSWER_MS = 20_000;
let made = 0;
/** A proxy keeps its connections to the nodes in the same way. */
const agent = new Agent({ keepAlive: true, maxSockets: 600, scheduling: 'lifo' });

export function hangUp(): void {
  agent.destroy();
}

/** How many requests this process has made. */
export function requestsMade(): number {
  return made;
}

export async function callNode(
  port: number,
  path: string,
  options: { method?: string; headers?: Record<string, string>; body?: string } = {},
): Promise<BenchAnswer> {
  const { method = 'GET', body } = options;
  const headers = {
    host: HOST,
    ...options.headers,
    ...(body === undefined
      ? {}
      : {
          'content-type': 'application/x-www-form-urlencoded',
          'content-length': String(Buffer.byteLength(body)),
        }),
  };
  made += 1;
  const ask = (resolve: (answer: BenchAnswer) => void, reject: (error: unknown) => void) => {
    const req = httpRequest({ host: '127.0.0.1', port, path, method, headers, agent }, (res) => {
      const chunks: Buffer[] = [];
      res.on('data', (chunk: Buffer) => chunks.push(chunk));
      res.on('end', () => {
        const text = Buffer.concat(chunks).toString();
        resolve({ status: res.statusCode ?? 0, headers: res.headers, text });
      });
      res.on('error', reject);
    });
    req.setTimeout(ANSWER_MS, () => req.destroy(new Error(`no answer from ${path.slice(0, 20)}`)));
    req.on('error', (error: NodeJS.ErrnoException) => {
      // The node closed the idle connection as it was taken: a proxy sends it again, too.
      if (req.reusedSocket && error.code === 'ECONNRESET') ask(resolve, reject);
      else reject(error);
    });
    req.end(body);
  };
  return await new Promise(ask);
}

interface BenchCookie {
  readonly name: string;
  readonly value: string;
  readonly path: string;
}

export class BenchBrowser {
  readonly #port: () => number;
  readonly #address: string;
  #cookies: BenchCookie[] = [];

  /** @param own content of the cookie of a known browser; null for a new browser */
  constructor(port: () => number, address: string, own: string | null) {
    this.#port = port;
    this.#address = address;
    if (own) this.#cookies.push({ name: '__Host-noegle-browser', value: own, path: '/' });
  }

  /** @param from the address of the Nøgle page that led there, or null */
  async request(url: string, from: string | null, body?: string): Promise<BenchAnswer & { url: string }> {
    const target = new URL(url, `https://${HOST}`);
    const cookie = this.#cookiesFor(target.pathname);
    const answer = await callNode(this.#port(), target.pathname + target.search, {
      method: body === undefined ? 'GET' : 'POST',
      headers: {
        accept: 'text/html',
        'accept-language': 'da',
        'user-agent': 'Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0',
        'x-forwarded-for': this.#address,
        'upgrade-insecure-requests': '1',
        'sec-fetch-dest': 'document',
        'sec-fetch-mode': 'navigate',
        // A link at the relying party leads here from another site, redirects included; forms are Nøgle's.
        'sec-fetch-site': from === null ? 'cross-site' : 'same-origin',
        'sec-fetch-user': '?1',
        ...(body === undefined ? {} : { origin: target.origin }),
        ...(cookie ? { cookie } : {}),
      },
      ...(body === undefined ? {} : { body }),
    });
    for (const line of answer.headers['set-cookie'] ?? []) this.#keep(line);
    return { ...answer, url: target.href };
  }

  #keep(line: string): void {
    const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
    const path = /; path=([^;]+)/i.exec(line)?.[1] ?? '/';
    this.#cookies = this.#cookies.filter((one) => one.name !== name || one.path !== path);
    if (value !== '') this.#cookies.push({ name, value, path });
  }

  /** Follows redirects as long as they stay at Nøgle. */
  async follow(
    url: string,
    from: string | null = null,
    body?: string,
  ): Promise<BenchAnswer & { url: string }> {
    const startedAt = performance.now();
    let answer = await this.request(url, from, body);
    for (let hops = 0; hops < 5; hops += 1) {
      if (answer.status >= 400) throw new RefusedSignInError(answer.status, performance.now() - startedAt);
      const { location } = answer.headers;
      if (!location || !new URL(location, answer.url).href.startsWith(`https://${HOST}/`)) return answer;
      answer = await this.request(new URL(location, answer.url).href, from);
    }
    throw new Error('too many redirects');
  }

  async send(page: { text: string; url: string }, fields: Record<string, string>) {
    const form = hiddenFields(page);
    for (const [name, value] of Object.entries(fields)) form.set(name, value);
    return await this.follow(formAddress(page), page.url, form.toString());
  }

  /** What a client needs to send the form of this page repeatedly. */
  formOf(page: { text: string; url: string }): OpenForm {
    const { pathname } = new URL(formAddress(page));
    return { path: pathname, cookie: this.#cookiesFor(pathname), fields: hiddenFields(page).toString() };
  }

  #cookiesFor(pathname: string): string {
    return this.#cookies
      .filter(({ path }) => pathname.startsWith(path))
      .map(({ name, value }) => `${name}=${value}`)
      .join('; ');
  }
}

export interface OpenForm {
  readonly path: string;
  readonly cookie: string;
  /** The hidden fields, encoded. */
  readonly fields: string;
}

function hiddenFields({ text }: { text: string }): URLSearchParams {
  const hidden = [...text.matchAll(/<input type="hidden" name="([^"]*)" value="([^"]*)"/g)];
  return new URLSearchParams(hidden.map(([, name = '', value = '']) => [name, value]));
}

/** The address of a page's form: a page may be the answer of another address. */
function formAddress({ text, url }: { text: string; url: string }): string {
  const [tag = ''] = /<form\b[^>]*method="post"[^>]*>/.exec(text) ?? [];
  const action = /\baction="([^"]*)"/.exec(tag)?.[1] ?? '';
  return action === '' ? url : new URL(action.replaceAll('&amp;', '&'), url).href;
}

export interface BenchTokens {
  readonly access_token: string;
  readonly id_token: string;
  readonly refresh_token?: string;
}

interface SignInOptions {
  readonly offline?: boolean;
  readonly isNewBrowser?: boolean;
  /** Replaces the person's own client address. */
  readonly address?: string;
}

/** @param verifier the PKCE verifier of the code, which the token endpoint requires */
export function authorizationRequest(rp: BenchRelyingParty, verifier: string, offline = false): string {
  const query = new URLSearchParams({
    client_id: rp.clientId,
    redirect_uri: rp.redirectUri,
    response_type: 'code',
    scope: offline ? 'openid profile offline_access' : 'openid profile',
    ...(offline ? { prompt: 'consent' } : {}),
    state: randomBytes(8).toString('hex'),
    nonce: randomBytes(8).toString('hex'),
    code_challenge: createHash('sha256').update(verifier).digest('base64url'),
    code_challenge_method: 'S256',
  });
  return `/auth?${query}`;
}

/** @throws RefusedSignInError when the node refused; an Error for anything unexpected */
export async function signInAtBench(
  port: () => number,
  person: BenchPerson,
  rp: BenchRelyingParty,
  { offline = false, isNewBrowser = false, address = person.address }: SignInOptions = {},
): Promise<BenchTokens> {
  const verifier = randomBytes(32).toString('base64url');
  const browser = new BenchBrowser(port, address, isNewBrowser ? null : person.browser);
  const passwordPage = await browser.follow(authorizationRequest(rp, verifier, offline));
  const keyPage = await browser.send(passwordPage, { userId: person.userId, password: PASSWORD });
  const keyNumber = /data-key-number="([0-9]{4})"/.exec(keyPage.text)?.[1] ?? '';
  const key = person.keys().get(keyNumber);
  if (!key) throw new Error(`no key page but ${/data-page="([^"]*)"/.exec(keyPage.text)?.[1]}`);
  let last = await browser.send(keyPage, { key });
  if (/data-page="consent"/.test(last.text)) last = await browser.send(last, { accept: '1' });
  const code = new URL(last.headers.location ?? 'x:').searchParams.get('code');
  if (!code)
    throw new Error(`no code but ${last.status} ${last.headers.location ?? last.text.slice(0, 300)}`);
  const fields = {
    grant_type: 'authorization_code',
    code,
    redirect_uri: rp.redirectUri,
    code_verifier: verifier,
  };
  return (await authenticateRelyingParty(port(), rp, '/token', fields)) as BenchTokens;
}

/** A request of a relying party with its secret. @throws unless it succeeds */
export async function authenticateRelyingParty(
  port: number,
  rp: BenchRelyingParty,
  path: string,
  fields: Record<string, string>,
): Promise<unknown> {
  const authorization = `Basic ${Buffer.from(`${rp.clientId}:${rp.clientSecret}`).toString('base64')}`;
  const startedAt = performance.now();
  const answer = await callNode(port, path, {
    method: 'POST',
    headers: { accept: 'application/json', authorization },
    body: new URLSearchParams(fields).toString(),
  });
  if (answer.status === 503) throw new RefusedSignInError(503, performance.now() - startedAt);
  if (answer.status >= 300) throw new Error(`${path}: ${answer.status} ${answer.text.slice(0, 200)}`);
  return JSON.parse(answer.text);
}
