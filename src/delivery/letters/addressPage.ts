/**
 * The first page of every letter, A4: the address, where the window of the envelope shows it, and the text.
 * Text that does not fit continues on another page; nothing is cut off.
 */
import type { Addressee, Letter } from '../../domain/letter.ts';
import { composePostalLines } from '../../domain/person/postalAddress.ts';
import { writeLetterDay } from './dates.ts';
import { composePrintedText, type LetterBlock } from './letterText.ts';
import {
  COLOURS,
  drawWordmark,
  measureTextHeight,
  POINTS_PER_MM,
  lineHeight,
  wrapLines,
  writeText,
  writeAt,
  writeLines,
} from './paper.ts';
import type { PdfDocument, TextStyle } from './paper.ts';
import type { LetterWords } from '../words/words.da.ts';

const A4 = { width: 210 * POINTS_PER_MM, height: 297 * POINTS_PER_MM };
const SIDE = 22 * POINTS_PER_MM;
const WIDTH = A4.width - 2 * SIDE;
const TOP = 24 * POINTS_PER_MM;
const BOTTOM = A4.height - 16 * POINTS_PER_MM;

/** The window of a C5 or DL envelope shows 20-110 mm from the left and 45-90 mm from the top. */
const ADDRESS_WINDOW = {
  left: SIDE,
  top: 48 * POINTS_PER_MM,
  width: 84 * POINTS_PER_MM,
  bottom: 92 * POINTS_PER_MM,
  seenTo: 90 * POINTS_PER_MM,
};
const SMALLEST = 8;

/** The indent of steps and points, in type sizes. */
const INDENT = 1.6;

/** Type sizes in points. Large print is 16 points and more throughout. */
interface TypeScale {
  readonly body: number;
  readonly title: number;
  readonly heading: number;
  readonly shown: number;
  readonly spelled: number;
  readonly wordmark: number;
}
const NORMAL_SCALE: TypeScale = { body: 11, title: 19, heading: 12.5, shown: 14, spelled: 26, wordmark: 22 };
const LARGE_SCALE: TypeScale = { body: 16, title: 25, heading: 18.5, shown: 22, spelled: 32, wordmark: 28 };

export function drawAddressPage(pdf: PdfDocument, letter: Letter, words: LetterWords): void {
  const scale = letter.format === 'large_print' ? LARGE_SCALE : NORMAL_SCALE;
  const { title, blocks } = composePrintedText(letter, words);
  pdf.addPage({ size: [A4.width, A4.height], margin: 0 });
  drawWordmark(pdf, words.sender, SIDE, TOP, scale.wordmark);
  const date = writeLetterDay(letter.postOn, letter.language);
  writeAt(pdf, date, A4.width - SIDE, TOP, { size: scale.body, colour: COLOURS.quiet }, 'right');

  const addressEnd = drawAddress(pdf, letter.content.to, scale);
  let y = Math.max(ADDRESS_WINDOW.bottom, addressEnd) + 6 * POINTS_PER_MM;
  y = writeText(pdf, title, SIDE, y, WIDTH, {
    size: scale.title,
    weight: 'bold',
    colour: COLOURS.blue,
    leading: 1.25,
  });
  y += scale.body * 0.5;
  for (const [i, block] of blocks.entries()) y = drawBlock(pdf, block, blocks[i + 1], y, scale);
}

function drawAddress(pdf: PdfDocument, to: Addressee, scale: TypeScale): number {
  // A line break in a name would become a separate line of the address.
  const lines = [to.name, ...composePostalLines(to)].map((line) => line.replace(/\s+/g, ' '));
  const style = chooseAddressStyle(pdf, lines, scale);
  return lines.reduce(
    (y, line) => writeText(pdf, line, ADDRESS_WINDOW.left, y, ADDRESS_WINDOW.width, style),
    ADDRESS_WINDOW.top,
  );
}

/**
 * Chooses the largest type in which the whole address fits into the window, with closer lines where the usual
 * size does not. Large print goes below 12 points only where the country would be hidden: the letter would
 * not arrive.
 */
function chooseAddressStyle(pdf: PdfDocument, lines: readonly string[], scale: TypeScale): TextStyle {
  let style: TextStyle = { size: scale.body + 0.5 };
  const isInside = () =>
    lines.reduce(
      (y, line) => y + measureTextHeight(pdf, line, ADDRESS_WINDOW.width, style),
      ADDRESS_WINDOW.top,
    ) <= ADDRESS_WINDOW.seenTo;
  while (!isInside() && style.size > SMALLEST) style = { size: style.size - 0.5, leading: 1.15 };
  return style;
}

