/**
 * Orders a letter with a temporary password. The password is derived from a key and the letter's id: here to
 * store its hash, and at sending to print it. It is stored nowhere.
 */
import type { AuditActor } from '../../domain/auditEvent.ts';
import { composeTemporaryPassword } from '../../domain/signIn/password.ts';
import { appendEvent } from '../../db/auditLog.ts';
import type { Queryable } from '../../db/database.ts';
import { findRecipient } from '../../db/people/recipients.ts';
import { orderLetter } from '../../db/cards/letters.ts';
import { hashPassword } from './keyedPassword.ts';
import { notifyFormerAddress } from './notifyFormerAddress.ts';
import type { AppContext } from '../appContext.ts';

/**
 * The letter is refused when the person has no address. What its password opens is decided when it is used.
 * @param also what must be committed together with the order
 */
export async function orderPasswordLetter(
  context: AppContext,
  identityId: string,
  by: AuditActor,
  also: (db: Queryable) => Promise<void> = async () => undefined,
): Promise<'done' | 'no_address'> {
  const { database, random, clock } = context;
  const recipient = await findRecipient(database, identityId, context.clock.now());
  if (!recipient?.addressSealed) return 'no_address';
  const id = random.uuid();
  const hash = await hashPassword(context, identityId, readTemporaryPassword(context, id));
  await database.transaction(async (db) => {
    const letter = { id, kind: 'password', identityId, cardId: null, notice: null } as const;
    await orderLetter(db, letter, clock.now(), hash);
    await notifyFormerAddress(context, db, identityId, 'password');
    await appendEvent(db, { kind: 'password_letter_ordered', identityId, details: by });
    await also(db);
  });
  return 'done';
}

/**
 * @throws Error when the ring no longer has the key that the letter was ordered under: waiting letters must
 * be sent before the key in the ring `letters` is replaced
 */
export function readTemporaryPassword({ keyring }: Pick<AppContext, 'keyring'>, letterId: string): string {
  return composeTemporaryPassword((block) => keyring.hmac('letters', `password v1 ${letterId} ${block}`));
}
