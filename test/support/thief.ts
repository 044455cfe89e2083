/**
 * A thief elsewhere who has a copy of the cookies of a browser in a flow: requests every page of it and sends
 * every form, on all nodes. What they get of the person is recorded.
 */
import { Cookie } from 'tough-cookie';
import { hiddenFields, type TestBrowser, type BrowserPage } from './browser.ts';
import { request, type HttpAnswer } from './http.ts';
import type { Nodes } from './nodes.ts';

const PERSONAL_PAGES = /data-page="(key|new-card|public-sites|consent|activate-(key|choose|done))"/;
const EVERY_MS = 5;
/** A busy machine is not asked for more than it answers. */
const MOST_IN_FLIGHT = 4;

export type Loot = 'code' | 'session' | 'page';

export interface ThiefOptions {
  /** The pages of the sign-in or the activation, requested again and again. */
  readonly paths: readonly string[];
  /** Texts that only pages of this person contain. */
  readonly traces: readonly string[];
  /** Cookies that were not copied. */
  readonly without?: (cookie: { name: string; path: string }) => boolean;
  /** Pages of the person count from the beginning, before any form is verified. */
  readonly pagesCount?: boolean;
  readonly address: string;
  /** Milliseconds between two requests to each node; five by default. */
  readonly everyMs?: number;
}

export class Thief {
  /** What was obtained, and how. */
  readonly loot: { readonly what: Loot; readonly how: string }[] = [];
  requests = 0;
  readonly #nodes: Nodes;
  readonly #options: ThiefOptions;
  readonly #copied: ReadonlyMap<string, string>;
  /** The copy with the cookies that the answers to it set. */
  readonly #own: Map<string, string>;
  /** The hidden fields of the page that the copy opened, and of the last one. */
  readonly #fields: [Record<string, string>, Record<string, string>] = [{}, {}];
  #isJudged: boolean;
  #inFlight = 0;
  #turn = 0;
  #polling: NodeJS.Timeout | null = null;

  private constructor(nodes: Nodes, options: ThiefOptions, cookies: ReadonlyMap<string, string>) {
    this.#nodes = nodes;
    this.#options = options;
    this.#copied = cookies;
    this.#own = new Map(cookies);
    this.#isJudged = options.pagesCount ?? false;
  }

  /** Copies the browser's cookies, requests once, and continues requesting. */
  static async copy(nodes: Nodes, browser: TestBrowser, options: ThiefOptions): Promise<Thief> {
    const cookies = (await browser.readCookies()).filter((one) => options.without?.(one) !== true);
    const thief = new Thief(nodes, options, new Map(cookies.map(({ name, value }) => [name, value])));
    const first = await thief.#ask(0, options.paths[0] ?? '/');
    thief.#fields[0] = hiddenFields(first);
    thief.#polling = setInterval(() => thief.#poll(), options.everyMs ?? EVERY_MS);
    return thief;
  }

  /** The answer to the person's next form has arrived. From here on the thief may not even see a page. */
  noteDecided(): void {
    this.#isJudged = true;
  }

  /** Everything once, on all nodes at the same time. */
  async tryEverything(): Promise<void> {
    const { paths } = this.#options;
    const [where = '/'] = paths;
    await Promise.all(
      this.#nodes.list.flatMap((_, node) => [
        ...paths.map((path) => this.#ask(node, path)),
        ...formsWith(this.#fields[node % 2 ? 1 : 0]).map((fields) => this.#ask(node, where, fields)),
      ]),
    );
  }

  /** Sends forms before the person does. @returns true where that gave a code */
  async accept(): Promise<boolean> {
    const [where = '/', end = '/'] = this.#options.paths;
    await this.#ask(0, where, { ...this.#fields[0], accept: '1' });
    await this.#ask(1, where);
    await this.#ask(1, end);
    return this.loot.some(({ what }) => what === 'code');
  }

