/**
 * The text of a letter in pieces that no page break cuts, each with its height and how it is drawn. A text
 * that is longer than a page is cut between its lines.
 */
import type { ContactBlock, LetterBlock } from './letterText.ts';
import {
  COLOURS,
  lineHeight,
  measureTextHeight,
  wrapLines,
  writeAt,
  writeLines,
  writeText,
  type PdfDocument,
  type TextStyle,
} from './paper.ts';
import { drawQrCode } from './qrCode.ts';
import { SHEET, type TypeScale } from './sheet.ts';

export interface Piece {
  readonly height: number;
  /** The space below it, left out at the foot of a page. */
  readonly gap: number;
  /** Must not be the last piece of a page. */
  readonly keepWithNext: boolean;
  readonly draw: (y: number) => void;
}

/** The indent of steps and points, in type sizes. */
const INDENT = 1.6;
const QR_SIZE = 26 * SHEET.mm;
const { side: SIDE, width: WIDTH } = SHEET;

export function composePieces(pdf: PdfDocument, blocks: readonly LetterBlock[], scale: TypeScale): Piece[] {
  return blocks.flatMap((block, i) => composeBlock(pdf, block, blocks[i + 1], scale));
}

function composeBlock(
  pdf: PdfDocument,
  block: LetterBlock,
  next: LetterBlock | undefined,
  scale: TypeScale,
): Piece[] {
  const gap = scale.body * 0.5;
  switch (block.kind) {
    case 'text':
      return composeParagraph(pdf, block.text, composeBodyStyle(scale), gap);
    case 'heading':
      return [composeHeading(pdf, block.text, scale)];
    case 'steps':
      return composeList(pdf, block.items, (i) => `${i + 1}.`, {
        scale,
        isBeforeText: next?.kind === 'text',
      });
    case 'points':
      return composeList(pdf, block.items, () => '•', { scale, isBeforeText: false });
    case 'shown':
      return [block.spelled ? composeSpelled(pdf, block, scale) : composeHighlighted(pdf, block, scale)];
    case 'contact':
      return [composeContact(pdf, block, scale)];
  }
}

function composeBodyStyle({ body: size, leading }: TypeScale): TextStyle {
  return { size, leading };
}

function composeHeading(pdf: PdfDocument, text: string, scale: TypeScale): Piece {
  const style: TextStyle = { size: scale.heading, weight: 'bold', colour: COLOURS.blue };
  const above = scale.body * 0.25;
  return {
    height: above + measureTextHeight(pdf, text, WIDTH, style),
    gap: scale.body * 0.15,
    keepWithNext: true,
    draw: (y) => void writeText(pdf, text, SIDE, y + above, WIDTH, style),
  };
}

function composeParagraph(pdf: PdfDocument, text: string, style: TextStyle, gap: number): Piece[] {
  const lines = wrapLines(pdf, text, WIDTH, style);
  const write = (some: readonly string[], after: number): Piece => ({
    height: some.length * lineHeight(style),
    gap: after,
    keepWithNext: false,
    draw: (y) => void writeLines(pdf, some, SIDE, y, style),
  });
  if (lines.length * lineHeight(style) <= SHEET.bottom - SHEET.top) return [write(lines, gap)];
  return lines.map((line, i) => write([line], i === lines.length - 1 ? gap : 0));
}

/** @param options.isBeforeText the text after the list belongs to its last item */
function composeList(
  pdf: PdfDocument,
  items: readonly string[],
  mark: (i: number) => string,
  { scale, isBeforeText }: { scale: TypeScale; isBeforeText: boolean },
): Piece[] {
  const indent = scale.body * INDENT;
  const style = composeBodyStyle(scale);
  return items.map((item, i) => {
    const isLast = i === items.length - 1;
    return {
      height: measureTextHeight(pdf, item, WIDTH - indent, style),
      gap: scale.body * (isLast ? 0.5 : 0.2),
      keepWithNext: isLast && isBeforeText,
      draw: (y) => {
        writeText(pdf, mark(i), SIDE, y, indent, { ...style, weight: 'bold', colour: COLOURS.blue });
        writeText(pdf, item, SIDE + indent, y, WIDTH - indent, style);
      },
    };
  });
}

/** A label and its value on one line, on a pale band. */
function composeHighlighted(
  pdf: PdfDocument,
  block: { label: string; value: string },
  scale: TypeScale,
): Piece {
  const height = scale.shown * 1.7;
  return {
    height,
    gap: scale.body * 0.4,
    keepWithNext: false,
    draw: (y) => {
      const baseline = y + height / 2 + scale.shown * 0.35;
      pdf.roundedRect(SIDE, y, WIDTH, height, 4).fill(COLOURS.pale);
      writeAt(pdf, block.label, SIDE + 10, baseline, { size: scale.body });
      writeAt(pdf, block.value, SIDE + WIDTH * 0.4, baseline, { size: scale.shown, weight: 'bold' });
    },
  };
}

/** A value that has to be typed exactly: on its own line, with its characters spaced. */
function composeSpelled(pdf: PdfDocument, block: { label: string; value: string }, scale: TypeScale): Piece {
  const width = WIDTH - 32;
  const label: TextStyle = { size: scale.body };
  // Spaced for the eye, but not so far that a screen reader takes the characters for words.
  const spacing = scale.spelled * 0.08;
  const value: TextStyle = { size: scale.spelled, weight: 'bold', spacing, leading: 1.3 };
  const labelHeight = measureTextHeight(pdf, block.label, width, label);
  const height = labelHeight + measureTextHeight(pdf, block.value, width, value) + 20;
  return {
    height,
    gap: scale.body,
    keepWithNext: false,
    draw: (y) => {
      pdf.roundedRect(SIDE, y, WIDTH, height, 4).fill(COLOURS.pale);
      writeText(pdf, block.label, SIDE + 16, y + 10, width, label);
      writeText(pdf, block.value, SIDE + 16, y + 10 + labelHeight, width, value);
    },
  };
}

/** The box at the end: whom to phone first, and the code beside it with its address below the lines. */
function composeContact(pdf: PdfDocument, block: ContactBlock, scale: TypeScale): Piece {
  const above = scale.body * 0.3;
  const padding = scale.body * 0.6;
  const width = WIDTH - 3 * padding - QR_SIZE;
  const body: TextStyle = { size: scale.body, leading: 1.3 };
  const bold: TextStyle = { ...body, weight: 'bold' };
  const texts: readonly (readonly [string, TextStyle])[] = [
    [block.heading, { size: scale.heading, weight: 'bold', colour: COLOURS.blue }],
    ...block.lines.map(({ label, value }, i) => [`${label}: ${value}`, i === 0 ? bold : body] as const),
    [`${block.addressLabel}: ${block.address}`, bold],
    [block.advice, body],
  ];
  const heights = texts.map(([text, style]) => measureTextHeight(pdf, text, width, style));
  const height =
    Math.max(
      heights.reduce((sum, one) => sum + one, 0),
      QR_SIZE,
    ) +
    2 * padding;
  return {
    height: above + height,
    gap: 0,
    keepWithNext: false,
    draw: (start) => {
      const y = start + above;
      pdf.roundedRect(SIDE, y, WIDTH, height, 4).lineWidth(0.8).strokeColor(COLOURS.blue).stroke();
      let at = y + padding;
      for (const [text, style] of texts) at = writeText(pdf, text, SIDE + padding, at, width, style);
      drawQrCode(pdf, block.address, {
        x: SIDE + WIDTH - padding - QR_SIZE,
        y: y + (height - QR_SIZE) / 2,
        size: QR_SIZE,
      });
    },
  };
}
