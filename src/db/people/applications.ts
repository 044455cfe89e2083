/**
 * Applications for an ID: one row each, regardless of the outcome. What the person stated and which documents
 * they showed is sealed under the row's id.
 */
import { assertBound, bytesToFact, type RowMac, type RowFacts } from '../../domain/rowMac.ts';
import type { ApplicationPath, RefusalReason } from '../../domain/issuing/application.ts';
import type { CaseReference } from '../../domain/issuing/caseNumber.ts';
import { sql, sqlFragment, type Queryable } from '../database.ts';
import { NUMBERS_OF_ONE } from './formerCprs.ts';
import { FULL_NAME, type IdentityFingerprints } from './people.ts';

// A document match is certain when one of the two has no CPR number. Between two different CPR numbers it
// proves no more than a name and a birth date: it may be a typing error, a forgery, or one person whose new
// number was not reported. The caller compares names: a few hundred people share a birth date, and no stored
// text has to follow the rules by which names are compared. The stored hash (`likeness`) folds names by other
// rules, a few names more widely: a person who matched before still matches.
const FIND_BY_FINGERPRINTS = sql`
  WITH ${NUMBERS_OF_ONE}
  SELECT i.id,
    CASE WHEN p.cpr_lookup = ANY(ARRAY(TABLE numbers)) THEN 'cpr'
      WHEN p.document_lookup = $3 AND (p.cpr_lookup IS NULL OR $1::bytea IS NULL) THEN 'document'
      WHEN p.document_lookup = $3 OR p.likeness = $4 THEN 'likeness' ELSE 'birthdate' END AS by,
    ${FULL_NAME} AS name
  FROM people p JOIN identities i ON i.person_id = p.id
  WHERE p.cpr_lookup = ANY(ARRAY(TABLE numbers))
    OR p.document_lookup = $3 OR p.birthdate = $2 OR p.likeness = $4
  ORDER BY i.created_at`;

/**
 * Finds everyone who may be the same person, and what matched. The caller compares the names of a `birthdate`
 * match.
 */
export async function findByFingerprints(
  db: Queryable,
  { cpr, birthdate, document, nameBirthdateHash }: IdentityFingerprints,
): Promise<{ identityId: string; by: 'cpr' | 'document' | 'likeness' | 'birthdate'; name: string }[]> {
  type FingerprintMatchRow = { id: string; by: 'cpr' | 'document' | 'likeness' | 'birthdate'; name: string };
  const { rows } = await db.query<FingerprintMatchRow>(FIND_BY_FINGERPRINTS, [
    cpr,
    birthdate,
    document,
    nameBirthdateHash,
  ]);
  return rows.map(({ id, by, name }) => ({ identityId: id, by, name }));
}

export type ApplicationState = 'waiting' | 'issued' | 'refused' | 'withdrawn';

export interface StoredApplication {
  readonly id: string;
  readonly path: ApplicationPath;
  readonly state: ApplicationState;
  readonly subject: Buffer;
  readonly identityId: string | null;
  readonly officerId: string | null;
  readonly secondOfficerId: string | null;
  readonly issuedBy: string;
  readonly reasons: readonly RefusalReason[];
  readonly formSealed: Buffer;
  readonly at: Date;
  readonly decidedAt: Date | null;
  /** As `drawCaseNumber` drew it; null for one from before, which is called by its id. */
  readonly caseNumber: string | null;
}

interface ApplicationRow {
  id: string;
  path: ApplicationPath;
  state: ApplicationState;
  subject: Buffer;
  identity_id: string | null;
  officer_id: string | null;
  second_officer_id: string | null;
  issued_by: string;
  reasons: RefusalReason[];
  form_sealed: Buffer;
  at: Date;
  decided_at: Date | null;
  case_number: string | null;
}

function readApplicationRow(row: ApplicationRow): StoredApplication {
  return {
    id: row.id,
    path: row.path,
    state: row.state,
    subject: row.subject,
    identityId: row.identity_id,
    officerId: row.officer_id,
    secondOfficerId: row.second_officer_id,
    issuedBy: row.issued_by,
    reasons: row.reasons,
    formSealed: row.form_sealed,
    at: row.at,
    decidedAt: row.decided_at,
    caseNumber: row.case_number,
  };
}

const COLUMNS = sqlFragment`id, path, state, subject, identity_id, officer_id, second_officer_id, issued_by,
    reasons, form_sealed, at, decided_at, case_number`;

const FIND = sql`
  SELECT ${COLUMNS}, mac
  FROM applications WHERE id = $1`;
const LOCK = sql`
  SELECT ${COLUMNS}, mac
  FROM applications WHERE id = $1 FOR UPDATE`;

/** @throws RowMacMismatch */
export async function findApplication(db: Queryable, id: string): Promise<StoredApplication | null> {
  return await readVerifiedApplication(db, FIND, id);
}

const FIND_ID_OF_NUMBER = sql`SELECT id FROM applications WHERE case_number = $1`;

