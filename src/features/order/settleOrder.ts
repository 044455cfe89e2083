/**
 * An officer decides an order whose name and birth date, or document, match a person who has an ID: it is
 * another person, whose ID is issued now, or the same one, who keeps theirs. The notices about the order are
 * sent then.
 */
import {
  createIdentity,
  decideByRules,
  hashSubmissionFingerprints,
  openSubmission,
  prepareIssueLetters,
  recognisePerson,
  recordDeclaredDifferent,
  refreshFromRegister,
  runWithApplicantLocked,
} from '../issuing/index.ts';
import type { Queryable } from '../../db/database.ts';
import { appendEvent } from '../../db/auditLog.ts';
import { findApplication, closeApplication } from '../../db/people/applications.ts';
import type { AppContext } from '../appContext.ts';
import { notifyOfOrder } from './orderOnline.ts';

export interface SimilarityDecision {
  readonly officerId: string;
  /** The identity that the order's person has, or `other`: none of those shown. */
  readonly who: string;
  /** The identities on the page on which the officer decided. */
  readonly seen: readonly string[];
}

/**
 * `own`: the officer is one of the similar persons. `changed`: there are other similar persons now, who must
 * be compared. `number_changed`: the CPR number now belongs to a person of another name; the order is closed.
 */
export type OrderSettlement = 'decided' | 'settled' | 'own' | 'changed' | 'number_changed';

export async function settleOrder(
  context: AppContext,
  id: string,
  { officerId, who, seen }: SimilarityDecision,
): Promise<OrderSettlement> {
  const stored = await findApplication(context.database, id);
  if (stored?.state !== 'waiting' || stored.path !== 'online') return 'settled';
  const submitted = openSubmission(context, stored);
  const letters = await prepareIssueLetters(context);
  const decidedAt = context.clock.now();
  const order = { orderedAt: stored.at, email: submitted.application.applicant.email };
  const settle = async (db: Queryable, to: 'withdrawn' | 'refused', reasons: SettlementReasons = []) => {
    const settled = {
      id,
      state: to,
      identityId: null,
      secondOfficerId: officerId,
      reasons,
      decidedAt,
    } as const;
    if (!(await closeApplication(db, settled))) return false;
    const details = { path: stored.path, reasons, staffId: officerId };
    await appendEvent(db, { kind: `application_${to}`, identityId: null, details });
    return true;
  };
  return await runWithApplicantLocked(context, submitted, async (db): Promise<OrderSettlement> => {
    const submission = await refreshFromRegister(context, db, submitted);
    if (!submission) return (await settle(db, 'withdrawn')) ? 'number_changed' : 'settled';
    const fingerprints = hashSubmissionFingerprints(context, submission);
    const recognised = await recognisePerson(db, fingerprints);
    const similarIds = recognised?.kind === 'looks_like' ? recognised.identityIds : [];
    if (similarIds.includes(officerId)) return 'own';
    const sameIdentityId =
      recognised?.kind === 'has_id' ? recognised.identityId : who === 'other' ? null : who;
    if (sameIdentityId !== null) {
      if (recognised?.kind !== 'has_id' && !similarIds.includes(sameIdentityId)) return 'changed';
      if (!(await settle(db, 'withdrawn'))) return 'settled';
      await notifyOfOrder(context, db, sameIdentityId, order);
      return 'decided';
    }
    if (!similarIds.every((one) => seen.includes(one))) return 'changed';
    const decision = decideByRules(context, submission.application);
    if (decision.kind === 'refused') {
      return (await settle(db, 'refused', decision.reasons)) ? 'decided' : 'settled';
    }
    const identityId = await createIdentity(context, db, { submission, decision, fingerprints, letters });
    if (!identityId) return 'changed';
    const issued = {
      id,
      state: 'issued',
      identityId,
      secondOfficerId: officerId,
      reasons: [],
      decidedAt,
    } as const;
    // Another officer decided first: the transaction is rolled back.
    if (!(await closeApplication(db, issued))) throw new OrderAlreadySettledError();
    await recordDeclaredDifferent(db, identityId, similarIds, officerId);
    await notifyOfOrder(context, db, identityId, order);
    return 'decided';
  }).catch((error: unknown) => {
    if (error instanceof OrderAlreadySettledError) return 'settled';
    throw error;
  });
}

type SettlementReasons = Parameters<typeof closeApplication>[1]['reasons'];
class OrderAlreadySettledError extends Error {}
