/** Whether the people of some CPR numbers are one person, by all that the register and their IDs know of them. */
import type { RegisterEntry } from '../../core/issuing/register.ts';
import { agrees, isOnePerson, type PersonFacts } from '../../core/issuing/samePerson.ts';
import { fullName } from '../../core/person.ts';
import type { Queryable } from '../../store/database.ts';
import { findEntriesOf, findIdFacts, type IdFacts } from '../../store/issuing/personFacts.ts';
import { openAddress } from '../contact/sealedContact.ts';
import { marksOf } from '../issuing/recognise.ts';
import type { World } from '../world.ts';

/**
 * @param compared.misled IDs that are there by the wrong word of officers: they count where the register knows nothing of
 *   the former numbers.
 */
export async function arePeopleOne(
  world: World,
  db: Queryable,
  compared: {
    readonly numbers: readonly Buffer[];
    readonly former: readonly Buffer[];
    readonly personIds: readonly string[];
    readonly misled: readonly string[];
  },
): Promise<boolean> {
  const { numbers, former, personIds, misled } = compared;
  const entries = await findEntriesOf(db, world.keyring, numbers);
  const isKnown = former.every((one) => entries.some(({ lookup }) => lookup.equals(one)));
  const ids = await findIdFacts(db, isKnown ? personIds : [...personIds, ...misled]);
  return isOnePerson([
    ...entries.map(({ entry }) => factsOfEntry(world, entry)),
    ...ids.map((id) => factsOfId(world, id)),
  ]);
}

/** Whether the row of this number agrees with something known of the others; also where nothing is. */
export async function isOneOfThem(
  world: World,
  db: Queryable,
  compared: {
    readonly lookup: Buffer;
    readonly numbers: readonly Buffer[];
    readonly personIds: readonly string[];
  },
): Promise<boolean> {
  const { lookup, numbers, personIds } = compared;
  const [own] = await findEntriesOf(db, world.keyring, [lookup]);
  const entries = await findEntriesOf(db, world.keyring, numbers);
  const ids = await findIdFacts(db, personIds);
  if (!own || entries.length + ids.length === 0) return true;
  const facts = factsOfEntry(world, own.entry);
  const others = [
    ...entries.map(({ entry }) => factsOfEntry(world, entry)),
    ...ids.map((id) => factsOfId(world, id)),
  ];
  return others.some((other) => agrees(facts, other));
}

function factsOfEntry(world: World, entry: RegisterEntry): PersonFacts {
  const { birthdate, address, passport, drivingLicence } = entry;
  const shown = { passport, driving_licence: drivingLicence };
  const documents = Object.entries(shown).flatMap(([kind, number]) => {
    if (!number) return [];
    const identification = { kind, number, expiresOn: null };
    const { document } = marksOf(world, { ...entry, identification });
    return document ? [document.toString('hex')] : [];
  });
  return { name: fullName(entry), birthdate, address, documents };
}

function factsOfId(world: World, id: IdFacts): PersonFacts {
  const { personId, name, birthdate, addressSealed, document } = id;
  const address = addressSealed && openAddress(world, personId, addressSealed);
  return { name, birthdate, address, documents: document ? [document.toString('hex')] : [] };
}
