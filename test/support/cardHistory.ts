/**
 * Random histories of one person's cards over the use cases, on two nodes: sign-ins, wrong keys, stale
 * answers, blocks, renewals, thresholds, lost letters, workers that die. After each step the invariants are
 * checked.
 */
import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import type { Letter } from '../../src/domain/letter.ts';
import { NO_RELYING_PARTY } from '../../src/domain/securityEvent.ts';
import { BOTH_KINDS, SUBSTANTIAL } from '../../src/domain/signIn/levels.ts';
import { PasswordHasher } from '../../src/platform/hashing/passwordHasher.ts';
import { findCard } from '../../src/db/cards/keyCards.ts';
import { blockTarget } from '../../src/features/factors/block.ts';
import { blockByPassword } from '../../src/features/block/blockByPassword.ts';
import { reportCardNotArrived } from '../../src/features/identity/reportCardNotArrived.ts';
import { runScheduledTransitions } from '../../src/jobs/runScheduledTransitions.ts';
import { readSubmittedForm, type SubmittedForm } from '../../src/features/signIn/holder/holder.ts';
import type { PendingRequest } from '../../src/domain/signIn/pendingRequest.ts';
import { submitKey } from '../../src/features/signIn/key/submitKey.ts';
import { submitNewCardKey, skipNewCardStep } from '../../src/features/signIn/newCard/submitNewCardKey.ts';
import { submitPassword } from '../../src/features/signIn/password/submitPassword.ts';
import { orderPasswordLetter } from '../../src/features/identity/orderPasswordLetter.ts';
import { readCard } from '../../src/features/identity/readCard.ts';
import { sendLetters } from '../../src/jobs/sendLetters.ts';
import { showSignIn, type StepToShow } from '../../src/features/signIn/showSignIn.ts';
import type { AppContext } from '../../src/features/appContext.ts';
import { orderNewCard, skipWait, changeThreshold } from './cardCommands.ts';
import { CHEAP, TestClock, type Nodes } from './nodes.ts';
import { aPerson, type TestPerson } from './people.ts';

const STEPS = [
  'sign-in',
  'sign-in',
  'sign-in',
  'open',
  'answer',
  'answer-twice',
  'wrong',
  'stale',
  'wear-out',
  'skip',
  'new-key',
  'new-key-twice',
  'new-key-wrong',
  'threshold',
  'threshold-out-of-range',
  'letters',
  'letters',
  'letters-killed-before',
  'letters-killed-after',
  'letters-fail',
  'letters-on-two-nodes',
  'password-letter',
  'not-arrived',
  'order',
  'next-day',
  'weeks-later',
  'wait-is-over',
  'skip-wait',
] as const;
/** After these a new card is needed. */
const SELDOM = ['block-card', 'block-card-while-answering'] as const;
/** Little can follow after these. */
const RARE = ['block-identity', 'block-at-page'] as const;
type HistoryStepName = (typeof STEPS)[number] | (typeof SELDOM)[number] | (typeof RARE)[number];

export interface HistoryPlan {
  readonly keysSpent: number;
  readonly steps: readonly {
    readonly name: HistoryStepName;
    readonly node: number;
    readonly number: number;
  }[];
}

export const historyPlans: fc.Arbitrary<HistoryPlan> = fc.record({
  keysSpent: fc.integer({ min: 100, max: 146 }),
  steps: fc.array(
    fc.record({
      name: fc.oneof(
        { weight: 300, arbitrary: fc.constantFrom<HistoryStepName>(...STEPS) },
        { weight: 12, arbitrary: fc.constantFrom<HistoryStepName>(...SELDOM) },
        { weight: 1, arbitrary: fc.constantFrom<HistoryStepName>(...RARE) },
      ),
      node: fc.integer({ min: 0, max: 1 }),
      number: fc.integer({ min: 5, max: 100 }),
    }),
    { minLength: 30, maxLength: 36 },
  ),
});

