/**
 * Refusals at the desk: who wanted to do what, on whose ID, and why it was refused. The first one of a day is
 * an audit event in the log of the person concerned; further ones of that day are counted. Operators see
 * both.
 */
import { toDanishDay } from '../../../domain/calendar.ts';
import type { RefusedAction, DeskRefusalReason } from '../../../domain/staff/refusals.ts';
import type { StaffRole } from '../../../domain/staff/staff.ts';
import { appendEvent } from '../../../db/auditLog.ts';
import * as store from './refusals.queries.ts';
import type { AppContext } from '../../appContext.ts';
import { UUID_PATTERN } from '../uuids.ts';

export interface DeskRefusal {
  readonly what: RefusedAction;
  readonly why: DeskRefusalReason;
  /** Null where no ID is concerned, or it is unknown whose. */
  readonly identityId: string | null;
  /** Keyed hash of what was typed, where that names a person without an ID. */
  readonly subject?: string;
}

interface RefusedStaff {
  readonly staffId: string;
  /** Null for a person who has no role now. */
  readonly role: StaffRole | null;
}

export async function recordDeskRefusal(
  { database, clock, report }: AppContext,
  { staffId, role }: RefusedStaff,
  { what, why, identityId, subject }: DeskRefusal,
): Promise<void> {
  const at = clock.now();
  const refusal = { identityId: staffId, what, why, subject: identityId ?? subject ?? '', role };
  await database.transaction(async (db) => {
    if (!(await store.countDeskRefusal(db, { ...refusal, day: toDanishDay(at), at }))) return;
    const named = subject === undefined ? {} : { subject };
    const details = { staffId, role, what, why, isOwn: identityId === staffId, ...named };
    await appendEvent(db, { kind: 'refused_at_desk', identityId, details });
  });
  report({ kind: 'staff_action_refused', action: what, reason: why, staffId, identityId });
}

/** The identity that an address of the desk is about, by the id in it; null for none. */
export async function findSubjectOfAddress(
  { database }: AppContext,
  id: string | undefined,
): Promise<string | null> {
  return id !== undefined && UUID_PATTERN.test(id) ? await store.findRefusalSubject(database, id) : null;
}

/** The reason for refusing a person who has no role at this request. */
export async function findNoRoleReason(
  { database }: AppContext,
  identityId: string,
): Promise<DeskRefusalReason> {
  const former = await store.findFormerRole(database, identityId);
  return ({ none: 'no_role', ended: 'role_ended', open: 'role_paused' } as const)[former];
}

export interface DeskRefusalView {
  readonly what: string;
  readonly why: string;
  readonly role: string | null;
  readonly count: number;
  readonly firstAt: Date;
  readonly lastAt: Date;
  readonly name: string;
  readonly userId: string | null;
  /**
   * `own`: their own ID. `colleague`: by name. `citizen`: a pseudonym, because operators do not see citizens;
   * it is the same in each row about that citizen.
   */
  readonly subject:
    | { readonly kind: 'none' | 'own' }
    | { readonly kind: 'colleague'; readonly name: string }
    | { readonly kind: 'citizen'; readonly mark: string };
}

const LISTED_DAYS = 30;
const MAX_LISTED = 200;

/** Lists the refusals of the last 30 days, for operators. */
export async function listRefusalsForOperators({
  database,
  keyring,
  clock,
}: AppContext): Promise<DeskRefusalView[]> {
  const since = new Date(clock.now().getTime() - LISTED_DAYS * 24 * 3_600_000);
  const rows = await store.listDeskRefusals(database, since, MAX_LISTED);
  return rows.map(({ subject, isOwn, colleague, ...row }) => {
    const mark = () => keyring.hmac('records', `refused subject ${subject}`, keyring.oldestKid('records'));
    if (subject === '') return { ...row, subject: { kind: 'none' } };
    if (isOwn) return { ...row, subject: { kind: 'own' } };
    if (colleague !== null) return { ...row, subject: { kind: 'colleague', name: colleague } };
    return { ...row, subject: { kind: 'citizen', mark: mark().toString('hex').slice(0, 6).toUpperCase() } };
  });
}
