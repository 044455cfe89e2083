/**
 * A key as an answer: the row of tries is read, the key compared, and then judged with what comes of it, by the caller. Wrong
 * keys count for the identity, whichever card they were read from.
 */
import { isRightKey, parseKey, type KeyCard } from '../../core/keyCard.ts';
import {
  isLeftUndone,
  ladders,
  standing,
  type Attempts,
  type Ladder,
  type LockState,
} from '../../core/lockout.ts';
import type { FailureKind } from '../../core/signIn/failure.ts';
import type { Outcome } from '../../core/signIn.ts';
import type { Queryable } from '../../store/database.ts';
import {
  judgeTry,
  readTries,
  type JudgedTry,
  type LockNotice,
  type TryToJudge,
} from '../../store/signIn/judgedTries.ts';
import { BY_SYSTEM } from '../cardDeeds.ts';
import { block } from '../block.ts';
import { readKey, readKeyNumber } from '../readCard.ts';
import type { World } from '../world.ts';
import { noteFailure } from './failures.ts';
import { keySubject } from './triesOf.ts';

/** A card and key number as a page showed them, and what was typed. */
export interface GivenAnswer {
  readonly cardNumber: string;
  readonly keyNumber: string;
  readonly key: string;
}

export interface AskedKey {
  readonly card: KeyCard;
  readonly position: number;
  readonly key: string;
}

/** The key that must be given, if the page that was answered showed the challenge that stands; else null. */
export function keyAskedFor(world: World, card: KeyCard, given: GivenAnswer): AskedKey | null {
  const { challenge: position } = card;
  if (position === null || given.cardNumber !== card.cardNumber) return null;
  if (given.keyNumber !== readKeyNumber(world, card, position)) return null;
  return { card, position, key: readKey(world, card, position) };
}

/** Everything that the judging takes, but for the comparison, which comes last of all. */
export interface KeyToJudge {
  readonly identityId: string;
  readonly asked: AskedKey;
  /** Six digits. */
  readonly typed: string;
  readonly trying: Omit<TryToJudge, 'isRight'>;
  readonly notice: LockNotice;
  /** As what a wrong one is counted. */
  readonly failure: FailureKind;
}

interface KeyGiven {
  readonly identityId: string;
  readonly asked: AskedKey;
  readonly key: string;
  readonly form: Buffer;
  readonly failure?: FailureKind;
}

/**
 * @param form 16 bytes that only this form leads to; a form that cannot be sent twice draws them.
 * @returns an outcome where nothing is to be compared; `busy` while nodes of the version before have all tries in flight.
 */
export async function openTry(
  world: World,
  { identityId, asked, key, form, failure = 'key' }: KeyGiven,
  known?: { subject: Buffer | null; attempts: Attempts | null; now: Date },
): Promise<KeyToJudge | Outcome | 'busy'> {
  const { database, clock, dice } = world;
  const typed = parseKey(key);
  if (typed === null) return { kind: 'malformed_key' };
  const ladder = ladders(world.rules).key;
  const subject = known?.subject ?? keySubject(world, identityId);
  const read = known?.subject ? known : await readTries(database, subject);
  const now = new Date(read.now.getTime() + clock.offsetMs);
  const state = standing(read.attempts, ladder, now);
  switch (state.kind) {
    case 'open':
      return {
        identityId,
        asked,
        typed,
        trying: { subject, ladder, form, offsetMs: clock.offsetMs },
        notice: { identityId, noticeId: dice.uuid(), locked: 'keys_locked', wornOut: null },
        failure,
      };
    case 'busy':
      return 'busy';
    case 'locked':
      return { kind: 'locked', step: 'key', opensAt: state.opensAt };
    case 'worn_out':
      // The node of the answer that wore it out did not live to block the card.
      if (isLeftUndone(read.attempts, ladder, now)) await blockGuessed(world, identityId, asked.card);
      return { kind: 'card_blocked' };
  }
}

export function isRight({ asked, typed }: KeyToJudge): boolean {
  return isRightKey(typed, asked.key);
}

/** Within the transaction of what a right key leads to: its first statement. */
export async function judgeKey(db: Queryable, key: KeyToJudge): Promise<JudgedTry> {
  return await judgeTry(db, { ...key.trying, isRight: isRight(key) }, key.notice);
}

/** What a judged key that was not right leads to. `again`: it was judged before, and says what it said then. */
export async function afterJudged(
  world: World,
  { identityId, asked, trying: { ladder }, failure }: KeyToJudge,
  judged: JudgedTry,
): Promise<Outcome | 'busy' | 'again'> {
  const { verdict } = judged;
  if (verdict === 'busy' || verdict === 'again') return verdict;
  if (verdict === 'wrong') noteFailure(world, identityId, failure);
  const outcome = outcomeOf(judged, ladder);
  if (outcome.kind === 'card_blocked' && verdict === 'wrong')
    await blockGuessed(world, identityId, asked.card);
  return outcome;
}

/** How the row stands: what is mentioned of a form that was judged before, too. */
export function outcomeOf({ wrong, inARow, opensAt }: LockState, { limit, inARow: most }: Ladder): Outcome {
  if (most !== null && inARow >= most) return { kind: 'card_blocked' };
  if (wrong >= limit) return { kind: 'locked', step: 'key', opensAt };
  const left = Math.min(limit - wrong, (most ?? Number.POSITIVE_INFINITY) - inARow);
  return { kind: 'wrong_key', left, isLastRung: most !== null && inARow + left >= most };
}

/** Too many in a row. Of all who find that, one blocks the card. */
export async function blockGuessed(world: World, identityId: string, card: KeyCard): Promise<void> {
  await block(world, identityId, 'card', BY_SYSTEM, {
    cardId: card.id,
    subject: keySubject(world, identityId),
    ladder: ladders(world.rules).key,
  });
}
