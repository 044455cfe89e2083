/**
 * The life cycle of a card: its states, the moves between them, and what a command means for all cards of a
 * person. A command is decided as a whole here; features/identity/cardCommands.ts saves the decision in one
 * transaction, and checks by the affected rows that the states were still those decided on.
 *
 *   ordered -> sent -> active -> used_up | replaced
 *      blocked and void can be reached from every state with something left to lose.
 */
import { THRESHOLD_RANGE } from '../rules.ts';

export const CARD_STATES = ['ordered', 'sent', 'active', 'used_up', 'replaced', 'blocked', 'void'] as const;
export type CardState = (typeof CARD_STATES)[number];

export const CARD_MOVES = ['send', 'activate', 'use_up', 'replace', 'block', 'lose'] as const;
export type CardMove = (typeof CARD_MOVES)[number];

const TRANSITIONS: Record<CardMove, { readonly from: readonly CardState[]; readonly to: CardState }> = {
  send: { from: ['ordered'], to: 'sent' },
  activate: { from: ['sent'], to: 'active' },
  use_up: { from: ['active'], to: 'used_up' },
  replace: { from: ['active'], to: 'replaced' },
  block: { from: ['ordered', 'sent', 'active'], to: 'blocked' },
  lose: { from: ['ordered', 'sent'], to: 'void' },
};

/** The state after a move; null when the move is impossible from `state`. */
export function findNextCardState(state: CardState, by: CardMove): CardState | null {
  return TRANSITIONS[by].from.includes(state) ? TRANSITIONS[by].to : null;
}

/** The states of a move for SQL: the statement changes a card that is in one of `from`, or nothing. */
export function readCardMove(name: CardMove): {
  readonly from: readonly CardState[];
  readonly to: CardState;
} {
  return TRANSITIONS[name];
}

/** The fields of a card that its life cycle needs. */
export interface CardStatus {
  readonly id: string;
  readonly state: CardState;
  readonly keysLeft: number;
  /** It was ordered because the previous card did not arrive. */
  readonly replacesLost: boolean;
  /** Its first key was given without a key of an old card: it may be used from this time. Otherwise null. */
  readonly activatesAt: Date | null;
}

/** Everything that decides what happens to a person's cards. */
export interface CardSet {
  readonly isBlocked: boolean;
  /** The number of keys left at which a new card is ordered. */
  readonly threshold: number;
  readonly hasAddress: boolean;
  /** In the order in which they were ordered; older ones that are over may be left out. */
  readonly cards: readonly CardStatus[];
}

/**
 * What was shown just before the first key of a new card. `old_key`: a key of the old card, or the temporary
 * password of an activation, which came in another letter. `other_factor`: a code or a security key, beside
 * which the card in use may be lost or in other hands. `password`: nothing else.
 */
export type ProofBeforeNewCard = 'old_key' | 'other_factor' | 'password';

export type CardCommand =
  /** A right key of the card in use was spent; `keysLeft` of that card no longer counts it. */
  | { readonly kind: 'key_spent' }
  /** A right key of the sent card was given. */
  | { readonly kind: 'first_key'; readonly after: ProofBeforeNewCard; readonly opensAt: Date }
  /** The wait is checked: by a periodic job, or because the desk saw the person (`skip`). */
  | { readonly kind: 'end_wait'; readonly now: Date; readonly skip: boolean }
  | { readonly kind: 'set_threshold'; readonly threshold: number }
  /**
   * Requested by the person, the desk or a mass replacement. `replacesComing`: instead of the card on its
   * way, which the person cannot read.
   */
  | { readonly kind: 'order'; readonly replacesComing?: boolean }
  /** The card on the way did not arrive: reported by the person, or overdue. */
  | { readonly kind: 'not_arrived' }
  /** These cards must be replaced, for any person: a print run failed, or a card key leaked. */
  | { readonly kind: 'recall'; readonly cardIds: ReadonlySet<string> }
  /**
   * `guessedAt`: the card whose keys were guessed at, when that is the reason. When it is blocked already,
   * nothing changes.
   */
  | { readonly kind: 'block_card'; readonly guessedAt?: string }
  | { readonly kind: 'block_identity' };

