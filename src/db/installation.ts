/**
 * The installation: a check value for each key ring that the database was made with, so that wrong keys are
 * detected at start.
 */
import { BINDING_MODES, type BindingMode } from '../domain/rowMac.ts';
import { sql, type Database, type Queryable } from './database.ts';

// A ring that a later version added is appended; the others keep the values from when the database was new.
const INSERT_KEY_CHECKS = sql`
  INSERT INTO installation AS i (key_checks) VALUES ($1::jsonb)
  ON CONFLICT (singleton) DO UPDATE SET key_checks = excluded.key_checks || i.key_checks
  WHERE NOT i.key_checks ?& ARRAY(SELECT jsonb_object_keys(excluded.key_checks))`;
const GET_KEY_CHECKS = sql`SELECT key_checks FROM installation`;

/** Stores the check values if the database is new. @returns those that the database was made with */
export async function saveKeyChecks(
  db: Queryable,
  checks: Record<string, string>,
): Promise<Record<string, string>> {
  await db.query(INSERT_KEY_CHECKS, [JSON.stringify(checks)]);
  const { rows } = await db.query<{ key_checks: Record<string, string> }>(GET_KEY_CHECKS);
  if (!rows[0]) throw new Error('the installation row is missing');
  return rows[0].key_checks;
}

const REPLACE_KEY_CHECK = sql`
  UPDATE installation SET key_checks = key_checks || jsonb_build_object($1::text, $2::text)`;

/** The database now belongs to another key of this ring: the one that it was made with is taken out. */
export async function replaceKeyCheck(db: Queryable, ring: string, check: string): Promise<void> {
  await db.query(REPLACE_KEY_CHECK, [ring, check]);
}

const READ_STATE = sql`
  SELECT (SELECT count(*) FROM knex_migrations WHERE name = ANY($1::text[])) = cardinality($1::text[])
     AND (SELECT count(*) FROM signing_keys WHERE state = 'current') = $2 AS installed,
    NOT pg_is_in_recovery() AND current_setting('transaction_read_only') = 'off' AS writable,
    (extract(epoch FROM clock_timestamp()) * 1000)::float8 AS time`;

/** What a build needs of a database. */
export interface NeededSchema {
  readonly migrations: readonly string[];
  readonly signingKeys: number;
}

export interface DatabaseState {
  /** Every migration of this build has run, and there are keys to sign with. */
  readonly isInstalled: boolean;
  readonly isWritable: boolean;
  /** The time of the server, in milliseconds since 1970. */
  readonly time: number;
}

/** For the readiness check, in one statement. @throws DatabaseUnavailable */
export async function readDatabaseState(
  database: Pick<Database, 'queryForCheck'>,
  { migrations, signingKeys }: NeededSchema,
): Promise<DatabaseState> {
  type StateRow = { installed: boolean; writable: boolean; time: number };
  const { rows } = await database.queryForCheck<StateRow>(READ_STATE, [migrations, signingKeys]);
  if (!rows[0]) throw new Error('the state of the database is missing');
  const { installed, writable, time } = rows[0];
  return { isInstalled: installed, isWritable: writable, time };
}

const READ_TIME = sql`SELECT (extract(epoch FROM clock_timestamp()) * 1000)::float8 AS time`;

/** @returns the time of the server, in milliseconds since 1970. @throws DatabaseUnavailable */
export async function readDatabaseTime(database: Pick<Database, 'queryForCheck'>): Promise<number> {
  const { rows } = await database.queryForCheck<{ time: number }>(READ_TIME);
  return rows[0]?.time ?? Number.NaN;
}

const SAVE_BINDING = sql`UPDATE installation SET binding = $1 WHERE binding IS DISTINCT FROM $1`;
const FIND_BINDING = sql`SELECT binding FROM installation`;

/** Stores the binding mode of a node whose rules set one. */
export async function saveBindingMode(db: Queryable, mode: BindingMode): Promise<void> {
  await db.query(SAVE_BINDING, [mode]);
}

/**
 * Reads the mode for a node whose rules set none. A writer in the database can change it, so a node whose
 * rules set a mode does not read it.
 */
export async function findBindingMode(db: Queryable): Promise<BindingMode> {
  const [row] = (await db.query<{ binding: string | null }>(FIND_BINDING)).rows;
  return BINDING_MODES.find((mode) => mode === row?.binding) ?? 'read';
}

const BOOTSTRAP = sql`UPDATE installation SET bootstrapped_at = $1 WHERE bootstrapped_at IS NULL`;

/** @returns true for exactly one caller in the life of the database */
export async function markBootstrapped(db: Queryable, now: Date): Promise<boolean> {
  return (await db.query(BOOTSTRAP, [now])).rowCount === 1;
}

const IS_BOOTSTRAPPED = sql`SELECT bootstrapped_at IS NOT NULL AS done FROM installation`;

export async function isBootstrapped(db: Queryable): Promise<boolean> {
  return (await db.query<{ done: boolean }>(IS_BOOTSTRAPPED)).rows[0]?.done ?? false;
}
