/**
 * A key of the person's card, typed at the counter by the person. It shows that the person who stands there
 * with identification is the one who holds the card: an ID that was ordered online in another's name has its
 * card elsewhere. Wrong keys count as at a sign-in.
 */
import { locateKey, type KeyPlace } from '../../../domain/card/cardLayout.ts';
import { drawChallenge, parseKey } from '../../../domain/card/keyCard.ts';
import type { SignInOutcome } from '../../../domain/signIn/signIn.ts';
import { findActiveCard, invalidatePendingKey, setChallenge } from '../../../db/cards/keyCards.ts';
import type { Queryable } from '../../../db/database.ts';
import { spendKeyAtDesk } from '../../../db/people/deskActions.ts';
import type { AttemptResult } from '../../../db/signIn/attempts.ts';
import {
  findRequestedKey,
  handleWrongKey,
  prepareKeyAttempt,
  verifyAndRecordKey,
  type KeyToVerify,
  type SubmittedCardKey,
} from '../../authentication/index.ts';
import {
  applyCardCommand,
  applyCardCommandInTransaction,
  BY_SYSTEM,
  readKeyNumberAt,
} from '../../identity/index.ts';
import type { AppContext } from '../../appContext.ts';

/** What the form asks the person for. */
export interface DeskChallenge {
  /** As it is stored. */
  readonly cardNumber: string;
  readonly keyNumber: string;
  readonly place: KeyPlace | null;
}

/** `key_last`: one more wrong key locks the keys, or blocks the card. */
export type DeskKeyFault =
  | 'key_malformed'
  | 'key_stale'
  | 'key_wrong'
  | 'key_last'
  | 'key_locked'
  | 'key_busy'
  | 'key_card_blocked';

/** The key was not taken, and nothing was done. */
export interface DeskKeyRefusal {
  readonly kind: 'key';
  readonly fault: DeskKeyFault;
}

export function isDeskKeyRefusal(outcome: unknown): outcome is DeskKeyRefusal {
  return typeof outcome === 'object' && outcome !== null && 'fault' in outcome;
}

/** The key was asked for by another request too, and is no longer: the transaction is rolled back. */
export class StaleDeskKeyError extends Error {}
/** What the key was for was not done: the transaction is rolled back. */
class UnspentDeskKeyError extends Error {}

/** Returns null when the person has no card in use. A challenge is drawn, unless the card has one. */
export async function readDeskChallenge(
  context: AppContext,
  identityId: string,
): Promise<DeskChallenge | null> {
  const card = await findActiveCard(context.database, identityId);
  const drawn = card && drawChallenge(card.spent, context.random);
  if (!card || drawn === null) return null;
  const position = card.challenge ?? (await setChallenge(context.database, card.id, drawn));
  if (position === null) return null;
  const keyNumber = readKeyNumberAt(context, card, position);
  return { cardNumber: card.cardNumber, keyNumber, place: locateKey(position, card.format) };
}

/**
 * Everything but the comparison. The same form, sent again, is one attempt.
 * @param form id of the form, as it is stored with the action
 */
export async function prepareDeskKey(
  context: AppContext,
  identityId: string,
  submitted: SubmittedCardKey,
  form: string,
): Promise<KeyToVerify | DeskKeyRefusal> {
  if (parseKey(submitted.key) === null) return refuseKey('key_malformed');
  const card = await findActiveCard(context.database, identityId);
  const asked = card && findRequestedKey(context, card, submitted);
  if (!asked) return refuseKey('key_stale');
  const { cardNumber, keyNumber, key } = submitted;
  const typed = JSON.stringify([form, cardNumber, keyNumber, key]);
  const prepared = await prepareKeyAttempt(context, {
    identityId,
    asked,
    key,
    form: context.keyring.hmac('records', `desk key v1 ${typed}`).subarray(0, 16),
    failure: 'desk_key',
  });
  if (prepared === 'busy') return refuseKey('key_busy');
  return 'kind' in prepared ? refuseKey(readKeyFault(prepared)) : prepared;
}

/**
 * Compares the key and spends it; first in a transaction.
 * @returns the attempt of a key that was not right, which counts once the transaction is committed; null for
 *   one that is spent
 * @throws StaleDeskKeyError when the card no longer asks for it
 */
export async function spendDeskKey(db: Queryable, key: KeyToVerify): Promise<AttemptResult | null> {
  const attempt = await verifyAndRecordKey(db, key);
  if (attempt.verdict !== 'right') return attempt;
  const { identityId, asked } = key;
  const spent = { identityId, cardId: asked.card.id, position: asked.position };
  if (!(await spendKeyAtDesk(db, spent))) throw new StaleDeskKeyError('the key is no longer asked for');
  return null;
}

/**
 * Spends the key in the transaction of the work; without a key only the work is done. A key is not spent
 * where the work returns false.
 */
export async function spendKeyWith(
  context: AppContext,
  key: KeyToVerify | null,
  work: (db: Queryable) => Promise<boolean>,
): Promise<boolean | DeskKeyRefusal> {
  const { database } = context;
  if (!key) return await database.transaction(work);
  try {
    const wrong = await database.transaction(async (db) => {
      const attempt = await spendDeskKey(db, key);
      if (attempt) return attempt;
      if (!(await work(db))) throw new UnspentDeskKeyError();
      await countSpentDeskKey(context, db, key.identityId);
      return null;
    });
    return wrong === null || (await refuseWrongDeskKey(context, key, wrong));
  } catch (error) {
    if (error instanceof UnspentDeskKeyError) return false;
    if (error instanceof StaleDeskKeyError) return refuseKey('key_stale');
    throw error;
  }
}

/** One key less may order a new card, as at a sign-in. After what the key was for, in its transaction. */
export async function countSpentDeskKey(
  context: AppContext,
  db: Queryable,
  identityId: string,
): Promise<void> {
  const command = { kind: 'key_spent' } as const;
  const outcome = await applyCardCommandInTransaction(context, db, identityId, command, BY_SYSTEM);
  if (outcome !== 'done') throw new StaleDeskKeyError(outcome);
}

/** What follows from a key that was not right, once its attempt is committed. */
export async function refuseWrongDeskKey(
  context: AppContext,
  key: KeyToVerify,
  attempt: AttemptResult,
): Promise<DeskKeyRefusal> {
  const outcome = await handleWrongKey(context, key, attempt);
  if (outcome === 'busy') return refuseKey('key_busy');
  return refuseKey(outcome === 'again' ? 'key_wrong' : readKeyFault(outcome));
}

/** The commit is unknown: a key that is still pending is invalidated, and another one is asked for. */
export async function invalidateDeskKey(
  context: AppContext,
  { identityId, asked }: KeyToVerify,
): Promise<void> {
  const event = { kind: 'key_burnt', details: { cardNumber: asked.card.cardNumber } };
  await invalidatePendingKey(context.database, { cardId: asked.card.id, position: asked.position, event });
  await applyCardCommand(context, identityId, { kind: 'key_spent' }, BY_SYSTEM);
}

export function refuseKey(fault: DeskKeyFault): DeskKeyRefusal {
  return { kind: 'key', fault };
}

function readKeyFault(outcome: SignInOutcome): DeskKeyFault {
  switch (outcome.kind) {
    case 'wrong_key':
      return outcome.left > 1 ? 'key_wrong' : 'key_last';
    case 'malformed_key':
      return 'key_malformed';
    case 'locked':
      return 'key_locked';
    case 'card_blocked':
      return 'key_card_blocked';
    default:
      return 'key_stale';
  }
}
