/** Whether the people of some CPR numbers are one person, by all that the register and their IDs know of them. */
import type { RegisterEntry } from '../../core/issuing/register.ts';
import { isOnePerson, type PersonFacts } from '../../core/issuing/samePerson.ts';
import type { PostalAddress } from '../../core/letter.ts';
import { fullName } from '../../core/person.ts';
import type { Queryable } from '../../store/database.ts';
import { findEntriesOf, findIdFacts, type IdFacts } from '../../store/issuing/personFacts.ts';
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

function factsOfId({ keyring }: World, id: IdFacts): PersonFacts {
  const { personId, name, birthdate, addressSealed, document } = id;
  const address = addressSealed
    ? (JSON.parse(keyring.open('seal', addressSealed, `address ${personId}`)) as PostalAddress)
    : null;
  return { name, birthdate, address, documents: document ? [document.toString('hex')] : [] };
}
