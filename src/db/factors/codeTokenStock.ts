/** The stock of code tokens: devices that were imported and not given out. */
import type { Day } from '../../domain/calendar.ts';
import { foldSerialNumber, type CodeAlgorithm, type CodeTokenState } from '../../domain/factors/codeToken.ts';
import { sql, type Queryable } from '../database.ts';
import { makeCodeTokenMac } from './codeTokens.ts';

export interface ImportedToken extends CodeAlgorithm {
  readonly id: string;
  readonly serialNumber: string;
  readonly seedSealed: Buffer;
  /** A keyed hash of the seed. */
  readonly seedLookup: Buffer;
  /** -1 before the first code of a counter that begins with 0. */
  readonly lastStep: number;
}

// Stored serial numbers have capitals, digits and hyphens only.
const FIND_TAKEN = sql`
  SELECT replace(serial_number, '-', '') AS serial, seed_lookup AS seed FROM code_tokens
  WHERE replace(serial_number, '-', '') = ANY ($1::text[]) OR seed_lookup = ANY ($2::bytea[])`;

/** Which folded serial numbers and which seeds the database has, of devices in any state. */
export async function findTakenTokens(
  db: Queryable,
  tokens: readonly ImportedToken[],
): Promise<{ readonly serials: ReadonlySet<string>; readonly seeds: ReadonlySet<string> }> {
  const { rows } = await db.query<{ serial: string; seed: Buffer }>(FIND_TAKEN, [
    tokens.map(({ serialNumber }) => foldSerialNumber(serialNumber)),
    tokens.map(({ seedLookup }) => seedLookup),
  ]);
  return {
    serials: new Set(rows.map(({ serial }) => serial)),
    seeds: new Set(rows.map(({ seed }) => seed.toString('hex'))),
  };
}

const INSERT = sql`
  INSERT INTO code_tokens (id, serial_number, kind, digits, period_seconds, algorithm, seed_sealed, seed_lookup, state,
    last_step, imported_at, mac)
  SELECT t.id, t.serial_number, t.kind, t.digits, t.period_seconds, t.algorithm, t.seed_sealed, t.seed_lookup, 'in_stock',
    t.last_step, $9, t.mac
  FROM unnest($1::uuid[], $2::text[], $3::text[], $4::int[], $5::int[], $6::text[], $7::bytea[], $8::bytea[], $10::bigint[],
    $11::bytea[])
    AS t (id, serial_number, kind, digits, period_seconds, algorithm, seed_sealed, seed_lookup, last_step, mac)`;

/** @throws when one of them was imported in the meantime */
export async function insertTokens(
  db: Queryable,
  tokens: readonly ImportedToken[],
  now: Date,
): Promise<void> {
  const column = <Name extends keyof ImportedToken>(name: Name) => tokens.map((token) => token[name]);
  const macs = tokens.map((token) =>
    makeCodeTokenMac(db, { ...token, state: 'in_stock', identityId: null, activatesAt: null }),
  );
  await db.query(INSERT, [
    column('id'),
    column('serialNumber'),
    column('kind'),
    column('digits'),
    column('periodSeconds'),
    column('algorithm'),
    column('seedSealed'),
    column('seedLookup'),
    now,
    column('lastStep'),
    macs,
  ]);
}

const COUNT = sql`SELECT state, count(*)::int AS many FROM code_tokens GROUP BY state`;

/** How many devices are in each state. */
export async function countTokensByState(db: Queryable): Promise<ReadonlyMap<CodeTokenState, number>> {
  const { rows } = await db.query<{ state: CodeTokenState; many: number }>(COUNT);
  return new Map(rows.map(({ state, many }) => [state, many]));
}

const HAS_STOCK = sql`SELECT EXISTS (SELECT FROM code_tokens WHERE state = 'in_stock') AS has`;

export async function hasStock(db: Queryable): Promise<boolean> {
  return (await db.query<{ has: boolean }>(HAS_STOCK)).rows[0]?.has ?? false;
}

const FIND_EXPECTED = sql`
  SELECT expected_from::text AS "from", expected_to::text AS "to" FROM code_tokens
  WHERE id = $1 AND expected_from IS NOT NULL AND expected_to IS NOT NULL`;

/** When a device that was posted should arrive; null before it was. */
export async function findExpectedDays(
  db: Queryable,
  id: string,
): Promise<{ readonly from: Day; readonly to: Day } | null> {
  return (await db.query<{ from: Day; to: Day }>(FIND_EXPECTED, [id])).rows[0] ?? null;
}
