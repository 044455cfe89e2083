/**
 * Rows come in any order: one may have told that this number became another when nothing was known of it. With its own
 * row that can be judged. Where nothing says that it is one person, the link is taken back, and an officer has to look.
 */
import type { Queryable } from '../../store/database.ts';
import { appendEvent } from '../../store/auditLog.ts';
import { putLink, setUnfollowedAside } from '../../store/issuing/apartCprs.ts';
import { findNumbersOf } from '../../store/issuing/formerCprs.ts';
import { lockPeopleWith } from '../../store/people.ts';
import type { World } from '../world.ts';
import { isOneOfThem } from './comparePeople.ts';

/** In a transaction that holds the number, and has saved its row. @returns false: it was taken back. */
export async function judgeEarlierLink(world: World, db: Queryable, lookup: Buffer): Promise<boolean> {
  const link = await setUnfollowedAside(db, lookup);
  if (!link) return true;
  const numbers = await findNumbersOf(db, [link.current]);
  const people = await lockPeopleWith(db, numbers);
  const personIds = people.map(({ personId }) => personId);
  if (await isOneOfThem(world, db, { lookup, numbers, personIds })) {
    await putLink(db, link);
    return true;
  }
  await appendEvent(db, { kind: 'cpr_change_unclear', identityId: null, details: {} });
  return false;
}