export type CardRefusal =
  | 'id_blocked'
  | 'already_blocked'
  | 'no_card'
  | 'no_address'
  | 'on_the_way'
  | 'not_on_the_way'
  | 'not_waiting'
  | 'not_recalled'
  | 'waiting'
  | 'threshold_out_of_range';

/** What must be saved, all or nothing. */
export interface CardDecision {
  readonly moves: readonly { readonly cardId: string; readonly move: CardMove }[];
  readonly order: { readonly replacesLost: boolean } | null;
  /** A new card was due, but the person has no address. */
  readonly isAddressMissing: boolean;
  readonly wait: { readonly cardId: string; readonly opensAt: Date } | null;
}

export type CardCommandResult = { readonly refused: CardRefusal } | CardDecision;

/** Decides what a command means for the card set. */
export function decideCardCommand(cardSet: CardSet, command: CardCommand): CardCommandResult {
  switch (command.kind) {
    case 'key_spent': {
      const active = findActiveCardOf(cardSet);
      if (!active) return { refused: 'no_card' };
      const moves = active.keysLeft === 0 ? [composeMove(active, 'use_up')] : [];
      return addRenewal(cardSet, cardSet.threshold, active.keysLeft, moves);
    }
    case 'first_key':
      return decideFirstKey(cardSet, command);
    case 'end_wait': {
      const card = findCardOnTheWay(cardSet);
      if (!card?.activatesAt || cardSet.isBlocked) return { refused: 'not_waiting' };
      if (!command.skip && card.activatesAt > command.now) return { refused: 'waiting' };
      return composeActivation(cardSet, card);
    }
    case 'set_threshold': {
      const { least, most } = THRESHOLD_RANGE;
      const isInRange =
        Number.isInteger(command.threshold) && command.threshold >= least && command.threshold <= most;
      if (!isInRange) return { refused: 'threshold_out_of_range' };
      if (cardSet.isBlocked) return { refused: 'id_blocked' };
      // A used-up card has no keys left. A blocked card is not replaced automatically.
      const isUsedUp = cardSet.cards.findLast(({ state }) => state !== 'void')?.state === 'used_up';
      const keysLeft = findActiveCardOf(cardSet)?.keysLeft ?? (isUsedUp ? 0 : null);
      return keysLeft === null ? { ...NO_CHANGE } : addRenewal(cardSet, command.threshold, keysLeft, []);
    }
    case 'order':
      if (cardSet.isBlocked) return { refused: 'id_blocked' };
      return decideOrder(cardSet, command.replacesComing ?? false);
    case 'not_arrived': {
      const card = findCardOnTheWay(cardSet);
      if (!card || card.state !== 'sent') return { refused: 'not_on_the_way' };
      if (card.activatesAt) return { refused: 'waiting' };
      const again = !card.replacesLost && !cardSet.isBlocked;
      const order = again && cardSet.hasAddress ? { replacesLost: true } : null;
      return { ...NO_CHANGE, moves: [composeMove(card, 'lose')], order, isAddressMissing: again && !order };
    }
    case 'recall': {
      const nextCard = findCardOnTheWay(cardSet);
      const isLost = nextCard !== null && command.cardIds.has(nextCard.id);
      if (!isLost && !command.cardIds.has(findActiveCardOf(cardSet)?.id ?? ''))
        return { refused: 'not_recalled' };
      if (cardSet.isBlocked) return { refused: 'id_blocked' };
      if (nextCard && !isLost) return { refused: 'on_the_way' };
      if (!cardSet.hasAddress) return { refused: 'no_address' };
      const moves = isLost ? [composeMove(nextCard, 'lose')] : [];
      return { ...NO_CHANGE, moves, order: { replacesLost: false } };
    }
    case 'block_card': {
      const active = findActiveCardOf(cardSet);
      const nextCard = findCardOnTheWay(cardSet);
      const { guessedAt } = command;
      // A card on the way stays when a card in use can be blocked: it can be used only after the wait, with
      // notices. When no card is in use, the card on the way is the one that is meant.
      const isAtRisk = nextCard && (!active || nextCard.activatesAt !== null);
      const targets = [active, isAtRisk ? nextCard : null].filter((card) => card !== null);
      const blocked = guessedAt ? cardSet.cards.filter(({ id }) => id === guessedAt) : targets;
      const moves = blocked.filter(({ state }) => findNextCardState(state, 'block') !== null);
      if (moves.length > 0) return { ...NO_CHANGE, moves: moves.map((card) => composeMove(card, 'block')) };
      const hasBlocked = cardSet.cards.some(({ state }) => state === 'blocked');
      return { refused: hasBlocked ? 'already_blocked' : 'no_card' };
    }
    case 'block_identity': {
      if (cardSet.isBlocked) return { refused: 'already_blocked' };
      const alive = cardSet.cards.filter(({ state }) => findNextCardState(state, 'block') !== null);
      return { ...NO_CHANGE, moves: alive.map((card) => composeMove(card, 'block')) };
    }
  }
}

