/**
 * Whether somebody has an ID already. Nobody gets a second one: by CPR number that is certain, by the document that was
 * shown as well; the same name and birth date alone are told to whoever issues, who looks at the person.
 */
import type { Day } from '../../core/calendar.ts';
import { foldDocumentNumber, type Identification } from '../../core/issuing/identification.ts';
import { likenessOfName } from '../../core/issuing/names.ts';
import { findByMarks } from '../../store/issuing/applications.ts';
import type { Queryable } from '../../store/database.ts';
import type { Marks } from '../../store/people.ts';
import type { World } from '../world.ts';

interface Recognisable {
  readonly cpr: string | null;
  readonly givenName: string;
  readonly familyName: string;
  readonly birthdate: Day;
  readonly identification: Identification | null;
}

export function marksOf({ keyring }: World, person: Recognisable): Marks {
  const { cpr, identification, birthdate } = person;
  const name = likenessOfName(`${person.givenName} ${person.familyName}`);
  const document = identification && `${identification.kind} ${foldDocumentNumber(identification.number)}`;
  return {
    cpr: cpr === null ? null : keyring.hmac('cprLookup', cpr),
    likeness: keyring.hmac('cprLookup', `likeness v1 ${birthdate} ${name}`),
    document: document === null ? null : keyring.hmac('cprLookup', `document v1 ${document}`),
  };
}

/** `looks_like`: the same name and birth date, where one of the two has no CPR number. */
export type Recognised =
  | { readonly kind: 'has_id'; readonly identityId: string }
  | { readonly kind: 'looks_like'; readonly identityIds: readonly string[] }
  | null;

export async function recognise(db: Queryable, marks: Marks): Promise<Recognised> {
  const found = await findByMarks(db, marks);
  const certain = found.find(({ by }) => by === 'cpr') ?? found.find(({ by }) => by === 'document');
  if (certain) return { kind: 'has_id', identityId: certain.identityId };
  const identityIds = found.map(({ identityId }) => identityId);
  return identityIds.length > 0 ? { kind: 'looks_like', identityIds } : null;
}