/** @param next the next block, so that a heading is not left at the foot of a page. */
function drawBlock(
  pdf: PdfDocument,
  block: LetterBlock,
  next: LetterBlock | undefined,
  y: number,
  scale: TypeScale,
): number {
  const body: TextStyle = { size: scale.body };
  const gap = scale.body * 0.55;
  switch (block.kind) {
    case 'text':
      return drawParagraph(pdf, block.text, y, body) + gap;
    case 'heading': {
      const style: TextStyle = { size: scale.heading, weight: 'bold', colour: COLOURS.blue };
      const start = makeRoom(
        pdf,
        y + gap * 0.6,
        measureTextHeight(pdf, block.text, WIDTH, style) + gap + measureFirstPart(pdf, next, body),
      );
      return writeText(pdf, block.text, SIDE, start, WIDTH, style) + gap * 0.3;
    }
    case 'steps':
      return drawList(pdf, block.items, (i) => `${i + 1}.`, y, scale) + gap * 0.6;
    case 'points':
      return drawList(pdf, block.items, () => '•', y, scale) + gap * 0.6;
    case 'shown':
      return block.spelled ? drawSpelled(pdf, block, y, scale) : drawHighlighted(pdf, block, y, scale);
  }
}

/** The height of what has to be on the same page as the heading above it. */
function measureFirstPart(pdf: PdfDocument, block: LetterBlock | undefined, body: TextStyle): number {
  switch (block?.kind) {
    case 'text':
      return measureTextHeight(pdf, block.text, WIDTH, body);
    case 'steps':
    case 'points':
      return measureTextHeight(pdf, block.items[0] ?? '', WIDTH - INDENT * body.size, body);
    case 'heading':
    case 'shown':
    case undefined:
      return 0;
  }
}

function drawList(
  pdf: PdfDocument,
  items: readonly string[],
  mark: (i: number) => string,
  y: number,
  scale: TypeScale,
): number {
  const indent = scale.body * INDENT;
  let at = y;
  for (const [i, item] of items.entries()) {
    const start = makeRoom(pdf, at, measureTextHeight(pdf, item, WIDTH - indent, { size: scale.body }));
    writeText(pdf, mark(i), SIDE, start, indent, { size: scale.body, weight: 'bold', colour: COLOURS.blue });
    at = writeText(pdf, item, SIDE + indent, start, WIDTH - indent, { size: scale.body }) + scale.body * 0.22;
  }
  return at;
}

/** A label and its value on one line, on a pale band. */
function drawHighlighted(
  pdf: PdfDocument,
  block: { label: string; value: string },
  y: number,
  scale: TypeScale,
): number {
  const height = scale.shown * 1.9;
  const start = makeRoom(pdf, y, height);
  const baseline = start + height / 2 + scale.shown * 0.35;
  pdf.roundedRect(SIDE, start, WIDTH, height, 4).fill(COLOURS.pale);
  writeAt(pdf, block.label, SIDE + 10, baseline, { size: scale.body });
  writeAt(pdf, block.value, SIDE + WIDTH * 0.4, baseline, { size: scale.shown, weight: 'bold' });
  return start + height + scale.body * 0.5;
}

/** A value that has to be typed exactly: on its own line, with its characters spaced. */
function drawSpelled(
  pdf: PdfDocument,
  block: { label: string; value: string },
  y: number,
  scale: TypeScale,
): number {
  const width = WIDTH - 32;
  const label: TextStyle = { size: scale.body };
  // Spaced for the eye, but not so far that a screen reader takes the characters for words.
  const spacing = scale.spelled * 0.08;
  const value: TextStyle = { size: scale.spelled, weight: 'bold', spacing, leading: 1.3 };
  const labelHeight = measureTextHeight(pdf, block.label, width, label);
  const height = labelHeight + measureTextHeight(pdf, block.value, width, value) + 20;
  const start = makeRoom(pdf, y, height);
  pdf.roundedRect(SIDE, start, WIDTH, height, 4).fill(COLOURS.pale);
  writeText(pdf, block.label, SIDE + 16, start + 10, width, label);
  writeText(pdf, block.value, SIDE + 16, start + 10 + labelHeight, width, value);
  return start + height + scale.body;
}

/**
 * Draws a text of any length: in one piece where possible, else line by line, with another page where one is
 * full.
 */
function drawParagraph(pdf: PdfDocument, text: string, y: number, style: TextStyle): number {
  const lines = wrapLines(pdf, text, WIDTH, style);
  const whole = lines.length * lineHeight(style);
  if (whole <= BOTTOM - TOP) return writeLines(pdf, lines, SIDE, makeRoom(pdf, y, whole), style);
  return lines.reduce(
    (at, line) => writeLines(pdf, [line], SIDE, makeRoom(pdf, at, lineHeight(style)), style),
    y,
  );
}

/** Where something of this height fits: here, or at the top of a new page. */
function makeRoom(pdf: PdfDocument, y: number, height: number): number {
  if (y + height <= BOTTOM) return y;
  pdf.addPage({ size: [A4.width, A4.height], margin: 0 });
  return TOP;
}
