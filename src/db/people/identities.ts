/** Identities: one row a person, ever. Found by their names at sign-in and by their id afterwards. */
import type { CardFormat } from '../../domain/card/cardFormat.ts';
import type { Identity, Language, Person, ProofingLevel } from '../../domain/person/person.ts';
import { assertBound, bytesToFact, type RowMac } from '../../domain/rowMac.ts';
import {
  IDENTITY_MAC_COLUMNS,
  bindNewIdentity,
  readIdentityMac,
  changeIdentity,
  LATER_TIME,
  readVerifiedNames,
  restrictIdentity,
  type IntendedIdentityFacts,
  type IdentityMacColumns,
} from '../binding/identityMac.ts';
import { composeLegacyFormat } from '../cards/cardFormats.ts';
import { sql, type Queryable } from '../database.ts';
import { composeKnownBrowserJoin } from '../signIn/knownBrowsers.ts';
import { composeKnownNetworkJoin } from '../signIn/knownNetworks.ts';

export interface IdentityRow {
  id: string;
  id_number: string;
  user_id: string | null;
  public_sites: boolean;
  public_ended_at: Date | string | null;
  proofing: ProofingLevel;
  has_cpr: boolean;
  blocked: boolean;
  threshold: number;
}

export function readIdentityRow(row: IdentityRow): Identity {
  return {
    id: row.id,
    idNumber: row.id_number,
    userId: row.user_id,
    publicSites: row.public_sites,
    publicEndedAt: row.public_ended_at === null ? null : new Date(row.public_ended_at),
    proofing: row.proofing,
    hasCpr: row.has_cpr,
    isBlocked: row.blocked,
    threshold: row.threshold,
  };
}

// For an ID that was never activated the temporary password is compared, so that it takes as long as any
// other.
const FIND_BY_NAME = sql`
  SELECT i.id, coalesce(i.password_hash, t.password_hash) AS password_hash,
    i.password_hash IS NULL AND t.password_hash IS NOT NULL AS temporary, b.browser AS known_browser,
    c.id AS card_id, c.spent::text, k.network IS NOT NULL AS known_network
  FROM (
    SELECT id, password_hash FROM identities WHERE user_id = $1
    UNION ALL
    SELECT id, password_hash FROM identities WHERE id_number = $1
    LIMIT 1
  ) i ${composeKnownBrowserJoin('$2::bytea[]')}
  ${composeKnownNetworkJoin('$4', '$3::timestamptz')}
  LEFT JOIN key_cards c ON c.identity_id = i.id AND c.state = 'active' AND c.challenge IS NULL
  LEFT JOIN LATERAL (
    SELECT CASE WHEN state = 'sent' AND used_at IS NULL AND valid_until > $3 THEN l.password_hash END AS password_hash
    FROM letters l WHERE i.password_hash IS NULL AND l.identity_id = i.id AND l.kind = 'password' AND state <> 'cancelled'
    ORDER BY ordered_at DESC, l.id DESC LIMIT 1
  ) t ON true`;

export interface StoredCredentials {
  readonly identityId: string;
  readonly passwordHash: string | null;
  /** The hash is that of a temporary password: it signs no one in. */
  readonly isTemporary: boolean;
  /**
   * The value of the browser's cookies by which this browser is known to the person; null when it is unknown.
   */
  readonly knownBrowser: Buffer | null;
  /** The person has recently signed in with a key from this network. */
  readonly knownNetwork: boolean;
  /** The card in use, if it has no pending challenge. */
  readonly cardWithoutChallenge: { readonly id: string; readonly spent: string } | null;
}

/**
 * Finds an identity by its user ID or ID number, with what a password is compared with.
 * @param foldedName as `foldName` returns it; a user ID never has the form of an ID number
 * @param browsers the keyed hashes of the values in the browser's cookies
 * @param now decides whether a temporary password has expired
 * @param network the keyed hash of a network; it is known if the person has signed in from it
 */
export async function findCredentials(
  db: Queryable,
  foldedName: string,
  browsers: readonly Buffer[] | null,
  now: Date,
  network: Buffer | null = null,
): Promise<StoredCredentials | null> {
  interface CredentialsRow {
    id: string;
    password_hash: string | null;
    temporary: boolean;
    known_browser: Buffer | null;
    known_network: boolean;
    card_id: string | null;
    spent: string | null;
  }
  const { rows } = await db.query<CredentialsRow>(FIND_BY_NAME, [foldedName, browsers, now, network]);
  const row = rows[0];
  if (!row) return null;
  const { id: identityId, password_hash: passwordHash, temporary, known_browser: knownBrowser } = row;
  const { known_network: knownNetwork } = row;
  const cardWithoutChallenge =
    row.card_id !== null && row.spent !== null ? { id: row.card_id, spent: row.spent } : null;
  return {
    identityId,
    passwordHash,
    isTemporary: temporary,
    knownBrowser,
    knownNetwork,
    cardWithoutChallenge,
  };
}

/**
 * The identity `i` with its person `o`. A column that the MAC covers is selected once and used as it was
 * verified: a column that is selected twice could hold two values where an attacker has replaced a table by a
 * view.
 */
export const OWNER_COLUMNS = { part: `i.threshold, o.language, ${IDENTITY_MAC_COLUMNS.part}` };

export interface OwnerColumns extends IdentityMacColumns {
  threshold: number;
  language: Language;
}

/** The columns as an outer join returns them. */
export type Nullable<Columns> = Columns | { [Name in keyof Columns]: null };