/** A printing house that counts: one letter per id, with the day printed on it. */
export class CountingPrintHouse {
  readonly holds = new Map<string, Letter>();
  fails = false;
  /** A person and a day that got both kinds of letter; must stay null. */
  clash: string | null = null;
  readonly #kinds = new Map<string, string>();

  deliver(letter: Letter): Promise<void> {
    if (this.fails) return Promise.reject(new Error('the print house is down'));
    if (!this.holds.has(letter.id)) this.#keep(letter);
    return Promise.resolve();
  }

  #keep(letter: Letter): void {
    this.holds.set(letter.id, letter);
    const { content, postOn } = letter;
    if (content.kind === 'notice') return;
    const day = `${content.to.name} ${postOn}`;
    // A code token may come with a card: neither serves without the password.
    const kind = content.kind === 'token' ? 'card' : content.kind;
    if ((this.#kinds.get(day) ?? kind) !== kind) this.clash = day;
    this.#kinds.set(day, kind);
  }
}

const hasher = new PasswordHasher({ maxWaiting: 1_000, setting: CHEAP });
const withClock = (context: AppContext, clock: TestClock): AppContext => ({ ...context, hasher, clock });

interface CardHistoryRow {
  cards: { id: string; state: string; spent: number }[];
  blocked: boolean;
}

/** One person, one clock, one browser at a time. */
export class CardHistory {
  readonly counts = new Map<string, number>();
  readonly #nodes: Nodes;
  readonly #house: CountingPrintHouse;
  readonly #clock = new TestClock();
  readonly #accepted = new Set<string>();
  readonly #spent = new Map<string, number>();
  readonly #blockedCards = new Set<string>();
  readonly #printed = new Map<string, ReturnType<typeof readCard>>();
  #isBlocked = false;
  #person!: TestPerson;
  #request: (PendingRequest & { startedAt: Date; holder: string | null }) | null = null;
  #shown: StepToShow | null = null;
  #old: StepToShow | null = null;

  constructor(nodes: Nodes, house: CountingPrintHouse) {
    this.#nodes = nodes;
    this.#house = house;
  }

  async walk({ keysSpent, steps }: HistoryPlan): Promise<void> {
    await this.begin(keysSpent);
    for (const [index, step] of steps.entries()) {
      try {
        await this.step(step);
      } catch (error) {
        const done = steps.slice(0, index + 1).map((one) => one.name);
        throw new Error(`${error instanceof Error ? error.message : 'failed'} after ${done.join(', ')}`, {
          cause: error,
        });
      }
    }
  }

  async begin(keysSpent: number): Promise<void> {
    const password = `kodeord-${randomUUID()}`;
    this.#person = await aPerson(this.#nodes, { keysSpent, password }, this.contextOf(0));
  }

  /** @throws when an invariant is broken */
  async step({ name, node, number }: HistoryPlan['steps'][number]): Promise<void> {
    const outcome = await this.#act(name, this.contextOf(node), this.contextOf(node + 1), number);
    const what = `${name}: ${outcome}`;
    this.counts.set(what, (this.counts.get(what) ?? 0) + 1);
    await this.#hold(name);
  }

  get person(): TestPerson {
    return this.#person;
  }

  /** A block of the ID was acknowledged. */
  get isBlocked(): boolean {
    return this.#isBlocked;
  }

  /** Blocks the ID, as the steps of the cards do. */
  async blockIdentity(node: number): Promise<string> {
    return await this.#block(this.contextOf(node), 'identity');
  }

