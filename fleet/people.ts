/**
 * People who sign in all the time, at a rate that does not depend on how fast they are answered. A request
 * that fails, or is answered by 429, 502, 503 or 504, is sent again as a person reloads a page; a sign-in
 * that cannot continue is started again in a new browser.
 */
import { setTimeout } from 'node:timers/promises';
import type { FailoverPerson } from '../failover/install.ts';
import { redeemCode } from '../failover/redeemCode.ts';
import { challengeOf, TestBrowser, type BrowserPage } from '../test/support/browser.ts';
import { authRequest, payloadOf } from '../test/support/flow.ts';
import { request, type HttpAnswer, type Target } from '../test/support/http.ts';
import { confirmLogout, endPath } from '../test/support/logout.ts';
import { Secrets } from '../test/support/secrets.ts';
import type { Fleet } from './install.ts';
import type { SeededRandom } from './random.ts';
import type { AcknowledgedSignIn, ClientRecord } from './record.ts';

/** How long a person waits for an answer before they reload, and before they try again. */
const ANSWER_MS = 8_000;
const AGAIN_MS = 500;
const TRIES = 120;
const RESTARTS = 12;
/** The most sign-ins at a time: an outage does not pile up more. */
const MAX_CONCURRENT = 60;
/** The address of the servers of the relying party. */
const RELYING_PARTY_ADDRESS = '127.0.0.2';
const UNAVAILABLE = new Set([429, 502, 503, 504]);

/** This sign-in cannot continue: the person begins again. */
class DeadEndError extends Error {}

export interface PeopleTally {
  /** Requests that were sent again. */
  failedRequests: number;
  /** Sign-ins that had to be started again, by where they stopped. */
  readonly restarted: Map<string, number>;
  /** People who gave up. */
  givenUp: number;
  /** Sign-ins that were due while too many were under way. */
  skipped: number;
}

export class FleetPeople {
  readonly record: ClientRecord;
  readonly tally: PeopleTally = { failedRequests: 0, restarted: new Map(), givenUp: 0, skipped: 0 };
  /** When each sign-in was finished, by `performance.now()`. */
  readonly finishedAt: number[] = [];
  readonly #fleet: Fleet;
  readonly #random: SeededRandom;
  readonly #idle: FailoverPerson[];
  readonly #renewing: FailoverPerson[];
  readonly #perSecond: number;
  readonly #running = new Set<Promise<unknown>>();
  readonly #loop: Promise<unknown>;
  #isOn = true;
  #turn = 0;

  constructor(fleet: Fleet, record: ClientRecord, random: SeededRandom, perSecond: number) {
    this.#fleet = fleet;
    this.record = record;
    this.#random = random;
    this.#perSecond = perSecond;
    this.#idle = random.shuffle(fleet.people);
    this.#renewing = [...fleet.renewing];
    this.#loop = this.#startSignIns();
  }

  async stop(): Promise<void> {
    this.#isOn = false;
    await this.#loop;
    await Promise.all(this.#running);
  }

  /** Evenly, with some chance: a rate that makes no gaps of its own. */
  async #startSignIns(): Promise<void> {
    let dueAt = performance.now();
    while (this.#isOn) {
      dueAt += (1_000 / this.#perSecond) * this.#random.between(0.6, 1.4);
      await setTimeout(Math.max(0, dueAt - performance.now()));
      this.#startOne();
    }
  }

  #startOne(): void {
    this.#turn += 1;
    const isRenewing = this.#turn % 10 === 0 && this.#renewing.length > 0;
    const person =
      this.#running.size >= MAX_CONCURRENT ? undefined : (isRenewing ? this.#renewing : this.#idle).shift();
    if (!person) {
      this.tally.skipped += 1;
      return;
    }
    const one = this.#signInUntilDone(person, this.#turn)
      .catch((error: unknown) =>
        this.record.noteFault(error instanceof Error ? String(error.stack) : String(error)),
      )
      .finally(() => {
        this.#running.delete(one);
        // A card on the way is asked for at the next sign-in: these people do not come back.
        if (!isRenewing) this.#idle.push(person);
      });
    this.#running.add(one);
  }

