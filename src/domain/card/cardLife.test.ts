/**
 * The card life cycle without a database: the table of moves, and random histories checked against
 * invariants.
 */
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  findActiveCardOf,
  CARD_MOVES,
  CARD_STATES,
  decideCardCommand,
  isRenewalDue,
  findCardOnTheWay,
  findNextCardState,
  type CardStatus,
  type CardCommand,
  type CardCommandResult,
  type CardSet,
  type ProofBeforeNewCard,
} from './cardLife.ts';

test('every move of every state gives a new state or none', () => {
  const answers = CARD_STATES.map((state) =>
    [state, ...CARD_MOVES.map((move) => findNextCardState(state, move) ?? '-')].join(' '),
  );
  expect(CARD_MOVES.join(' ')).toBe('send activate use_up replace block lose');
  expect(answers).toEqual([
    'ordered sent - - - blocked void',
    'sent - active - - blocked void',
    'active - - used_up replaced blocked -',
    'used_up - - - - - -',
    'replaced - - - - - -',
    'blocked - - - - - -',
    'void - - - - - -',
  ]);
});

type Decide = (cardSet: CardSet, command: CardCommand) => CardCommandResult;
type LifeStep =
  | {
      readonly what:
        | 'spend'
        | 'send'
        | 'end_wait'
        | 'skip'
        | 'order'
        | 'order_instead'
        | 'not_arrived'
        | 'move_house';
    }
  | { readonly what: 'first_key'; readonly after: ProofBeforeNewCard }
  | { readonly what: 'threshold'; readonly threshold: number }
  | { readonly what: 'block_card' | 'block_identity' | 'recall' };

const step = fc.oneof(
  {
    weight: 100,
    arbitrary: fc.constantFrom<LifeStep>({ what: 'spend' }, { what: 'spend' }, { what: 'send' }),
  },
  {
    weight: 50,
    arbitrary: fc.record({
      what: fc.constant('first_key' as const),
      after: fc.constantFrom<ProofBeforeNewCard>('old_key', 'old_key', 'other_factor', 'password'),
    }),
  },
  {
    weight: 30,
    arbitrary: fc.record({
      what: fc.constant('threshold' as const),
      threshold: fc.oneof(fc.integer({ min: 5, max: 100 }), fc.integer({ min: -1, max: 150 })),
    }),
  },
  {
    weight: 50,
    arbitrary: fc.constantFrom<LifeStep>(
      { what: 'end_wait' },
      { what: 'skip' },
      { what: 'order' },
      { what: 'order_instead' },
      { what: 'not_arrived' },
      { what: 'recall' },
      { what: 'block_card' },
      { what: 'move_house' },
    ),
  },
  { weight: 1, arbitrary: fc.constant<LifeStep>({ what: 'block_identity' }) },
);
const history = fc.record({
  keysLeft: fc.integer({ min: 1, max: 148 }),
  steps: fc.array(step, { minLength: 30, maxLength: 50 }),
});

const DAY = 24 * 3_600_000;

/** Applies decisions as the database does, in the simplest form. */
class LifeWalk {
  cardSet: CardSet;
  now = 0;
  readonly counts = new Map<string, number>();
  readonly #decide: Decide;
  #made = 1;

  constructor(keysLeft: number, decideBy: Decide) {
    this.#decide = decideBy;
    const first = {
      id: 'card 1',
      state: 'active',
      keysLeft,
      replacesLost: false,
      activatesAt: null,
    } as const;
    this.cardSet = { isBlocked: false, threshold: 20, hasAddress: true, cards: [first] };
  }

  take(one: LifeStep): void {
    this.now += DAY / 3;
    const before = this.cardSet;
    const did = this.#act(one);
    this.counts.set(did, (this.counts.get(did) ?? 0) + 1);
    this.#checkInvariants(before, one, did);
  }

