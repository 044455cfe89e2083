/**
 * An application is based on the statement of the officer who saw the person and what they showed. It is
 * approved only while that officer works here on the same appointment, may issue, and issues for the same
 * organisation: an access that was ended may have been used by a thief, and no one else has seen the person.
 */
import { findIssuingOrganisation } from '../../domain/staff/desk.ts';
import { isPermitted } from '../../domain/staff/staff.ts';
import type { Queryable } from '../../db/database.ts';
import { findStaffRole, worksHereSince } from './staff/staffRoles.queries.ts';
import type { StoredApplication } from '../../db/people/applications.ts';
import type { AppContext } from '../appContext.ts';
import { readProposalCutoff } from './staff/proposeColleagueAction.ts';

/** `paused`: the role is paused or the ID blocked; whether the role ends is not decided. */
export type OfficerStatus = 'works_here' | 'paused' | 'gone';

/** Runs in the transaction in which the application is decided. */
export async function checkOfficer(
  context: AppContext,
  db: Queryable,
  { officerId, issuedBy, at }: Pick<StoredApplication, 'officerId' | 'issuedBy' | 'at'>,
): Promise<OfficerStatus> {
  // Ordered online: no officer saw the person, and the rules for orders account for that.
  if (officerId === null) return 'works_here';
  if (!(await worksHereSince(db, officerId, at))) return 'gone';
  const officer = await findStaffRole(db, officerId, readProposalCutoff(context));
  if (!officer) return 'paused';
  return isPermitted(officer, 'issue') && findIssuingOrganisation(officer) === issuedBy
    ? 'works_here'
    : 'gone';
}
