/**
 * A key from the card is given. An answer to a number that is no longer the challenge is neither judged nor
 * counted; only wrong answers count; a right one is spent by one conditional UPDATE, judged by its rows.
 */
import { setTimeout } from 'node:timers/promises';
import { keysLeft } from '../../core/keyCard.ts';
import type { Outcome } from '../../core/signIn.ts';
import { giveTryBack } from '../../store/attempts.ts';
import { lockOwner } from '../../store/cardLife.ts';
import { DatabaseAway, type Queryable } from '../../store/database.ts';
import { burnPendingKey, spendKey, type Spending, type Spent } from '../../store/keyCards.ts';
import { findSignIn, noteOutcome } from '../../store/signIns.ts';
import { BY_SYSTEM, doCardDeed, doCardDeedWithin } from '../cardDeeds.ts';
import { judgeKey, keyAskedFor, type GivenAnswer } from './judgeKey.ts';
import type { Visit } from '../../core/selfService/seen.ts';
import { browserKey } from '../knownBrowser.ts';
import { sealSeen } from '../seen.ts';
import { bringsItsSession } from './stepUpSession.ts';
import { interactionExpiry, interactionKey, isSignInOver, type World } from '../world.ts';

export interface GivenKey extends GivenAnswer {
  readonly interactionId: string;
  /** Of the session that the key raises in this browser, if it does. */
  readonly sessionUid: string | null;
  readonly clientId: string;
  /** What the cookie of this browser will hold, if the person calls it their own; never what it held before. */
  readonly ownBrowser: string | null;
  /** What it holds, if anything. */
  readonly browser: string | null;
  readonly visit: Visit;
}

/** `busy`: five answers of this person are being judged right now; nothing was counted. */
export async function giveKey(world: World, given: GivenKey): Promise<'judged' | 'signed_in' | 'busy'> {
  const { database, clock, dice } = world;
  const now = clock.now();
  const expiresAt = interactionExpiry(now);
  const interaction = interactionKey(world, given.interactionId);
  const note = async (outcome: Outcome) => {
    await noteOutcome(database, interaction, { outcome, typedNameSealed: null, now, expiresAt });
    return 'judged' as const;
  };

  const stored = await findSignIn(database, interaction);
  if (!stored?.identity || stored.withKey || stored.isAnswered || isSignInOver(stored.stepAt, now)) {
    return 'judged';
  }
  if (!bringsItsSession(stored, given.sessionUid)) return 'judged';
  const asked = stored.card && keyAskedFor(world, stored.card, given);
  if (!asked) return await note({ kind: 'stale_key' });

  const identityId = stored.identity.id;
  const judged = await judgeKey(world, identityId, asked, given.key);
  if (judged.kind === 'busy') return 'busy';
  if (judged.kind !== 'right') return await note(judged);

  const { clientId } = given;
  const { id: cardId, cardNumber } = asked.card;
  const { subject } = judged;
  const spending: Spending = {
    identityId,
    cardId,
    position: asked.position,
    interaction,
    subject,
    event: {
      kind: 'signed_in',
      details: { clientId, cardNumber, ...sealSeen(world.keyring, stored.logSalt, given.visit) },
    },
    now,
    expiresAt,
    ownBrowser: given.ownBrowser === null ? null : browserKey(world, given.ownBrowser),
    formerBrowser: given.browser === null ? null : browserKey(world, given.browser),
    // Told when the session began, where this raises one.
    notice:
      stored.knownBrowser || stored.isStepUp
        ? null
        : { id: dice.uuid(), details: { relyingParty: clientId, at: now.toISOString() } },
  };
  const willBeLeft = keysLeft(asked.card.spent) - 1;
  const isLow = willBeLeft <= stored.identity.threshold;
  const spend = () => (isLow ? spendAndRenew(world, spending) : spendOne(world, spending));
  if (await spendOrBurn(world, spending, spend, cardNumber)) return 'signed_in';
  await giveTryBack(database, subject);
  return await note({ kind: 'stale_key' });
}

/** One statement, for the many keys after which nothing has to be ordered. */
async function spendOne(world: World, spending: Spending): Promise<Spent | null> {
  const spent = await spendKey(world.database, spending);
  // The threshold was raised while we were on our way: what it means is judged now.
  if (spent && spent.keysLeft <= spent.threshold) {
    await doCardDeed(world, spending.identityId, { kind: 'key_spent' }, BY_SYSTEM);
  }
  return spent;
}

/** The spending and what it leads to: the last key uses the card up, few keys order a new one. All or nothing. */
async function spendAndRenew(world: World, spending: Spending): Promise<Spent | null> {
  return await world.database.transaction(async (db: Queryable) => {
    // The owner first, as everywhere: a lock that is raised half-way would meet another one coming.
    await lockOwner(db, spending.identityId);
    const spent = await spendKey(db, spending);
    if (spent) await doCardDeedWithin(world, db, spending.identityId, { kind: 'key_spent' }, BY_SYSTEM);
    return spent;
  });
}

/**
 * A connection lost during the commit is neither yes nor no. The key is burnt if it is still pending, so that it
 * can never be given twice; if it had been spent, the sign-in has it and goes on.
 */
async function spendOrBurn(
  world: World,
  spending: Spending,
  spend: () => Promise<Spent | null>,
  cardNumber: string,
): Promise<boolean> {
  try {
    return (await spend()) !== null;
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
  // A burnt key is a key less: the last one uses the card up, and few order a new one.
  await doCardDeed(world, spending.identityId, { kind: 'key_spent' }, BY_SYSTEM);
  const now = await findSignIn(world.database, spending.interaction);
  return now?.signedInAt != null;
}

async function giveUpAfter(ms: number, error: Error): Promise<never> {
  await setTimeout(ms, undefined, { ref: false });
  throw error;
}
