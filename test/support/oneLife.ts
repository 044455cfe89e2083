/** What log, outbox, self-service and desk have of a factor, while its life is walked through. */
import { expect } from '@jest/globals';
import { findCard } from '../../src/db/cards/keyCards.ts';
import { listHeldFactors } from '../../src/db/factors/heldFactors.ts';
import { formatCardNumber } from '../../src/domain/card/keyCard.ts';
import { FACTOR_LIFE, findFactorStep, type FactorStage } from '../../src/domain/factors/factorLife.ts';
import { isAlive, type HeldFactor, type HeldFactorKind } from '../../src/domain/factors/heldFactors.ts';
import { readCard } from '../../src/features/identity/readCard.ts';
import { challengeOf, TestBrowser, type BrowserPage } from './browser.ts';
import type { CounterSession } from './deskStaff.ts';
import type { Nodes } from './nodes.ts';
import type { TestPerson } from './people.ts';
import { sendAssertion, type HeldSecurityKey } from './securityKeys.ts';

/** The page as a person reads it. */
export const wordsOf = ({ text }: BrowserPage): string =>
  text
    .slice(text.indexOf('<main'))
    .replaceAll(/<[^>]+>/g, ' ')
    .replaceAll(/\s+/g, ' ');

/** Where the states of a kind are shown, and by which words a state is recognised. */
export interface Shown {
  readonly overview?: string;
  readonly desk?: string;
  /** There is no way in: only the desk can look. */
  readonly isOut?: true;
}

/** The numbers that the desk shows; the names of security keys are their person's. */
function listNamesAtDesk(held: readonly HeldFactor[]): string[] {
  const numbered = held.filter(isAlive).filter(({ kind }) => kind !== 'security_key');
  return numbered.map(({ kind, name }) => (kind === 'card' ? formatCardNumber(name) : name));
}

/** One person's walk through the life of one kind. */
export class FactorWalk {
  readonly nodes: Nodes;
  readonly person: TestPerson;
  readonly kind: HeldFactorKind;
  readonly #officer: () => CounterSession;
  /** The way in when no card works; null: the card. */
  readonly #way: HeldSecurityKey | null;
  #lastEvent = '0';
  readonly #notices = new Set<string>();

  constructor(
    nodes: Nodes,
    person: TestPerson,
    kind: HeldFactorKind,
    { officer, way }: { officer: () => CounterSession; way: HeldSecurityKey | null },
  ) {
    this.nodes = nodes;
    this.person = person;
    this.kind = kind;
    this.#officer = officer;
    this.#way = way;
  }

  /** The key that the page asks for, of whichever card of the person. */
  async keyOn(page: BrowserPage): Promise<string> {
    const { cardNumber, keyNumber } = challengeOf(page);
    const rows = await this.nodes.database.query<{ id: string }>(
      'SELECT id FROM key_cards WHERE card_number = $1',
      [cardNumber.replaceAll('-', '')],
    );
    const card = await findCard(this.nodes.context.database, rows[0]?.id ?? '');
    if (!card) throw new Error('the page asks for a card that no one has');
    const { keyNumbers, keys } = readCard(this.nodes.context, card);
    for (const key of keys) this.nodes.secrets.keys.add(key);
    return keys[keyNumbers.indexOf(keyNumber)] ?? '';
  }

  /** To the page of the second factor, at an address that leads to a sign-in. */
  async toSecondFactor(browser: TestBrowser, path: string): Promise<BrowserPage> {
    const { userId, password } = this.person;
    return await browser.send(await browser.follow(path), { userId, password });
  }

