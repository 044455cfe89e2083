/**
 * The register speaks: what is new in a row happens to the person whom it is about. What did not change in the row
 * is left alone, so that what a desk has put right since is not undone by it.
 */
import {
  isSameAddress,
  isSameParts,
  isSamePlace,
  type RegisterChange,
  type RegisterEntry,
} from '../../core/issuing/register.ts';
import { fullName, namesOf } from '../../core/person.ts';
import type { Notice } from '../../core/notice.ts';
import { appendEvent } from '../../store/auditLog.ts';
import { lockOwner } from '../../store/cardLife.ts';
import type { Queryable } from '../../store/database.ts';
import { orderLetter } from '../../store/letters.ts';
import { appendNotice } from '../../store/notices.ts';
import {
  findOwner,
  forgetFormerAddress,
  lockPerson,
  movePerson,
  protectAddress,
  renamePerson,
  rewriteAddress,
  type RegisteredPerson,
} from '../../store/issuing/register.ts';
import { sealContact } from '../completeContact.ts';
import { openAddress } from '../contact/sealedContact.ts';
import { marksOf } from '../issuing/recognise.ts';
import type { World } from '../world.ts';
import { blockByRegister } from './blockByRegister.ts';

export interface Changed {
  readonly identityId: string;
  readonly what: readonly RegisterChange[];
}

interface Changing {
  readonly world: World;
  readonly db: Queryable;
  readonly personId: string;
  readonly identityId: string;
  readonly person: RegisteredPerson;
  readonly entry: RegisterEntry;
  /** The row as it was; null where there was none, or where it was wrongly that of a dead person: all of it is new. */
  readonly before: RegisterEntry | null;
  /** The person got the number of the row with the row. */
  readonly isRenumbered: boolean;
}

/** In the transaction that saves the row. Null when nobody with this CPR number has an ID. */
export async function changePerson(
  world: World,
  db: Queryable,
  {
    lookup,
    entry,
    before,
    isRenumbered = false,
  }: {
    lookup: Buffer;
    entry: RegisterEntry;
    before: RegisterEntry | null;
    isRenumbered?: boolean;
  },
): Promise<Changed | null> {
  const owner = await findOwner(db, lookup);
  if (!owner) return null;
  const { identityId, personId } = owner;
  await lockOwner(db, identityId);
  // The number may have become another one meanwhile: then what its row says is no longer about them.
  if ((await findOwner(db, lookup))?.identityId !== identityId) return null;
  const person = await lockPerson(db, personId);
  const changing: Changing = {
    world,
    db,
    identityId,
    personId,
    person,
    entry,
    before: before?.status === 'dead' && entry.status !== 'dead' ? null : before,
    isRenumbered,
  };
  const what: RegisterChange[] = [];
  // In this order: who has died is not written to about a new name.
  if (entry.status !== (before?.status ?? 'active')) what.push(await changeStatus(changing));
  const isRenamed = await changeName(changing);
  if (isRenamed) what.push('name');
  if (await changeAddress(changing, isRenamed)) what.push('address');
  if (await changeProtection(changing)) what.push('address_protected');
  if (what.length === 0) return null;
  await appendEvent(db, { kind: 'register_changed', identityId, details: { what } });
  return { identityId, what };
}

async function changeStatus({ world, db, personId, identityId, entry }: Changing): Promise<RegisterChange> {
  // A blocked ID is reopened at the desk alone, which sees here that nothing stands in the way.
  if (entry.status !== 'active') await blockByRegister(world, db, { personId, identityId }, entry.status);
  return entry.status;
}

async function changeName({
  world,
  db,
  personId,
  identityId,
  person,
  entry,
  before,
}: Changing): Promise<boolean> {
  const { birthdate, status } = entry;
  const names = namesOf(entry);
  if (before && isSameParts(before, entry)) return false;
  const isOther = fullName(names) !== fullName(person.names);
  // What was told of a name that now comes whole stays; which part is which may become known.
  if (isOther ? before && fullName(before) === fullName(names) : names.nameIsWhole) return false;
  if (isSameParts(names, person.names)) return false;
  const { likeness } = marksOf(world, { cpr: null, ...names, birthdate, identification: null });
  await renamePerson(db, personId, { ...names, likeness });
  if (isOther && status !== 'dead') await tell(world, db, identityId, { kind: 'name_changed', details: {} });
  return true;
}

async function changeAddress(changing: Changing, isRenamed: boolean): Promise<boolean> {
  const { world, db, personId, identityId, person, entry, before, isRenumbered } = changing;
  const { address, status } = entry;
  // A row without one says that the register knows none, not that the person has moved.
  if (!address || status === 'dead') return false;
  if (before?.address && isSameAddress(before.address, address)) return false;
  const { addressSealed } = sealContact(world, personId, { address });
  if (!addressSealed) return false;
  const known = person.addressSealed && openAddress(world, personId, person.addressSealed);
  if (known && isSameAddress(known, address)) return false;
  if (known && isSamePlace(known, address)) {
    await rewriteAddress(db, personId, addressSealed);
    return true;
  }
  const now = world.clock.now();
  await movePerson(db, personId, addressSealed, now);
  const notice: Notice = { kind: 'address_changed', details: {} };
  await tell(world, db, identityId, notice);
  // A letter has the name of today on it. Nobody at the former address hears that of whom the register protects, or of
  // somebody who has another name or number with the move.
  const isTold = !isRenamed && !isRenumbered && !entry.addressProtected && !person.addressProtected;
  if (!isTold) await forgetFormerAddress(db, personId);
  else if (known) {
    const letter = { id: world.dice.uuid(), kind: 'notice', identityId, cardId: null, notice } as const;
    await orderLetter(db, { ...letter, toFormerAddress: true }, now);
  }
  return true;
}

async function changeProtection({ db, personId, person, entry, before }: Changing): Promise<boolean> {
  const { addressProtected } = entry;
  if (before?.addressProtected === addressProtected || person.addressProtected === addressProtected)
    return false;
  await protectAddress(db, personId, addressProtected);
  if (addressProtected) await forgetFormerAddress(db, personId);
  return true;
}

async function tell(world: World, db: Queryable, identityId: string, notice: Notice): Promise<void> {
  await appendNotice(db, { id: world.dice.uuid(), identityId, notice }, world.clock.now());
}
