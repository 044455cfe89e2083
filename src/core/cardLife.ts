/**
 * The life of a card: its states, what moves it from one to the next, and what a deed means for all the cards of a
 * person at once. A deed is decided whole here; usecases/ save the decision in one transaction, judged by rows.
 *
 *   ordered -> sent -> active -> used_up | replaced
 *      blocked and void can be reached from wherever there still is something to lose.
 */
import { THRESHOLD } from './rules.ts';

export const CARD_STATES = ['ordered', 'sent', 'active', 'used_up', 'replaced', 'blocked', 'void'] as const;
export type CardState = (typeof CARD_STATES)[number];

export const CARD_MOVES = ['send', 'activate', 'use_up', 'replace', 'block', 'lose'] as const;
export type CardMove = (typeof CARD_MOVES)[number];

const MOVES: Record<CardMove, { readonly from: readonly CardState[]; readonly to: CardState }> = {
  send: { from: ['ordered'], to: 'sent' },
  activate: { from: ['sent'], to: 'active' },
  use_up: { from: ['active'], to: 'used_up' },
  replace: { from: ['active'], to: 'replaced' },
  block: { from: ['ordered', 'sent', 'active'], to: 'blocked' },
  lose: { from: ['ordered', 'sent'], to: 'void' },
};

/** Where a move leads; null when it cannot be made from there. Total: every state has an answer to every move. */
export function transition(state: CardState, by: CardMove): CardState | null {
  return MOVES[by].from.includes(state) ? MOVES[by].to : null;
}

/** What SQL is told of a move: it changes a card that is in one of these states, or nothing. */
export function moveOf(name: CardMove): { readonly from: readonly CardState[]; readonly to: CardState } {
  return MOVES[name];
}

/** A card as far as its life is concerned. */
export interface CardStanding {
  readonly id: string;
  readonly state: CardState;
  readonly keysLeft: number;
  /** It was ordered because the one before did not come. */
  readonly replacesLost: boolean;
  /** Its first key was given without one of an old card: it may be used from then on. */
  readonly activatesAt: Date | null;
}

/** All that decides what becomes of a person's cards. */
export interface Shelf {
  readonly isBlocked: boolean;
  /** Keys left at which a new card is ordered. */
  readonly threshold: number;
  readonly hasAddress: boolean;
  /** In the order in which they were ordered; older ones that are over may be left out. */
  readonly cards: readonly CardStanding[];
}

export type Deed =
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
export interface Decision {
  readonly moves: readonly { readonly cardId: string; readonly move: CardMove }[];
  readonly order: { readonly replacesLost: boolean } | null;
  /** A new card was due, and there is nowhere to send it. */
  readonly lacksAddress: boolean;
  readonly wait: { readonly cardId: string; readonly opensAt: Date } | null;
}

export type Decided = { readonly refused: CardRefusal } | Decision;

