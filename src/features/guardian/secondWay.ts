/** Whether a second way to sign in needs the guardian of the person. */
import type { AuditActor } from '../../domain/auditEvent.ts';
import { mayAddSecondWay, needsGuardian } from '../../domain/factors/guardian.ts';
import type { Queryable } from '../../db/database.ts';
import { findIdentityWithPerson } from '../../db/people/identities.ts';
import type { AppContext } from '../appContext.ts';

/** For a page; the addition itself asks `isGuardianMissing`. @throws RowMacMismatch */
export async function isGuardianNeeded(
  { database, clock }: Pick<AppContext, 'database' | 'clock'>,
  identityId: string,
): Promise<boolean> {
  return needsGuardian(await getBirthdate(database, identityId), clock.now());
}

/** In the transaction of the addition, which has locked the identity. @throws RowMacMismatch */
export async function isGuardianMissing(
  { clock }: Pick<AppContext, 'clock'>,
  db: Queryable,
  identityId: string,
  by: AuditActor,
): Promise<boolean> {
  return !mayAddSecondWay(await getBirthdate(db, identityId), by, clock.now());
}

async function getBirthdate(db: Queryable, identityId: string): Promise<string> {
  const found = await findIdentityWithPerson(db, identityId);
  if (!found) throw new Error('a second way belongs to an ID that does not exist');
  return found.person.birthdate;
}

/** The part of a notice's details that says that the guardian was there; who it was is not for a mail. */
export function composeGuardianNotice(by: AuditActor): { readonly withGuardian?: true } {
  return by.by === 'staff' && by.guardian ? { withGuardian: true } : {};
}
