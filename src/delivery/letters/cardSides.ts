/**
 * The card on paper: two sides of 74 keys, key numbers ascending down the columns, over both sides. The small
 * one has the size of a bank card (ISO/IEC 7810 ID-1); in large print each side is a sheet of A4. Neither
 * names its owner: a finder must not know which ID it belongs to.
 */
import type { CardFormat } from '../../domain/card/cardFormat.ts';
import { arrangeKeys, CARD_LAYOUTS, type CardLayout } from '../../domain/card/cardLayout.ts';
import type { PrintedKeys } from '../../domain/letter.ts';
import { COLOURS, drawWordmark, POINTS_PER_MM, writeAt, type PdfDocument } from './paper.ts';
import type { LetterWords } from '../words/words.da.ts';

/** What a card says beside its keys. */
type CardWords = Pick<LetterWords, 'sender' | 'cardSide' | 'keyColumns'> & { readonly lostCard: string };

interface SideLayout {
  readonly width: number;
  readonly height: number;
  readonly layout: CardLayout;
  readonly margin: number;
  /** Baseline of the card number. */
  readonly head: number;
  /** Baseline of the column heads. */
  readonly columnHead: number;
  readonly firstRow: number;
  readonly rowHeight: number;
  /** Baseline of the line about a lost card. */
  readonly foot: number;
  readonly gutter: number;
  readonly sizes: {
    readonly head: number;
    readonly side: number;
    readonly columnHead: number;
    readonly keys: number;
    readonly foot: number;
  };
}

const SMALL: SideLayout = {
  width: 85.6 * POINTS_PER_MM,
  height: 54 * POINTS_PER_MM,
  layout: CARD_LAYOUTS.standard,
  margin: 9,
  head: 15,
  columnHead: 22.8,
  firstRow: 25,
  rowHeight: 6.1,
  foot: 146.6,
  gutter: 8,
  sizes: { head: 7.5, side: 6.5, columnHead: 5, keys: 6, foot: 5.5 },
};

const LARGE: SideLayout = {
  width: 210 * POINTS_PER_MM,
  height: 297 * POINTS_PER_MM,
  layout: CARD_LAYOUTS.large_print,
  margin: 15 * POINTS_PER_MM,
  head: 22 * POINTS_PER_MM,
  columnHead: 33 * POINTS_PER_MM,
  firstRow: 36 * POINTS_PER_MM,
  rowHeight: 9.6 * POINTS_PER_MM,
  foot: 283 * POINTS_PER_MM,
  gutter: 18,
  sizes: { head: 22, side: 22, columnHead: 18, keys: 22, foot: 18 },
};

/** Four digits, six digits, and a space between them that is as wide as a digit and a half. */
const ROW_EMS = (4 + 6 + 1.5) * 0.6;

export function drawCard(
  pdf: PdfDocument,
  card: { readonly cardNumber: string; readonly keys: PrintedKeys },
  cardFormat: CardFormat,
  words: CardWords,
): void {
  const format = cardFormat === 'large_print' ? LARGE : SMALL;
  const pairs = Object.entries(card.keys).sort(([a], [b]) => (a < b ? -1 : 1));
  for (const [side, columns] of arrangeKeys(pairs, format.layout).entries()) {
    pdf.addPage({ size: [format.width, format.height], margin: 0 });
    drawHead(pdf, card.cardNumber, words.cardSide(side + 1, format.layout.sides), format, words);
    drawKeys(pdf, columns, format, words);
    writeAt(pdf, words.lostCard, format.margin, format.foot, { size: format.sizes.foot });
  }
}

function drawHead(
  pdf: PdfDocument,
  cardNumber: string,
  page: string,
  format: SideLayout,
  words: CardWords,
): void {
  const { margin, head, width, sizes } = format;
  drawWordmark(pdf, words.sender, margin, head, sizes.head);
  // Off the centre: the wordmark is longer than the page number.
  const middle = width * 0.55;
  writeAt(pdf, cardNumber, middle - sizes.head * 3.9, head, { size: sizes.head, weight: 'bold' });
  writeAt(pdf, page, width - margin, head, { size: sizes.side, weight: 'bold' }, 'right');
}

function drawKeys(
  pdf: PdfDocument,
  columns: readonly (readonly (readonly [string, string])[])[],
  format: SideLayout,
  words: CardWords,
): void {
  const { margin, firstRow, rowHeight, gutter, sizes } = format;
  const columnWidth = (format.width - 2 * margin - (columns.length - 1) * gutter) / columns.length;
  const indent = (columnWidth - ROW_EMS * sizes.keys) / 2;
  for (const [column, rows] of columns.entries()) {
    const left = margin + column * (columnWidth + gutter);
    const [numberX, keyX] = [left + indent, left + columnWidth - indent - 3.6 * sizes.keys];
    const columnHead = { size: sizes.columnHead, colour: COLOURS.quiet };
    writeAt(pdf, words.keyColumns.number, numberX, format.columnHead, columnHead);
    writeAt(pdf, words.keyColumns.key, keyX, format.columnHead, columnHead);
    for (const [row, [number, key]] of rows.entries()) {
      const top = firstRow + row * rowHeight;
      // Every other row is on a pale band, so that the eye stays in its row.
      if (row % 2 === 0) pdf.rect(left, top, columnWidth, rowHeight).fill(COLOURS.pale);
      // Digits are 0.7 as high as the type size: this centres them in the band.
      const baseline = top + rowHeight / 2 + sizes.keys * 0.35;
      writeAt(pdf, number, numberX, baseline, { size: sizes.keys, weight: 'bold', colour: COLOURS.blue });
      writeAt(pdf, key, keyX, baseline, { size: sizes.keys });
    }
  }
}
