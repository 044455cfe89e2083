/**
 * People who sign in and out all the time, and what they were promised. A request without an answer, or
 * answered by 503, is sent again, as a person presses "try again"; a flow that cannot continue is restarted.
 * Only what was answered counts as promised.
 */
import { setTimeout } from 'node:timers/promises';
import { TestBrowser, challengeOf, type BrowserPage } from '../test/support/browser.ts';
import { authRequest, payloadOf } from '../test/support/flow.ts';
import { request, type HttpAnswer } from '../test/support/http.ts';
import { confirmLogout, endPath } from '../test/support/logout.ts';
import { Secrets } from '../test/support/secrets.ts';
import type { Installation, FailoverPerson } from './install.ts';
import { redeemCode } from './redeemCode.ts';

export interface SignedInPerson {
  readonly person: FailoverPerson;
  readonly keyNumber: string;
  readonly code: string;
  readonly verifier: string;
  readonly accessToken: string;
  readonly sub: string;
  readonly sid: string;
}

export interface AcknowledgedResults {
  readonly signIns: SignedInPerson[];
  /** People to whom the page confirmed the log-out. */
  readonly logouts: SignedInPerson[];
}

export interface FailoverTally {
  failedRequests: number;
  restarted: number;
}

class NoWayOnError extends Error {}

const AGAIN_MS = 250;
const TRIES = 120;

export class FailoverPeople {
  readonly promises: AcknowledgedResults = { signIns: [], logouts: [] };
  readonly tally: FailoverTally = { failedRequests: 0, restarted: 0 };
  lastDoneAt = performance.now();
  longestGapMs = 0;
  readonly #installation: Installation;
  readonly #renewing: FailoverPerson[];
  readonly #idle: FailoverPerson[];
  readonly #running: Promise<unknown>;
  #isOn = true;
  #turn = 0;

  /** @param atOnce how many sign-ins run concurrently */
  constructor(installation: Installation, atOnce: number) {
    this.#installation = installation;
    this.#idle = [...installation.people];
    this.#renewing = [...installation.renewing];
    this.#running = Promise.all(Array.from({ length: atOnce }, () => this.#continue()));
  }

  async stop(): Promise<void> {
    this.#isOn = false;
    await this.#running;
  }

  /** Returns each person whose sign-in orders a card once. */
  #next(): { person: FailoverPerson; comesBack: boolean } {
    const renewing = this.#turn++ % 8 === 0 ? this.#renewing.shift() : undefined;
    if (renewing) return { person: renewing, comesBack: false };
    const person = this.#idle.shift();
    if (!person) throw new Error('no one is left to sign in');
    return { person, comesBack: true };
  }

  async #continue(): Promise<void> {
    while (this.#isOn) {
      const { person, comesBack } = this.#next();
      try {
        await this.#once(person);
      } catch (error) {
        if (!(error instanceof NoWayOnError)) throw error;
        this.tally.restarted += 1;
        if (!comesBack) this.#renewing.push(person);
        await setTimeout(AGAIN_MS);
      }
      if (comesBack) this.#idle.push(person);
    }
  }

  async #once(person: FailoverPerson): Promise<void> {
    const { issuer, party, nodes } = this.#installation;
    const site = {
      issuer,
      secrets: new Secrets(),
      node: (index: number) => ({ port: nodes[index % nodes.length]?.port ?? 0 }),
    };
    const browser = new TestBrowser(site, this.#turn, person.address);
    const login = authRequest(party);
    const passwordPage = await this.#lead(browser, await this.#again(() => browser.request(login.path)));
    const fields = { userId: person.userId, password: person.password };
    let page = await this.#lead(browser, await this.#again(() => browser.post(passwordPage, fields)));
    let keyNumber = '';
    // A key whose commit was not confirmed is invalidated, and the next one is asked for.
    for (let keys = 0; page.page === 'key' && keys < 5; keys += 1) {
      keyNumber = challengeOf(page).keyNumber;
      const [keyPage, key] = [page, person.keys.get(keyNumber) ?? ''];
      page = await this.#lead(browser, await this.#again(() => browser.post(keyPage, { key })));
    }
    const code = page.headers.location ? new URL(page.headers.location).searchParams.get('code') : null;
    if (!code) throw new NoWayOnError(`${page.page} ${page.status}`);
    const answer = await this.#again(() => this.redeem(code, login.verifier));
    // The answer to the first of two such requests was lost: the code is used up, and so its outcome is not
    // asserted.
    if (answer.status !== 200) throw new NoWayOnError(`token ${answer.status}`);
    const tokens = JSON.parse(answer.text) as { access_token: string; id_token: string };
    const { sub, sid } = payloadOf(tokens.id_token);
    const done: SignedInPerson = {
      person,
      keyNumber,
      code,
      verifier: login.verifier,
      accessToken: tokens.access_token,
      sub: String(sub),
      sid: String(sid),
    };
    this.promises.signIns.push(done);
    const now = performance.now();
    this.longestGapMs = Math.max(this.longestGapMs, now - this.lastDoneAt);
    this.lastDoneAt = now;
    if (this.#turn % 2 === 0) await this.#logOut(browser, done, tokens.id_token);
  }

  async #logOut(browser: TestBrowser, done: SignedInPerson, hint: string): Promise<void> {
    const ending = endPath({ id_token_hint: hint });
    const page = await this.#lead(browser, await this.#again(() => browser.request(ending)));
    // With an ID token of this session no confirmation is asked for.
    const last =
      page.page === 'logout'
        ? await this.#lead(browser, await this.#again(() => confirmLogout(browser, page)))
        : page;
    if (last.page === 'logged-out') this.promises.logouts.push(done);
  }

  async redeem(code: string, verifier: string): Promise<HttpAnswer> {
    const { issuer, party, nodes } = this.#installation;
    const { port } = nodes[this.#turn % nodes.length] ?? { port: 0 };
    return await redeemCode({ port, issuer }, party, code, verifier);
  }

  async userinfo(accessToken: string): Promise<HttpAnswer> {
    const { issuer, nodes } = this.#installation;
    return await request({ port: nodes[0]?.port ?? 0, issuer })
      .get('/me')
      .set('authorization', `Bearer ${accessToken}`);
  }

  /** Follows redirects as long as they stay at Nøgle, each one as often as it takes. */
  async #lead(browser: TestBrowser, first: BrowserPage): Promise<BrowserPage> {
    let page = first;
    for (let hops = 0; hops < 10; hops += 1) {
      const { location } = page.headers;
      const there = location ? new URL(location, page.url).href : '';
      if (!there.startsWith(`${this.#installation.issuer}/`)) return page;
      page = await this.#again(() => browser.request(there));
    }
    throw new NoWayOnError('redirects');
  }

  async #again<A extends { readonly status: number }>(ask: () => Promise<A>): Promise<A> {
    for (let tries = 0; tries < TRIES; tries += 1) {
      const answer = await ask().catch((error: unknown) => {
        if (error instanceof Error && /not asked|no challenge|redirects/.test(error.message)) {
          throw new NoWayOnError(error.message);
        }
        return null;
      });
      if (answer && answer.status !== 503 && answer.status !== 429) return answer;
      this.tally.failedRequests += 1;
      await setTimeout(AGAIN_MS);
    }
    throw new NoWayOnError('no answer');
  }
}
