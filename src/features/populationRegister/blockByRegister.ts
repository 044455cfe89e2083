/** Blocks every ID of a person whom the register reports as dead or emigrated. */
import type {
  PopulationRegisterEntry,
  PopulationRegisterStatus,
} from '../../domain/issuing/populationRegister.ts';
import { appendEvent } from '../../db/auditLog.ts';
import type { Queryable } from '../../db/database.ts';
import { findCurrentNumber, findNumbersOfPerson } from '../../db/people/formerCprs.ts';
import { deleteContact } from '../../db/people/populationRegister.ts';
import { cancelLettersTo } from '../../db/cards/letters.ts';
import { lockPeopleWithNumbers, type PersonWithCpr } from '../../db/people/people.ts';
import { blockInTransaction } from '../factors/index.ts';
import { BY_SYSTEM } from '../identity/index.ts';
import type { AppContext } from '../appContext.ts';

export async function blockByRegister(
  context: AppContext,
  db: Queryable,
  { personId, identityId }: Pick<PersonWithCpr, 'personId' | 'identityId'>,
  status: Exclude<PopulationRegisterStatus, 'active'>,
): Promise<void> {
  if (status === 'emigrated') {
    const notice = { kind: 'emigrated', details: {} } as const;
    await blockInTransaction(context, db, identityId, 'identity', BY_SYSTEM, { notice });
    return;
  }
  // Relatives open the post of the dead and are hurt by it, and others misuse it: nothing is sent there any
  // longer.
  await blockInTransaction(context, db, identityId, 'identity', BY_SYSTEM, { notice: null });
  await cancelLettersTo(db, identityId);
  await deleteContact(db, personId);
}

/**
 * For a person with two IDs: the ID of the row is changed with the row, and the other one has a former number
 * and is blocked here. Call it before the row changes anyone, so that the people are always locked in one
 * order.
 *
 * @returns the identities that were blocked here.
 */
export async function blockDuplicateIds(
  context: AppContext,
  db: Queryable,
  { lookup, entry: { status } }: { readonly lookup: Buffer; readonly entry: PopulationRegisterEntry },
): Promise<string[]> {
  if (status === 'active') return [];
  const numbers = await findNumbersOfPerson(db, [lookup]);
  // The status of a number that was replaced is not the status of the person.
  if (numbers.length === 1 || !(await findCurrentNumber(db, lookup)).equals(lookup)) return [];
  const people = await lockPeopleWithNumbers(db, numbers);
  const others = people.filter((one) => !one.lookup?.equals(lookup));
  for (const one of others) {
    const { identityId } = one;
    await blockByRegister(context, db, one, status);
    await appendEvent(db, { kind: 'register_changed', identityId, details: { what: [status] } });
  }
  return others.map(({ identityId }) => identityId);
}
