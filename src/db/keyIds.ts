/**
 * Which keys of the rings the data needs, by their ids: a sealed value and a MAC begin with the id of their
 * key, and a card names its key. A sample of each column is read, so that a start costs the same with a
 * million people.
 */
import { sql, type Queryable, type SqlFragment } from './database.ts';

/** The number of rows of each column that is read. */
const SAMPLE = 200;

/** Columns whose rows stay; what expires within days is left out, as it ends with its key. */
const SEALED_COLUMNS: readonly (readonly [table: string, column: string])[] = [
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

const SAMPLED_HEADS: SqlFragment = {
  part: SEALED_COLUMNS.map(
    ([table, column]) => `(SELECT substring(${column} FROM 1 FOR ${HEAD_BYTES}) AS head
      FROM ${table} WHERE octet_length(${column}) > ${HEAD_BYTES} LIMIT ${SAMPLE})`,
  ).join(' UNION ALL '),
};

const SAMPLED_CARDS: SqlFragment = {
  part: `SELECT c.state FROM key_cards c WHERE c.kid = k.kid LIMIT ${10 * SAMPLE}`,
};

// The ids of cards are found by skipping through their index. Cards that are no longer used need no key.
const FIND_KEY_IDS = sql`
  WITH RECURSIVE card_kids AS (
    (SELECT kid FROM key_cards ORDER BY kid LIMIT 1)
    UNION ALL
    SELECT (SELECT c.kid FROM key_cards c WHERE c.kid > k.kid ORDER BY c.kid LIMIT 1)
    FROM card_kids k WHERE k.kid IS NOT NULL
  )
  SELECT 'seal' AS ring, encode(substring(head FROM 2 FOR (get_byte(head, 0) & 127)), 'escape') AS kid,
    count(*)::int AS many
  FROM (${SAMPLED_HEADS}) AS heads
  WHERE (get_byte(head, 0) & 127) BETWEEN 1 AND 16
  GROUP BY 2
  UNION ALL
  SELECT 'cards', k.kid, (
    SELECT count(*)::int FROM (${SAMPLED_CARDS}) AS sampled WHERE state IN ('ordered', 'sent', 'active'))
  FROM card_kids k WHERE k.kid IS NOT NULL`;

export interface KeyIdInUse {
  readonly ring: 'seal' | 'cards';
  readonly kid: string;
  /** How many of the sampled rows need the key. */
  readonly many: number;
}

/** A head that was damaged gives no id of a key. */
const KID = /^[a-z][a-z0-9]{0,15}$/;

/** @throws DatabaseUnavailable */
export async function listKeyIdsInUse(db: Queryable): Promise<KeyIdInUse[]> {
  const { rows } = await db.query<KeyIdInUse>(FIND_KEY_IDS);
  return rows.filter(({ kid, many }) => KID.test(kid) && many > 0);
}
