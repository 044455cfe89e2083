/**
 * A letter with a temporary password. The password is derived from a key and the letter's id, here to keep its hash
 * and at sending to print it; it waits nowhere.
 */
import type { By } from '../core/auditEvent.ts';
import { temporaryPassword } from '../core/password.ts';
import { appendEvent } from '../store/auditLog.ts';
import { findRecipient } from '../store/contact/recipients.ts';
import { orderLetter } from '../store/letters.ts';
import { hashPassword } from './passwords/keyedPassword.ts';
import { tellFormerAddress } from './tellFormerAddress.ts';
import type { World } from './world.ts';

/** Refused without an address; what it opens is another matter. */
export async function orderPasswordLetter(
  world: World,
  identityId: string,
  by: By,
): Promise<'done' | 'no_address'> {
  const { database, dice, clock } = world;
  const recipient = await findRecipient(database, identityId, world.clock.now());
  if (!recipient?.addressSealed) return 'no_address';
  const id = dice.uuid();
  const hash = await hashPassword(world, identityId, readTemporaryPassword(world, id));
  await database.transaction(async (db) => {
    const letter = { id, kind: 'password', identityId, cardId: null, notice: null } as const;
    await orderLetter(db, letter, clock.now(), hash);
    await tellFormerAddress(world, db, identityId, 'password');
    await appendEvent(db, { kind: 'password_letter_ordered', identityId, details: by });
  });
  return 'done';
}

/**
 * @throws when the ring has lost the key that the letter was ordered under: with a new key in the ring `letters` the
 * letters that wait are sent first.
 */
export function readTemporaryPassword({ keyring }: Pick<World, 'keyring'>, letterId: string): string {
  return temporaryPassword((block) => keyring.hmac('letters', `password v1 ${letterId} ${block}`));
}
