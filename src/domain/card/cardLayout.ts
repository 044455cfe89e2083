/**
 * Where each key is printed on a card: the one rule that the printing follows (delivery/letters/cardSides.ts)
 * and that the page which asks for a key describes. It depends on the rank of a key number on its card, so it
 * tells a person with the card nothing new, and others nothing about a key.
 */
import type { CardFormat } from './cardFormat.ts';
import { KEYS_ON_CARD } from './keyCard.ts';

export interface CardLayout {
  readonly sides: number;
  readonly columns: number;
}

/** Null where keys are not in columns: in Braille they are in lines, as many as fit on a page. */
export const CARD_LAYOUTS = {
  standard: { sides: 2, columns: 4 },
  large_print: { sides: 2, columns: 3 },
  braille: null,
} as const satisfies Record<CardFormat, CardLayout | null>;

/** The place of a key. Side, column and row are counted from 1. */
export interface KeyPlace {
  readonly side: number;
  readonly column: number;
  readonly row: number;
  /** The number of rows in each column of the side. */
  readonly rows: readonly number[];
}

/** The keys in their order, as sides of columns of rows: down a column, then the next, over all sides. */
export function arrangeKeys<Key>(
  keys: readonly Key[],
  { sides, columns }: CardLayout,
): readonly (readonly (readonly Key[])[])[] {
  const onSide = Math.ceil(keys.length / sides);
  return Array.from({ length: sides }, (_, side) =>
    splitIntoColumns(keys.slice(side * onSide, (side + 1) * onSide), columns),
  );
}

function splitIntoColumns<Key>(keys: readonly Key[], columns: number): readonly (readonly Key[])[] {
  let start = 0;
  return Array.from({ length: columns }, (_, column) => {
    // 19, 19, 18 and 18: the remainder goes to the first columns.
    const end = start + Math.ceil((keys.length - column) / columns);
    const rows = keys.slice(start, end);
    start = end;
    return rows;
  });
}

/**
 * @param position 0-147, in printed order
 * @param format undefined where it is not known
 * @returns null where the place cannot be described
 */
export function locateKey(position: number, format: CardFormat | undefined): KeyPlace | null {
  const layout = format && CARD_LAYOUTS[format];
  if (!layout) return null;
  const arranged = arrangeKeys([...Array(KEYS_ON_CARD).keys()], layout);
  for (const [side, columns] of arranged.entries()) {
    for (const [column, keys] of columns.entries()) {
      const row = keys.indexOf(position);
      if (row < 0) continue;
      return { side: side + 1, column: column + 1, row: row + 1, rows: columns.map((one) => one.length) };
    }
  }
  return null;
}

export type ColumnPart = 'top' | 'middle' | 'bottom';

/** The third of its column in which a key is printed. */
export function findColumnPart({ column, row, rows }: KeyPlace): ColumnPart {
  const share = (row - 0.5) / (rows[column - 1] ?? 1);
  if (share < 1 / 3) return 'top';
  return share < 2 / 3 ? 'middle' : 'bottom';
}
