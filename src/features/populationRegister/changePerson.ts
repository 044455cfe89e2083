/**
 * Applies what is new in a register row to the person it is about. What did not change in the row is left
 * alone, so that a correction at the desk is not undone by the next import.
 */
import {
  isSameAddress,
  hasSameNameParts,
  isSamePlace,
  type PopulationRegisterChange,
  type PopulationRegisterEntry,
} from '../../domain/issuing/populationRegister.ts';
import { fullName, pickNames } from '../../domain/person/person.ts';
import type { Notice } from '../../domain/notice.ts';
import { appendEvent } from '../../db/auditLog.ts';
import { lockIdentity } from '../../db/cards/cardSets.ts';
import type { Queryable } from '../../db/database.ts';
import { orderLetter } from '../../db/cards/letters.ts';
import { enqueueNotice } from '../../db/cards/notices.ts';
import {
  findEntryOwner,
  deleteFormerAddress,
  lockRegisteredPerson,
  updateAddress,
  protectAddress,
  renamePerson,
  rewriteAddress,
  type RegisteredPerson,
} from '../../db/people/populationRegister.ts';
import { openAddressIfIntact, sealContact } from '../contact/index.ts';
import { hashFingerprints } from '../issuing/index.ts';
import type { AppContext } from '../appContext.ts';
import { blockByRegister } from './blockByRegister.ts';

export interface ChangedPerson {
  readonly identityId: string;
  readonly what: readonly PopulationRegisterChange[];
}

interface PersonChangeContext {
  readonly context: AppContext;
  readonly db: Queryable;
  readonly personId: string;
  readonly identityId: string;
  readonly person: RegisteredPerson;
  readonly entry: PopulationRegisterEntry;
  /**
   * The previous row. Null where there was none, or where it wrongly stated that the person was dead: then
   * all of the row is new.
   */
  readonly before: PopulationRegisterEntry | null;
  /** The person's number became the number of the row by this row. */
  readonly isRenumbered: boolean;
}

/** Runs in the transaction that saves the row. Returns null when no one with this CPR number has an ID. */
export async function changePerson(
  context: AppContext,
  db: Queryable,
  {
    lookup,
    entry,
    before,
    isRenumbered = false,
  }: {
    lookup: Buffer;
    entry: PopulationRegisterEntry;
    before: PopulationRegisterEntry | null;
    isRenumbered?: boolean;
  },
): Promise<ChangedPerson | null> {
  const owner = await findEntryOwner(db, lookup);
  if (!owner) return null;
  const { identityId, personId } = owner;
  await lockIdentity(db, identityId);
  // The number may have been replaced concurrently: then its row is no longer about this person.
  if ((await findEntryOwner(db, lookup))?.identityId !== identityId) return null;
  const person = await lockRegisteredPerson(db, personId);
  const change: PersonChangeContext = {
    context,
    db,
    identityId,
    personId,
    person,
    entry,
    before: before?.status === 'dead' && entry.status !== 'dead' ? null : before,
    isRenumbered,
  };
  const what: PopulationRegisterChange[] = [];
  // The status comes first: a person who has died gets no letter about a new name.
  if (entry.status !== (before?.status ?? 'active')) what.push(await changeStatus(change));
  const isRenamed = await changeName(change);
  if (isRenamed) what.push('name');
  if (await changeAddress(change, isRenamed)) what.push('address');
  if (await changeProtection(change)) what.push('address_protected');
  if (what.length === 0) return null;
  await appendEvent(db, { kind: 'register_changed', identityId, details: { what } });
  return { identityId, what };
}

async function changeStatus({
  context,
  db,
  personId,
  identityId,
  entry,
}: PersonChangeContext): Promise<PopulationRegisterChange> {
  // A blocked ID is reopened only at the desk, which sees that the register no longer rules it out.
  if (entry.status !== 'active') await blockByRegister(context, db, { personId, identityId }, entry.status);
  return entry.status;
}

async function changeName({
  context,
  db,
  personId,
  identityId,
  person,
  entry,
  before,
}: PersonChangeContext): Promise<boolean> {
  const { birthdate, status } = entry;
  const names = pickNames(entry);
  if (before && hasSameNameParts(before, entry)) return false;
  const isOther = fullName(names) !== fullName(person.names);
  // A row that has the same name undivided keeps the parts known so far. A row may also state for the first
  // time which part is which; that changes no name, and no notice is sent.
  if (isOther ? before && fullName(before) === fullName(names) : names.nameIsWhole) return false;
  if (hasSameNameParts(names, person.names)) return false;
  const { nameBirthdateHash } = hashFingerprints(context, {
    cpr: null,
    ...names,
    birthdate,
    identification: null,
  });
  await renamePerson(db, personId, { ...names, nameBirthdateHash });
  if (isOther && status !== 'dead')
    await enqueueRegisterNotice(context, db, identityId, { kind: 'name_changed', details: {} });
  return true;
}

async function changeAddress(change: PersonChangeContext, isRenamed: boolean): Promise<boolean> {
  const { context, db, personId, identityId, person, entry, before, isRenumbered } = change;
  const { address, status } = entry;
  // A row without an address means that the register knows none, not that the person has moved.
  if (!address || status === 'dead') return false;
  if (before?.address && isSameAddress(before.address, address)) return false;
  const { addressSealed } = sealContact(context, personId, { address });
  if (!addressSealed) return false;
  const known = openAddressIfIntact(context, personId, person.addressSealed);
  if (known && isSameAddress(known, address)) return false;
  // A damaged address is replaced without a trace: no letter could go there.
  const isDamaged = known === null && person.addressSealed !== null;
  if (isDamaged || (known && isSamePlace(known, address))) {
    await rewriteAddress(db, personId, addressSealed);
    return true;
  }
  const now = context.clock.now();
  await updateAddress(db, personId, addressSealed, now);
  const notice: Notice = { kind: 'address_changed', details: {} };
  await enqueueRegisterNotice(context, db, identityId, notice);
  // A letter carries the present name. At the former address it must not reveal the name of a person whom the
  // register protects, or of one who gets another name or number with the move.
  const isNotified = !isRenamed && !isRenumbered && !entry.addressProtected && !person.addressProtected;
  if (!isNotified) await deleteFormerAddress(db, personId);
  else if (known) {
    const letter = { id: context.random.uuid(), kind: 'notice', identityId, cardId: null, notice } as const;
    await orderLetter(db, { ...letter, toFormerAddress: true }, now);
  }
  return true;
}

async function changeProtection({
  db,
  personId,
  person,
  entry,
  before,
}: PersonChangeContext): Promise<boolean> {
  const { addressProtected } = entry;
  if (before?.addressProtected === addressProtected || person.addressProtected === addressProtected)
    return false;
  await protectAddress(db, personId, addressProtected);
  if (addressProtected) await deleteFormerAddress(db, personId);
  return true;
}

async function enqueueRegisterNotice(
  context: AppContext,
  db: Queryable,
  identityId: string,
  notice: Notice,
): Promise<void> {
  await enqueueNotice(db, { id: context.random.uuid(), identityId, notice }, context.clock.now());
}
