/**
 * Raises the proofing of an ID: an officer or a clerk has seen the person with valid identification, and the
 * person has given a key of the card in use. Key, level, record and notice are one transaction. Sessions go
 * on with the level that they have; the next sign-in has the new one.
 */
import type { StaffRefusal } from '../../../domain/staff/staff.ts';
import { appendEvent } from '../../../db/auditLog.ts';
import { lockCardSet } from '../../../db/cards/cardSets.ts';
import { enqueueNotice } from '../../../db/cards/notices.ts';
import { DatabaseUnavailable, type Queryable } from '../../../db/database.ts';
import { isActionDone, raiseProofing } from '../../../db/people/deskActions.ts';
import type { KeyToVerify } from '../../authentication/index.ts';
import type { AppContext } from '../../appContext.ts';
import {
  countSpentDeskKey,
  invalidateDeskKey,
  refuseKey,
  refuseWrongDeskKey,
  spendDeskKey,
  StaleDeskKeyError,
  type DeskKeyRefusal,
} from './cardKey.ts';
import type { ByStaffForm } from './byStaff.ts';

export type ProofingResult = 'done' | 'nobody' | 'id_blocked' | 'already_proofed';
/** Whether it is still allowed, once the ID is locked. */
type FindRefusal = (db: Queryable) => Promise<StaffRefusal | null>;

/** It is not possible as the ID stands: the transaction is rolled back, and no key is spent. */
class NotProofedError extends Error {
  readonly why: Exclude<ProofingResult, 'done'> | StaffRefusal;
  constructor(why: Exclude<ProofingResult, 'done'> | StaffRefusal) {
    super(why);
    this.why = why;
  }
}

/**
 * @param key null where a colleague confirms a proposal: the key was spent with the proposal.
 */
export async function proofIdentity(
  context: AppContext,
  identityId: string,
  key: null,
  by: ByStaffForm,
): Promise<ProofingResult>;
export async function proofIdentity(
  context: AppContext,
  identityId: string,
  key: KeyToVerify,
  by: ByStaffForm,
  findRefusal: FindRefusal,
): Promise<ProofingResult | StaffRefusal | DeskKeyRefusal>;
export async function proofIdentity(
  context: AppContext,
  identityId: string,
  key: KeyToVerify | null,
  by: ByStaffForm,
  findRefusal: FindRefusal | null = null,
): Promise<ProofingResult | StaffRefusal | DeskKeyRefusal> {
  const { database, random, clock } = context;
  const isDone = async () => await isActionDone(database, identityId, by.deed);
  if (await isDone()) return 'done';
  try {
    const wrong = await database.transaction(async (db) => {
      const attempt = key && (await spendDeskKey(db, key));
      if (attempt) return attempt;
      const cardSet = await lockCardSet(db, identityId);
      if (!cardSet) throw new NotProofedError('nobody');
      if (cardSet.isBlocked) throw new NotProofedError('id_blocked');
      const refusal = findRefusal && (await findRefusal(db));
      if (refusal) throw new NotProofedError(refusal);
      if (!(await raiseProofing(db, identityId))) throw new NotProofedError('already_proofed');
      const card = key ? { cardNumber: key.asked.card.cardNumber } : {};
      await appendEvent(db, { kind: 'identity_proofed', identityId, details: { ...by, ...card } });
      const notice = { kind: 'id_proofed', details: {} } as const;
      await enqueueNotice(db, { id: random.uuid(), identityId, notice }, clock.now());
      if (key) await countSpentDeskKey(context, db, identityId);
      return null;
    });
    if (!wrong || !key) return 'done';
    // The form was sent twice, and the other one was first.
    return (await isDone()) ? 'done' : await refuseWrongDeskKey(context, key, wrong);
  } catch (error) {
    if (key && error instanceof DatabaseUnavailable && error.isUnknown) {
      await invalidateDeskKey(context, key);
      return (await isDone()) ? 'done' : refuseKey('key_stale');
    }
    if (error instanceof StaleDeskKeyError) return (await isDone()) ? 'done' : refuseKey('key_stale');
    if (!(error instanceof NotProofedError)) throw error;
    return (await isDone()) ? 'done' : error.why;
  }
}
