/** What happens to the code token of a person, in the transaction of its cause. */
import type { Day } from '../../domain/calendar.ts';
import type { AuditActor } from '../../domain/auditEvent.ts';
import type { CodeTokenRefusal } from '../../domain/factors/codeTokenRefusal.ts';
import type { MatchedCode } from '../../domain/factors/codeToken.ts';
import type { Notice } from '../../domain/notice.ts';
import { appendEvent } from '../../db/auditLog.ts';
import { enqueueNotice } from '../../db/cards/notices.ts';
import type { Queryable } from '../../db/database.ts';
import { endCodeTokens, moveCodeToken, resyncCodeToken } from '../../db/factors/codeTokenLife.ts';
import { findCodeTokens } from '../../db/factors/codeTokens.ts';
import type { AppContext } from '../appContext.ts';

export async function enqueueTokenNotice(
  { random, clock }: AppContext,
  db: Queryable,
  identityId: string,
  notice: Notice,
): Promise<void> {
  await enqueueNotice(db, { id: random.uuid(), identityId, notice }, clock.now());
}

/**
 * Blocks a person's code tokens: the one in use, and one whose first code was given.
 * @param options.all also one that is on the way. It signs in only after a wait, which a key of a card begins
 * @param options.silent the block of the whole ID has its own notice
 * @returns how many
 */
export async function blockCodeTokens(
  context: AppContext,
  db: Queryable,
  identityId: string,
  by: AuditActor,
  { all, silent = false }: { readonly all: boolean; readonly silent?: boolean },
): Promise<number> {
  const now = context.clock.now();
  const states = ['ordered', 'sent', 'active'] as const;
  const serialNumbers = await endCodeTokens(db, identityId, { states, to: 'blocked', all, now });
  return await recordBlocked(context, db, identityId, by, serialNumbers, silent);
}

/** Stops one whose first code was given, before it can be used. @returns false when none waits */
export async function stopCodeToken(
  context: AppContext,
  db: Queryable,
  identityId: string,
  by: AuditActor,
): Promise<boolean> {
  const waiting = { states: ['sent'], to: 'blocked', all: false, now: context.clock.now() } as const;
  return (await recordBlocked(context, db, identityId, by, await endCodeTokens(db, identityId, waiting))) > 0;
}

async function recordBlocked(
  context: AppContext,
  db: Queryable,
  identityId: string,
  by: AuditActor,
  serialNumbers: readonly string[],
  isSilent = false,
): Promise<number> {
  for (const serialNumber of serialNumbers)
    await appendEvent(db, { kind: 'code_token_blocked', identityId, details: { serialNumber, ...by } });
  if (serialNumbers.length > 0 && !isSilent)
    await enqueueTokenNotice(context, db, identityId, { kind: 'code_token_blocked', details: { by: by.by } });
  return serialNumbers.length;
}

/** The letter with it was handed to the print house. */
export async function markCodeTokenSent(
  context: AppContext,
  db: Queryable,
  identityId: string,
  letter: {
    readonly postOn: Day;
    readonly batch: string;
    readonly expected: { readonly from: Day; readonly to: Day };
  },
): Promise<void> {
  const { coming } = await findCodeTokens(db, identityId);
  const { postOn, batch, expected } = letter;
  if (coming?.state !== 'ordered') return;
  const now = context.clock.now();
  if (!(await moveCodeToken(db, coming, { state: 'sent', now, expected }))) return;
  const { serialNumber } = coming;
  await appendEvent(db, { kind: 'code_token_sent', identityId, details: { serialNumber, postOn, batch } });
  const details = { expectedFrom: expected.from, expectedTo: expected.to };
  await enqueueTokenNotice(context, db, identityId, { kind: 'code_token_sent', details });
}

/** Two codes in a row were matched: from now on the device is expected where they said that it is. */
export async function resyncInTransaction(
  { clock }: AppContext,
  db: Queryable,
  identityId: string,
  { tokenId, code, by }: { readonly tokenId: string; readonly code: MatchedCode; readonly by: AuditActor },
): Promise<CodeTokenRefusal | null> {
  const { active } = await findCodeTokens(db, identityId);
  if (active?.id !== tokenId) return 'no_code_token';
  if (!(await resyncCodeToken(db, active, code, clock.now()))) return 'code_spent';
  const { serialNumber } = active;
  await appendEvent(db, { kind: 'code_token_resynced', identityId, details: { serialNumber, ...by } });
  return null;
}
