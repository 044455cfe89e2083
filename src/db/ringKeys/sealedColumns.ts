/**
 * Reads and replaces the sealed values of the rings `seal` and `tokens`, column by column, while people sign
 * in. A value is replaced only where it is still the one that was read, and a row that is locked is left:
 * what a person changes at the same time always wins, and no one waits for more than one batch.
 */
import { composeHeads, HEAD_BYTES } from '../../domain/boxHead.ts';
import { sql, type Queryable, type Statement } from '../database.ts';
import { RESEALED_COLUMNS, ringOfColumn, type ResealedColumn, type ResealedRing } from './keyedColumns.ts';

interface Key {
  readonly name: string;
  readonly text: string;
  readonly parameter: (value: string) => string;
  readonly start: string;
}

const uuidKey = (name: string): Key => ({
  name,
  text: `t.${name}::text`,
  parameter: (value) => `${value}::uuid`,
  start: '00000000-0000-0000-0000-000000000000',
});
const textKey = (name: string): Key => ({ name, text: `t.${name}`, parameter: (value) => value, start: '' });
const bytesKey = (name: string): Key => ({
  name,
  text: `encode(t.${name}, 'hex')`,
  parameter: (value) => `decode(${value}, 'hex')`,
  start: '',
});

/** The key of the table, and what else the context of a value is made from, as text. */
const WHERE: Readonly<Record<ResealedColumn, { key: Key; about?: string; isJson?: true }>> = {
  'people.cpr_sealed': { key: uuidKey('id') },
  'people.address_sealed': { key: uuidKey('id') },
  'people.email_sealed': { key: uuidKey('id') },
  'people.former_address_sealed': { key: uuidKey('id') },
  'people.next_email_sealed': { key: uuidKey('id') },
  'email_requests.email_sealed': { key: uuidKey('identity_id'), about: 't.id::text' },
  'register_entries.entry_sealed': { key: bytesKey('cpr_lookup') },
  'applications.form_sealed': { key: uuidKey('id') },
  'cpr_changes.change_sealed': { key: uuidKey('id') },
  'colleague_actions.asked_sealed': { key: uuidKey('id') },
  'signing_keys.private_jwk_sealed': { key: textKey('kid') },
  'letters.notice': { key: uuidKey('id'), isJson: true },
  'notices.details': { key: uuidKey('id'), isJson: true },
  'gathered_notices.notice': { key: uuidKey('id'), isJson: true },
  'code_tokens.seed_sealed': { key: uuidKey('id') },
};

export interface SealedRow {
  readonly key: string;
  readonly about: string | null;
  /** The first bytes of the value. */
  readonly head: Buffer | null;
  /** The value, unless it is sealed under the current key. */
  readonly box: Buffer | null;
  /** JSON with sealed values in it, as text. */
  readonly json: string | null;
}

export interface ReplacedValue<Value extends Buffer | string = Buffer | string> {
  readonly key: string;
  readonly before: Value;
  readonly after: Value;
}

export interface SealedColumn {
  readonly name: ResealedColumn;
  readonly ring: ResealedRing;
  readonly isJson: boolean;
  readonly start: string;
  readonly list: Statement;
  readonly replace: Statement;
}

function describeColumn(name: ResealedColumn): SealedColumn {
  const { key, about = 'NULL::text', isJson = false } = WHERE[name];
  const [table = '', column = ''] = name.split('.');
  const values = isJson
    ? `NULL::bytea AS head, NULL::bytea AS box,
       CASE WHEN t.${column}::text LIKE '%"emailSealed"%' THEN t.${column}::text END AS json`
    : `substring(t.${column} FROM 1 FOR ${HEAD_BYTES}) AS head,
       CASE WHEN $4 AND substring(t.${column} FROM 1 FOR $5) <> ALL($3::bytea[]) THEN t.${column} END AS box,
       NULL::text AS json`;
  const source = {
    part: `
    SELECT ${key.text} AS key, ${about} AS about, ${values}
    FROM ${table} t WHERE t.${key.name} > ${key.parameter('$1')} ORDER BY t.${key.name} LIMIT $2`,
  };
  const type = isJson ? 'text' : 'bytea';
  const cast = isJson ? '::jsonb' : '';
  const replacement = {
    part: `
    WITH given AS (
      SELECT ${key.parameter('g.key')} AS key, g.before${cast} AS before, g.after${cast} AS after
      FROM unnest($1::text[], $2::${type}[], $3::${type}[]) AS g (key, before, after)
    ), locked AS (
      SELECT t.${key.name} AS key, given.before, given.after FROM given JOIN ${table} t ON t.${key.name} = given.key
      WHERE t.${column} = given.before FOR NO KEY UPDATE OF t SKIP LOCKED
    )
    UPDATE ${table} t SET ${column} = locked.after FROM locked
    WHERE t.${key.name} = locked.key AND t.${column} = locked.before`,
  };
  return {
    name,
    ring: ringOfColumn(name),
    isJson,
    start: key.start,
    list: sql`${source}`,
    replace: sql`${replacement}`,
  };
}

export const SEALED_VALUE_COLUMNS: readonly SealedColumn[] = RESEALED_COLUMNS.map(describeColumn);

/**
 * Lists the next rows of a column after a key, those without a value too.
 * @param options.notUnder reads the values that are not sealed under this key; null reads heads only
 */
export async function listSealedRows(
  db: Queryable,
  { list, isJson }: SealedColumn,
  after: string,
  { limit, notUnder }: { limit: number; notUnder: string | null },
): Promise<readonly SealedRow[]> {
  const heads = composeHeads(notUnder ?? '');
  const values = isJson ? [after, limit] : [after, limit, heads, notUnder !== null, heads[0]?.length ?? 0];
  return (await db.query<SealedRow>(list, values)).rows;
}

/** Replaces values in one statement. @returns the number of rows that had the value and were not locked */
export async function replaceSealedValues(
  db: Queryable,
  { replace }: SealedColumn,
  values: readonly ReplacedValue[],
): Promise<number> {
  const columns = [
    values.map(({ key }) => key),
    values.map(({ before }) => before),
    values.map(({ after }) => after),
  ];
  return (await db.query(replace, columns)).rowCount;
}
