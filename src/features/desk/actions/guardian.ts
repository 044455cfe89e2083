/**
 * The guardian at the counter, for an action that gives a person under 15 a second way to sign in: who is on
 * record, and what of the check is kept.
 *
 * On record is whom an officer recorded last with a second way, and else who was there when the ID was
 * issued. Where the last record does not open any more there is none: the one before may not be the guardian
 * now.
 */
import { needsGuardian, type GuardianDetails } from '../../../domain/factors/guardian.ts';
import { addsSecondWay, type DeskAction } from '../../../domain/staff/desk.ts';
import { isPermitted, type Staff } from '../../../domain/staff/staff.ts';
import { findApplication } from '../../../db/people/applications.ts';
import { findIdentityWithPerson } from '../../../db/people/identities.ts';
import type { AppContext } from '../../appContext.ts';
import { openGuardian, sealGuardian } from '../../guardian/index.ts';
import { openSubmission } from '../../issuing/index.ts';
import { findIssuedApplicationId, findStatedGuardian } from './guardian.queries.ts';
import type { GuardianCheck, PresentGuardian, RecordedGuardian } from './guardian.rules.ts';
import { hashDocumentOfAction } from './performAction.ts';

/** @returns null where no guardian is needed. @throws RowMacMismatch, DamagedSeal */
export async function findGuardianCheck(
  context: AppContext,
  staff: Pick<Staff, 'permissions'>,
  action: DeskAction,
  identityId: string,
): Promise<GuardianCheck | null> {
  const { database, clock } = context;
  if (!addsSecondWay(action)) return null;
  const owner = await findIdentityWithPerson(database, identityId);
  if (!owner || !needsGuardian(owner.person.birthdate, clock.now())) return null;
  const isShown = isPermitted(staff, 'see_guardian');
  return { recorded: isShown ? await findRecordedGuardian(context, identityId, owner.logSalt) : null };
}

async function findRecordedGuardian(
  context: AppContext,
  identityId: string,
  logSalt: Buffer,
): Promise<RecordedGuardian | null> {
  const { database, keyring } = context;
  const stated = await findStatedGuardian(database, identityId);
  if (stated) {
    const opened = openGuardian(keyring, logSalt, stated.sealed);
    const { id, at } = stated;
    return opened && { id: `event-${id}`, name: opened.name, at, from: 'second_way' };
  }
  const id = await findIssuedApplicationId(database, identityId);
  const application = id && (await findApplication(database, id));
  const name = application && openSubmission(context, application).application.guardian?.trim();
  return application && name
    ? { id: `application-${application.id}`, name, at: application.at, from: 'application' }
    : null;
}

/** What the audit event keeps of the check. */
export async function composeGuardianDetails(
  context: AppContext,
  identityId: string,
  { name, proof, identification }: PresentGuardian,
): Promise<GuardianDetails> {
  const owner = await findIdentityWithPerson(context.database, identityId);
  if (!owner) throw new Error('the ID at the desk does not exist');
  return {
    sealed: sealGuardian(context.keyring, owner.logSalt, { name, proof }),
    isNew: proof !== null,
    identification: hashDocumentOfAction(context, identification),
  };
}
