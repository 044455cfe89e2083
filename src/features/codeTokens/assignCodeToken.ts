/**
 * How a person gets a code token: by post, after a key of the card; or at the desk, where the first code is
 * shown. One that came by post begins a wait with its first code and a key of the card, as a key can be
 * tricked out of a person; one that was handed over in person is in use at once.
 */
import type { AuditActor } from '../../domain/auditEvent.ts';
import { CODE_TOKEN_WAIT_MS, type MatchedCode } from '../../domain/factors/codeToken.ts';
import type { CodeTokenRefusal } from '../../domain/factors/codeTokenRefusal.ts';
import { appendEvent } from '../../db/auditLog.ts';
import { orderLetter } from '../../db/cards/letters.ts';
import type { Queryable } from '../../db/database.ts';
import {
  endCodeTokens,
  findGivenBy,
  findInStock,
  assignCodeToken,
  lockInStock,
  lockNextInStock,
  moveCodeToken,
  type StockToken,
} from '../../db/factors/codeTokenLife.ts';
import { findCodeTokens } from '../../db/factors/codeTokens.ts';
import type { AppContext } from '../appContext.ts';
import { composeGuardianNotice, isGuardianMissing } from '../guardian/index.ts';
import { enqueueTokenNotice } from './codeTokenLife.ts';
import { matchTypedCode } from './readCode.ts';

const BY_PERSON = { by: 'person' } as const;

/** Takes a device from stock and orders its letter. */
export async function orderCodeToken(
  context: AppContext,
  db: Queryable,
  identityId: string,
  { hasAddress }: { readonly hasAddress: boolean },
): Promise<CodeTokenRefusal | null> {
  const { random, clock } = context;
  const now = clock.now();
  if (await isGuardianMissing(context, db, identityId, BY_PERSON)) return 'needs_guardian';
  if ((await findCodeTokens(db, identityId)).coming) return 'code_token_on_the_way';
  if (!hasAddress) return 'no_address';
  const token = await lockNextInStock(db);
  if (!token) return 'out_of_code_tokens';
  const given = { state: 'ordered', identityId, by: 'self_service', now, code: null } as const;
  if (!(await assignCodeToken(db, token, given))) throw new Error('a code token was not in stock any more');
  const letter = {
    id: random.uuid(),
    kind: 'token',
    identityId,
    cardId: null,
    tokenId: token.id,
    notice: null,
  } as const;
  await orderLetter(db, letter, now);
  const { serialNumber } = token;
  await appendEvent(db, { kind: 'code_token_ordered', identityId, details: { serialNumber, ...BY_PERSON } });
  await enqueueTokenNotice(context, db, identityId, { kind: 'code_token_ordered', details: {} });
  return null;
}

export interface CodeTokenToHandOver {
  readonly token: StockToken;
  readonly code: MatchedCode;
}

/**
 * The device that an officer has in hand, with the code that it shows.
 * @returns `unknown`: no device in stock has this number. `wrong`: it shows another code.
 * @throws DamagedSeal, RowMacMismatch
 */
export async function findCodeTokenToHandOver(
  context: AppContext,
  typedSerial: string,
  typedCode: string,
): Promise<CodeTokenToHandOver | 'unknown' | 'wrong'> {
  const token = await findInStock(context.database, typedSerial);
  if (!token) return 'unknown';
  const match = matchTypedCode(context, token, typedCode);
  return match.kind === 'right' ? { token, code: match.code } : 'wrong';
}

/** It is in use at once. One that the person has, or that is on its way to them, ends. */
export async function handOverCodeToken(
  context: AppContext,
  db: Queryable,
  identityId: string,
  { token, code }: CodeTokenToHandOver,
  by: AuditActor,
): Promise<CodeTokenRefusal | null> {
  const now = context.clock.now();
  if (await isGuardianMissing(context, db, identityId, by)) return 'needs_guardian';
  // Before anything ends: the person keeps what they have where another one got it since the code was
  // compared.
  if (!(await lockInStock(db, token))) return 'no_code_token';
  await endOthers(context, db, identityId, by);
  const given = { state: 'active', identityId, by: 'desk', now, code } as const;
  if (!(await assignCodeToken(db, token, given))) throw new Error('a code token left the stock under a lock');
  await recordActivation(context, db, { identityId, serialNumber: token.serialNumber }, by);
  return null;
}

