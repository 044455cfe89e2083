/**
 * People who do everything concurrently: sign-ins right and wrong, blocks, new passwords, new cards, at two
 * nodes. Each of these locks rows of one person, and some of two. What browsers do goes over HTTP; the rest
 * calls the use cases.
 */
import { randomBytes, randomInt, randomUUID } from 'node:crypto';
import { THRESHOLD_RANGE } from '../../src/domain/rules.ts';
import { insertFirstPartySession } from '../../src/db/oidc/firstPartySessions.ts';
import { findCard } from '../../src/db/cards/keyCards.ts';
import { sweepExpiredRows } from '../../src/db/sweep.ts';
import { blockTarget } from '../../src/features/factors/block.ts';
import { blockByPassword } from '../../src/features/block/blockByPassword.ts';
import { runScheduledTransitions } from '../../src/jobs/runScheduledTransitions.ts';
import { choosePublicSites } from '../../src/features/identity/choosePublicSites.ts';
import { readCard } from '../../src/features/identity/readCard.ts';
import { reportCardNotArrived } from '../../src/features/identity/reportCardNotArrived.ts';
import { findNewPasswordKey } from '../../src/features/newPassword/findNewPasswordKey.ts';
import { submitNewPasswordKey } from '../../src/features/newPassword/submitNewPasswordKey.ts';
import { submitConfirmation } from '../../src/features/selfService/confirm/submitConfirmation.ts';
import { prepareNewPassword } from '../../src/features/selfService/signIn/newCredentials.ts';
import { requestConfirmation } from '../../src/features/selfService/confirm/requestConfirmation.ts';
import { showConfirmation } from '../../src/features/selfService/confirm/showConfirmation.ts';
import { sendLetters } from '../../src/jobs/sendLetters.ts';
import type { AppContext } from '../../src/features/appContext.ts';
import { TestBrowser, challengeOf, type BrowserPage, type BrowserSite } from './browser.ts';
import { changeThreshold, orderNewCard, skipWait } from './cardCommands.ts';
import { authRequest } from './flow.ts';
import type { Nodes } from './nodes.ts';
import { aPerson, type TestPerson, type TestRelyingParty } from './people.ts';
import { Secrets } from './secrets.ts';
import { anotherKey } from './walk.ts';

/** The spent keys of the first card of each person. */
export const KEYS_SPENT = 125;
const BY = { by: 'person' } as const;
const HOUR = 3_600_000;
const NO_PRINT_HOUSE = { deliver: () => Promise.resolve() };

/** The place of one person. A blocked ID is of no further use: another person takes the place. */
interface MixedPlace {
  person: TestPerson;
  password: string;
  /** With two concurrent password changes the test would not know which one is valid. */
  isChanging: boolean;
  /** A household's browser: two people are known in it. */
  readonly home: TestBrowser;
}

/** The actions, and their frequency in a thousand. */
const ACTIONS = {
  signIn: 260,
  signInAtHome: 130,
  wrongPassword: 70,
  wrongKey: 80,
  doubleClick: 50,
  twoBrowsers: 40,
  changePassword: 100,
  changeThreshold: 60,
  orderCard: 40,
  reportNotArrived: 15,
  sendLetters: 50,
  checkDue: 10,
  blockCard: 12,
  blockAtPage: 12,
  blockIdentity: 5,
  orderNewPassword: 40,
  choosePublicSites: 15,
  sweep: 7,
  letLocksEnd: 4,
} as const;
type MixedAction = keyof typeof ACTIONS;
const DRAWN = Object.entries(ACTIONS).flatMap(([action, many]) =>
  Array.from({ length: many }, () => action as MixedAction),
);

const pickAction = <T>(some: readonly T[]): T => some[randomInt(some.length)] as T;

export class MixedPeople {
  /** Event -> count. */
  readonly counts = new Map<string, number>();
  /** Card number -> key numbers that some page asked for. */
  readonly shown = new Map<string, Set<string>>();
  /** The first cards. */
  readonly firstCards = new Set<string>();
  readonly #nodes: Nodes;
  readonly #rp: TestRelyingParty;
  /** Values given to browsers are not searched for in the dump: other suites do that. */
  readonly #site: BrowserSite;
  readonly #places: MixedPlace[] = [];
  readonly #accepted = new Set<string>();
  readonly #printed = new Map<string, Map<string, string>>();

