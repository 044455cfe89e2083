/** How code tokens are given out, activated and ended. Each change is decided by the affected rows. */
import { foldSerialNumber, type CodeTokenState, type MatchedCode } from '../../domain/factors/codeToken.ts';
import type { Day } from '../../domain/calendar.ts';
import { sql, type Queryable } from '../database.ts';
import {
  assertCodeTokenBound,
  CODE_TOKEN_COLUMNS,
  makeCodeTokenMac,
  readCodeToken,
  type CodeTokenJson,
  type StoredCodeToken,
} from './codeTokens.ts';

/** A device in stock belongs to no one. */
export type StockToken = Omit<StoredCodeToken, 'identityId'> & { readonly identityId: null };

function readStockRow(row: CodeTokenJson | undefined): StockToken | null {
  return row ? { ...readCodeToken(row), identityId: null } : null;
}

const FIND_IN_STOCK = sql`
  SELECT ${CODE_TOKEN_COLUMNS} FROM code_tokens k WHERE replace(k.serial_number, '-', '') = $1 AND k.state = 'in_stock'`;

/**
 * By its number as it was typed, with or without spaces and hyphens. The import refuses two that are then the
 * same.
 * @throws RowMacMismatch
 */
export async function findInStock(db: Queryable, typed: string): Promise<StockToken | null> {
  const { rows } = await db.query<CodeTokenJson>(FIND_IN_STOCK, [foldSerialNumber(typed)]);
  const token = readStockRow(rows.length === 1 ? rows[0] : undefined);
  if (token) assertCodeTokenBound(db, token);
  return token;
}

const LOCK_STOCK = sql`SELECT FROM code_tokens WHERE id = $1 AND state = 'in_stock' FOR NO KEY UPDATE`;

/** @returns false when it is not in stock any more; else no one else gets it before the transaction ends */
export async function lockInStock(db: Queryable, { id }: Pick<StockToken, 'id'>): Promise<boolean> {
  return (await db.query(LOCK_STOCK, [id])).rowCount === 1;
}

// Of concurrent orders each passes over the rows that another one has locked, and takes another device.
const LOCK_NEXT = sql`
  SELECT ${CODE_TOKEN_COLUMNS} FROM code_tokens k WHERE k.state = 'in_stock'
  ORDER BY k.serial_number LIMIT 1 FOR UPDATE SKIP LOCKED`;

/** @throws RowMacMismatch */
export async function lockNextInStock(db: Queryable): Promise<StockToken | null> {
  const token = readStockRow((await db.query<CodeTokenJson>(LOCK_NEXT)).rows[0]);
  if (token) assertCodeTokenBound(db, token);
  return token;
}

const ASSIGN = sql`
  UPDATE code_tokens SET state = $2, identity_id = $3, given_at = $4, given_by = $5, mac = $6,
    last_step = greatest(last_step, $7::bigint), drift_steps = $8,
    activated_at = CASE WHEN $2 = 'active' THEN $4::timestamptz END
  WHERE id = $1 AND state = 'in_stock'`;

export interface AssignedToken {
  readonly state: 'ordered' | 'active';
  readonly identityId: string;
  readonly by: 'self_service' | 'desk';
  readonly now: Date;
  /** The code that was shown as it was handed over; null for one that is sent. */
  readonly code: MatchedCode | null;
}

/** Exactly one concurrent caller gets the device. @throws when the person has one in that state already */
export async function assignCodeToken(
  db: Queryable,
  token: StockToken,
  { state, identityId, by, now, code }: AssignedToken,
): Promise<boolean> {
  const mac = makeCodeTokenMac(db, { ...token, state, identityId });
  const values = [
    token.id,
    state,
    identityId,
    now,
    by,
    mac,
    code?.step ?? token.lastStep,
    code?.driftSteps ?? 0,
  ];
  return (await db.query(ASSIGN, values)).rowCount === 1;
}

const FIND_GIVEN_BY = sql`SELECT given_by FROM code_tokens WHERE id = $1`;

/** How it came to its person; null in stock. */
export async function findGivenBy(db: Queryable, id: string): Promise<AssignedToken['by'] | null> {
  type Row = { given_by: AssignedToken['by'] | null };
  return (await db.query<Row>(FIND_GIVEN_BY, [id])).rows[0]?.given_by ?? null;
}

