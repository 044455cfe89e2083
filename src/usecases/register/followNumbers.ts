/**
 * A row of the register names numbers that became its own: the person with an ID follows. Two IDs that turn out to be one
 * person's are left as they are, and what contradicts an earlier row is not followed: an officer has to look.
 */
import type { RegisterEntry } from '../../core/issuing/register.ts';
import { appendEvent } from '../../store/auditLog.ts';
import type { Queryable } from '../../store/database.ts';
import { recordDuplicate } from '../../store/issuing/duplicates.ts';
import { findCurrentNumber, findNumbersOf, recordFormer } from '../../store/issuing/formerCprs.ts';
import { holdEntryOf } from '../../store/issuing/register.ts';
import { lockPeopleWith } from '../../store/people.ts';
import { BY_SYSTEM } from '../cardDeeds.ts';
import { changeCpr } from '../issuing/changeCpr.ts';
import type { World } from '../world.ts';

export type Followed =
  | { readonly kind: 'nothing' }
  /** The person has another number now: all of the row under which they are is new to them. */
  | {
      readonly kind: 'moved';
      readonly identityId: string;
      readonly entry: RegisterEntry;
      readonly lookup: Buffer;
      readonly publicSitesEnded: boolean;
    }
  | { readonly kind: 'to_look_at' };

/** In a transaction that holds all these numbers, and has saved the row. */
export async function followNumbers(
  world: World,
  db: Queryable,
  { lookup, entry }: { lookup: Buffer; entry: RegisterEntry },
): Promise<Followed> {
  const { keyring, clock } = world;
  const former = (entry.formerCprs ?? []).map((cpr) => keyring.hmac('cprLookup', cpr));
  if (former.length === 0) return { kind: 'nothing' };
  const people = await lockPeopleWith(db, await findNumbersOf(db, [lookup, ...former]));
  const told = { former, current: lookup, by: 'register', at: clock.now() } as const;
  if (!(await recordFormer(db, told))) {
    for (const { identityId } of people) {
      await appendEvent(db, { kind: 'cpr_change_unclear', identityId, details: {} });
    }
    if (people.length === 0)
      await appendEvent(db, { kind: 'cpr_change_unclear', identityId: null, details: {} });
    return { kind: 'to_look_at' };
  }
  const [person, ...others] = people;
  if (!person) return { kind: 'nothing' };
  if (others.length > 0) {
    const ids = people.map(({ identityId }) => identityId);
    return (await noteDuplicates(world, db, ids)) ? { kind: 'to_look_at' } : { kind: 'nothing' };
  }
  const current = await findCurrentNumber(db, lookup);
  if (person.lookup?.equals(current)) return { kind: 'nothing' };
  const now = current.equals(lookup) ? entry : await holdEntryOf(db, keyring, current);
  // Only two officers can have told of a number that the register has no row of, and they looked at its person.
  if (!now || !keyring.hmac('cprLookup', now.cpr).equals(current)) return { kind: 'to_look_at' };
  const publicSitesEnded = await changeCpr(world, db, person, now, {
    by: BY_SYSTEM,
    isTold: now.status !== 'dead',
  });
  return { kind: 'moved', identityId: person.identityId, entry: now, lookup: current, publicSitesEnded };
}

/** Each with each other. False when all was known. */
async function noteDuplicates(world: World, db: Queryable, ids: readonly string[]): Promise<boolean> {
  let isNew = false;
  for (const [at, one] of ids.entries()) {
    for (const other of ids.slice(at + 1)) {
      if (await recordDuplicate(db, [one, other], world.clock.now())) isNew = true;
    }
  }
  if (!isNew) return false;
  for (const identityId of ids) await appendEvent(db, { kind: 'duplicate_found', identityId, details: {} });
  return true;
}
