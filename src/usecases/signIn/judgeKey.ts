/**
 * A key as an answer: counted, compared, and what a wrong one leads to. A right one is the caller's to spend. Wrong
 * keys count for the identity, whichever card they were read from.
 */
import { isRightKey, parseKey, type KeyCard } from '../../core/keyCard.ts';
import { isLeftUndone, ladders, standing, whyRefused, type Standing } from '../../core/lockout.ts';
import type { Outcome } from '../../core/signIn.ts';
import { countTry, judgeWrong } from '../../store/attempts.ts';
import { BY_SYSTEM } from '../cardDeeds.ts';
import { block } from '../block.ts';
import { readKey, readKeyNumber } from '../readCard.ts';
import type { World } from '../world.ts';

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

export type JudgedKey = { kind: 'right'; subject: Buffer } | { kind: 'busy' } | Outcome;

/** `busy`: five answers of this person are being judged right now; nothing was counted. */
export async function judgeKey(
  world: World,
  identityId: string,
  asked: AskedKey,
  typed: string,
): Promise<JudgedKey> {
  const { database, clock, dice } = world;
  const key = parseKey(typed);
  if (key === null) return { kind: 'malformed_key' };

  const now = clock.now();
  const ladder = ladders(world.rules).key;
  const subject = keySubject(world, identityId);
  const counted = await countTry(database, subject, ladder, now);
  if (counted.kind !== 'counted') {
    const attempts = counted.kind === 'refused' ? counted.attempts : null;
    const stands = whyRefused(attempts, ladder, now);
    if (stands.kind === 'worn_out' && !isLeftUndone(attempts, ladder, now)) return { kind: 'card_blocked' };
    return await afterWrong(world, identityId, asked.card, stands);
  }
  if (isRightKey(key, asked.key)) return { kind: 'right', subject };
  const told = { identityId, noticeId: dice.uuid(), locked: 'keys_locked', wornOut: null } as const;
  const attempts = await judgeWrong(database, subject, ladder, now, { told });
  const stands = standing(attempts, ladder, now);
  // Others of this person are being judged, but this one was judged wrong.
  if (stands.kind === 'busy') return { kind: 'wrong_key', left: 1, isLastRung: false };
  return await afterWrong(world, identityId, asked.card, stands);
}

async function afterWrong(
  world: World,
  identityId: string,
  card: KeyCard,
  stands: Standing,
): Promise<Outcome | { kind: 'busy' }> {
  switch (stands.kind) {
    case 'open':
      return { kind: 'wrong_key', left: stands.left, isLastRung: stands.isLastRung };
    case 'busy':
      return stands;
    case 'locked':
      return { kind: 'locked', step: 'key', opensAt: stands.opensAt };
    case 'worn_out':
      await block(world, identityId, 'card', BY_SYSTEM, {
        cardId: card.id,
        subject: keySubject(world, identityId),
        ladder: ladders(world.rules).key,
      });
      return { kind: 'card_blocked' };
  }
}

export function keySubject({ keyring }: World, identityId: string): Buffer {
  return keyring.hmac('attempts', `key of identity ${identityId}`);
}