/** Reads the shelf, says what the deed means. */
export function decide(shelf: Shelf, deed: Deed): Decided {
  switch (deed.kind) {
    case 'key_spent': {
      const active = activeCard(shelf);
      if (!active) return { refused: 'no_card' };
      const moves = active.keysLeft === 0 ? [move(active, 'use_up')] : [];
      return withRenewal(shelf, shelf.threshold, active.keysLeft, moves);
    }
    case 'first_key':
      return decideFirstKey(shelf, deed);
    case 'end_wait': {
      const card = onTheWay(shelf);
      if (!card?.activatesAt || shelf.isBlocked) return { refused: 'not_waiting' };
      if (!deed.skip && card.activatesAt > deed.now) return { refused: 'waiting' };
      return activation(shelf, card);
    }
    case 'set_threshold': {
      const { least, most } = THRESHOLD;
      const isInRange = Number.isInteger(deed.threshold) && deed.threshold >= least && deed.threshold <= most;
      if (!isInRange) return { refused: 'threshold_out_of_range' };
      if (shelf.isBlocked) return { refused: 'id_blocked' };
      // A card that is used up has no keys left; a blocked one is another matter, and none follows it by itself.
      const isUsedUp = shelf.cards.findLast(({ state }) => state !== 'void')?.state === 'used_up';
      const keysLeft = activeCard(shelf)?.keysLeft ?? (isUsedUp ? 0 : null);
      return keysLeft === null ? { ...NOTHING } : withRenewal(shelf, deed.threshold, keysLeft, []);
    }
    case 'order':
      if (shelf.isBlocked) return { refused: 'id_blocked' };
      if (onTheWay(shelf)) return { refused: 'on_the_way' };
      if (!shelf.hasAddress) return { refused: 'no_address' };
      return { ...NOTHING, order: { replacesLost: false } };
    case 'not_arrived': {
      const card = onTheWay(shelf);
      if (!card || card.state !== 'sent') return { refused: 'not_on_the_way' };
      if (card.activatesAt) return { refused: 'waiting' };
      const again = !card.replacesLost && !shelf.isBlocked;
      const order = again && shelf.hasAddress ? { replacesLost: true } : null;
      return { ...NOTHING, moves: [move(card, 'lose')], order, lacksAddress: again && !order };
    }
    case 'recall': {
      const coming = onTheWay(shelf);
      const isLost = coming !== null && deed.cardIds.has(coming.id);
      if (!isLost && !deed.cardIds.has(activeCard(shelf)?.id ?? '')) return { refused: 'not_recalled' };
      if (shelf.isBlocked) return { refused: 'id_blocked' };
      if (coming && !isLost) return { refused: 'on_the_way' };
      if (!shelf.hasAddress) return { refused: 'no_address' };
      const moves = isLost ? [move(coming, 'lose')] : [];
      return { ...NOTHING, moves, order: { replacesLost: false } };
    }
    case 'block_card': {
      const active = activeCard(shelf);
      const coming = onTheWay(shelf);
      const { guessedAt } = deed;
      // A card that only travels stays, while there is one in use to block: it can be used after the wait alone, with
      // notices. Where there is none in use, it is the one that is meant.
      const isAtRisk = coming && (!active || coming.activatesAt !== null);
      const meant = [active, isAtRisk ? coming : null].filter((card) => card !== null);
      const blocked = guessedAt ? shelf.cards.filter(({ id }) => id === guessedAt) : meant;
      const moves = blocked.filter(({ state }) => transition(state, 'block') !== null);
      if (moves.length > 0) return { ...NOTHING, moves: moves.map((card) => move(card, 'block')) };
      const hasBlocked = shelf.cards.some(({ state }) => state === 'blocked');
      return { refused: hasBlocked ? 'already_blocked' : 'no_card' };
    }
    case 'block_identity': {
      if (shelf.isBlocked) return { refused: 'already_blocked' };
      const alive = shelf.cards.filter(({ state }) => transition(state, 'block') !== null);
      return { ...NOTHING, moves: alive.map((card) => move(card, 'block')) };
    }
  }
}

const NOTHING: Decision = { moves: [], order: null, lacksAddress: false, wait: null };

/**
 * A card is ordered when the keys left are at most the threshold and none is on the way. One that did not come is
 * replaced once by itself; when that one does not come either, somebody has to look: the desk.
 */
export function isRenewalDue(shelf: Shelf, threshold: number, keysLeft: number): boolean {
  const newest = shelf.cards.at(-1);
  const lostTwice = newest?.state === 'void' && newest.replacesLost;
  return !shelf.isBlocked && !onTheWay(shelf) && !lostTwice && keysLeft <= threshold;
}

function withRenewal(shelf: Shelf, threshold: number, keysLeft: number, moves: Decision['moves']): Decision {
  const isDue = isRenewalDue(shelf, threshold, keysLeft);
  const order = isDue && shelf.hasAddress ? { replacesLost: false } : null;
  return { ...NOTHING, moves, order, lacksAddress: isDue && !order };
}

function decideFirstKey(shelf: Shelf, deed: Deed & { kind: 'first_key' }): Decided {
  const card = onTheWay(shelf);
  if (shelf.isBlocked) return { refused: 'id_blocked' };
  if (card?.state !== 'sent') return { refused: 'no_card' };
  if (deed.withOldKey) return activation(shelf, card);
  // With a card in use its key is asked for: this is the way for those who have none.
  if (activeCard(shelf)) return { refused: 'no_card' };
  if (card.activatesAt) return { refused: 'waiting' };
  return { ...NOTHING, wait: { cardId: card.id, opensAt: deed.opensAt } };
}

function activation(shelf: Shelf, card: CardStanding): Decision {
  const old = activeCard(shelf);
  const moves = [...(old ? [move(old, 'replace')] : []), move(card, 'activate')];
  const rest = shelf.cards.filter(({ id }) => id !== card.id && id !== old?.id);
  const after = [...rest, { ...card, state: 'active' as const }];
  return withRenewal({ ...shelf, cards: after }, shelf.threshold, card.keysLeft, moves);
}

function move({ id }: CardStanding, what: CardMove) {
  return { cardId: id, move: what };
}

export function activeCard({ cards }: Shelf): CardStanding | null {
  return cards.find(({ state }) => state === 'active') ?? null;
}

export function onTheWay({ cards }: Shelf): CardStanding | null {
  return cards.find(({ state }) => state === 'ordered' || state === 'sent') ?? null;
}
