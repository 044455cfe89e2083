/**
 * What is refused at the desk: who wanted what, of whom, and why not. The first of a day is an event, in the
 * log of the person whom it was about; the others of that day are counted. Operators see both.
 */
import { dayOf } from '../../core/calendar.ts';
import type { RefusedWhat, RefusedWhy } from '../../core/desk/refusals.ts';
import type { Role } from '../../core/staff.ts';
import { appendEvent } from '../../store/auditLog.ts';
import * as store from '../../store/desk/refusals.ts';
import type { World } from '../world.ts';
import { UUID } from './uuids.ts';

export interface Refusal {
  readonly what: RefusedWhat;
  readonly why: RefusedWhy;
  /** Null where nobody's ID is concerned, or nobody knows whose. */
  readonly identityId: string | null;
  /** Keyed hash of what was typed, where that names a person without an ID. */
  readonly subject?: string;
}

interface Refused {
  readonly staffId: string;
  /** Null for a person who has none now. */
  readonly role: Role | null;
}

export async function noteRefusal(
  { database, clock }: World,
  { staffId, role }: Refused,
  { what, why, identityId, subject }: Refusal,
): Promise<void> {
  const at = clock.now();
  const refusal = { identityId: staffId, what, why, subject: identityId ?? subject ?? '', role };
  await database.transaction(async (db) => {
    if (!(await store.countRefusal(db, { ...refusal, day: dayOf(at), at }))) return;
    const named = subject === undefined ? {} : { subject };
    const details = { staffId, role, what, why, isOwn: identityId === staffId, ...named };
    await appendEvent(db, { kind: 'refused_at_desk', identityId, details });
  });
}

/** Whose ID an address of the desk is about, by the id in it; null for none. */
export async function findSubjectOf({ database }: World, id: string | undefined): Promise<string | null> {
  return id !== undefined && UUID.test(id) ? await store.findSubjectOf(database, id) : null;
}

/** Why a person is refused who has no role at this request. */
export async function whyWithoutRole({ database }: World, identityId: string): Promise<RefusedWhy> {
  const former = await store.findFormerRole(database, identityId);
  return ({ none: 'no_role', ended: 'role_ended', open: 'role_paused' } as const)[former];
}

export interface RefusalShown {
  readonly what: string;
  readonly why: string;
  readonly role: string | null;
  readonly count: number;
  readonly firstAt: Date;
  readonly lastAt: Date;
  readonly name: string;
  readonly userId: string | null;
  /**
   * `own`: their own ID. A name: a colleague's. A mark: a citizen, whom operators do not see; the same in
   * each row about them.
   */
  readonly whom:
    | { readonly kind: 'none' | 'own' }
    | { readonly kind: 'colleague'; readonly name: string }
    | { readonly kind: 'citizen'; readonly mark: string };
}

const DAYS = 30;
const MOST = 200;

/** For operators. */
export async function readRefusals({ database, keyring, clock }: World): Promise<RefusalShown[]> {
  const since = new Date(clock.now().getTime() - DAYS * 24 * 3_600_000);
  const rows = await store.listRefusals(database, since, MOST);
  return rows.map(({ subject, isOwn, colleague, ...row }) => {
    const mark = () => keyring.hmac('records', `refused subject ${subject}`, keyring.oldestKid('records'));
    if (subject === '') return { ...row, whom: { kind: 'none' } };
    if (isOwn) return { ...row, whom: { kind: 'own' } };
    if (colleague !== null) return { ...row, whom: { kind: 'colleague', name: colleague } };
    return { ...row, whom: { kind: 'citizen', mark: mark().toString('hex').slice(0, 6).toUpperCase() } };
  });
}
