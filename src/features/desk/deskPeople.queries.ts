/** People looked up at the desk, and the data of them that staff may see at all. */
import type { Day } from '../../domain/calendar.ts';
import type { ProofingLevel } from '../../domain/person/person.ts';
import { ORDERED_ONLINE } from '../../domain/staff/staff.ts';
import { sql, type Queryable } from '../../db/database.ts';
import { NUMBERS_OF_ONE } from '../../db/people/formerCprs.ts';
import { FULL_NAME, EMAIL_IN_USE } from '../../db/people/people.ts';

/** The key of a search: a keyed hash of the CPR number, the birth date, or the ID number. */
export type PersonQuery =
  | { readonly kind: 'cpr'; readonly lookup: Buffer }
  | { readonly kind: 'birthdate'; readonly birthdate: Day }
  | { readonly kind: 'id_number'; readonly idNumber: string };

// The person with the number; otherwise people who had it or have its successor.
const BY_CPR = sql`
  WITH ${NUMBERS_OF_ONE}
  SELECT i.id, i.issued_by, p.cpr_lookup <> $1 AS former, ${FULL_NAME} AS name
  FROM people p JOIN identities i ON i.person_id = p.id
  WHERE p.cpr_lookup = $1 OR (p.cpr_lookup = ANY(ARRAY(TABLE numbers))
    AND NOT EXISTS (SELECT FROM people o JOIN identities oi ON oi.person_id = o.id WHERE o.cpr_lookup = $1))`;
const BY_BIRTHDATE = sql`
  SELECT i.id, i.issued_by, false AS former, ${FULL_NAME} AS name
  FROM people p JOIN identities i ON i.person_id = p.id WHERE p.birthdate = $1 ORDER BY i.created_at`;
const BY_ID_NUMBER = sql`
  SELECT i.id, i.issued_by, false AS former, ${FULL_NAME} AS name
  FROM people p JOIN identities i ON i.person_id = p.id WHERE i.id_number = $1`;

/** @returns all matching people, with their name and the issuer of their ID. */
export async function findPeopleByQuery(
  db: Queryable,
  by: PersonQuery,
): Promise<{ identityId: string; issuedBy: string | null; name: string; byFormerCpr: boolean }[]> {
  type FoundPersonRow = { id: string; issued_by: string | null; name: string; former: boolean };
  const [statement, value] = chooseQueryStatement(by);
  const { rows } = await db.query<FoundPersonRow>(statement, [value]);
  return rows.map(({ id, issued_by: issuedBy, name, former }) => {
    return { identityId: id, issuedBy, name, byFormerCpr: former };
  });
}

// An ID of a member of staff is for an officer, and for a colleague who confirms it.
const TO_PROOF = sql`
  SELECT i.id FROM people p JOIN identities i ON i.person_id = p.id JOIN key_cards c ON c.identity_id = i.id
  WHERE p.cpr_lookup = $1 AND c.card_number = $2 AND c.state = 'active'
    AND i.issued_by = $3 AND i.proofing = 'Low' AND i.blocked_at IS NULL
    AND NOT EXISTS (SELECT FROM staff s WHERE s.identity_id = i.id
      AND s.approved_at IS NOT NULL AND s.ended_at IS NULL)`;

/** The ID that was ordered online with this card in use, and can be proofed. */
export async function findIdentityToProof(
  db: Queryable,
  { lookup, cardNumber }: { readonly lookup: Buffer; readonly cardNumber: string },
): Promise<string | null> {
  const { rows } = await db.query<{ id: string }>(TO_PROOF, [lookup, cardNumber, ORDERED_ONLINE]);
  return rows[0]?.id ?? null;
}

function chooseQueryStatement(by: PersonQuery) {
  switch (by.kind) {
    case 'cpr':
      return [BY_CPR, by.lookup] as const;
    case 'birthdate':
      return [BY_BIRTHDATE, by.birthdate] as const;
    case 'id_number':
      return [BY_ID_NUMBER, by.idNumber] as const;
  }
}

export interface DeskPersonRow {
  readonly identityId: string;
  readonly personId: string;
  readonly name: string;
  readonly birthdate: string;
  readonly hasCpr: boolean;
  readonly idNumber: string;
  readonly hasUserId: boolean;
  readonly hasPassword: boolean;
  readonly blockedAt: Date | null;
  readonly publicSites: boolean;
  readonly proofing: ProofingLevel;
  readonly threshold: number;
  readonly issuedBy: string | null;
  readonly addressSealed: Buffer | null;
  readonly addressProtected: boolean;
  readonly hasEmail: boolean;
  /** An e-mail address was given, or letters were chosen instead, and the change is not in effect yet. */
  readonly emailWaits: boolean;
  /** A letter with a temporary password has not left yet, or its password is still valid. */
  readonly passwordOrdered: boolean;
}

