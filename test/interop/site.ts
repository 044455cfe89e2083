/**
 * A party's site as a separate process, and a person who visits it with Chromium; the same browser visits
 * Nøgle.
 */
import { fork, type ChildProcess } from 'node:child_process';
import path from 'node:path';
import type { BrowserContext, Browser as Chromium, Page } from 'playwright-core';
import { LOW } from '../../src/domain/signIn/levels.ts';
import { aRelyingParty, freePort, type Nodes, type TestPerson } from '../support/index.ts';
import type { InteropParty, InteropPageView, InteropSiteSettings } from './party.ts';
import { markOfRun } from '../support/leftovers.ts';

const START_MS = 20_000;
const PAGE_MS = 15_000;

export class InteropSite {
  readonly url: string;
  readonly #port: number;
  #child: ChildProcess | null = null;

  private constructor(port: number) {
    this.#port = port;
    this.url = `http://127.0.0.1:${port}`;
  }

  /** Not open yet: Nøgle has to know its address first. */
  static async planned(): Promise<InteropSite> {
    return new InteropSite(await freePort());
  }

  /**
   * Registers it as a new relying party is: not trusted; and with permission to ask for password-only
   * sign-ins.
   */
  async open(nodes: Nodes, party: InteropParty): Promise<void> {
    const registration = { ...party.registration(this.url), trusted: false, min_acr: LOW } as const;
    const { clientId, clientSecret } = await aRelyingParty(nodes, registration);
    const { issuer } = nodes;
    const settings: InteropSiteSettings = { issuer, port: this.#port, url: this.url, clientId, clientSecret };
    const child = fork(
      path.resolve('test/interop/serve.mjs'),
      [JSON.stringify({ file: party.file, settings })],
      {
        execArgv: [],
        env: markOfRun(),
      },
    );
    this.#child = child;
    await new Promise<void>((resolve, reject) => {
      const late = setTimeout(() => reject(new Error(`${party.name} does not listen`)), START_MS);
      child.once('message', () => {
        clearTimeout(late);
        resolve();
      });
      child.once('exit', (code) => reject(new Error(`${party.name} ended with ${code}`)));
    });
  }

  close(): void {
    this.#child?.kill();
  }
}

/** Pages of Nøgle that were answered on the way, by `data-page`, and what the site shows then. */
export interface InteropPage {
  readonly asked: readonly string[];
  readonly shown: InteropPageView;
}

/** What a person does at each page of Nøgle; a page that is missing here must not appear. */
type Answers = Record<string, (page: Page) => Promise<void>>;

export class InteropVisit {
  readonly person: TestPerson;
  readonly #nodes: Nodes;
  readonly #site: InteropSite;
  readonly #context: BrowserContext;
  #page: Page;

  private constructor(
    nodes: Nodes,
    site: InteropSite,
    person: TestPerson,
    context: BrowserContext,
    page: Page,
  ) {
    this.#nodes = nodes;
    this.#site = site;
    this.person = person;
    this.#context = context;
    this.#page = page;
  }

  static async of(
    chromium: Chromium,
    nodes: Nodes,
    site: InteropSite,
    person: TestPerson,
  ): Promise<InteropVisit> {
    const context = await chromium.newContext({ locale: 'da-DK', viewport: { width: 800, height: 900 } });
    context.setDefaultTimeout(PAGE_MS);
    return new InteropVisit(nodes, site, person, context, await context.newPage());
  }

  async close(): Promise<void> {
    await this.#context.close();
  }

  /** Starts a sign-in at the site and answers all that Nøgle asks. */
  async signIn(params: Record<string, string> = {}): Promise<InteropPage> {
    return await this.#through(`${this.#site.url}/login?${new URLSearchParams(params)}`, this.#willing);
  }

  /** The same, but refuses consent. */
  async refuse(): Promise<InteropPage> {
    const cancel = async (page: Page) => await page.click('[name=cancel]');
    return await this.#through(`${this.#site.url}/login`, { ...this.#willing, consent: cancel });
  }

  async logOut(): Promise<InteropPage> {
    return await this.#through(`${this.#site.url}/logout`, this.#willing);
  }

  /** In another tab, at Nøgle itself; the site is not visited. */
  async logOutAtNoegle(): Promise<void> {
    const tab = await this.#context.newPage();
    await tab.goto(`${this.#nodes.issuer}/session/end`);
    await tab.click('[name=logout]');
    await tab.waitForSelector('main[data-page]:not([data-page=logout])');
    await tab.close();
  }

  async shows(): Promise<InteropPageView> {
    return (await this.#through(`${this.#site.url}/`, {})).shown;
  }

  /** Ends only the site's own session, as when its cookies are deleted; the session at Nøgle stays. */
  async forget(): Promise<void> {
    await this.#context.clearCookies({ domain: '127.0.0.1' });
    const page = await this.#context.newPage();
    await this.#page.close();
    this.#page = page;
  }

  get #willing(): Answers {
    const { userId, password, keys } = this.person;
    return {
      password: async (page) => {
        await page.fill('[name=userId]', userId);
        await page.fill('[name=password]', password);
        await page.press('[name=password]', 'Enter');
      },
      key: async (page) => {
        const number = await page.locator('[data-key-number]').getAttribute('data-key-number');
        await page.fill('[name=key]', keys.get(number ?? '') ?? '');
        await page.press('[name=key]', 'Enter');
      },
      consent: async (page) => await page.click('[name=accept]'),
      logout: async (page) => await page.click('[name=logout]'),
    };
  }

  async #through(url: string, answers: Answers): Promise<InteropPage> {
    const asked: string[] = [];
    await this.#page.goto(url, { waitUntil: 'commit' });
    for (;;) {
      const main = await this.#page.waitForSelector('main[data-page], main[data-site]', {
        state: 'attached',
      });
      const name = await main.getAttribute('data-page');
      if (name === null)
        return { asked, shown: JSON.parse((await main.textContent()) ?? '') as InteropPageView };
      const answer = answers[name];
      if (!answer || asked.length > 5) throw new Error(`${name} after ${asked.join(', ') || 'nothing'}`);
      asked.push(name);
      // The previous page may remain for a while: without the attribute it is not taken for the next one.
      await main.evaluate((left) => left.removeAttribute('data-page'));
      await answer(this.#page);
    }
  }
}
