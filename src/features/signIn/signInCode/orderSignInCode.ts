/**
 * Orders a code, at the page that asks for one. Neither the response nor its time reveals whether anything is
 * sent: an unknown name gets the same. The code is sent by e-mail only to a confirmed address, else by
 * letter.
 */
import { readCodeExpiry, isCodeOrderAllowed, type CodeDelivery } from '../../../domain/signIn/signInCode.ts';
import { appendEvent } from '../../../db/auditLog.ts';
import { lockIdentity } from '../../../db/cards/cardSets.ts';
import { findRecipient, type Recipient } from '../../../db/people/recipients.ts';
import { findCredentials } from '../../../db/people/identities.ts';
import { orderLetter } from '../../../db/cards/letters.ts';
import { enqueueNotice } from '../../../db/cards/notices.ts';
import { findLastSignInCodes, insertSignInCode } from './signInCodes.queries.ts';
import { isEmailConfirmed, isSealedEmailRefused } from '../../contact/index.ts';
import type { AppContext } from '../../appContext.ts';
import { hashSignInCode, deriveSignInCode } from './signInCodeHash.ts';

/** @param options.foldedName the name as it was typed before, folded */
export async function orderSignInCode(
  context: AppContext,
  { foldedName, byLetter }: { foldedName: string; byLetter: boolean },
): Promise<void> {
  const { database, clock } = context;
  const now = clock.now();
  const found = await findCredentials(database, foldedName, null, now);
  // An ID that is not activated is opened by its own letter.
  if (!found?.passwordHash || found.isTemporary) return;
  const { identityId } = found;
  const recipient = await findRecipient(database, identityId, now);
  const way = recipient && chooseCodeDelivery(context, recipient, byLetter);
  if (way) await saveAndSendCode(context, identityId, way, now);
}

function chooseCodeDelivery(
  context: AppContext,
  recipient: Recipient,
  byLetter: boolean,
): CodeDelivery | null {
  const { personId, emailSealed, confirmedEmails, refusedEmail } = recipient;
  const isWithMail =
    isEmailConfirmed(context, personId, emailSealed, confirmedEmails) &&
    !isSealedEmailRefused(context, personId, emailSealed, refusedEmail);
  if (!byLetter && isWithMail) return 'email';
  return recipient.addressSealed ? 'letter' : null;
}

async function saveAndSendCode(
  context: AppContext,
  identityId: string,
  way: CodeDelivery,
  now: Date,
): Promise<void> {
  const { database, random, keyring, rules } = context;
  const id = random.uuid();
  const validUntil = readCodeExpiry(way, now, rules);
  await database.transaction(async (db) => {
    await lockIdentity(db, identityId);
    const last = await findLastSignInCodes(db, identityId);
    if (!isCodeOrderAllowed(way, last[way], now, rules)) return;
    await insertSignInCode(db, {
      id,
      identityId,
      code: hashSignInCode(context, `identity ${identityId}`, deriveSignInCode(context, id)),
      way,
      orderedAt: now,
      validUntil,
      tries: keyring.hmac('attempts', `password with code ${id}`),
    });
    const notice = {
      kind: 'sign_in_code',
      details: { codeId: id, until: validUntil.toISOString() },
    } as const;
    if (way === 'email') await enqueueNotice(db, { id: random.uuid(), identityId, notice }, now);
    else await orderLetter(db, { id: random.uuid(), kind: 'notice', identityId, cardId: null, notice }, now);
    await appendEvent(db, { kind: 'sign_in_code_ordered', identityId, details: { way } });
  });
}
