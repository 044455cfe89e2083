/** What people need after a restore: cards and temporary passwords in place of those that no longer count. */
import { formatCardNumber } from '../../domain/card/keyCard.ts';
import { listEndedPasswords, listRetired, settleEndedPassword } from '../../db/auditTree/endRestored.ts';
import type { Queryable } from '../../db/database.ts';
import { enqueueNotice } from '../../db/cards/notices.ts';
import { applyCardCommandInTransaction, BY_SYSTEM, orderPasswordLetter } from '../identity/index.ts';
import type { AppContext } from '../appContext.ts';

const BATCH_SIZE = 100;
const FIRST_ID = '00000000-0000-0000-0000-000000000000';

/**
 * Orders what people need after the transaction: cards in place of those that were retired, and letters in
 * place of temporary passwords that may have been used. A run that was stopped goes on.
 * @returns how many were ordered, and how many could not be: people without an address, who are told
 */
export async function orderAfterRestore(
  context: AppContext,
  onProgress: (done: number) => void = () => undefined,
): Promise<{ cards: number; passwords: number; withoutAddress: number }> {
  const { database } = context;
  let [cards, passwords, withoutAddress] = [0, 0, 0];
  for (let after = FIRST_ID; ; ) {
    const found = await listRetired(database, after, BATCH_SIZE);
    for (const { identityId, cardNumber } of found) {
      const isOrdered = await replaceRetired(context, identityId, cardNumber);
      cards += Number(isOrdered);
      withoutAddress += Number(!isOrdered);
      after = identityId;
      onProgress(cards + withoutAddress);
    }
    if (found.length < BATCH_SIZE) break;
  }
  for (const identityId of await listEndedPasswords(database)) {
    const settle = async (db: Queryable) => await settleEndedPassword(db, identityId);
    const isOrdered = (await orderPasswordLetter(context, identityId, BY_SYSTEM, settle)) === 'done';
    if (!isOrdered) await settle(database);
    passwords += Number(isOrdered);
    withoutAddress += Number(!isOrdered);
  }
  return { cards, passwords, withoutAddress };
}

async function replaceRetired(context: AppContext, identityId: string, cardNumber: string): Promise<boolean> {
  const { database, random, clock } = context;
  return await database.transaction(async (db) => {
    const outcome = await applyCardCommandInTransaction(
      context,
      db,
      identityId,
      { kind: 'order' },
      BY_SYSTEM,
    );
    const again = outcome === 'done';
    const notice = {
      kind: 'card_retired',
      details: { cardNumber: formatCardNumber(cardNumber), again },
    } as const;
    await enqueueNotice(db, { id: random.uuid(), identityId, notice }, clock.now());
    return again;
  });
}
