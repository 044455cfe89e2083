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
import type { HashingOptions } from '../../platform/hashing/passwordHasher.ts';
import { hashPassword } from './keyedPassword.ts';
import { notifyFormerAddress } from './notifyFormerAddress.ts';
import type { AppContext } from '../appContext.ts';

/** The id of a letter that may be ordered, and the hash of its temporary password. */
export interface PreparedPasswordLetter {
  readonly id: string;
  readonly hash: string;
}

/**
 * Hashes before the transaction begins: hashing is never done within one.
 * @throws HashingQueueFull, HashingAborted
 */
export async function preparePasswordLetter(
  context: AppContext,
  identityId: string,
  options: HashingOptions = {},
): Promise<PreparedPasswordLetter> {
  const id = context.random.uuid();
  return { id, hash: await hashPassword(context, identityId, readTemporaryPassword(context, id), options) };
}

/** Orders the letter in the caller's transaction, with its audit record. */
export async function orderPreparedPassword(
  { clock }: AppContext,
  db: Queryable,
  identityId: string,
  { id, hash }: PreparedPasswordLetter,
  by: AuditActor,
): Promise<void> {
  const letter = { id, kind: 'password', identityId, cardId: null, notice: null } as const;
  await orderLetter(db, letter, clock.now(), hash);
  await appendEvent(db, { kind: 'password_letter_ordered', identityId, details: by });
}

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
  const { database, clock } = context;
  const recipient = await findRecipient(database, identityId, clock.now());
  if (!recipient?.addressSealed) return 'no_address';
  const letter = await preparePasswordLetter(context, identityId);
  await database.transaction(async (db) => {
    await orderPreparedPassword(context, db, identityId, letter, by);
    await notifyFormerAddress(context, db, identityId, 'password');
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
