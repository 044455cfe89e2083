/** The register says that a person is dead or has moved abroad: every ID that is theirs is blocked. */
import type { RegisterEntry, RegisterStatus } from '../../core/issuing/register.ts';
import { appendEvent } from '../../store/auditLog.ts';
import type { Queryable } from '../../store/database.ts';
import { findCurrentNumber, findNumbersOf } from '../../store/issuing/formerCprs.ts';
import { forgetContact } from '../../store/issuing/register.ts';
import { cancelLettersTo } from '../../store/letters.ts';
import { lockPeopleWith, type NumberedPerson } from '../../store/people.ts';
import { blockWithin } from '../block.ts';
import { BY_SYSTEM } from '../cardDeeds.ts';
import type { World } from '../world.ts';

export async function blockByRegister(
  world: World,
  db: Queryable,
  { personId, identityId }: Pick<NumberedPerson, 'personId' | 'identityId'>,
  status: Exclude<RegisterStatus, 'active'>,
): Promise<void> {
  if (status === 'emigrated') {
    const notice = { kind: 'emigrated', details: {} } as const;
    await blockWithin(world, db, identityId, 'identity', BY_SYSTEM, { notice });
    return;
  }
  // Relatives open the post of the dead and are hurt by it, and others misuse it: nothing goes there again.
  await blockWithin(world, db, identityId, 'identity', BY_SYSTEM, { notice: null });
  await cancelLettersTo(db, identityId);
  await forgetContact(db, personId);
}

/**
 * Of a person with two IDs the one of the row is changed with the row. The other stands under a former number. Called
 * before the row changes anybody: who has two is locked in one order.
 * @returns the identities that were blocked here.
 */
export async function blockOtherIds(
  world: World,
  db: Queryable,
  { lookup, entry: { status } }: { readonly lookup: Buffer; readonly entry: RegisterEntry },
): Promise<string[]> {
  if (status === 'active') return [];
  const numbers = await findNumbersOf(db, [lookup]);
  // What is said of a number that became another is not said of the person.
  if (numbers.length === 1 || !(await findCurrentNumber(db, lookup)).equals(lookup)) return [];
  const people = await lockPeopleWith(db, numbers);
  const others = people.filter((one) => !one.lookup?.equals(lookup));
  for (const one of others) {
    const { identityId } = one;
    await blockByRegister(world, db, one, status);
    await appendEvent(db, { kind: 'register_changed', identityId, details: { what: [status] } });
  }
  return others.map(({ identityId }) => identityId);
}
