/**
 * A key from the card is given. An answer to a number that is no longer the challenge is neither judged nor
 * counted; only wrong answers count; a right one is spent by one conditional UPDATE, judged by its rows.
 */
import { setTimeout } from 'node:timers/promises';
import { isRightKey, parseKey, type CardContents, type KeyCard } from '../core/keyCard.ts';
import { KEY_LADDER, standing } from '../core/lockout.ts';
import type { Outcome } from '../core/signIn.ts';
import { countTry, giveTryBack, judgeWrong } from '../store/attempts.ts';
import { appendEvent } from '../store/auditLog.ts';
import { DatabaseAway } from '../store/database.ts';
import { burnPendingKey, spendKey, type Spending } from '../store/keyCards.ts';
import { findSignIn, noteOutcome } from '../store/signIns.ts';
import { readCard } from './readCard.ts';
import { interactionExpiry, interactionKey, type World } from './world.ts';

export interface GivenKey {
  readonly interactionId: string;
  readonly clientId: string;
  /** The card and the key number that the page showed. */
  readonly cardNumber: string;
  readonly keyNumber: string;
  /** As typed or pasted. */
  readonly key: string;
}

/** `busy`: five answers of this person are being judged right now; nothing was counted. */
export async function giveKey(world: World, given: GivenKey): Promise<'judged' | 'busy'> {
  const { database, clock } = world;
  const now = clock.now();
  const interaction = interactionKey(world, given.interactionId);
  const note = async (outcome: Outcome) => {
    await noteOutcome(database, interaction, {
      outcome,
      typedNameSealed: null,
      now,
      expiresAt: interactionExpiry(now),
    });
    return 'judged' as const;
  };

  const stored = await findSignIn(database, interaction);
  if (!stored?.identity || stored.signedInAt) return 'judged';
  const asked = stored.card && challengeAsked(world, stored.card, given);
  if (!asked) return await note({ kind: 'stale_key' });
  const key = parseKey(given.key);
  if (key === null) return await note({ kind: 'malformed_key' });

  const identityId = stored.identity.id;
  const subject = world.keyring.hmac('attempts', `key of identity ${identityId}`);
  const counted = await countTry(database, subject, KEY_LADDER, now);
  if (!counted.counted) {
    const stands = standing(counted.attempts, KEY_LADDER, now);
    if (stands.kind !== 'locked') return 'busy';
    return await note({ kind: 'locked', step: 'key', opensAt: stands.opensAt });
  }

  if (!isRightKey(key, asked.key)) {
    const stands = await database.transaction(async (db) => {
      const judged = standing(await judgeWrong(db, subject, KEY_LADDER, now), KEY_LADDER, now);
      if (judged.kind === 'locked') await appendEvent(db, { kind: 'keys_locked', identityId, details: {} });
      return judged;
    });
    if (stands.kind !== 'locked') return await note({ kind: 'wrong_key' });
    return await note({ kind: 'locked', step: 'key', opensAt: stands.opensAt });
  }

  const { id: cardId, cardNumber } = asked.card;
  const event = { kind: 'signed_in', details: { clientId: given.clientId, cardNumber } };
  const expiresAt = interactionExpiry(now);
  const { position } = asked;
  const spending = { identityId, cardId, position, interaction, subject, event, now, expiresAt };
  if (await spendOrBurn(world, spending, cardNumber)) return 'judged';
  await giveTryBack(database, subject);
  return await note({ kind: 'stale_key' });
}

/** The key that must be given, if the page that was answered showed the challenge that stands; else null. */
function challengeAsked(world: World, card: KeyCard, given: GivenKey) {
  const contents: CardContents = readCard(world, card);
  const { challenge: position } = card;
  if (position === null || given.cardNumber !== card.cardNumber) return null;
  if (given.keyNumber !== contents.keyNumbers[position]) return null;
  const key = contents.keys[position];
  return key === undefined ? null : { card, position, key };
}

/**
 * A connection lost during the commit is neither yes nor no. The key is burnt if it is still pending, so that it
 * can never be given twice; if it had been spent, the sign-in has it and goes on.
 */
async function spendOrBurn(world: World, spending: Spending, cardNumber: string): Promise<boolean> {
  try {
    return await spendKey(world.database, spending);
  } catch (error) {
    if (!(error instanceof DatabaseAway && error.isUnknown)) throw error;
    return await Promise.race([burn(world, spending, cardNumber), giveUpAfter(BURN_MS, error)]);
  }
}

/** The person has waited already; a burning that comes later than this still holds, but they do not wait for it. */
const BURN_MS = 400;

async function burn(world: World, spending: Spending, cardNumber: string): Promise<boolean> {
  const event = { kind: 'key_burnt', details: { cardNumber } };
  await burnPendingKey(world.database, { ...spending, event });
  const now = await findSignIn(world.database, spending.interaction);
  return now?.signedInAt != null;
}

async function giveUpAfter(ms: number, error: Error): Promise<never> {
  await setTimeout(ms, undefined, { ref: false });
  throw error;
}