/** @throws RowMacMismatch */
export async function findApplicationOfCase(
  db: Queryable,
  reference: CaseReference,
): Promise<StoredApplication | null> {
  if (reference.kind === 'id') return await findApplication(db, reference.id);
  const [row] = (await db.query<{ id: string }>(FIND_ID_OF_NUMBER, [reference.number])).rows;
  return row ? await findApplication(db, row.id) : null;
}

const FIND_OTHER_PENDING = sql`
  SELECT FROM applications WHERE subject = $1 AND state = 'waiting' AND id <> $2`;

/** Whether another application of this person waits for its second officer. */
export async function hasOtherPendingApplication(
  db: Queryable,
  { subject, id }: Pick<StoredApplication, 'subject' | 'id'>,
): Promise<boolean> {
  return (await db.query(FIND_OTHER_PENDING, [subject, id])).rowCount === 1;
}

async function readVerifiedApplication(
  db: Queryable,
  statement: typeof FIND,
  id: string,
): Promise<StoredApplication | null> {
  const [row] = (await db.query<BoundApplicationRow>(statement, [id])).rows;
  if (!row) return null;
  assertBound(db.rowAuthenticator, 'application', composeApplicationMac(row));
  return readApplicationRow(row);
}

type BoundApplicationRow = ApplicationRow & { mac: Buffer | null };

function composeApplicationMac(row: BoundApplicationRow): RowMac {
  return { mac: row.mac, facts: listApplicationFacts(readApplicationRow(row)) };
}

/** Reads the MAC of the row without verifying it. */
export async function readApplicationMac(db: Queryable, [id]: readonly string[]): Promise<RowMac | null> {
  const [row] = (await db.query<BoundApplicationRow>(FIND, [id])).rows;
  return row ? composeApplicationMac(row) : null;
}

/** The facts that the row's MAC covers: applicant, officers and outcome. The form is sealed under the id. */
export function listApplicationFacts(
  one: Pick<
    StoredApplication,
    'id' | 'state' | 'subject' | 'identityId' | 'officerId' | 'secondOfficerId' | 'issuedBy'
  >,
): RowFacts {
  const { id, state, subject, identityId, officerId, secondOfficerId, issuedBy } = one;
  return [id, state, bytesToFact(subject), identityId, officerId, secondOfficerId, issuedBy];
}

const LIST_PENDING = sql`
  SELECT ${COLUMNS}
  FROM applications WHERE state = 'waiting' AND issued_by = ANY($1::text[]) ORDER BY at LIMIT 200`;

/** Lists the applications of these issuers that wait for a second officer, the oldest first. */
export async function listPendingApplications(
  db: Queryable,
  issuedBy: readonly string[],
): Promise<StoredApplication[]> {
  return (await db.query<ApplicationRow>(LIST_PENDING, [issuedBy])).rows.map(readApplicationRow);
}

const INSERT = sql`
  INSERT INTO applications
    (id, path, state, subject, identity_id, officer_id, issued_by, reasons, form_sealed, at, decided_at, mac, case_number)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
  ON CONFLICT DO NOTHING`;
const IS_NUMBER_TAKEN = sql`SELECT FROM applications WHERE case_number = $1 AND id <> $2`;

/**
 * @param drawNumber draws the number of the case, and again where another case has it
 * @returns false when it was submitted before (a double click), or when another application of this person
 *   waits
 */
export async function insertApplication(
  db: Queryable,
  one: Omit<StoredApplication, 'secondOfficerId' | 'caseNumber'>,
  drawNumber: () => string,
): Promise<boolean> {
  for (;;) {
    const number = drawNumber();
    const { rowCount } = await db.query(INSERT, [
      one.id,
      one.path,
      one.state,
      one.subject,
      one.identityId,
      one.officerId,
      one.issuedBy,
      one.reasons,
      one.formSealed,
      one.at,
      one.decidedAt,
      makeApplicationMac(db, { ...one, secondOfficerId: null }),
      number,
    ]);
    if (rowCount === 1) return true;
    if ((await db.query(IS_NUMBER_TAKEN, [number, one.id])).rowCount === 0) return false;
  }
}

function makeApplicationMac(db: Queryable, one: Parameters<typeof listApplicationFacts>[0]): Buffer | null {
  return db.rowAuthenticator.mode === 'read'
    ? null
    : db.rowAuthenticator.make('application', listApplicationFacts(one));
}

const SETTLE = sql`
  UPDATE applications SET state = $2, identity_id = $3, second_officer_id = $4, reasons = $5, decided_at = $6, mac = $7
  WHERE id = $1 AND state = 'waiting'`;

/** Closes a waiting application; exactly one of two concurrent officers succeeds. @throws RowMacMismatch */
export async function closeApplication(
  db: Queryable,
  one: Pick<StoredApplication, 'id' | 'state' | 'identityId' | 'secondOfficerId' | 'reasons' | 'decidedAt'>,
): Promise<boolean> {
  const before = db.rowAuthenticator.mode === 'read' ? null : await readVerifiedApplication(db, LOCK, one.id);
  const { rowCount } = await db.query(SETTLE, [
    one.id,
    one.state,
    one.identityId,
    one.secondOfficerId,
    one.reasons,
    one.decidedAt,
    before && makeApplicationMac(db, { ...before, ...one }),
  ]);
  return rowCount === 1;
}
