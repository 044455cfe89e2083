/**
 * Rows come in any order: one may have told that this number became another when nothing was known of it. With its own
 * row that can be judged. Where nothing says that it is one person, the link is taken back, and an officer has to look.
 */
import type { Queryable } from '../../db/database.ts';
import { appendEvent } from '../../db/auditLog.ts';
import { saveLink, suspendUnfollowedLink } from '../../db/people/cprLinks.ts';
import { findNumbersOfPerson } from '../../db/people/formerCprs.ts';
import { lockPeopleWithNumbers } from '../../db/people/people.ts';
import type { AppContext } from '../appContext.ts';
import { isOneOfPeople } from './comparePeople.ts';

/** In a transaction that holds the number, and has saved its row. @returns false: it was taken back. */
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
