/** Compares the people of some CPR numbers by everything that the register and their IDs state about them. */
import type { PopulationRegisterEntry } from '../../domain/issuing/populationRegister.ts';
import { hasAgreeingFacts, isSamePerson, type PersonIdentifyingFacts } from './samePerson.rules.ts';
import { fullName } from '../../domain/person/person.ts';
import type { Queryable } from '../../db/database.ts';
import { findEntriesOfNumbers, findIdFacts, type IdFacts } from './personFacts.queries.ts';
import { openAddressIfIntact } from '../contact/index.ts';
import { hashFingerprints } from '../issuing/index.ts';
import type { AppContext } from '../appContext.ts';

/**
 * Whether they are one person.
 *
 * @param compared.misled people with an ID under a number that officers gave them wrongly: they count only
 *   where the register has no row of a former number.
 */
export async function isOnePersonByFacts(
  context: AppContext,
  db: Queryable,
  compared: {
    readonly numbers: readonly Buffer[];
    readonly former: readonly Buffer[];
    readonly personIds: readonly string[];
    readonly misled: readonly string[];
  },
): Promise<boolean> {
  const { numbers, former, personIds, misled } = compared;
  const entries = await findEntriesOfNumbers(db, context.keyring, numbers);
  const isKnown = former.every((one) => entries.some(({ lookup }) => lookup.equals(one)));
  const ids = await findIdFacts(db, isKnown ? personIds : [...personIds, ...misled]);
  return isSamePerson([
    ...entries.map(({ entry }) => readEntryFacts(context, entry)),
    ...ids.map((id) => readIdFacts(context, id)),
  ]);
}

/** Whether the row of this number agrees with anything known of the others; true where nothing is known. */
export async function isOneOfPeople(
  context: AppContext,
  db: Queryable,
  compared: {
    readonly lookup: Buffer;
    readonly numbers: readonly Buffer[];
    readonly personIds: readonly string[];
  },
): Promise<boolean> {
  const { lookup, numbers, personIds } = compared;
  const [ownEntry] = await findEntriesOfNumbers(db, context.keyring, [lookup]);
  const entries = await findEntriesOfNumbers(db, context.keyring, numbers);
  const ids = await findIdFacts(db, personIds);
  if (!ownEntry || entries.length + ids.length === 0) return true;
  const facts = readEntryFacts(context, ownEntry.entry);
  const others = [
    ...entries.map(({ entry }) => readEntryFacts(context, entry)),
    ...ids.map((id) => readIdFacts(context, id)),
  ];
  return others.some((other) => hasAgreeingFacts(facts, other));
}

function readEntryFacts(context: AppContext, entry: PopulationRegisterEntry): PersonIdentifyingFacts {
  const { birthdate, address, passport, drivingLicence } = entry;
  const shown = { passport, driving_licence: drivingLicence };
  const documents = Object.entries(shown).flatMap(([kind, number]) => {
    if (!number) return [];
    const identification = { kind, number, expiresOn: null };
    const { document } = hashFingerprints(context, { ...entry, identification });
    return document ? [document.toString('hex')] : [];
  });
  return { name: fullName(entry), birthdate, address, documents };
}

function readIdFacts(context: AppContext, id: IdFacts): PersonIdentifyingFacts {
  const { personId, name, birthdate, addressSealed, document } = id;
  const address = openAddressIfIntact(context, personId, addressSealed);
  return { name, birthdate, address, documents: document ? [document.toString('hex')] : [] };
}