  async #signInUntilDone(person: FailoverPerson, turn: number): Promise<void> {
    const startedAt = performance.now();
    for (let restarts = 0; restarts < RESTARTS; restarts += 1) {
      try {
        return await this.#signIn(person, turn, startedAt);
      } catch (error) {
        if (!(error instanceof DeadEndError)) throw error;
        this.tally.restarted.set(error.message, (this.tally.restarted.get(error.message) ?? 0) + 1);
        await setTimeout(AGAIN_MS);
      }
    }
    this.tally.givenUp += 1;
  }

  /** A browser at the address of this person. */
  openBrowser(person: FailoverPerson): TestBrowser {
    const { issuer, proxy } = this.#fleet;
    const target = { port: proxy.port, from: addressOf(person), answerMs: ANSWER_MS };
    return new TestBrowser({ issuer, secrets: new Secrets(), node: () => target });
  }

  async #signIn(person: FailoverPerson, turn: number, startedAt: number): Promise<void> {
    const browser = this.openBrowser(person);
    const { page: keyPage, verifier } = await this.toKeyPage(browser, person);
    let page = keyPage;
    let keyNumber = '';
    // A key whose commit was not confirmed is invalidated, and the next one is asked for.
    for (let keys = 0; page.page === 'key' && keys < 6; keys += 1) {
      ({ keyNumber } = challengeOf(page));
      this.record.noteChallenge(person, keyNumber);
      const [form, key] = [page, person.keys.get(keyNumber) ?? ''];
      page = await this.follow(browser, await this.#again(() => browser.post(form, { key })));
    }
    // Their first sign-in ordered a card, and its answer was lost.
    if (page.page === 'new-card') {
      const form = page;
      page = await this.follow(browser, await this.#again(() => browser.post(form, { skip: '1' })));
    }
    const code = codeOf(page);
    if (code === null) throw new DeadEndError(`after the key: ${nameOf(page)}`);
    this.record.noteSpend({ person, keyNumber, code });
    let redemptions = 0;
    const answer = await this.#again(async () => {
      redemptions += 1;
      return await this.redeem(code, verifier);
    });
    // The answer to an earlier request may have been lost: the code is used up.
    if (answer.status !== 200) throw new DeadEndError(`token: ${answer.status}`);
    const tokens = JSON.parse(answer.text) as { access_token: string; id_token: string };
    const { sub, sid } = payloadOf(tokens.id_token);
    const done: AcknowledgedSignIn = {
      person,
      keyNumber,
      code,
      verifier,
      accessToken: tokens.access_token,
      sub: String(sub),
      sid: String(sid),
      startedAt,
      doneAt: performance.now(),
    };
    this.record.noteSignIn(done);
    // A node that stood still may redeem it once more as it goes on, which ends the tokens (RFC 6749, 4.1.2).
    if (redemptions > 1) this.record.triedAgain.add(done);
    this.finishedAt.push(done.doneAt);
    if (turn % 2 === 0) await this.#logOut(browser, done, tokens.id_token);
  }

  /** The page that asks for a key, and what the relying party needs for the code. */
  async toKeyPage(
    browser: TestBrowser,
    person: FailoverPerson,
  ): Promise<{ page: BrowserPage; verifier: string }> {
    const login = authRequest(this.#fleet.party);
    const first = await this.follow(browser, await this.#again(() => browser.request(login.path)));
    if (first.page !== 'password') throw new DeadEndError(`at first: ${nameOf(first)}`);
    const fields = { userId: person.userId, password: person.password };
    const page = await this.follow(browser, await this.#again(() => browser.post(first, fields)));
    if (page.page !== 'key') throw new DeadEndError(`after the password: ${nameOf(page)}`);
    return { page, verifier: login.verifier };
  }

  async #logOut(browser: TestBrowser, done: AcknowledgedSignIn, hint: string): Promise<void> {
    const ending = endPath({ id_token_hint: hint });
    const page = await this.follow(browser, await this.#again(() => browser.request(ending)));
    const last =
      page.page === 'logout'
        ? await this.follow(browser, await this.#again(() => confirmLogout(browser, page)))
        : page;
    if (last.page === 'logged-out') this.record.noteLogout(done);
  }

  get #relyingParty(): Target {
    const { proxy, issuer } = this.#fleet;
    return { port: proxy.port, issuer, from: RELYING_PARTY_ADDRESS, answerMs: ANSWER_MS };
  }

  async redeem(code: string, verifier: string): Promise<HttpAnswer> {
    return await redeemCode(this.#relyingParty, this.#fleet.party, code, verifier);
  }

  async userinfo(accessToken: string): Promise<HttpAnswer> {
    return await request(this.#relyingParty).get('/me').set('authorization', `Bearer ${accessToken}`);
  }

  /** Follows redirects as long as they stay at Nøgle, each one as often as it takes. */
  async follow(browser: TestBrowser, first: BrowserPage): Promise<BrowserPage> {
    let page = first;
    for (let hops = 0; hops < 10; hops += 1) {
      const { location } = page.headers;
      const there = location ? new URL(location, page.url).href : '';
      if (!there.startsWith(`${this.#fleet.issuer}/`)) return page;
      page = await this.#again(() => browser.request(there));
    }
    throw new DeadEndError('redirects without an end');
  }

  /** Sends it until it is answered. */
  async #again<A extends HttpAnswer>(ask: () => Promise<A>): Promise<A> {
    for (let tries = 0; tries < TRIES; tries += 1) {
      const answer = await ask().catch((error: unknown) => {
        if (error instanceof Error && error.message.startsWith('not asked'))
          throw new DeadEndError(error.message);
        return null;
      });
      if (answer && answer.status >= 500 && !UNAVAILABLE.has(answer.status))
        this.record.noteFault(`${answer.status}: ${answer.text.slice(0, 200)}`);
      if (answer && !UNAVAILABLE.has(answer.status)) return answer;
      this.tally.failedRequests += 1;
      await setTimeout(AGAIN_MS);
    }
    throw new DeadEndError('no answer');
  }

  /** Sends a question of the verification as often as it takes. */
  async ask<A extends HttpAnswer>(question: () => Promise<A>): Promise<A> {
    return await this.#again(question);
  }
}

/** Each person is at a /24 of their own, of the loopback. */
function addressOf({ address }: FailoverPerson): string {
  return address.replace(/^10\./, '127.');
}

function codeOf(page: BrowserPage): string | null {
  const { location } = page.headers;
  return location ? new URL(location).searchParams.get('code') : null;
}

function nameOf(page: BrowserPage): string {
  return `${page.page ?? 'no page'} ${page.status}`;
}
