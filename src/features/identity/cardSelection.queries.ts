/**
 * Selects cards by what they have in common: the print batch, the day on which they were sent, or the card
 * key.
 */
import type { Day } from '../../domain/calendar.ts';
import { sql, type Queryable, type Statement } from '../../db/database.ts';

export type CardSelection =
  | { readonly kind: 'batch'; readonly batch: string }
  | { readonly kind: 'day'; readonly day: Day }
  | { readonly kind: 'kid'; readonly kid: string };

// Persons with such a card in use or on the way, unless an unaffected card is already on the way to them.
const FIND_BY_BATCH = sql`
  SELECT c.identity_id, array_agg(c.id) AS card_ids FROM key_cards c JOIN letters l ON l.card_id = c.id
  WHERE l.batch = $1 AND c.state IN ('ordered', 'sent', 'active') AND c.identity_id > $2
    AND NOT EXISTS (SELECT FROM key_cards o JOIN letters m ON m.card_id = o.id
      WHERE o.identity_id = c.identity_id AND o.state IN ('ordered', 'sent') AND m.batch IS DISTINCT FROM $1)
  GROUP BY c.identity_id ORDER BY c.identity_id LIMIT $3`;
const FIND_BY_DAY = sql`
  SELECT c.identity_id, array_agg(c.id) AS card_ids FROM key_cards c JOIN letters l ON l.card_id = c.id
  WHERE l.post_on = $1 AND c.state IN ('ordered', 'sent', 'active') AND c.identity_id > $2
    AND NOT EXISTS (SELECT FROM key_cards o JOIN letters m ON m.card_id = o.id
      WHERE o.identity_id = c.identity_id AND o.state IN ('ordered', 'sent') AND m.post_on IS DISTINCT FROM $1)
  GROUP BY c.identity_id ORDER BY c.identity_id LIMIT $3`;
const FIND_BY_KID = sql`
  SELECT c.identity_id, array_agg(c.id) AS card_ids FROM key_cards c
  WHERE c.kid = $1 AND c.state IN ('ordered', 'sent', 'active') AND c.identity_id > $2
    AND NOT EXISTS (SELECT FROM key_cards o
      WHERE o.identity_id = c.identity_id AND o.state IN ('ordered', 'sent') AND o.kid <> $1)
  GROUP BY c.identity_id ORDER BY c.identity_id LIMIT $3`;

function chooseStatement(selection: CardSelection): { statement: Statement; value: string } {
  switch (selection.kind) {
    case 'batch':
      return { statement: FIND_BY_BATCH, value: selection.batch };
    case 'day':
      return { statement: FIND_BY_DAY, value: selection.day };
    case 'kid':
      return { statement: FIND_BY_KID, value: selection.kid };
  }
}

/** Returns the next persons in the order of their ids, each with the affected cards. */
export async function findSelectedCards(
  db: Queryable,
  selection: CardSelection,
  { after, limit }: { after: string; limit: number },
): Promise<{ identityId: string; cardIds: string[] }[]> {
  const { statement, value } = chooseStatement(selection);
  type SelectedCardsRow = { identity_id: string; card_ids: string[] };
  const { rows } = await db.query<SelectedCardsRow>(statement, [value, after, limit]);
  return rows.map((row) => ({ identityId: row.identity_id, cardIds: row.card_ids }));
}

/** Returns how many persons there are to process; counted once, for the progress report. */
export async function countSelectedCards(db: Queryable, selection: CardSelection): Promise<number> {
  let total = 0;
  let after = '00000000-0000-0000-0000-000000000000';
  for (;;) {
    const found = await findSelectedCards(db, selection, { after, limit: 10_000 });
    total += found.length;
    const last = found.at(-1);
    if (!last || found.length < 10_000) return total;
    after = last.identityId;
  }
}
