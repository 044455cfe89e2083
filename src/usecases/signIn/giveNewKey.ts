/**
 * The first key from a card that came by post. Right after a key of the old card it takes the new one into use.
 * Where there is no old card it begins a wait, with notices at once: a stolen letter and a known password must not
 * be enough in silence.
 */
import type { Outcome } from '../../core/signIn.ts';
import { forgiveTries, giveTryBack } from '../../store/attempts.ts';
import { lockOwner } from '../../store/cardLife.ts';
import { spendFirstKey } from '../../store/keyCards.ts';
import { notePasswordProven } from '../../store/notices.ts';
import { clearOutcome, findSignIn, findSignInWithin, noteOutcome, skipNewCard } from '../../store/signIns.ts';
import { doCardDeedWithin } from '../cardDeeds.ts';
import { judgeKey, keyAskedFor, type AskedKey, type GivenAnswer } from './judgeKey.ts';
import { bringsItsSession } from './stepUpSession.ts';
import { interactionExpiry, interactionKey, isSignInOver, type World } from '../world.ts';

export interface GivenNewKey extends GivenAnswer {
  readonly interactionId: string;
  /** Of the session that the key raised in this browser, if it did. */
  readonly sessionUid: string | null;
}

/** Somebody else was first, or the card went out of use meanwhile: nothing of the transaction is kept. */
class Stale extends Error {}

/** `busy`: five answers of this person are being judged right now; nothing was counted. */
export async function giveNewKey(world: World, given: GivenNewKey): Promise<'judged' | 'busy'> {
  const { database, clock } = world;
  const now = clock.now();
  const expiresAt = interactionExpiry(now);
  const interaction = interactionKey(world, given.interactionId);
  const note = async (outcome: Outcome) => {
    await noteOutcome(database, interaction, { outcome, typedNameSealed: null, now, expiresAt });
    return 'judged' as const;
  };

  const stored = await findSignIn(database, interaction);
  if (!stored?.identity || stored.comingCard?.state !== 'sent') return 'judged';
  if (stored.isAnswered || isSignInOver(stored.stepAt, now)) return 'judged';
  if (!bringsItsSession(stored, given.sessionUid)) return 'judged';
  const asked = keyAskedFor(world, stored.comingCard, given);
  // With a card in use its key comes first.
  if (!asked || (stored.card && !stored.withKey)) return await note({ kind: 'stale_key' });
  const identityId = stored.identity.id;
  const judged = await judgeKey(world, identityId, asked, given.key);
  if (judged.kind === 'busy') return 'busy';
  if (judged.kind !== 'right') return await note(judged);
  try {
    await take(world, interaction, identityId, asked);
  } catch (error) {
    if (!(error instanceof Stale)) throw error;
    await giveTryBack(database, judged.subject);
    return await note({ kind: 'stale_key' });
  }
  await forgiveTries(database, judged.subject);
  await clearOutcome(database, interaction, { now, expiresAt });
  return 'judged';
}

/** The key is spent and the card moved, or nothing is. @throws Stale */
async function take(world: World, interaction: Buffer, identityId: string, asked: AskedKey): Promise<void> {
  const { database, clock, rules } = world;
  const opensAt = new Date(clock.now().getTime() + rules.waitHours * 3_600_000);
  await database.transaction(async (db) => {
    await lockOwner(db, identityId);
    // Read again under the lock: a block that is acknowledged by now has ended this sign-in.
    const current = await findSignInWithin(db, interaction);
    if (current?.identity?.id !== identityId || current.isAnswered) throw new Stale('the sign-in is over');
    const spending = { cardId: asked.card.id, identityId, position: asked.position };
    if (!(await spendFirstKey(db, spending))) throw new Stale('the key is not asked for any more');
    const deed = { kind: 'first_key', withOldKey: current.withKey, opensAt } as const;
    const done = await doCardDeedWithin(world, db, identityId, deed, { by: 'person' });
    if (done !== 'done') throw new Stale(done);
    await notePasswordProven(db, interaction);
  });
}

/** The person goes on without the new card. */
export async function goOnWithoutNewCard(world: World, interactionId: string): Promise<void> {
  const now = world.clock.now();
  const expiresAt = interactionExpiry(now);
  await skipNewCard(world.database, interactionKey(world, interactionId), { now, expiresAt });
}
