/**
 * Which keys of the rings the data needs, by their ids: a sealed value and a MAC begin with the id of their
 * key, and a card names its key. A sample of each column is read, so that a start costs the same with a
 * million people.
 */
import type { BindingMode } from '../domain/rowMac.ts';
import { sql, type Queryable, type SqlFragment } from './database.ts';

/** The number of rows of each column that is read. */
const SAMPLE = 200;

/** Columns whose rows stay; what expires within days is left out, as it ends with its key. */
export const SEALED_COLUMNS: readonly (readonly [table: string, column: string])[] = [
  ['people', 'cpr_sealed'],
  ['people', 'address_sealed'],
  ['people', 'email_sealed'],
  ['register_entries', 'entry_sealed'],
  ['applications', 'form_sealed'],
  ['signing_keys', 'private_jwk_sealed'],
  ['identities', 'mac'],
];

/** Longer than any head: the length of the id in the lower bits of a byte, and the id. */
const HEAD_BYTES = 17;

/** The heads of up to so many values of a column. */
export const selectHeads = (table: string, column: string, sample: number): string =>
  `(SELECT substring(${column} FROM 1 FOR ${HEAD_BYTES}) AS head
    FROM ${table} WHERE octet_length(${column}) > ${HEAD_BYTES} LIMIT ${sample})`;
/** As text whatever its bytes are, so that one damaged head does not fail the statement. */
export const HEAD_KID = `encode(substring(head FROM 2 FOR (get_byte(head, 0) & 127)), 'escape')`;
export const HEAD_HAS_KID = `(get_byte(head, 0) & 127) BETWEEN 1 AND 16`;

/** The ids of cards are found by skipping through their index. */
export const CARD_KIDS = `
  WITH RECURSIVE card_kids AS (
    (SELECT kid FROM key_cards ORDER BY kid LIMIT 1)
    UNION ALL
    SELECT (SELECT c.kid FROM key_cards c WHERE c.kid > k.kid ORDER BY c.kid LIMIT 1)
    FROM card_kids k WHERE k.kid IS NOT NULL
  )`;
/** Cards that are no longer used need no key. */
export const countCardsInUse = (sample: number): string => `
  SELECT 'cards' AS ring, k.kid, (
    SELECT count(*)::int FROM (SELECT c.state FROM key_cards c WHERE c.kid = k.kid LIMIT ${sample}) AS sampled
    WHERE state IN ('ordered', 'sent', 'active')) AS many
  FROM card_kids k WHERE k.kid IS NOT NULL`;

/** Of code tokens that can still give a code. */
export const countSeeds = (sample: number): string => `
  SELECT 'tokens' AS ring, ${HEAD_KID} AS kid, count(*)::int AS rows FROM (
    SELECT substring(seed_sealed FROM 1 FOR ${HEAD_BYTES}) AS head FROM code_tokens
    WHERE ended_at IS NULL AND octet_length(seed_sealed) > ${HEAD_BYTES} LIMIT ${sample}) AS seeds
  WHERE ${HEAD_HAS_KID} GROUP BY 2`;

/** Of passwords that are keyed, which name their key too. */
export const countPasswords = (sample: number): string => `
  SELECT 'seal' AS ring, kid, count(*)::int AS many FROM (
    SELECT substring(password_hash FROM '^keyed:([a-z][a-z0-9]*)[$]') AS kid
    FROM identities WHERE password_hash IS NOT NULL LIMIT ${sample}) AS hashes
  WHERE kid IS NOT NULL GROUP BY 2`;

const selectAllHeads = (columns: typeof SEALED_COLUMNS) =>
  columns.map(([table, column]) => selectHeads(table, column, SAMPLE)).join(' UNION ALL ');
const composeKeyIds = (columns: typeof SEALED_COLUMNS): SqlFragment => ({
  part: `${CARD_KIDS}
    SELECT 'seal' AS ring, ${HEAD_KID} AS kid, count(*)::int AS many, false AS "isPassword"
    FROM (${selectAllHeads(columns)}) AS heads
    WHERE ${HEAD_HAS_KID} GROUP BY 2
    UNION ALL SELECT ring, kid, many, false FROM (${countCardsInUse(10 * SAMPLE)}) AS cards
    UNION ALL SELECT ring, kid, rows, false FROM (${countSeeds(SAMPLE)}) AS seeds
    UNION ALL SELECT ring, kid, many, true FROM (${countPasswords(SAMPLE)}) AS passwords`,
});
const FIND_KEY_IDS = sql`${composeKeyIds(SEALED_COLUMNS)}`;
const FIND_KEY_IDS_WITHOUT_MACS = sql`${composeKeyIds(SEALED_COLUMNS.filter(([, column]) => column !== 'mac'))}`;

export interface KeyIdInUse {
  readonly ring: 'seal' | 'cards' | 'tokens';
  readonly kid: string;
  /** How many of the sampled rows need the key. */
  readonly many: number;
  /** A password: a retired key is enough. */
  readonly isPassword: boolean;
}

/** A head that was damaged gives no id of a key. */
export const KID = /^[a-z][a-z0-9]{0,15}$/;

/**
 * @param mode MACs count only where they are required
 * @throws DatabaseUnavailable
 */
export async function listKeyIdsInUse(db: Queryable, mode: BindingMode): Promise<KeyIdInUse[]> {
  const statement = mode === 'require' ? FIND_KEY_IDS : FIND_KEY_IDS_WITHOUT_MACS;
  const { rows } = await db.query<KeyIdInUse>(statement);
  return rows.filter(({ kid, many }) => KID.test(kid) && many > 0);
}
