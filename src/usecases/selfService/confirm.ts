/**
 * A key is given for a change. It is spent, and the change is made, in one transaction under the lock of the
 * owner: a change that is refused has spent no key, unless the refusal says what others have. Of all that
 * answer at once one does it.
 */
import type { ConfirmationOutcome } from '../../core/selfService/confirmation.ts';
import { costsKey, endsOthers, type DeedRefusal, type SelfDeed } from '../../core/selfService/deed.ts';
import type { Visit } from '../../core/selfService/seen.ts';
import { appendEvent } from '../../store/auditLog.ts';
import { queueBackchannelLogouts, queueMissedLogouts } from '../../store/backchannelLogouts.ts';
import { endIdentity, lockOwner } from '../../store/cardLife.ts';
import { DatabaseAway, type Queryable } from '../../store/database.ts';
import { burnPendingKey } from '../../store/keyCards.ts';
import { keepOwnSession } from '../../store/ownSite/ownSessions.ts';
import {
  findConfirmation,
  noteConfirmation,
  noteRefused,
  spendKeyForDeed,
  type Asker,
} from '../../store/selfService/confirmations.ts';
import { BY_SYSTEM, doCardDeed, doCardDeedWithin } from '../cardDeeds.ts';
import { resetPasswordTries } from '../../store/signIn/judgedTries.ts';
import { passwordSubject } from '../signIn/triesOf.ts';
import { sealSeen, type SealedSeen } from '../seen.ts';
import {
  afterJudged,
  judgeKey,
  keyAskedFor,
  openTry,
  type AskedKey,
  type GivenAnswer,
} from '../signIn/judgeKey.ts';
import type { World } from '../world.ts';
import { nextConfirmationStep } from '../../core/selfService/confirmation.ts';
import { fillAllUserIdForms } from '../userId/forms.ts';
import { carryOut } from './carryOut.ts';
import { openProposed } from './propose.ts';

/** Somebody was first, or the session is over: nothing of the transaction is kept. */
class Stale extends Error {}

/** The deed cannot be done as things stand: nothing of the transaction is kept, the key neither. */
class Refused extends Error {
  readonly why: DeedRefusal;
  constructor(why: DeedRefusal) {
    super(why);
    this.why = why;
  }
}

interface Confirming {
  readonly id: string;
  readonly asker: Asker;
  readonly deed: SelfDeed;
  readonly asked: AskedKey;
  readonly seen: SealedSeen;
}

export interface GivenConfirmation extends GivenAnswer {
  readonly visit: Visit;
  /** Of the page: its form, sent twice, is one try. Null of a page of the version before. */
  readonly nonce: string | null;
}

/** `busy`: five answers of this person are being judged right now; nothing was counted. */
export async function confirm(
  world: World,
  id: string,
  asker: Asker,
  given: GivenConfirmation,
): Promise<'judged' | 'busy'> {
  const { database, clock, keyring } = world;
  const note = async (outcome: ConfirmationOutcome) => {
    await noteConfirmation(database, id, asker, outcome);
    return 'judged' as const;
  };
  const stored = await findConfirmation(database, id, asker);
  const step = nextConfirmationStep(stored, clock.now());
  if (step.page !== 'key' || !stored?.deedSealed) return 'judged';
  const asked = keyAskedFor(world, step.card, given);
  if (!asked) return await note({ kind: 'stale_key' });

  const { identityId } = asker;
  const deed = openProposed(world, id, asker, stored.deedSealed);
  const key = await openTry(world, {
    identityId,
    asked,
    key: given.key,
    form: formOf(world, id, given),
    failure: 'confirmation_key',
  });
  if (key === 'busy') return 'busy';
  if ('kind' in key) return await note(key);
  if (deed.kind === 'change_user_id') await fillAllUserIdForms(world);
  try {
    const seen = sealSeen(keyring, stored.logSalt, given.visit);
    const judged = await database.transaction(async (db) => {
      const tried = await judgeKey(db, key);
      if (tried.verdict !== 'right') return tried;
      if (deed.kind === 'change_password') {
        const unfilled = passwordSubject(world, `identity ${identityId}`);
        await resetPasswordTries(db, identityId, { unfilled, offsetMs: world.clock.offsetMs });
      }
      await spendAndDo(world, db, { id, asker, deed, asked, seen });
      return tried;
    });
    if (judged.verdict !== 'right') {
      const after = await afterJudged(world, key, judged);
      if (after === 'again') return 'judged';
      return after === 'busy' ? 'busy' : await note(after);
    }
  } catch (error) {
    if (error instanceof DatabaseAway && error.isUnknown) return await burn(world, identityId, asked);
    return await note(outcomeOf(error));
  }
  if (endsOthers(deed.kind) || deed.kind === 'close_id') await queueMissedLogouts(database, identityId);
  return 'judged';
}

function formOf({ keyring, dice }: World, id: string, { nonce, ...given }: GivenConfirmation): Buffer {
  if (nonce === null) return dice.bytes(16);
  const typed = JSON.stringify([id, nonce, given.cardNumber, given.keyNumber, given.key]);
  return keyring.hmac('records', `confirmation form v1 ${typed}`).subarray(0, 16);
}

/** @throws what is not an outcome. */
function outcomeOf(error: unknown): ConfirmationOutcome {
  if (error instanceof Refused) return { kind: 'deed_refused', why: error.why };
  if (error instanceof Stale) return { kind: 'stale_key' };
  throw error;
}

/** @throws Stale, Refused */
async function spendAndDo(
  world: World,
  db: Queryable,
  { id, asker, deed, asked, seen }: Confirming,
): Promise<void> {
  const { identityId, session } = asker;
  const { card, position } = asked;
  const now = world.clock.now();
  await lockOwner(db, identityId);
  const isSpent = await spendKeyForDeed(db, id, asker, { cardId: card.id, position, now });
  if (!isSpent) throw new Stale('the key is not asked for any more');
  const details = { deed: deed.kind, cardNumber: card.cardNumber, ...seen };
  await appendEvent(db, { kind: 'deed_confirmed', identityId, details });
  // A key less may order a new card, as everywhere; after the deed where that asks for one, or it would find one on the way.
  const count = async () => {
    const counted = await doCardDeedWithin(world, db, identityId, { kind: 'key_spent' }, BY_SYSTEM);
    if (counted !== 'done') throw new Stale(counted);
  };
  const ordersItself = deed.kind === 'order_card';
  if (!ordersItself) await count();
  const refused = await carryOut(world, db, identityId, deed);
  if (refused && costsKey(refused))
    return await noteRefused(db, id, asker, { kind: 'deed_refused', why: refused });
  if (refused) throw new Refused(refused);
  if (ordersItself) await count();
  if (endsOthers(deed.kind)) {
    await endIdentity(db, identityId, { block: false, now });
    await keepOwnSession(db, session, identityId);
    await queueBackchannelLogouts(db, identityId);
  }
}

/** A connection lost during the commit is neither yes nor no: a key still pending is burnt, and another is drawn. */
async function burn(world: World, identityId: string, { card, position }: AskedKey): Promise<'judged'> {
  const event = { kind: 'key_burnt', details: { cardNumber: card.cardNumber } };
  await burnPendingKey(world.database, { cardId: card.id, position, event });
  await doCardDeed(world, identityId, { kind: 'key_spent' }, BY_SYSTEM);
  return 'judged';
}
