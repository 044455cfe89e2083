/**
 * What a right key leads to, in the transaction that decided the attempt: the key is spent, a letter with a
 * temporary password is ordered, and the person is notified. Where no letter is ordered no key is spent.
 */
import type { KeyCard } from '../../domain/card/keyCard.ts';
import type { RequestSource } from '../../domain/clientContext.ts';
import { appendEvent } from '../../db/auditLog.ts';
import { lockCardSet, lockIdentity } from '../../db/cards/cardSets.ts';
import { enqueueNotice } from '../../db/cards/notices.ts';
import type { Queryable } from '../../db/database.ts';
import { findIdentityWithPerson } from '../../db/people/identities.ts';
import { sealClientContext } from '../authentication/index.ts';
import {
  applyCardCommandInTransaction,
  BY_SYSTEM,
  notifyFormerAddress,
  orderPreparedPassword,
  type PreparedPasswordLetter,
} from '../identity/index.ts';
import type { AppContext } from '../appContext.ts';
import { findLetterRefusal, readMonthStart, readOnTheWaySince } from './newPassword.rules.ts';
import {
  findPasswordOrders,
  hasRecentRefusal,
  insertNewPassword,
  spendKeyForNewPassword,
} from './newPasswords.queries.ts';

interface RightKey {
  readonly card: KeyCard;
  readonly position: number;
  readonly letter: PreparedPasswordLetter;
  readonly source: RequestSource;
}

/**
 * The attempts row is locked before, the identity here, the card after it, as everywhere
 * (docs/decisions/0017-the-sign-in.md).
 */
export async function orderNewPassword(
  context: AppContext,
  db: Queryable,
  { card, position, letter, source }: RightKey,
): Promise<void> {
  const { clock, rules, keyring, random } = context;
  const now = clock.now();
  const { identityId, cardNumber } = card;
  if (!(await lockIdentity(db, identityId))) return;
  const owner = await findIdentityWithPerson(db, identityId);
  const cardSet = await lockCardSet(db, identityId);
  if (!owner || !cardSet) return;
  const orders = await findPasswordOrders(db, identityId, {
    since: readMonthStart(now),
    onTheWaySince: readOnTheWaySince(rules, now),
    now,
  });
  const { isBlocked, hasAddress } = cardSet;
  const { birthdate } = owner.person;
  const refusal = findLetterRefusal({ isBlocked, hasAddress, birthdate, ...orders }, rules, now);
  const clientContext = sealClientContext(keyring, owner.logSalt, source);
  // A block, and a letter on its way, are in the log already. One line a day: a key that is not spent may be
  // sent all day.
  if (refusal === 'under_15' || refusal === 'no_address' || refusal === 'too_many') {
    if (await hasRecentRefusal(db, identityId)) return;
    const details = { why: refusal, cardNumber, ...clientContext };
    return await appendEvent(db, { kind: 'new_password_refused', identityId, details });
  }
  if (refusal) return;
  const key = { cardId: card.id, identityId, position };
  if (!(await spendKeyForNewPassword(db, key))) return;
  await appendEvent(db, {
    kind: 'new_password_key_given',
    identityId,
    details: { cardNumber, ...clientContext },
  });
  await orderPreparedPassword(context, db, identityId, letter, { by: 'person' });
  await insertNewPassword(db, letter.id, key, now);
  await notifyFormerAddress(context, db, identityId, 'password');
  const notice = {
    kind: 'new_password_ordered',
    details: { at: now.toISOString(), ...clientContext },
  } as const;
  await enqueueNotice(db, { id: random.uuid(), identityId, notice }, now);
  const renewal = { kind: 'key_spent' } as const;
  const outcome = await applyCardCommandInTransaction(context, db, identityId, renewal, BY_SYSTEM);
  if (outcome !== 'done') throw new Error(`a key was spent on a card that is not in use: ${outcome}`);
}
