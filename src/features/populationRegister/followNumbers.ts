/**
 * A row of the register names numbers that became its own: the person with an ID follows. Two IDs that turn out to be one
 * person's are left as they are, and what contradicts an earlier row is not followed: an officer has to look.
 */
import type { PopulationRegisterEntry } from '../../domain/issuing/populationRegister.ts';
import { appendEvent } from '../../db/auditLog.ts';
import type { Queryable } from '../../db/database.ts';
import { recordDuplicate } from '../../db/people/duplicates.ts';
import {
  markLinksFollowed,
  saveLink,
  recordDistinctNumbers,
  suspendStaffLinks,
} from '../../db/people/cprLinks.ts';
import { findCurrentNumber, findNumbersOfPerson, recordFormerNumbers } from '../../db/people/formerCprs.ts';
import { lockEntryOfLookup } from '../../db/people/populationRegister.ts';
import { lockPeopleWithNumbers, type PersonWithCpr } from '../../db/people/people.ts';
import { BY_SYSTEM } from '../identity/index.ts';
import { changeCpr } from '../issuing/index.ts';
import type { AppContext } from '../appContext.ts';
import { isOnePersonByFacts } from './comparePeople.ts';

export type FollowResult =
  | { readonly kind: 'nothing' }
  /** The person has another number now: all of the row under which they are is new to them. */
  | {
      readonly kind: 'moved';
      readonly identityId: string;
      readonly entry: PopulationRegisterEntry;
      readonly lookup: Buffer;
      readonly publicSitesEnded: boolean;
    }
  | { readonly kind: 'to_look_at' };

/** In a transaction that holds all these numbers, and has saved the row. */
export async function followNumbers(
  context: AppContext,
  db: Queryable,
  { lookup, entry }: { lookup: Buffer; entry: PopulationRegisterEntry },
): Promise<FollowResult> {
  const { keyring } = context;
  const former = (entry.formerCprs ?? []).map((cpr) => keyring.hmac('cprLookup', cpr));
  if (former.length === 0) return { kind: 'nothing' };
  const { people, misled } = await findPeopleOfNumbers(context, db, { lookup, former });
  if (!people) return { kind: 'to_look_at' };
  const [person, ...others] = people;
  if (!person) return { kind: 'nothing' };
  if (others.length > 0) {
    const ids = people.map(({ identityId }) => identityId);
    return (await recordDuplicatePairs(context, db, ids)) ? { kind: 'to_look_at' } : { kind: 'nothing' };
  }
  const current = await findCurrentNumber(db, lookup);
  if (person.lookup?.equals(current)) return { kind: 'nothing' };
  const now = current.equals(lookup) ? entry : await lockEntryOfLookup(db, keyring, current);
  // Only two officers can have told of a number that the register has no row of, and they looked at its person.
  if (!now || !keyring.hmac('cprLookup', now.cpr).equals(current)) return { kind: 'to_look_at' };
  const starts = misled ? former : [person.lookup ?? lookup];
  for (const start of starts) await markLinksFollowed(db, start, person.identityId);
  const publicSitesEnded = await changeCpr(context, db, person, now, {
    by: BY_SYSTEM,
    isNotified: now.status !== 'dead',
  });
  return { kind: 'moved', identityId: person.identityId, entry: now, lookup: current, publicSitesEnded };
}

interface NumbersFound {
  /** Who has an ID under one of these numbers; null: an officer has to look, and nothing was recorded. */
  readonly people: readonly PersonWithCpr[] | null;
  /** They are under a number that two officers gave them, and the register says otherwise. */
  readonly misled: boolean;
}

/** Records what the row says, where all that is known of these numbers may be one person's. */
async function findPeopleOfNumbers(
  context: AppContext,
  db: Queryable,
  { lookup, former }: { readonly lookup: Buffer; readonly former: readonly Buffer[] },
): Promise<NumbersFound> {
  const at = context.clock.now();
  const end = await findCurrentNumber(db, lookup);
  const aside = await suspendStaffLinks(db, former, [lookup, end, ...former]);
  const numbers = await findNumbersOfPerson(db, [lookup, ...former]);
  const all = await lockPeopleWithNumbers(db, [...numbers, ...aside.map(({ current }) => current)]);
  const isMisled = ({ identityId, lookup: has }: PersonWithCpr) =>
    aside.some(({ followedBy, current }) => followedBy === identityId && has?.equals(current));
  const people = all.filter((one) => isMisled(one) || numbers.some((number) => one.lookup?.equals(number)));
  const ends = await Promise.all(former.map((one) => findCurrentNumber(db, one)));
  const isNew = ends.some((one) => !one.equals(end)) || people.some((one) => !one.lookup?.equals(end));
  const compared = {
    numbers,
    former,
    personIds: people.filter((one) => !isMisled(one)).map(({ personId }) => personId),
    misled: people.filter(isMisled).map(({ personId }) => personId),
  };
  const told = { former, current: lookup, by: 'register', at } as const;
  const fits =
    aside.length === compared.misled.length &&
    (!isNew || (await isOnePersonByFacts(context, db, compared))) &&
    (await recordFormerNumbers(db, told));
  if (fits) {
    for (const { former: one, current } of aside)
      await recordDistinctNumbers(db, [one, lookup], { wrong: current, at });
    return { people, misled: aside.length > 0 };
  }
  for (const link of aside) await saveLink(db, link);
  const ids: (string | null)[] = people.map(({ identityId }) => identityId);
  for (const identityId of ids.length > 0 ? ids : [null]) {
    await appendEvent(db, { kind: 'cpr_change_unclear', identityId, details: {} });
  }
  return { people: null, misled: false };
}

/** Each with each other. False when all was known. */
async function recordDuplicatePairs(
  context: AppContext,
  db: Queryable,
  ids: readonly string[],
): Promise<boolean> {
  let isNew = false;
  for (const [at, one] of ids.entries()) {
    for (const other of ids.slice(at + 1)) {
      if (await recordDuplicate(db, [one, other], context.clock.now())) isNew = true;
    }
  }
  if (!isNew) return false;
  for (const identityId of ids) await appendEvent(db, { kind: 'duplicate_found', identityId, details: {} });
  return true;
}
