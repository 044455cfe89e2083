/**
 * A register row names former numbers of its person: the ID under one of them moves to the new number. Two
 * IDs that turn out to be one person's are left unchanged, and a row that contradicts an earlier one is not
 * followed: an officer has to decide.
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
  /** The person has another number now: everything in the row of that number is new to them. */
  | {
      readonly kind: 'moved';
      readonly identityId: string;
      readonly entry: PopulationRegisterEntry;
      readonly lookup: Buffer;
      readonly publicSitesEnded: boolean;
    }
  | { readonly kind: 'to_look_at' };

/** Runs in a transaction that locks all these numbers and has saved the row. */
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
  // A number without a row in the register can only come from two officers, who checked its person.
  if (!now || !keyring.hmac('cprLookup', now.cpr).equals(current)) return { kind: 'to_look_at' };
  const formerNumbers = misled ? former : [person.lookup ?? lookup];
  for (const number of formerNumbers) await markLinksFollowed(db, number, person.identityId);
  const publicSitesEnded = await changeCpr(context, db, person, now, {
    by: BY_SYSTEM,
    isNotified: now.status !== 'dead',
  });
  return { kind: 'moved', identityId: person.identityId, entry: now, lookup: current, publicSitesEnded };
}

interface NumbersFound {
  /**
   * The people with an ID under one of these numbers; null: an officer has to decide, and nothing was
   * recorded.
   */
  readonly people: readonly PersonWithCpr[] | null;
  /** Two officers gave them a number that the register contradicts. */
  readonly misled: boolean;
}

/** Records the row's former numbers, where everything known of these numbers may be about one person. */
async function findPeopleOfNumbers(
  context: AppContext,
  db: Queryable,
  { lookup, former }: { readonly lookup: Buffer; readonly former: readonly Buffer[] },
): Promise<NumbersFound> {
  const at = context.clock.now();
  const latest = await findCurrentNumber(db, lookup);
  const suspended = await suspendStaffLinks(db, former, [lookup, latest, ...former]);
  const numbers = await findNumbersOfPerson(db, [lookup, ...former]);
  const all = await lockPeopleWithNumbers(db, [...numbers, ...suspended.map(({ current }) => current)]);
  const isMisled = ({ identityId, lookup: has }: PersonWithCpr) =>
    suspended.some(({ followedBy, current }) => followedBy === identityId && has?.equals(current));
  const people = all.filter((one) => isMisled(one) || numbers.some((number) => one.lookup?.equals(number)));
  const latestOfFormer = await Promise.all(former.map((one) => findCurrentNumber(db, one)));
  const isNew =
    latestOfFormer.some((one) => !one.equals(latest)) || people.some((one) => !one.lookup?.equals(latest));
  const compared = {
    numbers,
    former,
    personIds: people.filter((one) => !isMisled(one)).map(({ personId }) => personId),
    misled: people.filter(isMisled).map(({ personId }) => personId),
  };
  const statement = { former, current: lookup, by: 'register', at } as const;
  const isFollowed =
    suspended.length === compared.misled.length &&
    (!isNew || (await isOnePersonByFacts(context, db, compared))) &&
    (await recordFormerNumbers(db, statement));
  if (isFollowed) {
    for (const { former: one, current } of suspended)
      await recordDistinctNumbers(db, [one, lookup], { wrong: current, at });
    return { people, misled: suspended.length > 0 };
  }
  for (const link of suspended) await saveLink(db, link);
  const ids: (string | null)[] = people.map(({ identityId }) => identityId);
  for (const identityId of ids.length > 0 ? ids : [null]) {
    await appendEvent(db, { kind: 'cpr_change_unclear', identityId, details: {} });
  }
  return { people: null, misled: false };
}

/** Records every pair of these IDs. Returns false when all were known. */
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
