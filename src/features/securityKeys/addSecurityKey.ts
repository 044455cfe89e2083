/** Adds a verified security key, in the caller's transaction, which has locked the identity. */
import type { AuditActor } from '../../domain/auditEvent.ts';
import {
  MAX_SECURITY_KEYS,
  readCountsFrom,
  type ConfirmingWay,
  type CreatedSecurityKey,
  type SecurityKeyPlace,
  type SecurityKeyRefusal,
} from '../../domain/factors/securityKey.ts';
import { appendEvent } from '../../db/auditLog.ts';
import { enqueueNotice } from '../../db/cards/notices.ts';
import type { Queryable } from '../../db/database.ts';
import { isCredentialKnown, tryInsertSecurityKey } from '../../db/factors/securityKeyLife.ts';
import type { AppContext } from '../appContext.ts';
import { composeGuardianNotice, isGuardianMissing } from '../guardian/index.ts';

export interface SecurityKeyToAdd {
  readonly key: CreatedSecurityKey;
  readonly name: string;
  readonly place: SecurityKeyPlace;
  /**
   * Another than the one who or that adds it confirmed it, a second officer or a second way of the person:
   * then it counts at once.
   */
  readonly isConfirmed: boolean;
  /** The second way of the person that confirmed it. */
  readonly confirmedWith?: ConfirmingWay;
}

/** @returns why it was not added; null when it was */
export async function addSecurityKeyInTransaction(
  context: AppContext,
  db: Queryable,
  identityId: string,
  { key, name, place, isConfirmed, confirmedWith }: SecurityKeyToAdd,
  by: AuditActor,
): Promise<SecurityKeyRefusal | null> {
  const { random, clock } = context;
  const now = clock.now();
  if (await isGuardianMissing(context, db, identityId, by)) return 'needs_guardian';
  const countsFrom = readCountsFrom(isConfirmed, now);
  const isWaiting = countsFrom > now;
  const id = random.uuid();
  const row = { ...key, id, identityId, name, addedAt: now, addedBy: place, countsFrom };
  const announcedAt = isWaiting ? null : now;
  if (!(await tryInsertSecurityKey(db, { ...row, announcedAt }, MAX_SECURITY_KEYS))) {
    return (await isCredentialKnown(db, key.credentialId)) ? 'security_key_known' : 'too_many_security_keys';
  }
  const confirmed = confirmedWith ? { confirmedWith } : {};
  const from = (isWaiting ? countsFrom : now).toISOString();
  const details = { securityKey: id, from, ...confirmed, ...by };
  await appendEvent(db, { kind: 'security_key_added', identityId, details });
  const opening = isWaiting ? { opensAt: from } : composeReason(confirmedWith);
  const told = { at: now.toISOString(), ...opening, ...composeGuardianNotice(by) };
  const notice = { kind: 'security_key_added', details: told } as const;
  await enqueueNotice(db, { id: random.uuid(), identityId, notice }, now);
  return null;
}

/** Why it counts at once, as its notice says. */
function composeReason(way: ConfirmingWay | undefined) {
  return way && ({ confirmedWith: way.factor === 'code_token' ? 'code_token' : 'security_key' } as const);
}
