/**
 * The format of a person's cards. `identities.card_format` is the format of the next card, and
 * `key_cards.format` the one in which a card was printed. A node of the version before knows neither: it
 * writes and reads `identities.large_print`, which is kept in step.
 */
import type { CardFormat } from '../../domain/card/cardFormat.ts';
import { sql, type Queryable, type SqlFragment } from '../database.ts';

const LEGACY_FORMAT = "CASE WHEN i.large_print THEN 'large_print' ELSE 'standard' END";

/** The format of the next card of the identity `i`. */
export const NEXT_CARD_FORMAT = { part: `coalesce(i.card_format, ${LEGACY_FORMAT})` };

/** The format that the version before reads, of the parameter that is the format. */
export function composeLegacyFormat(parameter: '$2' | '$8'): SqlFragment {
  return { part: `${parameter}::text = 'large_print'` };
}

/**
 * The format of a card of the identity `i`: the one in which it was printed, and before that the one in which
 * it will be. A node of the version before prints by `large_print` and records nothing.
 * @param card the alias of `key_cards`
 */
export function composeCardFormat(card: 'c' | 'n'): SqlFragment {
  const unprinted = `CASE WHEN ${card}.state = 'ordered' THEN ${NEXT_CARD_FORMAT.part} ELSE ${LEGACY_FORMAT} END`;
  return { part: `coalesce(${card}.format, ${unprinted})` };
}

// What a node of the version before printed is recorded while large_print still says it.
const SET = sql`
  WITH printed AS (
    UPDATE key_cards c SET format = ${{ part: LEGACY_FORMAT }} FROM identities i
    WHERE i.id = $1 AND c.identity_id = i.id AND c.format IS NULL AND c.state <> 'ordered')
  UPDATE identities i SET card_format = $2, large_print = ${composeLegacyFormat('$2')}
  WHERE i.id = $1 AND ${NEXT_CARD_FORMAT} <> $2`;

/**
 * Sets the format of the next card. A card that is not printed yet comes in it.
 * @returns false when it was that already
 */
export async function setCardFormat(db: Queryable, identityId: string, format: CardFormat): Promise<boolean> {
  return (await db.query(SET, [identityId, format])).rowCount === 1;
}

const FIND = sql`
  SELECT ${NEXT_CARD_FORMAT} AS next, (SELECT ${composeCardFormat('c')} FROM key_cards c
    WHERE c.identity_id = i.id AND c.state IN ('ordered', 'sent')) AS coming
  FROM identities i WHERE i.id = $1`;

/** The format of a person's next card, and that of the card on its way. */
export interface CardFormats {
  readonly next: CardFormat;
  readonly coming: CardFormat | null;
}

export async function findCardFormats(db: Queryable, identityId: string): Promise<CardFormats | null> {
  return (await db.query<CardFormats>(FIND, [identityId])).rows[0] ?? null;
}
