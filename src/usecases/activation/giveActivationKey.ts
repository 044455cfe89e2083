/**
 * Step 2: a key of the card in use; where there is none, of the card that was sent, which is in use from then on. It
 * need not wait as at a sign-in: the temporary password came in another letter, on another day. The cookie is
 * renewed with it: a copy from before the key is worth nothing.
 */
import { nextActivationStep } from '../../core/issuing/activation.ts';
import { findActivation, noteStep, spendKeyAtActivation } from '../../store/issuing/activations.ts';
import { appendEvent } from '../../store/auditLog.ts';
import { lockOwner } from '../../store/cardLife.ts';
import { DatabaseAway, type Queryable } from '../../store/database.ts';
import { burnPendingKey } from '../../store/keyCards.ts';
import type { ActivationOutcome } from '../../core/issuing/activation.ts';
import { BY_SYSTEM, doCardDeed, doCardDeedWithin } from '../cardDeeds.ts';
import {
  afterJudged,
  judgeKey,
  keyAskedFor,
  openTry,
  type AskedKey,
  type GivenAnswer,
} from '../signIn/judgeKey.ts';
import type { World } from '../world.ts';
import { activationKey, drawActivation, renewActivation } from './activationKey.ts';

export interface GivenActivationKey extends GivenAnswer {
  readonly activation: string;
  /** Of the page that the key was typed on: its form is one try. Null of a page of the version before. */
  readonly nonce: string | null;
}

/** What the cookie has to hold from now on. */
interface Renewed {
  readonly renewed: string;
}

/** The same form, sent again within this time, gets the same answer: the first one may have been lost. */
const REPEAT_MS = 60_000;

/** Somebody else was first, or it was ended meanwhile: nothing of the transaction is kept. */
class Stale extends Error {}

interface Taking {
  readonly id: Buffer;
  /** Under which it goes on. */
  readonly renewedId: Buffer;
  readonly identityId: string;
  readonly asked: AskedKey;
  readonly isFirst: boolean;
}

/** `busy`: five answers of this person are being judged right now; nothing was counted. */
export async function giveActivationKey(
  world: World,
  given: GivenActivationKey,
): Promise<'judged' | 'busy' | Renewed> {
  const { database, clock } = world;
  const now = clock.now();
  const id = activationKey(world, given.activation);
  const note = async (outcome: ActivationOutcome) => {
    await noteStep(database, id, { outcome, typedSealed: null, now });
    return 'judged' as const;
  };
  const step = nextActivationStep(await findActivation(database, id), now);
  if (step.page !== 'key') return (await findRepeated(world, given)) ?? 'judged';
  const asked = keyAskedFor(world, step.card, given);
  if (!asked) return await note({ kind: 'stale_key' });

  const identityId = step.identity.id;
  const renewed = renewedBy(world, given) ?? drawActivation(world);
  const renewedId = activationKey(world, renewed);
  const form = renewedId.subarray(0, 16);
  const key = await openTry(world, {
    identityId,
    asked,
    key: given.key,
    form,
    failure: 'activation_key',
  });
  if (key === 'busy') return 'busy';
  if ('kind' in key) return await note(key);
  try {
    const judged = await database.transaction(async (db) => {
      const tried = await judgeKey(db, key);
      const { isFirst } = step;
      if (tried.verdict === 'right') await take(world, db, { id, renewedId, identityId, asked, isFirst });
      return tried;
    });
    if (judged.verdict === 'right') return { renewed };
    const outcome = await afterJudged(world, key, judged);
    if (outcome === 'busy') return 'busy';
    if (outcome === 'again') return (await findRepeated(world, given)) ?? 'judged';
    return await note(outcome);
  } catch (error) {
    if (error instanceof DatabaseAway && error.isUnknown) {
      await burn(world, identityId, asked);
      return (await findActivation(database, renewedId)) ? { renewed } : 'judged';
    }
    if (!(error instanceof Stale)) throw error;
    return (await findRepeated(world, given)) ?? (await note({ kind: 'stale_key' }));
  }
}

/** The same form came before, and was right: its answer was lost, or the button was pressed twice. */
export async function findRepeated(world: World, given: GivenActivationKey): Promise<Renewed | null> {
  const renewed = renewedBy(world, given);
  if (renewed === null) return null;
  const stored = await findActivation(world.database, activationKey(world, renewed));
  if (!stored?.keyGivenAt) return null;
  const sinceMs = world.clock.now().getTime() - stored.keyGivenAt.getTime();
  return sinceMs <= REPEAT_MS ? { renewed } : null;
}

function renewedBy(world: World, given: GivenActivationKey): string | null {
  const { activation, nonce, cardNumber, keyNumber, key } = given;
  if (!nonce) return null;
  return renewActivation(world, { activation, nonce, typed: [cardNumber, keyNumber, key] });
}

/** The key is spent and what follows from that is done, or nothing is. @throws Stale */
async function take(
  world: World,
  db: Queryable,
  { id, renewedId, identityId, asked, isFirst }: Taking,
): Promise<void> {
  const now = world.clock.now();
  const { card, position } = asked;
  await lockOwner(db, identityId);
  const state = isFirst ? 'sent' : 'active';
  const isSpent = await spendKeyAtActivation(db, id, { cardId: card.id, position, state, now, renewedId });
  if (!isSpent) throw new Stale('the key is not asked for any more');
  const details = { cardNumber: card.cardNumber };
  await appendEvent(db, { kind: 'activation_key_given', identityId, details });
  const done = isFirst
    ? await doCardDeedWithin(
        world,
        db,
        identityId,
        { kind: 'first_key', withOldKey: true, opensAt: now },
        { by: 'person' },
      )
    : await doCardDeedWithin(world, db, identityId, { kind: 'key_spent' }, BY_SYSTEM);
  if (done !== 'done') throw new Stale(done);
}

/** A connection lost during the commit is neither yes nor no: a key still pending is burnt, and another is drawn. */
async function burn(world: World, identityId: string, { card, position }: AskedKey): Promise<void> {
  const event = { kind: 'key_burnt', details: { cardNumber: card.cardNumber } };
  await burnPendingKey(world.database, { cardId: card.id, position, event });
  await doCardDeed(world, identityId, { kind: 'key_spent' }, BY_SYSTEM);
}
