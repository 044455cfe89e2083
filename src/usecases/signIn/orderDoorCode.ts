/**
 * A code is asked for, at the page that says that one is needed. Whether anything is sent is not said, nor
 * shown by the clock: the answer is the same for a name that nobody has. By e-mail only to an address that
 * the person has confirmed, else by letter.
 */
import { codeValidUntil, mayOrderCode, type CodeWay } from '../../core/signIn/signInCode.ts';
import { appendEvent } from '../../store/auditLog.ts';
import { lockOwner } from '../../store/cardLife.ts';
import { findRecipient, type Recipient } from '../../store/contact/recipients.ts';
import { findCredentials } from '../../store/identities.ts';
import { orderLetter } from '../../store/letters.ts';
import { appendNotice } from '../../store/notices.ts';
import { findLastCodes, insertDoorCode } from '../../store/signIn/doorCodes.ts';
import { isEmailConfirmed } from '../contact/confirmedEmail.ts';
import type { World } from '../world.ts';
import { doorCodeKey, readDoorCode } from './doorCode.ts';

/** @param foldedName as it was typed before. */
export async function orderDoorCode(
  world: World,
  { foldedName, byLetter }: { foldedName: string; byLetter: boolean },
): Promise<void> {
  const { database, clock } = world;
  const now = clock.now();
  const found = await findCredentials(database, foldedName, null, now);
  // An ID that was not taken into use is opened by its own letter.
  if (!found?.passwordHash || found.isTemporary) return;
  const { identityId } = found;
  const recipient = await findRecipient(database, identityId, now);
  const way = recipient && wayTo(world, recipient, byLetter);
  if (way) await send(world, identityId, way, now);
}

function wayTo(world: World, recipient: Recipient, byLetter: boolean): CodeWay | null {
  const { personId, emailSealed, confirmedEmails } = recipient;
  if (!byLetter && isEmailConfirmed(world, personId, emailSealed, confirmedEmails)) return 'email';
  return recipient.addressSealed ? 'letter' : null;
}

async function send(world: World, identityId: string, way: CodeWay, now: Date): Promise<void> {
  const { database, dice, keyring, rules } = world;
  const id = dice.uuid();
  const validUntil = codeValidUntil(way, now, rules);
  await database.transaction(async (db) => {
    await lockOwner(db, identityId);
    const last = await findLastCodes(db, identityId);
    if (!mayOrderCode(way, last[way], now, rules)) return;
    await insertDoorCode(db, {
      id,
      identityId,
      code: doorCodeKey(world, `identity ${identityId}`, readDoorCode(world, id)),
      way,
      orderedAt: now,
      validUntil,
      tries: keyring.hmac('attempts', `password with code ${id}`),
    });
    const notice = {
      kind: 'sign_in_code',
      details: { codeId: id, until: validUntil.toISOString() },
    } as const;
    if (way === 'email') await appendNotice(db, { id: dice.uuid(), identityId, notice }, now);
    else await orderLetter(db, { id: dice.uuid(), kind: 'notice', identityId, cardId: null, notice }, now);
    await appendEvent(db, { kind: 'sign_in_code_ordered', identityId, details: { way } });
  });
}
