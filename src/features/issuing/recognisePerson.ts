/**
 * Recognises a person who has an ID already, because no one gets a second one. A CPR number is certain, and
 * so is the document shown where one of the two has no CPR number. The same name and birth date, or the same
 * document under another number, may be one person with a new number, or two people: an officer decides.
 */
import type { Day } from '../../domain/calendar.ts';
import { foldDocumentNumber, type Identification } from '../../domain/issuing/identification.ts';
import { isSimilarName, foldNameForHash } from '../../domain/person/names.ts';
import { fullName } from '../../domain/person/person.ts';
import { findByFingerprints } from '../../db/people/applications.ts';
import type { Queryable } from '../../db/database.ts';
import type { IdentityFingerprints } from '../../db/people/people.ts';
import type { AppContext } from '../appContext.ts';

interface RecognitionInput {
  readonly cpr: string | null;
  readonly givenName: string;
  readonly familyName: string;
  readonly birthdate: Day;
  readonly identification: Identification | null;
}

export function hashFingerprints({ keyring }: AppContext, person: RecognitionInput): IdentityFingerprints {
  const { cpr, identification, birthdate } = person;
  const name = fullName(person);
  const document = identification && `${identification.kind} ${foldDocumentNumber(identification.number)}`;
  return {
    name,
    birthdate,
    cpr: cpr === null ? null : keyring.hmac('cprLookup', cpr),
    nameBirthdateHash: keyring.hmac('cprLookup', `likeness v1 ${birthdate} ${foldNameForHash(name)}`),
    document: document === null ? null : keyring.hmac('cprLookup', `document v1 ${document}`),
  };
}

/** `looks_like`: the same name and birth date, or the same document, under another CPR number or none. */
export type RecognitionResult =
  | { readonly kind: 'has_id'; readonly identityId: string }
  | { readonly kind: 'looks_like'; readonly identityIds: readonly string[] }
  | null;

const MAX_SHOWN = 20;

export async function recognisePerson(
  db: Queryable,
  fingerprints: IdentityFingerprints,
): Promise<RecognitionResult> {
  const found = await findByFingerprints(db, fingerprints);
  const certain = found.find(({ by }) => by === 'cpr') ?? found.find(({ by }) => by === 'document');
  if (certain) return { kind: 'has_id', identityId: certain.identityId };
  const similar = found.filter(({ by, name }) => by === 'likeness' || isSimilarName(name, fingerprints.name));
  const identityIds = similar.slice(0, MAX_SHOWN).map(({ identityId }) => identityId);
  return identityIds.length > 0 ? { kind: 'looks_like', identityIds } : null;
}
