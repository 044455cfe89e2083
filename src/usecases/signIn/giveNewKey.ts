/**
 * The first key from a card that came by post. Right after a key of the old card it takes the new one into use.
 * Where there is no old card it begins a wait, with notices at once: a stolen letter and a known password must not
 * be enough in silence.
 */
import type { Outcome } from '../../core/signIn.ts';
import type { Queryable } from '../../store/database.ts';
import { lockOwner } from '../../store/cardLife.ts';
import { spendFirstKey } from '../../store/keyCards.ts';
import type { JudgedTry } from '../../store/signIn/judgedTries.ts';
import { notePasswordProven } from '../../store/signIn/passwordsWithoutKey.ts';
import { findSignIn, findSignInWithin, noteOutcome, skipNewCard } from '../../store/signIns.ts';
import { doCardDeedWithin } from '../cardDeeds.ts';
import {
  BUSY,
  holderKey,
  isSameKey,
  isTheirs,
  macOfFacts,
  type FormAnswer,
  type SentForm,
} from './holder.ts';
import {
  afterJudged,
  judgeKey,
  keyAskedFor,
  openTry,
  outcomeOf,
  type GivenAnswer,
  type KeyToJudge,
} from './judgeKey.ts';
import { isHeldBy } from './moveHolder.ts';
import { bringsItsSession } from './stepUpSession.ts';
import { interactionExpiry, interactionKey, isSignInOver, type World } from '../world.ts';

export interface GivenNewKey extends GivenAnswer {
  readonly interactionId: string;
  /** Of the session that the key raised in this browser, if it did. */
  readonly sessionUid: string | null;
  readonly sent: SentForm;
  /** The secret of the holder's cookie, if this browser has one. */
  readonly secret: string | null;
}

/** Somebody else was first, or the card went out of use meanwhile: nothing of the transaction is kept. */
class Stale extends Error {}

export type NewKeyAnswer = FormAnswer<'judged'>;

const NOT_THEIRS = { kind: 'judged', holds: false } as const;

/** `busy`: nodes of the version before are judging five answers of this person; nothing was counted. */
export async function giveNewKey(world: World, given: GivenNewKey): Promise<NewKeyAnswer> {
  const { database, clock } = world;
  const { interactionId, sent, secret } = given;
  const interaction = interactionKey(world, interactionId);

  const stored = await findSignIn(database, interaction);
  if (stored && isSameKey(stored.holder, sent.holder)) return { kind: 'again', holds: true };
  if (stored?.isAnswered) return { kind: 'again', holds: false };
  if (!stored?.identity || stored.comingCard?.state !== 'sent') return NOT_THEIRS;
  const now = new Date(stored.now.getTime() + clock.offsetMs);
  if (isSignInOver(stored.stepAt, now) || !isTheirs(world, interactionId, secret, stored)) return NOT_THEIRS;
  if (!bringsItsSession(stored, given.sessionUid)) return NOT_THEIRS;
  const note = {
    typedNameSealed: null,
    now,
    expiresAt: interactionExpiry(now),
    formerHolder: secret === null ? null : holderKey(world, interactionId, secret),
    holder: sent.holder,
    mac: macOfFacts(world, interactionId, stored.facts, sent.holder),
  };
  const mention = async (outcome: Outcome | null) => {
    const holds = await noteOutcome(database, interaction, { ...note, outcome });
    return { kind: 'judged', holds } as const;
  };
  const asked = keyAskedFor(world, stored.comingCard, given);
  // With a card in use its key comes first.
  if (!asked || (stored.card && !stored.factors.has('card_key'))) return await mention({ kind: 'stale_key' });
  const identityId = stored.identity.id;
  const known = { ...stored.keyTries, now: stored.now };
  const key = await openTry(world, { identityId, asked, key: given.key, form: sent.form }, known);
  if (key === 'busy') return BUSY;
  if ('kind' in key) return await mention(key);
  try {
    const judged = await database.transaction(async (db) => {
      const tried = await judgeKey(db, key);
      if (tried.verdict === 'right') {
        await take(world, db, interaction, key);
        const holds = await noteOutcome(db, interaction, { ...note, outcome: null });
        if (!holds) throw new Stale('another browser holds the sign-in');
      }
      return tried;
    });
    return await answer(world, { key, judged, mention, isHeld: () => isHeldBy(world, interactionId, sent) });
  } catch (error) {
    if (!(error instanceof Stale)) throw error;
    return await mention({ kind: 'stale_key' });
  }
}

interface Judged {
  readonly key: KeyToJudge;
  readonly judged: JudgedTry;
  readonly mention: (outcome: Outcome | null) => Promise<NewKeyAnswer>;
  readonly isHeld: () => Promise<boolean>;
}

async function answer(world: World, { key, judged, mention, isHeld }: Judged): Promise<NewKeyAnswer> {
  if (judged.verdict === 'right') return { kind: 'judged', holds: true };
  const outcome = await afterJudged(world, key, judged);
  if (outcome === 'busy') return BUSY;
  if (outcome !== 'again') return await mention(outcome);
  // The first of two at once has judged it and may not have noted it yet: whichever is faster does.
  if (await isHeld()) return { kind: 'again', holds: true };
  return await mention(judged.wrong > 0 ? outcomeOf(judged, key.trying.ladder) : null);
}

/** The key is spent and the card moved. @throws Stale */
async function take(
  world: World,
  db: Queryable,
  interaction: Buffer,
  { identityId, asked }: KeyToJudge,
): Promise<void> {
  const { clock, rules } = world;
  const opensAt = new Date(clock.now().getTime() + rules.waitHours * 3_600_000);
  await lockOwner(db, identityId);
  // Read again under the lock: a block that is acknowledged by now has ended this sign-in.
  const current = await findSignInWithin(db, interaction);
  if (current?.identity?.id !== identityId || current.isAnswered) throw new Stale('the sign-in is over');
  const spending = { cardId: asked.card.id, identityId, position: asked.position };
  if (!(await spendFirstKey(db, spending))) throw new Stale('the key is not asked for any more');
  const command = { kind: 'first_key', withOldKey: current.factors.has('card_key'), opensAt } as const;
  const done = await doCardDeedWithin(world, db, identityId, command, { by: 'person' });
  if (done !== 'done') throw new Stale(done);
  await notePasswordProven(db, interaction, identityId);
}

/** The person goes on without the new card. */
export async function goOnWithoutNewCard(world: World, interactionId: string): Promise<void> {
  const now = world.clock.now();
  const expiresAt = interactionExpiry(now);
  await skipNewCard(world.database, interactionKey(world, interactionId), { now, expiresAt });
}