const NO_CHANGE: CardDecision = { moves: [], order: null, isAddressMissing: false, wait: null };

/**
 * Whether a new card must be ordered: the keys left are at most the threshold, and no card is on the way. A
 * card that did not arrive is replaced once automatically. When that one does not arrive either, the desk has
 * to look.
 */
export function isRenewalDue(cardSet: CardSet, threshold: number, keysLeft: number): boolean {
  const newest = cardSet.cards.at(-1);
  const lostTwice = newest?.state === 'void' && newest.replacesLost;
  return !cardSet.isBlocked && !findCardOnTheWay(cardSet) && !lostTwice && keysLeft <= threshold;
}

function addRenewal(
  cardSet: CardSet,
  threshold: number,
  keysLeft: number,
  moves: CardDecision['moves'],
): CardDecision {
  const isDue = isRenewalDue(cardSet, threshold, keysLeft);
  const order = isDue && cardSet.hasAddress ? { replacesLost: false } : null;
  return { ...NO_CHANGE, moves, order, isAddressMissing: isDue && !order };
}

function decideOrder(cardSet: CardSet, replacesComing: boolean): CardCommandResult {
  const nextCard = findCardOnTheWay(cardSet);
  if (nextCard?.activatesAt && replacesComing) return { refused: 'waiting' };
  if (nextCard && !replacesComing) return { refused: 'on_the_way' };
  if (!cardSet.hasAddress) return { refused: 'no_address' };
  const moves = nextCard ? [composeMove(nextCard, 'lose')] : [];
  return { ...NO_CHANGE, moves, order: { replacesLost: false } };
}

function decideFirstKey(cardSet: CardSet, command: CardCommand & { kind: 'first_key' }): CardCommandResult {
  const card = findCardOnTheWay(cardSet);
  if (cardSet.isBlocked) return { refused: 'id_blocked' };
  if (card?.state !== 'sent') return { refused: 'no_card' };
  if (command.after === 'old_key') return composeActivation(cardSet, card);
  // The card gives what no other factor does: a thief of one of those and of a letter is not handed it in
  // silence. The card in use serves until the wait is over.
  if (command.after === 'password' && findActiveCardOf(cardSet)) return { refused: 'no_card' };
  if (card.activatesAt) return { refused: 'waiting' };
  return { ...NO_CHANGE, wait: { cardId: card.id, opensAt: command.opensAt } };
}

function composeActivation(cardSet: CardSet, card: CardStatus): CardDecision {
  const old = findActiveCardOf(cardSet);
  const moves = [...(old ? [composeMove(old, 'replace')] : []), composeMove(card, 'activate')];
  const rest = cardSet.cards.filter(({ id }) => id !== card.id && id !== old?.id);
  const after = [...rest, { ...card, state: 'active' as const }];
  return addRenewal({ ...cardSet, cards: after }, cardSet.threshold, card.keysLeft, moves);
}

function composeMove({ id }: CardStatus, what: CardMove) {
  return { cardId: id, move: what };
}

export function findActiveCardOf({ cards }: CardSet): CardStatus | null {
  return cards.find(({ state }) => state === 'active') ?? null;
}

export function findCardOnTheWay({ cards }: CardSet): CardStatus | null {
  return cards.find(({ state }) => state === 'ordered' || state === 'sent') ?? null;
}