  #act(one: LifeStep): string {
    const { cardSet } = this;
    switch (one.what) {
      case 'move_house':
        this.cardSet = { ...cardSet, hasAddress: !cardSet.hasAddress };
        return 'move_house';
      case 'send': {
        const card = findCardOnTheWay(cardSet);
        if (!card || findNextCardState(card.state, 'send') === null) return 'send: nothing';
        this.#change(card.id, { state: 'sent' });
        return 'sent';
      }
      case 'spend': {
        const card = findActiveCardOf(cardSet);
        if (!card || card.keysLeft === 0) return 'spend: no card';
        this.#change(card.id, { keysLeft: card.keysLeft - 1 });
        return this.#decideAndSave({ kind: 'key_spent' });
      }
      case 'first_key': {
        const card = findCardOnTheWay(cardSet);
        if (card?.state !== 'sent' || card.activatesAt) return 'first_key: no card';
        const saved = this.cardSet;
        this.#change(card.id, { keysLeft: card.keysLeft - 1 });
        const opensAt = new Date(this.now + DAY);
        const did = this.#decideAndSave({ kind: 'first_key', after: one.after, opensAt });
        // When refused, the transaction is rolled back.
        if (did.includes('refused')) this.cardSet = saved;
        return did;
      }
      case 'end_wait':
      case 'skip':
        return this.#decideAndSave({
          kind: 'end_wait',
          now: new Date(this.now),
          skip: one.what === 'skip',
        });
      case 'threshold': {
        const did = this.#decideAndSave({ kind: 'set_threshold', threshold: one.threshold });
        if (!did.includes('refused')) this.cardSet = { ...this.cardSet, threshold: one.threshold };
        return did;
      }
      case 'recall':
        return this.#decideAndSave({ kind: 'recall', cardIds: new Set(cardSet.cards.map(({ id }) => id)) });
      case 'block_identity': {
        const did = this.#decideAndSave({ kind: 'block_identity' });
        if (!did.includes('refused')) this.cardSet = { ...this.cardSet, isBlocked: true };
        return did;
      }
      case 'order_instead':
        return this.#decideAndSave({ kind: 'order', replacesComing: true });
      case 'order':
      case 'not_arrived':
      case 'block_card':
        return this.#decideAndSave({ kind: one.what });
    }
  }

  #decideAndSave(command: CardCommand): string {
    const decided = this.#decide(this.cardSet, command);
    if ('refused' in decided) return `${command.kind}: refused ${decided.refused}`;
    for (const { cardId, move } of decided.moves) {
      const card = this.cardSet.cards.find(({ id }) => id === cardId);
      const state = card && findNextCardState(card.state, move);
      if (!state) throw new Error(`an impossible move: ${move} of ${card?.state}`);
      this.#change(cardId, { state });
    }
    if (decided.wait) this.#change(decided.wait.cardId, { activatesAt: decided.wait.opensAt });
    if (decided.order) {
      this.#made += 1;
      const { replacesLost } = decided.order;
      const made = { id: `card ${this.#made}`, state: 'ordered', keysLeft: 148, activatesAt: null } as const;
      this.cardSet = { ...this.cardSet, cards: [...this.cardSet.cards, { ...made, replacesLost }] };
    }
    return `${command.kind}${decided.order ? ' orders' : ''}${decided.wait ? ' waits' : ''}`;
  }

  #change(id: string, to: Partial<CardStatus>): void {
    const cards = this.cardSet.cards.map((card) => (card.id === id ? { ...card, ...to } : card));
    this.cardSet = { ...this.cardSet, cards };
  }

  #checkInvariants(before: CardSet, one: LifeStep, did: string): void {
    const { cards, isBlocked, hasAddress, threshold } = this.cardSet;
    const countInState = (...states: string[]) => cards.filter(({ state }) => states.includes(state)).length;
    const forbid = (isViolated: boolean, what: string) => {
      if (isViolated) throw new Error(`${what}, after ${JSON.stringify(one)}: ${did}`);
    };
    forbid(countInState('active') > 1, 'two active cards');
    forbid(countInState('ordered', 'sent') > 1, 'two cards on the way');
    forbid(isBlocked && countInState('ordered', 'sent', 'active') > 0, 'a card alive of a blocked identity');
    for (const card of before.cards) {
      const after = cards.find(({ id }) => id === card.id);
      forbid((after?.keysLeft ?? 0) > card.keysLeft, 'a spent count fell');
      const wasOver = CARD_MOVES.every((move) => findNextCardState(card.state, move) === null);
      forbid(wasOver && after?.state !== card.state, 'a card that was over moved');
    }
    forbid(
      cards.some(({ state, keysLeft }) => state === 'active' && keysLeft === 0),
      'an empty card in use',
    );
    const active = findActiveCardOf(this.cardSet);
    const isApplied = /^(key_spent|set_threshold)/.test(did) && !did.includes('refused');
    const isDue = active && hasAddress && isRenewalDue(this.cardSet, threshold, active.keysLeft);
    forbid(Boolean(isApplied && isDue), 'few keys and no card on the way');
    forbid(did === 'order: refused on_the_way' && !findCardOnTheWay(before), 'refused for nothing');
    const opened =
      active && before.cards.find(({ id }) => id === active.id && id !== findActiveCardOf(before)?.id);
    const isTooEarly =
      opened?.activatesAt && opened.activatesAt > new Date(this.now) && one.what === 'end_wait';
    forbid(Boolean(isTooEarly), 'a wait that ended early');
    forbid(
      Boolean(opened) && one.what === 'first_key' && one.after !== 'old_key',
      'a card opened in silence',
    );
  }
}

