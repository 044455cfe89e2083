/**
 * The site of expressApp.mjs, for tests. A separate process: `express-openid-connect` is CommonJS that
 * requires ES modules, which jest's loader does not support.
 */
import { fork, type ChildProcess } from 'node:child_process';
import path from 'node:path';
import { CookieJar } from 'tough-cookie';
import { TestBrowser } from './browser.ts';
import { keyFor, readReturnedCode } from './flow.ts';
import type { Nodes } from './nodes.ts';
import type { TestPerson, TestRelyingParty } from './people.ts';
import { markOfRun } from './leftovers.ts';

export class ExpressSite {
  readonly url: string;
  /** Its answers to log-out notifications. */
  readonly received: number[] = [];
  readonly #port: number;
  #child: ChildProcess | null = null;

  constructor(port: number) {
    this.#port = port;
    this.url = `http://127.0.0.1:${port}`;
  }

  /** Its registration; the rest is as for any other. */
  get registration() {
    return {
      redirect_uris: [`${this.url}/callback`],
      post_logout_redirect_uris: [this.url],
      backchannel_logout_uri: `${this.url}/backchannel-logout`,
    };
  }

  async open(issuer: string, { clientId, clientSecret }: TestRelyingParty): Promise<void> {
    const settings = JSON.stringify({ issuer, port: this.#port, clientId, clientSecret });
    const execArgv: string[] = [];
    const child = fork(path.resolve('test/support/expressApp.mjs'), [settings], {
      execArgv,
      env: markOfRun(),
    });
    child.on('message', (message: { received?: number }) => {
      if (message.received !== undefined) this.received.push(message.received);
    });
    this.#child = child;
    await this.#until('listening');
  }

  /** Stops the server. */
  async stop(): Promise<void> {
    this.#child?.send('go away');
    await this.#until('gone');
  }

  async comeBack(): Promise<void> {
    this.#child?.send('come back');
    await this.#until('listening');
  }

  close(): void {
    this.#child?.kill();
  }

  async #until(state: 'listening' | 'gone'): Promise<void> {
    const child = this.#child;
    if (!child) throw new Error('the site was never opened');
    await new Promise<void>((resolve, reject) => {
      const late = setTimeout(() => reject(new Error(`the site is not ${state}`)), STATE_MS);
      const look = (message: { is?: string }) => {
        if (message.is !== state) return;
        clearTimeout(late);
        child.off('message', look);
        resolve();
      };
      child.on('message', look);
    });
  }
}

const STATE_MS = 20_000;

/** A person at the site, with a browser that also visits Nøgle. */
export class SiteVisit {
  readonly browser: TestBrowser;
  readonly #nodes: Nodes;
  readonly #site: ExpressSite;
  readonly #jar = new CookieJar();

  constructor(nodes: Nodes, site: ExpressSite) {
    this.#nodes = nodes;
    this.#site = site;
    this.browser = new TestBrowser(nodes);
  }

  /** The text of the front page. */
  async shows(): Promise<string> {
    return (await this.#visit('/')).text;
  }

  async signIn(person: TestPerson): Promise<void> {
    const { location } = await this.#visit('/login');
    const page = await this.browser.follow(this.#atNoegle(location));
    const keyPage = await this.browser.send(page, { userId: person.userId, password: person.password });
    const back = await this.browser.send(keyPage, { key: keyFor(person, keyPage) });
    this.#nodes.secrets.add(readReturnedCode(back).get('code') ?? '', 'code');
    const { status, text } = await this.#visit(back.headers.location ?? '');
    if (status !== 302) throw new Error(`the site did not sign in: ${status} ${text.slice(0, 200)}`);
  }

  /** Signs out of the site, and at its request out of Nøgle. */
  async signOut(): Promise<void> {
    const { location } = await this.#visit('/logout');
    const end = await this.browser.request(this.#atNoegle(location));
    if (end.headers.location !== `${this.#site.url}/`)
      throw new Error(`not redirected back: ${end.page} (${end.status})`);
  }

  #atNoegle(location: string | null): string {
    if (!location?.startsWith(this.#nodes.issuer)) throw new Error(`the site redirects to ${location}`);
    return location;
  }

  async #visit(address: string) {
    const url = new URL(address, this.#site.url).href;
    const cookie = await this.#jar.getCookieString(url);
    const answer = await fetch(url, { redirect: 'manual', headers: { cookie, accept: 'text/html' } });
    for (const line of answer.headers.getSetCookie()) await this.#jar.setCookie(line, url);
    return {
      status: answer.status,
      location: answer.headers.get('location'),
      text: await answer.text(),
    };
  }
}
