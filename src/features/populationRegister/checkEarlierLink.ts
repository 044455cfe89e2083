/**
 * Checks a link that an earlier row made. Rows come in any order: a row may have stated that this number was
 * replaced when nothing was known of it. With its own row that can be verified. Where nothing shows that both
 * are one person, the link is removed, and an officer has to decide.
 */
import type { Queryable } from '../../db/database.ts';
import { appendEvent } from '../../db/auditLog.ts';
import { saveLink, suspendUnfollowedLink } from '../../db/people/cprLinks.ts';
import { findNumbersOfPerson } from '../../db/people/formerCprs.ts';
import { lockPeopleWithNumbers } from '../../db/people/people.ts';
import type { AppContext } from '../appContext.ts';
import { isOneOfPeople } from './comparePeople.ts';

/**
 * Runs in a transaction that locks the number and has saved its row. Returns false when the link was
 * removed.
 */
export async function checkEarlierLink(context: AppContext, db: Queryable, lookup: Buffer): Promise<boolean> {
  const link = await suspendUnfollowedLink(db, lookup);
  if (!link) return true;
  const numbers = await findNumbersOfPerson(db, [link.current]);
  const people = await lockPeopleWithNumbers(db, numbers);
  const personIds = people.map(({ personId }) => personId);
  if (await isOneOfPeople(context, db, { lookup, numbers, personIds })) {
    await saveLink(db, link);
    return true;
  }
  await appendEvent(db, { kind: 'cpr_change_unclear', identityId: null, details: {} });
  return false;
}