const MOVE = sql`
  UPDATE code_tokens SET state = $3, mac = $4, activates_at = $5, expected_from = coalesce($6, expected_from),
    expected_to = coalesce($7, expected_to), last_step = greatest(last_step, $8::bigint), drift_steps = $9,
    activated_at = CASE WHEN $3 = 'active' THEN coalesce(activated_at, $10::timestamptz) ELSE activated_at END
  WHERE id = $1 AND state = $2`;

export interface CodeTokenMove {
  readonly state: 'sent' | 'active';
  readonly now: Date;
  readonly activatesAt?: Date;
  readonly expected?: { readonly from: Day; readonly to: Day };
  readonly code?: MatchedCode;
}

/** @returns false when it is not in the state in which it was read any more */
export async function moveCodeToken(
  db: Queryable,
  token: StoredCodeToken,
  to: CodeTokenMove,
): Promise<boolean> {
  const { state, now, activatesAt = null, expected, code } = to;
  const mac = makeCodeTokenMac(db, { ...token, state, activatesAt });
  const { rowCount } = await db.query(MOVE, [
    token.id,
    token.state,
    state,
    mac,
    activatesAt,
    expected?.from ?? null,
    expected?.to ?? null,
    code?.step ?? token.lastStep,
    code?.driftSteps ?? token.driftSteps,
    now,
  ]);
  return rowCount === 1;
}

// Also a row that is not as it was written: what ends a device must work on every row.
const END = sql`
  UPDATE code_tokens SET state = $3, ended_at = $4, activates_at = NULL, mac = NULL
  WHERE identity_id = $1 AND state = ANY ($2::text[]) AND (state = 'active' OR $5 OR activates_at IS NOT NULL)
  RETURNING serial_number`;

/**
 * Ends a person's devices in these states.
 * @param all also one that is on the way and whose first code was not given
 * @returns their serial numbers
 */
export async function endCodeTokens(
  db: Queryable,
  identityId: string,
  {
    states,
    to,
    all,
    now,
  }: {
    readonly states: readonly ('ordered' | 'sent' | 'active')[];
    readonly to: Extract<CodeTokenState, 'blocked' | 'replaced' | 'void'>;
    readonly all: boolean;
    readonly now: Date;
  },
): Promise<string[]> {
  const { rows } = await db.query<{ serial_number: string }>(END, [identityId, states, to, now, all]);
  return rows.map(({ serial_number: serialNumber }) => serialNumber);
}

const RESYNC = sql`
  UPDATE code_tokens SET last_step = $3, drift_steps = $4, last_used_at = $5
  WHERE id = $1 AND identity_id = $2 AND state = 'active' AND last_step < $3`;

/** The step of the second of two codes in a row: neither of them is accepted any more. */
export async function resyncCodeToken(
  db: Queryable,
  { id, identityId }: Pick<StoredCodeToken, 'id' | 'identityId'>,
  code: MatchedCode,
  now: Date,
): Promise<boolean> {
  return (await db.query(RESYNC, [id, identityId, code.step, code.driftSteps, now])).rowCount === 1;
}

// A time goes on as text: a Date has no microseconds, and a row would follow itself.
const FIND_DUE = sql`
  SELECT id, identity_id AS "identityId", activates_at::text AS "dueAt" FROM code_tokens
  WHERE state = 'sent' AND activates_at <= $1
    AND ($3::uuid IS NULL OR (activates_at, id) > ($4::timestamptz, $3::uuid))
  ORDER BY activates_at, id LIMIT $2`;

export interface DueCodeToken {
  readonly id: string;
  readonly identityId: string;
  readonly dueAt: string;
}

/** Devices that have waited long enough. @param options.after the last of those that were found before */
export async function findDueCodeTokens(
  db: Queryable,
  { now, after, limit }: { readonly now: Date; readonly after: DueCodeToken | null; readonly limit: number },
): Promise<DueCodeToken[]> {
  const values = [now, limit, after?.id ?? null, after?.dueAt ?? null];
  return (await db.query<DueCodeToken>(FIND_DUE, values)).rows;
}

const FIND_FOR_LETTER = sql`SELECT serial_number, state, identity_id FROM code_tokens WHERE id = $1`;

/** What a letter encloses. */
export async function findEnclosedToken(
  db: Queryable,
  id: string,
): Promise<{
  readonly serialNumber: string;
  readonly state: CodeTokenState;
  readonly identityId: string | null;
} | null> {
  type Row = { serial_number: string; state: CodeTokenState; identity_id: string | null };
  const row = (await db.query<Row>(FIND_FOR_LETTER, [id])).rows[0];
  return row ? { serialNumber: row.serial_number, state: row.state, identityId: row.identity_id } : null;
}
