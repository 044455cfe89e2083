/**
 * The first two operators, appointed without a proposal or an approval: once in the life of an installation.
 */
import { appendEvent } from '../../../db/auditLog.ts';
import type { Queryable } from '../../../db/database.ts';
import { markBootstrapped } from '../../../db/installation.ts';
import { insertStaff } from './staffRoles.queries.ts';
import type { AppContext } from '../../appContext.ts';

/**
 * Makes them both operators. Exactly one of all calls on all nodes succeeds; every other returns `already`,
 * also years later.
 *
 * @param pair identities.
 * @throws Error when they are the same, do not exist or are staff already; then nothing is done.
 */
export async function makeFirstOperators(
  context: AppContext,
  pair: readonly [string, string],
): Promise<'done' | 'already'> {
  return await context.database.transaction(async (db) => await appointFirstOperators(context, db, pair));
}

/** The same in a transaction of the caller, which has to be rolled back when this throws. */
export async function appointFirstOperators(
  { random, clock }: AppContext,
  db: Queryable,
  pair: readonly [string, string],
): Promise<'done' | 'already'> {
  if (pair[0] === pair[1]) throw new Error('the first two operators are two people');
  const now = clock.now();
  if (!(await markBootstrapped(db, now))) return 'already';
  for (const identityId of pair) {
    const row = { id: random.uuid(), identityId, role: 'operator', bank: null, proposedBy: null } as const;
    if (!(await insertStaff(db, row, now))) throw new Error('one of the two is on the staff already');
    const details = { staffId: null, role: 'operator', bank: null } as const;
    await appendEvent(db, { kind: 'staff_approved', identityId, details });
  }
  return 'done';
}