  constructor(nodes: Nodes, rp: TestRelyingParty) {
    this.#nodes = nodes;
    this.#rp = rp;
    this.#site = { issuer: nodes.issuer, secrets: new Secrets(), node: (index) => nodes.node(index) };
  }

  async settle(many: number): Promise<void> {
    let home = this.#browser();
    for (let i = 0; i < many; i += 1) {
      if (i % 2 === 0) home = this.#browser();
      const person = await this.#newcomer();
      this.#places.push({ person, password: person.password, isChanging: false, home });
    }
  }

  /** @param enough true: no further action is started. @throws at the first violation */
  async live(lanes: number, enough: () => boolean): Promise<void> {
    let failed = false;
    const lane = async () => {
      while (!failed && !enough()) {
        const action = pickAction(DRAWN);
        try {
          this.#count(`${action}: ${await this.#do(action)}`);
        } catch (error) {
          failed = true;
          throw error;
        }
      }
    };
    const ended = await Promise.allSettled(Array.from({ length: lanes }, lane));
    const fault = ended.find((one) => one.status === 'rejected');
    if (fault) throw fault.reason;
  }

  happened(pattern: RegExp): number {
    return [...this.counts].reduce((sum, [what, many]) => sum + (pattern.test(what) ? many : 0), 0);
  }