  async openSelfService(): Promise<TestBrowser> {
    const browser = new TestBrowser(this.nodes);
    const page = await this.toSecondFactor(browser, '/self-service');
    const next = this.#way
      ? await sendAssertion(browser, page, this.#way)
      : await browser.send(page, { key: await this.keyOn(page) });
    if (next.page === 'new-card') await browser.send(next, { skip: '1' });
    return browser;
  }

  async confirm(browser: TestBrowser, asked: BrowserPage): Promise<BrowserPage> {
    if (asked.page !== 'self-confirm') throw new Error(`no key is asked for on ${asked.page}`);
    return await browser.send(asked, { key: await this.keyOn(asked) });
  }

  /** By what changed nothing of this kind so far. */
  async begin(): Promise<this> {
    await this.#readNew();
    return this;
  }

  /**
   * After what these stages are: their events and notices, no others of the kind, and the states where
   * people look.
   * @param newest the state of the newest of the kind
   */
  async expectStages(
    stages: readonly FactorStage[],
    newest: HeldFactor['state'],
    shown: Shown,
  ): Promise<void> {
    const { kind } = this;
    const steps = stages.map((stage) => {
      const step = findFactorStep(kind, stage);
      if ('never' in step) throw new Error(`${kind} never has the stage ${stage}`);
      return { stage, events: step.events, notices: 'none' in step.notices ? [] : step.notices };
    });
    const { events, notices } = await this.#readNew();
    const missing = steps.flatMap((step) => [
      ...(step.events.some((one) => events.includes(one)) ? [] : [`${step.stage}: no event`]),
      ...(step.notices.length === 0 || step.notices.some((one) => notices.includes(one))
        ? []
        : [`${step.stage}: no notice`]),
    ]);
    const [allEvents, allNotices] = [
      steps.flatMap((step) => [...step.events] as string[]),
      steps.flatMap((step) => [...step.notices] as string[]),
    ];
    expect([
      stages,
      missing,
      events.filter((one) => !allEvents.includes(one)),
      notices.filter((one) => !allNotices.includes(one)),
    ]).toEqual([stages, [], [], []]);
    await this.#expectShown(newest, shown);
    // The next is newer than this one.
    this.nodes.clock.forward(1_000);
  }

  async #expectShown(newest: HeldFactor['state'], shown: Shown): Promise<void> {
    const { nodes, person, kind } = this;
    const all = await listHeldFactors(nodes.context.database, person.identityId, {
      now: nodes.clock.now(),
      withEnded: true,
    });
    const held = all.filter((one) => one.kind === kind);
    expect([kind, held.at(-1)?.state]).toEqual([kind, newest]);
    const desk = shown.desk === undefined ? null : wordsOf(await this.#officer().find(person));
    for (const text of shown.desk === undefined ? [] : [shown.desk, ...listNamesAtDesk(held)])
      expect(desk).toContain(text);
    if (shown.isOut) return;
    const browser = await this.openSelfService();
    if (shown.overview !== undefined)
      expect(wordsOf(await browser.follow('/self-service'))).toContain(shown.overview);
    const { text } = await browser.post(await browser.follow('/self-service/data'), {});
    const file = JSON.parse(text) as Record<string, { kind?: string; name?: string; state?: string }[]>;
    const ofKind = (file['factors'] ?? []).filter((one) => one.kind === kind);
    expect(ofKind.map(({ name, state }) => `${name} ${state}`)).toEqual(
      held.map(({ name, state }) => `${name} ${state}`),
    );
    const member = { card: 'cards', security_key: 'securityKeys', code_token: 'codeTokens' }[kind];
    expect(JSON.stringify(file[member])).toContain(held.at(-1)?.name);
  }

  /** The names of events and notices of the kind since they were read last. */
  async #readNew(): Promise<{ events: string[]; notices: string[] }> {
    const { database } = this.nodes;
    const { identityId } = this.person;
    const events = await database.query<{ id: string; kind: string }>(
      'SELECT e.id::text, kind FROM audit_events e WHERE identity_id = $1 AND e.id > $2::bigint ORDER BY e.id',
      [identityId, this.#lastEvent],
    );
    this.#lastEvent = events.at(-1)?.id ?? this.#lastEvent;
    const rows = await database.query<{ id: string; kind: string }>(
      'SELECT id::text, kind FROM notices WHERE identity_id = $1 ORDER BY at, id',
      [identityId],
    );
    const notices = rows.filter(({ id }) => !this.#notices.has(id));
    for (const { id } of notices) this.#notices.add(id);
    const steps = Object.values(FACTOR_LIFE[this.kind]).filter((step) => 'events' in step);
    const isEvent = (name: string) => steps.some((step) => ([...step.events] as string[]).includes(name));
    const isNotice = (name: string) =>
      steps.some((step) => !('none' in step.notices) && ([...step.notices] as string[]).includes(name));
    return {
      events: events.map(({ kind }) => kind).filter(isEvent),
      notices: notices.map(({ kind }) => kind).filter(isNotice),
    };
  }
}