const FIND = sql`
  SELECT i.id, p.id AS person_id, ${FULL_NAME} AS name, p.birthdate::text,
    p.cpr_lookup IS NOT NULL AS has_cpr, i.id_number, i.user_id IS NOT NULL AS has_user_id,
    i.password_hash IS NOT NULL AS has_password, i.blocked_at, i.public_sites, i.proofing, i.threshold, i.issued_by,
    p.address_sealed, p.address_protected, ${EMAIL_IN_USE} IS NOT NULL AS has_email,
    p.next_email_from > $2 IS TRUE OR EXISTS (SELECT FROM email_requests r
      WHERE r.identity_id = i.id AND r.kind <> 'kept') AS email_waits,
    EXISTS (SELECT FROM letters l WHERE l.identity_id = i.id AND l.kind = 'password' AND l.used_at IS NULL
      AND (l.state = 'waiting' OR l.state = 'sent' AND l.valid_until > $2)) AS password_ordered
  FROM identities i JOIN people p ON p.id = i.person_id WHERE i.id = $1`;

export async function findDeskPerson(
  db: Queryable,
  identityId: string,
  now: Date,
): Promise<DeskPersonRow | null> {
  type DeskPersonColumns = {
    id: string;
    person_id: string;
    name: string;
    birthdate: string;
    has_cpr: boolean;
    id_number: string;
    has_user_id: boolean;
    has_password: boolean;
    blocked_at: Date | null;
    public_sites: boolean;
    proofing: ProofingLevel;
    threshold: number;
    issued_by: string | null;
    address_sealed: Buffer | null;
    address_protected: boolean;
    has_email: boolean;
    email_waits: boolean;
    password_ordered: boolean;
  };
  const row = (await db.query<DeskPersonColumns>(FIND, [identityId, now])).rows[0];
  if (!row) return null;
  return {
    identityId: row.id,
    personId: row.person_id,
    name: row.name,
    birthdate: row.birthdate,
    hasCpr: row.has_cpr,
    idNumber: row.id_number,
    hasUserId: row.has_user_id,
    hasPassword: row.has_password,
    blockedAt: row.blocked_at,
    publicSites: row.public_sites,
    proofing: row.proofing,
    threshold: row.threshold,
    issuedBy: row.issued_by,
    addressSealed: row.address_sealed,
    addressProtected: row.address_protected,
    hasEmail: row.has_email,
    emailWaits: row.email_waits,
    passwordOrdered: row.password_ordered,
  };
}

export interface DeskCard {
  readonly id: string;
  readonly cardNumber: string;
  readonly state: 'ordered' | 'sent' | 'active' | 'used_up' | 'replaced' | 'blocked' | 'void';
  readonly keysLeft: number;
  readonly replacesLost: boolean;
  readonly activatesAt: Date | null;
  readonly expected: { readonly from: string; readonly to: string } | null;
}

const LIST_CARDS = sql`
  SELECT id, card_number, state, 148 - bit_count(spent)::int AS keys_left, replaces_lost, activates_at,
    expected_from::text, expected_to::text
  FROM key_cards WHERE identity_id = $1 ORDER BY ordered_at, id`;

/** Lists the cards in the order in which they were ordered. */
export async function listDeskCards(db: Queryable, identityId: string): Promise<DeskCard[]> {
  type DeskCardRow = {
    id: string;
    card_number: string;
    state: DeskCard['state'];
    keys_left: number;
    replaces_lost: boolean;
    activates_at: Date | null;
    expected_from: string | null;
    expected_to: string | null;
  };
  const { rows } = await db.query<DeskCardRow>(LIST_CARDS, [identityId]);
  return rows.map((row) => ({
    id: row.id,
    cardNumber: row.card_number,
    state: row.state,
    keysLeft: row.keys_left,
    replacesLost: row.replaces_lost,
    activatesAt: row.activates_at,
    expected:
      row.expected_from !== null && row.expected_to !== null
        ? { from: row.expected_from, to: row.expected_to }
        : null,
  }));
}
