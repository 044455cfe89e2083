/** Renames and ends security keys. Ending one needs no key of the card: it only takes away a way in. */
import type { AuditActor } from '../../domain/auditEvent.ts';
import {
  readEndReason,
  type ListedSecurityKey,
  type SecurityKeyEnd,
} from '../../domain/factors/securityKey.ts';
import { appendEvent } from '../../db/auditLog.ts';
import { enqueueNotice } from '../../db/cards/notices.ts';
import { lockIdentity } from '../../db/cards/cardSets.ts';
import type { Queryable } from '../../db/database.ts';
import { endSecurityKeys, listSecurityKeys, renameSecurityKey } from '../../db/factors/securityKeyLife.ts';
import type { AppContext } from '../appContext.ts';

/** The person's own, the first added first; those that wait are among them. */
export async function readSecurityKeys(
  { database }: AppContext,
  identityId: string,
): Promise<readonly ListedSecurityKey[]> {
  return await listSecurityKeys(database, identityId);
}

interface EndOptions {
  /** Null for all. */
  readonly id: string | null;
  /** The same for all; null for `stopped` or `removed`, as each one is. */
  readonly reason: SecurityKeyEnd | null;
  readonly by: AuditActor;
  /** False where the notice of what ended them says it. */
  readonly hasNotice: boolean;
}

/**
 * Ends them in the caller's transaction, which has locked the identity.
 * @returns how many ended
 */
export async function endSecurityKeysInTransaction(
  { random, clock }: AppContext,
  db: Queryable,
  identityId: string,
  { id, reason, by, hasNotice }: EndOptions,
): Promise<number> {
  const now = clock.now();
  const ended = await endSecurityKeys(db, identityId, {
    id,
    now,
    reason: (countsFrom) => reason ?? readEndReason(countsFrom, now),
  });
  for (const one of ended) {
    const details = { securityKey: one.id, end: one.reason, ...by };
    await appendEvent(db, { kind: 'security_key_ended', identityId, details });
  }
  if (hasNotice && ended.length > 0) {
    const details = { many: ended.length, by: by.by, at: now.toISOString() };
    const notice = { kind: 'security_key_ended', details } as const;
    await enqueueNotice(db, { id: random.uuid(), identityId, notice }, now);
  }
  return ended.length;
}

/**
 * Ends one in its own transaction.
 * @param andThen in the same transaction, when it ended
 * @returns false when it had ended, or is another person's
 */
export async function endSecurityKey(
  context: AppContext,
  identityId: string,
  { id, by }: { id: string; by: AuditActor },
  andThen: (db: Queryable) => Promise<void>,
): Promise<boolean> {
  return await context.database.transaction(async (db) => {
    await lockIdentity(db, identityId);
    const options = { id, reason: null, by, hasNotice: true };
    if ((await endSecurityKeysInTransaction(context, db, identityId, options)) === 0) return false;
    await andThen(db);
    return true;
  });
}

export type RenameOutcome = 'renamed' | 'unchanged';

/** `unchanged`: it has that name, has ended, or is another person's. */
export async function renameSecurityKeyOf(
  { database }: AppContext,
  identityId: string,
  { id, name }: { id: string; name: string },
): Promise<RenameOutcome> {
  return await database.transaction(async (db) => {
    await lockIdentity(db, identityId);
    if (!(await renameSecurityKey(db, { id, identityId, name }))) return 'unchanged';
    await appendEvent(db, { kind: 'security_key_renamed', identityId, details: { securityKey: id } });
    return 'renamed';
  });
}
