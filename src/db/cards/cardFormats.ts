/**
 * The format of a person's cards. `identities.card_format` is the format of the next card, and
 * `key_cards.format` the one in which a card was printed. A node of the version before knows neither: it
 * writes and reads `identities.large_print`, which is kept in step.
 */
import type { SqlFragment } from '../database.ts';

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