  async stop(): Promise<void> {
    if (this.#polling) clearInterval(this.#polling);
    this.#polling = null;
    while (this.#inFlight > 0) await new Promise((resolve) => setTimeout(resolve, EVERY_MS));
  }

  #poll(): void {
    if (this.#inFlight >= MOST_IN_FLIGHT) return;
    const { paths } = this.#options;
    const turn = this.#turn++;
    const path = paths[turn % paths.length] ?? '/';
    for (const node of this.#nodes.list.keys()) void this.#askInTurn(node, path);
  }

  async #askInTurn(node: number, path: string): Promise<void> {
    this.#inFlight += 1;
    // A node that ends refuses requests.
    await this.#ask(node, path).catch(() => null);
    this.#inFlight -= 1;
  }

  async #ask(node: number, path: string, fields?: Record<string, string>): Promise<HttpAnswer> {
    this.requests += 1;
    const isDecided = this.#isJudged;
    // Alternates between only the copy, and the cookies that the answers to it have set since.
    const cookies = this.requests % 2 ? this.#own : this.#copied;
    const uid = path.split('/').at(-1) ?? '';
    const made = { resume: uid, interaction: uid, 'form-sent': '1' };
    const named = Object.entries(made).map(([name, value]) => `${this.#prefix}noegle-${name}=${value}`);
    const cookie = [...[...cookies].map(([name, value]) => `${name}=${value}`), ...named].join('; ');
    const to = request(this.#nodes.node(node));
    const sent = fields ? to.post(path).type('form').send(fields) : to.get(path);
    const answer: HttpAnswer = await sent.set({
      accept: 'text/html',
      'accept-language': 'da',
      'x-forwarded-for': this.#options.address,
      cookie,
    });
    this.#look(answer, isDecided, fields ? `POST ${Object.keys(fields).join(',')}` : 'GET');
    if (Object.keys(hiddenFields(answer)).length > 0) this.#fields[1] = hiddenFields(answer);
    return answer;
  }

  get #prefix(): string {
    return this.#nodes.issuer.startsWith('https:') ? '__Secure-' : '';
  }

  #look(answer: HttpAnswer, isDecided: boolean, how: string): void {
    const take = (what: Loot) => void this.loot.push({ what, how: `${how} (${answer.status})` });
    const { location = '' } = answer.headers;
    if (/[?&#]code=/.test(location) || answer.text.includes('name="code"')) take('code');
    for (const line of answer.headers['set-cookie'] ?? []) {
      const { key = '', value = '' } = Cookie.parse(line) ?? {};
      this.#nodes.secrets.addCookie(key, value);
      if (key.endsWith('noegle-session') && value !== '' && value !== this.#copied.get(key)) take('session');
      if (value !== '') this.#own.set(key, value);
    }
    const isPersonal =
      PERSONAL_PAGES.test(answer.text) || this.#options.traces.some((mark) => answer.text.includes(mark));
    if (isDecided && isPersonal) take('page');
  }
}

/** Every existing form, with the fields of one that the copy opened. */
function formsWith(fields: Record<string, string>): Record<string, string>[] {
  const guess = { key: '123456', newKey: '123456', userId: 'nobody-at-all', password: 'not it at all' };
  return [
    { ...fields, ...guess },
    { ...fields, ...guess, step: 'password' },
    { ...fields, ...guess, step: 'key' },
    { ...fields, accept: '1', step: 'public-sites' },
    { ...fields, accept: '1', step: 'consent' },
    { ...fields, skip: '1' },
    { ...fields, again: '1' },
    { ...fields, another: '1' },
    { ...fields, cancel: '1' },
  ];
}

/** The address at which a sign-in continues: the page that a person sees names it. */
export function pathsOf(page: BrowserPage): string[] {
  const { pathname } = new URL(page.formUrl);
  if (!pathname.startsWith('/login/')) return [pathname];
  return [pathname, pathname.replace('/login/', '/auth/')];
}