  #count(what: string): void {
    this.counts.set(what, (this.counts.get(what) ?? 0) + 1);
  }

  async #newcomer(): Promise<TestPerson> {
    const person = await aPerson(this.#nodes, { keysSpent: KEYS_SPENT });
    this.firstCards.add(person.cardId);
    return person;
  }

  /** From one of a few networks, some of which share a wider one. */
  #browser(): TestBrowser {
    return new TestBrowser(this.#site, randomInt(2), `198.18.${randomInt(4)}.${randomInt(1, 4)}`);
  }

  #context(): AppContext {
    return this.#nodes.node(randomInt(2)).app.context;
  }

  async #do(action: MixedAction): Promise<string> {
    // The first few are the busiest, so that their actions conflict.
    const place = pickAction(this.#places.slice(0, 1 + randomInt(this.#places.length)));
    const { identityId } = place.person;
    const context = this.#context();
    switch (action) {
      case 'signIn':
        return await this.#signIn(place, this.#browser());
      case 'signInAtHome':
        return await this.#signIn(place, place.home, { ownComputer: '1' });
      case 'wrongPassword':
        return (await this.#toKeyPage(place, this.#browser(), 'not it at all')).page ?? 'nothing';
      case 'wrongKey':
        return await this.#wrongKey(place);
      case 'doubleClick': {
        const browser = this.#browser();
        return await this.#giveTogether(place, [browser, browser]);
      }
      case 'twoBrowsers':
        return await this.#giveTogether(place, [this.#browser(), this.#browser()]);
      case 'changePassword':
        return await this.#changePassword(place);
      case 'changeThreshold':
        return await changeThreshold(
          context,
          identityId,
          randomInt(THRESHOLD_RANGE.least, THRESHOLD_RANGE.most + 1),
        );
      case 'orderCard':
        return await orderNewCard(context, identityId, BY);
      case 'reportNotArrived':
        return await reportCardNotArrived(context, identityId, BY);
      case 'sendLetters':
        return await this.#sendLetters(context);
      case 'checkDue':
        await runScheduledTransitions(context);
        return 'looked';
      case 'blockCard':
        return await blockTarget(context, identityId, 'card', BY);
      case 'blockAtPage':
        return await this.#blockAtPage(place);
      case 'blockIdentity':
        return await this.#blockIdentity(place);
      case 'orderNewPassword':
        return await this.#orderNewPassword(place);
      case 'choosePublicSites':
        return (await choosePublicSites(context, identityId, randomInt(2) === 0)) ?? 'chosen';
      case 'sweep':
        await sweepExpiredRows(context.database, context.clock.offsetMs, (error) => {
          throw error;
        });
        return 'swept';
      case 'letLocksEnd':
        this.#nodes.clock.forward(8 * HOUR + 60_000);
        return 'later';
    }
  }

  async #toKeyPage(
    { person, password }: MixedPlace,
    browser: TestBrowser,
    typed = password,
  ): Promise<BrowserPage> {
    const passwordPage = await browser.follow(authRequest(this.#rp).path);
    if (passwordPage.page !== 'password') return passwordPage;
    const page = await browser.send(passwordPage, { userId: person.userId, password: typed });
    this.#noteShown(page);
    return page;
  }

  async #signIn(
    place: MixedPlace,
    browser: TestBrowser,
    fields: Record<string, string> = {},
  ): Promise<string> {
    const page = await this.#toKeyPage(place, browser);
    if (page.page === 'new-card') return await this.#newCard(browser, page);
    if (page.page === 'refused') return `refused, ${await this.#goToDesk(place)}`;
    if (page.page !== 'key') return page.page ?? String(page.status);
    const next = await browser.send(page, { key: await this.#keyOn(page), ...fields });
    this.#noteShown(next);
    if (this.#noteCode(page, [next]) > 0) return 'code';
    return next.page === 'new-card' ? await this.#newCard(browser, next) : (next.page ?? String(next.status));
  }

  /** There is no card to sign in with. */
  async #goToDesk({ person: { identityId } }: MixedPlace): Promise<string> {
    const by = { by: 'staff', staffId: identityId, reason: 'seen' } as const;
    const waited = await skipWait(this.#context(), identityId, by);
    return waited === 'done' ? 'waits no longer' : await orderNewCard(this.#context(), identityId, by);
  }

  /** Gives its first key, or skips. */
  async #newCard(browser: TestBrowser, page: BrowserPage): Promise<string> {
    const fields = randomInt(4) === 0 ? { skip: '1' } : { newKey: await this.#keyOn(page) };
    const next = await browser.send(page, fields);
    this.#noteShown(next);
    const way = 'skip' in fields ? 'skipped' : 'new card';
    return `${way}, ${hasCode(next) ? 'code' : (next.page ?? next.status)}`;
  }

  async #wrongKey(place: MixedPlace): Promise<string> {
    const browser = this.#browser();
    const page = await this.#toKeyPage(place, browser);
    if (page.page !== 'key') return `not asked: ${page.page}`;
    const next = await browser.send(page, { key: anotherKey(await this.#keyOn(page)) });
    if (hasCode(next)) throw new Error('a wrong key signed in');
    return next.page ?? String(next.status);
  }

  /**
   * Gives the same key from each, concurrently: at most one signs in, perhaps by a form that was sent twice.
   */
  async #giveTogether(place: MixedPlace, [one, other]: [TestBrowser, TestBrowser]): Promise<string> {
    const page = await this.#toKeyPage(place, one);
    const otherPage = one === other ? page : await this.#toKeyPage(place, other);
    if (page.page !== 'key' || otherPage.page !== 'key') return `not asked: ${page.page}`;
    const isSame = challengeOf(page).keyNumber === challengeOf(otherPage).keyNumber;
    const key = await this.#keyOn(page);
    const ends = await Promise.all([one.post(page, { key }), other.post(otherPage, { key })]);
    return `${this.#noteCode(page, isSame ? ends : ends.slice(0, 1))} came back with a code`;
  }

  /** @returns how many of the answers have a code. @throws where two codes were given for one key */
  #noteCode(page: BrowserPage, answers: readonly BrowserPage[]): number {
    const codes = answers.filter(hasCode).map(({ headers }) => headers.location);
    if (new Set(codes).size > 1) throw new Error('two codes for one key');
    if (codes.length > 0) this.#accept(challengeOf(page));
    return codes.length;
  }

  #accept({ cardNumber, keyNumber }: { cardNumber: string; keyNumber: string }): void {
    const key = `${cardNumber.replaceAll('-', '')} ${keyNumber}`;
    if (this.#accepted.has(key)) throw new Error('a key was accepted twice');
    this.#accepted.add(key);
  }

  #noteShown(page: BrowserPage): void {
    if (page.page === 'key' || page.page === 'new-card') this.#noteChallenge(challengeOf(page));
  }

  #noteChallenge({ cardNumber, keyNumber }: { cardNumber: string; keyNumber: string }): void {
    const card = cardNumber.replaceAll('-', '');
    this.shown.set(card, (this.shown.get(card) ?? new Set<string>()).add(keyNumber));
  }

  async #keyOn(page: BrowserPage): Promise<string> {
    const { cardNumber, keyNumber } = challengeOf(page);
    return await this.#keyOf(cardNumber.replaceAll('-', ''), keyNumber);
  }

  async #keyOf(cardNumber: string, keyNumber: string): Promise<string> {
    const printed = this.#printed.get(cardNumber) ?? (await this.#print(cardNumber));
    this.#printed.set(cardNumber, printed);
    return printed.get(keyNumber) ?? '';
  }

  async #print(cardNumber: string): Promise<Map<string, string>> {
    const text = 'SELECT id FROM key_cards WHERE card_number = $1';
    const [row] = await this.#nodes.database.query<{ id: string }>(text, [cardNumber]);
    const card = row && (await findCard(this.#nodes.context.database, row.id));
    if (!card) throw new Error(`no person has the card ${cardNumber}`);
    const { keyNumbers, keys } = readCard(this.#nodes.context, card);
    return new Map(keyNumbers.map((number, position) => [number, keys[position] ?? '']));
  }

  async #changePassword(place: MixedPlace): Promise<string> {
    if (place.isChanging) return 'being changed';
    place.isChanging = true;
    try {
      return await this.#choosePassword(place);
    } finally {
      place.isChanging = false;
    }
  }

  async #choosePassword(place: MixedPlace): Promise<string> {
    const [context, other] = [this.#context(), this.#context()];
    const { person } = place;
    const { identityId } = person;
    const session = randomBytes(32);
    const own = { id: session, clientId: 'self-service', identityId, sessionUid: randomUUID(), keyAt: null };
    await insertFirstPartySession(context.database, { ...own, loginAt: new Date() }, context.clock.now());
    const reader = { identityId, session };
    const password = `nyt kodeord ${randomUUID()}`;
    const requestSource = { userAgent: '', address: '198.18.0.1' };
    const input = { identityId, typed: password, address: requestSource.address };
    const wanted = await prepareNewPassword(context, input);
    if (typeof wanted === 'string') return wanted;
    const id = await requestConfirmation(context, reader, wanted);
    const asked = await showConfirmation(context, id, reader);
    if (asked.page !== 'key') return `not asked: ${asked.page}`;
    const { card, keyNumber } = asked;
    const { cardNumber } = card;
    this.#noteChallenge({ cardNumber, keyNumber });
    const key = await this.#keyOf(cardNumber, keyNumber);
    await submitConfirmation(other, id, reader, {
      cardNumber,
      keyNumber,
      key,
      requestSource,
      secondWay: null,
      nonce: null,
    });
    const { page } = await showConfirmation(other, id, reader);
    if (page !== 'done') return page;
    this.#accept({ cardNumber, keyNumber });
    if (place.person === person) place.password = password;
    return 'changed';
  }

  async #blockAtPage({ person, password }: MixedPlace): Promise<string> {
    const asked = { typedName: person.userId, password, what: 'card', browsers: [] } as const;
    const address = `198.18.${randomInt(4)}.1`;
    return await blockByPassword(this.#context(), { ...asked, address, form: randomUUID() });
  }

  async #orderNewPassword({ person }: MixedPlace): Promise<string> {
    const { keyNumber, key } = await findNewPasswordKey(this.#context(), person.userId);
    const source = { userAgent: '', address: `198.18.${randomInt(4)}.1` };
    const given = { keyNumber, key, source, browsers: [], form: randomUUID() };
    const result = await submitNewPasswordKey(this.#context(), { typedName: person.userId, ...given });
    return typeof result === 'string' ? result : result.error;
  }

  async #blockIdentity(place: MixedPlace): Promise<string> {
    const { identityId } = place.person;
    const done = await blockTarget(this.#context(), identityId, 'identity', BY);
    if (place.person.identityId !== identityId || done !== 'done') return done;
    const person = await this.#newcomer();
    Object.assign(place, { person, password: person.password });
    return done;
  }

  async #sendLetters(context: AppContext): Promise<string> {
    const { log } = this.#nodes.node(0).app;
    const render = () => Promise.resolve(Buffer.from('%PDF'));
    const post = { printHouse: NO_PRINT_HOUSE, render, emboss: render, log, atOnce: 5, leaseMs: 5_000 };
    return (await sendLetters(context, post)) > 0 ? 'sent' : 'none';
  }
}

function hasCode({ headers }: BrowserPage): boolean {
  const { location } = headers;
  return location !== undefined && URL.canParse(location) && new URL(location).searchParams.has('code');
}