/**
 * `cprSealed` is sealed under the person's id, and opened only for a caller that may have it; `logSalt`
 * is for the person's audit events.
 */
export interface IdentityWithPerson {
  readonly identity: Identity;
  readonly person: Person;
  readonly cprSealed: Buffer | null;
  readonly logSalt: Buffer;
  /**
   * Each reader verifies its own row (`assertOwnerBound`): in a batch of several requests a wrong row fails
   * only the request that it was read for. Computed on demand, which only nodes in mode `require` do.
   */
  readonly rowMac: () => RowMac;
}

export function readOwnerRow(row: Nullable<OwnerColumns>): IdentityWithPerson | null {
  if (row.row_id === null) return null;
  const { threshold, language, ...bound } = row;
  return {
    identity: {
      id: bound.row_id,
      idNumber: bound.row_id_number,
      userId: bound.row_user_id,
      publicSites: bound.row_public,
      publicEndedAt: bound.row_public_ended,
      proofing: bound.row_proofing,
      hasCpr: bound.row_cpr !== null,
      isBlocked: bound.row_blocked,
      threshold,
    },
    person: {
      id: bound.row_person,
      ...readVerifiedNames(bound),
      birthdate: bound.row_birthdate,
      language,
      pid: bound.row_pid,
    },
    cprSealed: bound.row_cpr,
    logSalt: bound.row_log_salt,
    rowMac: () => readIdentityMac(bound),
  };
}

const FIND_WITH_PERSON = sql`
  SELECT ${OWNER_COLUMNS}
  FROM identities i JOIN people o ON o.id = i.person_id
  WHERE i.id = $1`;

export async function findIdentityWithPerson(db: Queryable, id: string): Promise<IdentityWithPerson | null> {
  const { rows } = await db.query<OwnerColumns>(FIND_WITH_PERSON, [id]);
  return assertOwnerBound(db, rows[0] ? readOwnerRow(rows[0]) : null);
}

/** @throws RowMacMismatch when the MAC of the identity is wrong */
export function assertOwnerBound<Owner extends IdentityWithPerson | null>(
  db: Queryable,
  owner: Owner,
): Owner {
  if (owner && db.rowAuthenticator.mode === 'require')
    assertBound(db.rowAuthenticator, 'identity', owner.rowMac());
  return owner;
}

const SET_PUBLIC_SITES = sql`
  UPDATE identities SET public_sites = $2,
    public_ended_at = CASE WHEN $2 THEN public_ended_at ELSE date_trunc('milliseconds', clock_timestamp()) END
  WHERE id = $1 AND public_sites IS DISTINCT FROM $2`;

/**
 * Switches the use of public relying parties on or off. Switching off ends every grant and token of public
 * relying parties from this commit on, also those that a request in progress saves later.
 * @returns false when the choice was that already
 */
export async function setPublicSites(db: Queryable, id: string, on: boolean): Promise<boolean> {
  const change = on ? changeIdentity : restrictIdentity;
  const intended: IntendedIdentityFacts = on
    ? { publicSites: on }
    : { publicSites: on, publicEndedAt: LATER_TIME };
  const { rowCount } = await change(db, id, intended, () => db.query(SET_PUBLIC_SITES, [id, on]));
  return rowCount === 1;
}

const INSERT = sql`
  INSERT INTO identities (id, person_id, id_number, user_id, password_hash, public_sites, proofing, card_format, large_print,
    issued_by, password_tries, key_tries)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8, ${composeLegacyFormat('$8')}, $9, $10, $11)
  ON CONFLICT (id_number) DO NOTHING`;

export interface NewIdentity {
  readonly id: string;
  /** The person as inserted in the same transaction. */
  readonly person: Person & { readonly cprSealed: Buffer | null; readonly cprLookup: Buffer | null };
  readonly idNumber: string;
  /** Folded; null until it is chosen at activation, like the password. */
  readonly userId: string | null;
  readonly passwordHash: string | null;
  readonly publicSites: boolean;
  readonly proofing: ProofingLevel;
  readonly cardFormat: CardFormat;
  /** `borgerservice`, `online`, `operator`, or the client id of a bank. */
  readonly issuedBy: string | null;
  /** The subjects of the identity's attempts rows. */
  readonly tries: { readonly password: Buffer; readonly key: Buffer };
}

/**
 * @returns false when the ID number is taken: generate another
 * @throws when the person already has an identity
 */
export async function insertIdentity(db: Queryable, identity: NewIdentity): Promise<boolean> {
  const { rowCount } = await db.query(INSERT, [
    identity.id,
    identity.person.id,
    identity.idNumber,
    identity.userId,
    identity.passwordHash,
    identity.publicSites,
    identity.proofing,
    identity.cardFormat,
    identity.issuedBy,
    identity.tries.password,
    identity.tries.key,
  ]);
  if (rowCount === 1) {
    const {
      id: identityId,
      person,
      idNumber,
      userId,
      passwordHash,
      publicSites,
      proofing,
      issuedBy,
    } = identity;
    const { id: personId, givenName, familyName, nameIsWhole = false, birthdate, pid } = person;
    const [cprSealed, cprLookup] = [bytesToFact(person.cprSealed), bytesToFact(person.cprLookup)];
    const ofPerson = { personId, givenName, familyName, nameIsWhole, birthdate, pid, cprSealed, cprLookup };
    const own = { identityId, idNumber, userId, passwordHash, publicSites, proofing, issuedBy };
    await bindNewIdentity(db, identityId, { ...own, ...ofPerson });
  }
  return rowCount === 1;
}