function walkAll(runs: number, decideBy: Decide, seed?: number): Map<string, number> {
  const counts = new Map<string, number>();
  fc.assert(
    fc.property(history, ({ keysLeft, steps }) => {
      const walk = new LifeWalk(keysLeft, decideBy);
      for (const one of steps) walk.take(one);
      for (const [what, many] of walk.counts) counts.set(what, (counts.get(what) ?? 0) + many);
    }),
    { numRuns: runs, includeErrorInReport: true, ...(seed === undefined ? {} : { seed }) },
  );
  return counts;
}

test('10,000 random histories of at least 30 steps keep every invariant', () => {
  const counts = walkAll(10_000, decideCardCommand);
  const lines = [...counts].sort(([a], [b]) => a.localeCompare(b)).map(([what, many]) => `${what}: ${many}`);
  console.info(lines.join('\n'));
  for (const rare of ['key_spent orders', 'first_key waits', 'end_wait', 'block_identity', 'recall orders']) {
    expect([rare, (counts.get(rare) ?? 0) > 100]).toEqual([rare, true]);
  }
});

describe('control: a planted fault is found', () => {
  const changed =
    (
      change: (
        decided: Exclude<CardCommandResult, { refused: unknown }>,
        cardSet: CardSet,
        command: CardCommand,
      ) => CardCommandResult,
    ): Decide =>
    (cardSet, command) => {
      const decided = decideCardCommand(cardSet, command);
      return 'refused' in decided ? decided : change(decided, cardSet, command);
    };
  const without = (move: string) =>
    changed((decided) => ({ ...decided, moves: decided.moves.filter((one) => one.move !== move) }));

  test.each<[string, Decide, RegExp]>([
    ['the old card is not replaced', without('replace'), /two active cards/],
    ['the last key does not use the card up', without('use_up'), /an empty card in use/],
    ['a lost card stays on the way', without('lose'), /two cards on the way/],
    ['a block forgets cards', without('block'), /alive of a blocked identity/],
    [
      'nothing is ordered at the threshold',
      changed((decided, _cardSet, command) =>
        command.kind === 'key_spent' ? { ...decided, order: null } : decided,
      ),
      /few keys and no card on the way/,
    ],
    [
      'the wait is left out',
      (cardSet, command) =>
        decideCardCommand(cardSet, command.kind === 'first_key' ? { ...command, after: 'old_key' } : command),
      /opened in silence/,
    ],
    [
      'the wait is not looked at',
      (cardSet, command) =>
        decideCardCommand(cardSet, command.kind === 'end_wait' ? { ...command, skip: true } : command),
      /ended early/,
    ],
  ])('%s', (_fault, sabotaged, found) => {
    expect(() => walkAll(2_000, sabotaged, 1)).toThrow(found);
  });
});