/**
 * The first code of a device that came by post was given, with a key of the card.
 * @param code matched when it was typed
 */
export async function startCodeTokenWait(
  context: AppContext,
  db: Queryable,
  identityId: string,
  { tokenId, code }: { readonly tokenId: string; readonly code: MatchedCode },
): Promise<CodeTokenRefusal | null> {
  const { coming } = await findCodeTokens(db, identityId);
  if (coming?.id !== tokenId || coming.state !== 'sent') return 'no_code_token';
  if (coming.activatesAt) return 'code_token_waits';
  if (code.step <= coming.lastStep) return 'code_spent';
  // The desk has checked the guardian when it gave the device. One that the person ordered was ordered before
  // their birth date was put right.
  const isOrdered = (await findGivenBy(db, tokenId)) !== 'desk';
  if (isOrdered && (await isGuardianMissing(context, db, identityId, BY_PERSON))) return 'needs_guardian';
  const now = context.clock.now();
  const activatesAt = new Date(now.getTime() + CODE_TOKEN_WAIT_MS);
  if (!(await moveCodeToken(db, coming, { state: 'sent', now, activatesAt, code })))
    throw new Error('a code token was moved under the lock of its owner');
  const opensAt = activatesAt.toISOString();
  const { serialNumber } = coming;
  await appendEvent(db, { kind: 'code_token_wait_started', identityId, details: { serialNumber, opensAt } });
  await enqueueTokenNotice(context, db, identityId, { kind: 'code_token_waits', details: { opensAt } });
  return null;
}

/** @param options.skip the desk has seen the person */
export async function endWaitOfCodeToken(
  context: AppContext,
  db: Queryable,
  identityId: string,
  by: AuditActor,
  { skip }: { readonly skip: boolean },
): Promise<CodeTokenRefusal | null> {
  const now = context.clock.now();
  const { coming } = await findCodeTokens(db, identityId);
  if (coming?.state !== 'sent' || !coming.activatesAt) return 'no_code_token';
  if (!skip && coming.activatesAt > now) return 'code_token_waits';
  await replaceActive(context, db, identityId, by);
  if (!(await moveCodeToken(db, coming, { state: 'active', now })))
    throw new Error('a code token was moved under the lock of its owner');
  await recordActivation(context, db, coming, by);
  return null;
}

/** It did not arrive. It stays with the person for good: no one else ever gets it. */
export async function voidLostCodeToken(
  { clock }: AppContext,
  db: Queryable,
  identityId: string,
  by: AuditActor,
): Promise<CodeTokenRefusal | null> {
  const { coming } = await findCodeTokens(db, identityId);
  if (coming?.state !== 'sent') return 'no_code_token';
  if (coming.activatesAt) return 'code_token_waits';
  await endCodeTokens(db, identityId, { states: ['sent'], to: 'void', all: true, now: clock.now() });
  const details = { serialNumber: coming.serialNumber, ...by };
  await appendEvent(db, { kind: 'code_token_lost', identityId, details });
  return null;
}

async function endOthers(
  context: AppContext,
  db: Queryable,
  identityId: string,
  by: AuditActor,
): Promise<void> {
  await replaceActive(context, db, identityId, by);
  const now = context.clock.now();
  const lost = await endCodeTokens(db, identityId, {
    states: ['ordered', 'sent'],
    to: 'void',
    all: true,
    now,
  });
  for (const serialNumber of lost)
    await appendEvent(db, { kind: 'code_token_lost', identityId, details: { serialNumber, ...by } });
}

async function replaceActive(
  { clock }: AppContext,
  db: Queryable,
  identityId: string,
  by: AuditActor,
): Promise<void> {
  const now = clock.now();
  const replaced = await endCodeTokens(db, identityId, {
    states: ['active'],
    to: 'replaced',
    all: true,
    now,
  });
  for (const serialNumber of replaced)
    await appendEvent(db, { kind: 'code_token_replaced', identityId, details: { serialNumber, ...by } });
}

async function recordActivation(
  context: AppContext,
  db: Queryable,
  { identityId, serialNumber }: { readonly identityId: string; readonly serialNumber: string },
  by: AuditActor,
): Promise<void> {
  await appendEvent(db, { kind: 'code_token_activated', identityId, details: { serialNumber, ...by } });
  await enqueueTokenNotice(context, db, identityId, {
    kind: 'code_token_active',
    details: composeGuardianNotice(by),
  });
}