  /** The node's use cases, by this person's clock. */
  contextOf(node: number): AppContext {
    return withClock(this.#nodes.node(node).app.context, this.#clock);
  }

  async #act(name: HistoryStepName, context: AppContext, other: AppContext, number: number): Promise<string> {
    const { identityId } = this.#person;
    switch (name) {
      case 'sign-in': {
        await this.#open(context);
        if (this.#shown?.page !== 'key') return this.#page();
        return await this.#answer([context], 'right');
      }
      case 'open':
        await this.#open(context);
        return this.#page();
      case 'answer':
        return await this.#answer([context], 'right');
      case 'answer-twice':
        return await this.#answer([context, other, context, other], 'right');
      case 'wrong':
        return await this.#answer([context], 'wrong');
      case 'stale': {
        const [shown, old] = [this.#shown, this.#old];
        if (old?.page !== 'key') return 'nothing old';
        this.#shown = old;
        const outcome = await this.#answer([context], 'right');
        this.#shown = shown;
        await this.#look(context);
        return outcome;
      }
      case 'wear-out': {
        for (let tries = 0; tries < 5 && this.#shown?.page === 'key'; tries += 1) {
          await this.#answer([context], 'wrong');
        }
        return this.#page();
      }
      case 'skip':
        if (!this.#request || this.#shown?.page !== 'new-card') return 'nothing to skip';
        await skipNewCardStep(context, this.#request.id);
        await this.#look(context);
        return this.#page();
      case 'new-key':
        return await this.#answerNew([context], true);
      case 'new-key-twice':
        return await this.#answerNew([context, other, other, context], true);
      case 'new-key-wrong':
        return await this.#answerNew([context], false);
      case 'threshold':
        return await changeThreshold(context, identityId, number);
      case 'threshold-out-of-range':
        return await changeThreshold(context, identityId, number + 100);
      case 'order':
        return await orderNewCard(context, identityId, { by: 'person' });
      case 'letters':
        return `${(await this.#send(context)) > 0}`;
      case 'letters-on-two-nodes':
        await Promise.all([this.#send(context), this.#send(other)]);
        return 'both';
      case 'letters-killed-before':
        return await this.#killed(context, 'before');
      case 'letters-killed-after':
        return await this.#killed(context, 'after');
      case 'letters-fail': {
        this.#house.fails = true;
        await this.#send(context);
        this.#house.fails = false;
        return 'failed';
      }
      case 'password-letter':
        return await orderPasswordLetter(context, identityId, { by: 'person' });
      case 'not-arrived':
        return await reportCardNotArrived(context, identityId, { by: 'person' });
      case 'next-day':
        this.#clock.forward(24 * 3_600_000);
        return 'later';
      case 'weeks-later':
        this.#clock.forward(25 * 24 * 3_600_000);
        await runScheduledTransitions(context);
        return 'later';
      case 'wait-is-over':
        this.#clock.forward(25 * 3_600_000);
        await Promise.all([runScheduledTransitions(context), runScheduledTransitions(other)]);
        return 'later';
      case 'skip-wait':
        return await skipWait(context, identityId, { by: 'staff', staffId: identityId, reason: 'seen' });
      case 'block-card':
        return await this.#block(context, 'card');
      case 'block-card-while-answering': {
        const [outcome, answered] = await Promise.all([
          this.#block(context, 'card'),
          this.#answer([other], 'right'),
        ]);
        return `${outcome}, ${answered}`;
      }
      case 'block-identity':
        return await this.#block(context, 'identity');
      case 'block-at-page': {
        const { userId: typedName, password } = this.#person;
        const asked = {
          typedName,
          password,
          what: 'identity',
          address: '192.0.2.1',
          browsers: [],
          form: null,
        } as const;
        const outcome = await blockByPassword(context, asked);
        if (outcome === 'received') this.#noteBlock(await this.#cards(), 'identity');
        return outcome;
      }
    }
  }

  /** The page in front of the person, with the reason where it is a refusal. */
  #page(): string {
    const shown = this.#shown;
    return shown?.page === 'refused' ? shown.refusal : (shown?.page ?? 'nothing');
  }

  async #open(context: AppContext): Promise<void> {
    if (this.#shown?.page === 'key') this.#old = this.#shown;
    this.#request = {
      id: randomUUID(),
      ageMs: 0,
      startedAt: this.#clock.now(),
      formOrigins: '',
      resumeUrl: '',
      clientId: 'history',
      names: { da: 'Historie', en: 'History' },
      purposes: { da: null, en: null },
      logo: null,
      kind: 'public',
      resistance: null,
      resistanceInstead: null,
      signIn: true,
      requiredKinds: BOTH_KINDS,
      minimumAcr: SUBSTANTIAL,
      minimumProofing: SUBSTANTIAL,
      stepUp: null,
      accountId: null,
      consentPage: false,
      isTrusted: true,
      scopes: ['openid'],
      claims: [],
      uiLocales: '',
      loginHint: '',
      holder: null,
    };
    const { userId: typedName, password } = this.#person;
    const { id: interactionId } = this.#request;
    const at = NO_RELYING_PARTY;
    const from = { address: '192.0.2.1', userAgent: '', browsers: [], requiredKinds: BOTH_KINDS, at };
    const sent = this.#fillIn(context);
    const secret = this.#request.holder;
    const entered = await submitPassword(context, {
      interactionId,
      typedName,
      password,
      ...from,
      sent,
      secret,
    });
    this.#keepSecret(entered.holds ? sent.secret : null);
    await this.#look(context);
  }

  /** A unique form of a page. */
  #fillIn(context: AppContext): SubmittedForm {
    const interactionId = this.#request?.id ?? '';
    return readSubmittedForm(context, interactionId, { nonce: randomUUID(), typed: [] });
  }

  /** The browser keeps the secret of the last answer. */
  #keepSecret(secret: string | null): void {
    if (secret !== null && this.#request) this.#request = { ...this.#request, holder: secret };
  }

  async #look(context: AppContext): Promise<void> {
    if (!this.#request) {
      this.#shown = null;
      return;
    }
    const ageMs = this.#clock.now().getTime() - this.#request.startedAt.getTime();
    this.#shown = await showSignIn(context, { ...this.#request, ageMs }, this.#request.holder);
  }

  async #answer(contexts: AppContext[], which: 'right' | 'wrong'): Promise<string> {
    const { [0]: context } = contexts;
    if (context && this.#shown?.page !== 'key') await this.#open(context);
    const shown = this.#shown;
    if (!context || !this.#request || shown?.page !== 'key' || !shown.card)
      return `not asked: ${this.#page()}`;
    const { id: interactionId } = this.#request;
    const { cardNumber } = shown.card;
    const { keyNumber } = shown;
    const right = await this.keyOf(context, shown.card.id, keyNumber);
    const key = which === 'right' ? right : makeWrongKey(right);
    const wasBlocked = this.#isBlocked || this.#blockedCards.has(shown.card.id);
    const answer = {
      interactionId,
      sessionUid: null,
      clientId: 'history',
      cardNumber,
      keyNumber,
      key,
      ownBrowser: null,
      browsers: [],
      requestSource: { userAgent: '', address: '127.0.0.1' },
      secret: this.#request.holder,
      prepare: () => Promise.resolve(null),
    };
    const forms = contexts.map((one) => this.#fillIn(one));
    const answers = await Promise.all(
      contexts.map((one, i) =>
        submitKey(one, { ...answer, at: NO_RELYING_PARTY, sent: forms[i] as SubmittedForm }),
      ),
    );
    this.#keepSecret(forms.find((_, i) => answers[i]?.holds)?.secret ?? null);
    const outcome = answers.map(({ kind }) => kind);
    await this.#look(context);
    const isSignedIn = this.#shown?.page === 'done' || this.#shown?.page === 'new-card';
    if (!outcome.includes('signed_in')) return this.#page();
    if (which === 'wrong') throw new Error('a wrong key signed in');
    if (outcome.filter((one) => one === 'signed_in').length > 1) throw new Error('a key was accepted twice');
    const mark = `${cardNumber} ${keyNumber}`;
    if (this.#accepted.has(mark)) throw new Error('a key was accepted twice');
    this.#accepted.add(mark);
    if (wasBlocked) throw new Error('success after an acknowledged block');
    return isSignedIn ? 'signed in' : `taken, then ${this.#page()}`;
  }

  async #answerNew(contexts: AppContext[], isRight: boolean): Promise<string> {
    const { [0]: context } = contexts;
    // The page of the new card comes after a key of the old one.
    if (context && this.#shown?.page !== 'new-card') await this.#answer([context], 'right');
    const shown = this.#shown;
    if (!context || !this.#request || shown?.page !== 'new-card') return `not asked: ${this.#page()}`;
    const { id: interactionId } = this.#request;
    const { cardNumber } = shown.card;
    const { keyNumber } = shown;
    const right = await this.keyOf(context, shown.card.id, keyNumber);
    const before = (await this.#cards()).find(({ id }) => id === shown.card.id);
    const secret = this.#request.holder;
    const answer = {
      interactionId,
      cardNumber,
      keyNumber,
      key: isRight ? right : makeWrongKey(right),
      secret,
      sessionUid: null,
    };
    const forms = contexts.map((one) => this.#fillIn(one));
    const answers = await Promise.all(
      contexts.map((one, i) =>
        submitNewCardKey(one, { ...answer, at: NO_RELYING_PARTY, sent: forms[i] as SubmittedForm }),
      ),
    );
    this.#keepSecret(forms.find((_, i) => answers[i]?.holds)?.secret ?? null);
    await this.#look(context);
    const after = (await this.#cards()).find(({ id }) => id === shown.card.id);
    if ((after?.spent ?? 0) > (before?.spent ?? 0)) {
      if (!isRight) throw new Error('a wrong key was taken');
      const mark = `${cardNumber} ${keyNumber}`;
      if (this.#accepted.has(mark)) throw new Error('a key was accepted twice');
      this.#accepted.add(mark);
      if (this.#isBlocked || this.#blockedCards.has(shown.card.id))
        throw new Error('success after an acknowledged block');
    }
    return `${after?.state}, ${this.#page()}`;
  }

  /** The key beside a number of a card, as it was printed. */
  async keyOf(context: AppContext, cardId: string, keyNumber: string): Promise<string> {
    let printed = this.#printed.get(cardId);
    if (!printed) {
      const card = await findCard(context.database, cardId);
      if (!card) throw new Error('no such card');
      printed = readCard(context, card);
      this.#printed.set(cardId, printed);
    }
    return printed.keys[printed.keyNumbers.indexOf(keyNumber)] ?? '';
  }

  async #block(context: AppContext, what: 'card' | 'identity'): Promise<string> {
    const cards = await this.#cards();
    const outcome = await blockTarget(context, this.#person.identityId, what, { by: 'person' });
    if (outcome === 'done') this.#noteBlock(cards, what);
    return outcome;
  }

  #noteBlock(cards: CardHistoryRow['cards'], what: 'card' | 'identity'): void {
    if (what === 'identity') this.#isBlocked = true;
    const inUse = cards.filter(({ state }) => state === 'active');
    for (const { id } of inUse) this.#blockedCards.add(id);
  }

  /** A worker of this person's node; its claim expires immediately, as if time had passed. */
  async #send(context: AppContext, printHouse: { deliver(letter: Letter): Promise<void> } = this.#house) {
    const log = this.#nodes.node(0).app.log;
    const render = () => Promise.resolve(Buffer.from('%PDF'));
    await this.#nodes.database.query(`UPDATE letters SET try_at = now() WHERE identity_id = $1`, [
      this.#person.identityId,
    ]);
    return await sendLetters(context, { printHouse, render, emboss: render, log, atOnce: 5, leaseMs: 1 });
  }

  /** The worker dies at the print house: what it was doing is left as it was. */
  async #killed(context: AppContext, when: 'before' | 'after'): Promise<string> {
    let died = () => undefined as void;
    const dead = new Promise<void>((resolve) => (died = resolve));
    const house = this.#house;
    const dying = {
      deliver: async (letter: Letter) => {
        if (when === 'after') await house.deliver(letter);
        died();
        return await new Promise<never>(() => undefined);
      },
    };
    return await Promise.race([dead.then(() => 'killed'), this.#send(context, dying).then(() => 'nothing')]);
  }

  async #cards(): Promise<CardHistoryRow['cards']> {
    return (await this.#row()).cards;
  }

  async #row(): Promise<CardHistoryRow> {
    const [row] = await this.#nodes.database.query<CardHistoryRow>(
      `SELECT i.blocked_at IS NOT NULL AS blocked, (SELECT json_agg(json_build_object('id', c.id, 'state', c.state,
         'spent', bit_count(c.spent))) FROM key_cards c WHERE c.identity_id = i.id) AS cards
       FROM identities i WHERE i.id = $1`,
      [this.#person.identityId],
    );
    if (!row) throw new Error('the person is gone');
    return row;
  }

  async #hold(name: HistoryStepName): Promise<void> {
    const { cards, blocked } = await this.#row();
    const among = (...states: string[]) => cards.filter(({ state }) => states.includes(state)).length;
    if (among('active') > 1) throw new Error('two active cards');
    if (among('ordered', 'sent') > 1) throw new Error('two cards on the way');
    if (this.#isBlocked && (!blocked || among('active', 'sent', 'ordered') > 0))
      throw new Error('success after an acknowledged block: something lives on');
    for (const { id, spent } of cards) {
      if (spent < (this.#spent.get(id) ?? 0)) throw new Error('a spent count fell');
      this.#spent.set(id, spent);
    }
    if (name.startsWith('letters')) this.#holdDays();
  }

  #holdDays(): void {
    const { clash } = this.#house;
    if (clash !== null) throw new Error(`both kinds of letter on one day: ${clash.slice(-10)}`);
  }
}

function makeWrongKey(key: string): string {
  return String((Number(key) + 7) % 1_000_000).padStart(6, '0');
}

/** Walks many concurrently, as many people would. @returns counts by event. @throws at the first violation */
export async function walkMany(nodes: Nodes, some: readonly HistoryPlan[]): Promise<Map<string, number>> {
  const counts = new Map<string, number>();
  await walkEach(nodes, some, (history, violation) => {
    if (violation) throw violation;
    for (const [what, many] of history.counts) counts.set(what, (counts.get(what) ?? 0) + many);
    return false;
  });
  return counts;
}

const INVARIANTS = [
  /a wrong key|accepted twice|after an acknowledged block|a spent count fell/,
  /two active cards|two cards on the way|both kinds of letter|key_cards_one/,
];

/**
 * Walks until a history breaks an invariant. One fault breaks several, and which of them comes first is
 * random.
 * @returns the message of the first, or null when no history broke any
 */
export async function findViolation(nodes: Nodes, some: readonly HistoryPlan[]): Promise<string | null> {
  let found: string | null = null;
  await walkEach(nodes, some, (_history, violation) => {
    if (violation && INVARIANTS.some((words) => words.test(violation.message))) found ??= violation.message;
    return found !== null;
  });
  return found;
}

/** @param visit sees each history when it ended; true ends the walk, and so does an exception */
async function walkEach(
  nodes: Nodes,
  some: readonly HistoryPlan[],
  visit: (history: CardHistory, violation: Error | null) => boolean,
): Promise<void> {
  const house = new CountingPrintHouse();
  const left = [...some];
  const walker = async () => {
    for (let plan = left.pop(); plan; plan = left.pop()) {
      const history = new CardHistory(nodes, house);
      try {
        const violation = await history.walk(plan).then(
          () => null,
          (error: Error) => error,
        );
        if (visit(history, violation)) left.length = 0;
      } catch (error) {
        left.length = 0;
        throw error;
      }
    }
  };
  const walked = await Promise.allSettled(Array.from({ length: 6 }, walker));
  // Only now: a walker that still runs would write into what the next test cleans.
  const failed = walked.find((one) => one.status === 'rejected');
  if (failed) throw failed.reason;
}
