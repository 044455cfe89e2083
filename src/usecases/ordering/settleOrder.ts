/**
 * An officer has looked at an order online whose name and birth date, or document, are those of somebody who has an ID:
 * another person, who gets theirs now, or the same one, who keeps what they have. What an order tells is told then.
 */
import { whileApplicantIsHeld, judge, noteSomebodyElse } from '../issuing/apply.ts';
import { openIdentity, prepareLetters } from '../issuing/openIdentity.ts';
import { recognise } from '../issuing/recognise.ts';
import { marksIn, openSubmission, readAgain } from '../issuing/submission.ts';
import type { Queryable } from '../../store/database.ts';
import { appendEvent } from '../../store/auditLog.ts';
import { findApplication, settleApplication } from '../../store/issuing/applications.ts';
import type { World } from '../world.ts';
import { tellOrdered } from './orderOnline.ts';

export interface LikenessJudged {
  readonly officerId: string;
  /** The identity whose person this is, or `other`: none of them. */
  readonly who: string;
  /** Who was on the page on which that was said. */
  readonly seen: readonly string[];
}

/**
 * `own`: the officer is one of them. `changed`: others are like them by now, and have to be looked at. `number_changed`: the
 * CPR number became another, of somebody of another name; the order is closed.
 */
export type OrderSettled = 'decided' | 'settled' | 'own' | 'changed' | 'number_changed';

export async function settleOrder(
  world: World,
  id: string,
  { officerId, who, seen }: LikenessJudged,
): Promise<OrderSettled> {
  const stored = await findApplication(world.database, id);
  if (stored?.state !== 'waiting' || stored.path !== 'online') return 'settled';
  const sent = openSubmission(world, stored);
  const letters = await prepareLetters(world);
  const decidedAt = world.clock.now();
  const ordered = { orderedAt: stored.at, email: sent.application.applicant.email };
  const settle = async (db: Queryable, to: 'withdrawn' | 'refused', reasons: Reasons = []) => {
    const settled = {
      id,
      state: to,
      identityId: null,
      secondOfficerId: officerId,
      reasons,
      decidedAt,
    } as const;
    if (!(await settleApplication(db, settled))) return false;
    const details = { path: stored.path, reasons, staffId: officerId };
    await appendEvent(db, { kind: `application_${to}`, identityId: null, details });
    return true;
  };
  return await whileApplicantIsHeld(world, sent, async (db): Promise<OrderSettled> => {
    const submission = await readAgain(world, db, sent);
    if (!submission) return (await settle(db, 'withdrawn')) ? 'number_changed' : 'settled';
    const marks = marksIn(world, submission);
    const recognised = await recognise(db, marks);
    const like = recognised?.kind === 'looks_like' ? recognised.identityIds : [];
    if (like.includes(officerId)) return 'own';
    const same = recognised?.kind === 'has_id' ? recognised.identityId : who === 'other' ? null : who;
    if (same !== null) {
      if (recognised?.kind !== 'has_id' && !like.includes(same)) return 'changed';
      if (!(await settle(db, 'withdrawn'))) return 'settled';
      await tellOrdered(world, db, same, ordered);
      return 'decided';
    }
    if (!like.every((one) => seen.includes(one))) return 'changed';
    const judged = judge(world, submission.application);
    if (judged.kind === 'refused') {
      return (await settle(db, 'refused', judged.reasons)) ? 'decided' : 'settled';
    }
    const identityId = await openIdentity(world, db, { submission, judged, marks, letters });
    if (!identityId) return 'changed';
    const issued = {
      id,
      state: 'issued',
      identityId,
      secondOfficerId: officerId,
      reasons: [],
      decidedAt,
    } as const;
    // Another officer was first: nothing of this is kept.
    if (!(await settleApplication(db, issued))) throw new SettledMeanwhile();
    await noteSomebodyElse(db, identityId, like, officerId);
    await tellOrdered(world, db, identityId, ordered);
    return 'decided';
  }).catch((error: unknown) => {
    if (error instanceof SettledMeanwhile) return 'settled';
    throw error;
  });
}

type Reasons = Parameters<typeof settleApplication>[1]['reasons'];
class SettledMeanwhile extends Error {}
