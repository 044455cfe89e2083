/**
 * The life of a card: its states, what moves it from one to the next, and what a deed means for all the cards of a
 * person at once. A deed is decided whole here; usecases/ save the decision in one transaction, judged by rows.
 *
 *   ordered -> sent -> active -> used_up | replaced
 *      blocked and void can be reached from wherever there still is something to lose.
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

/** Where a move leads; null when it cannot be made from there. Total: every state has an answer to every move. */
export function findNextCardState(state: CardState, by: CardMove): CardState | null {
  return TRANSITIONS[by].from.includes(state) ? TRANSITIONS[by].to : null;
}

/** What SQL is told of a move: it changes a card that is in one of these states, or nothing. */
export function readCardMove(name: CardMove): {
  readonly from: readonly CardState[];
  readonly to: CardState;
} {
  return TRANSITIONS[name];
}

/** A card as far as its life is concerned. */
export interface CardStatus {
  readonly id: string;
  readonly state: CardState;
  readonly keysLeft: number;
  /** It was ordered because the one before did not come. */
  readonly replacesLost: boolean;
  /** Its first key was given without one of an old card: it may be used from then on. */
  readonly activatesAt: Date | null;
}

/** All that decides what becomes of a person's cards. */
export interface CardSet {
  readonly isBlocked: boolean;
  /** Keys left at which a new card is ordered. */
  readonly threshold: number;
  readonly hasAddress: boolean;
  /** In the order in which they were ordered; older ones that are over may be left out. */
  readonly cards: readonly CardStatus[];
}

export type CardCommand =
  /** A right key of the card in use was spent; `keysLeft` of that card counts already without it. */
  | { readonly kind: 'key_spent' }
  /**
   * A right key of the card that was sent was given, with or without one of the old card just before. The temporary
   * password of an activation counts for one: it came in another letter.
   */
  | { readonly kind: 'first_key'; readonly withOldKey: boolean; readonly opensAt: Date }
  /** The wait is looked at: by the clock, or because a desk saw the person. */
  | { readonly kind: 'end_wait'; readonly now: Date; readonly skip: boolean }
  | { readonly kind: 'set_threshold'; readonly threshold: number }
  /** Asked for by a person, a desk or a mass replacement. */
  | { readonly kind: 'order' }
  /** The card on the way did not come: said by the person, or by the calendar. */
  | { readonly kind: 'not_arrived' }
  /** These cards are to be replaced, whoever has them: a print run went wrong, a card key leaked. */
  | { readonly kind: 'recall'; readonly cardIds: ReadonlySet<string> }
  /** `guessedAt`: the card whose keys were tried, where that is why. Once it is blocked there is nothing more to do. */
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

/** What has to be saved, all or nothing. */
export interface CardDecision {
  readonly moves: readonly { readonly cardId: string; readonly move: CardMove }[];
  readonly order: { readonly replacesLost: boolean } | null;
  /** A new card was due, and there is nowhere to send it. */
  readonly isAddressMissing: boolean;
  readonly wait: { readonly cardId: string; readonly opensAt: Date } | null;
}

export type CardCommandResult = { readonly refused: CardRefusal } | CardDecision;

/** Reads the shelf, says what the deed means. */
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
      // A card that is used up has no keys left; a blocked one is another matter, and none follows it by itself.
      const isUsedUp = cardSet.cards.findLast(({ state }) => state !== 'void')?.state === 'used_up';
      const keysLeft = findActiveCardOf(cardSet)?.keysLeft ?? (isUsedUp ? 0 : null);
      return keysLeft === null ? { ...NO_CHANGE } : addRenewal(cardSet, command.threshold, keysLeft, []);
    }
    case 'order':
      if (cardSet.isBlocked) return { refused: 'id_blocked' };
      if (findCardOnTheWay(cardSet)) return { refused: 'on_the_way' };
      if (!cardSet.hasAddress) return { refused: 'no_address' };
      return { ...NO_CHANGE, order: { replacesLost: false } };
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
      // A card that only travels stays, while there is one in use to block: it can be used after the wait alone, with
      // notices. Where there is none in use, it is the one that is meant.
      const isAtRisk = nextCard && (!active || nextCard.activatesAt !== null);
      const meant = [active, isAtRisk ? nextCard : null].filter((card) => card !== null);
      const blocked = guessedAt ? cardSet.cards.filter(({ id }) => id === guessedAt) : meant;
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
 * A card is ordered when the keys left are at most the threshold and none is on the way. One that did not come is
 * replaced once by itself; when that one does not come either, somebody has to look: the desk.
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

function decideFirstKey(cardSet: CardSet, command: CardCommand & { kind: 'first_key' }): CardCommandResult {
  const card = findCardOnTheWay(cardSet);
  if (cardSet.isBlocked) return { refused: 'id_blocked' };
  if (card?.state !== 'sent') return { refused: 'no_card' };
  if (command.withOldKey) return composeActivation(cardSet, card);
  // With a card in use its key is asked for: this is the way for those who have none.
  if (findActiveCardOf(cardSet)) return { refused: 'no_card' };
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
