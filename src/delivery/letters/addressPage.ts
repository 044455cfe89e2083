/**
 * The pages of a letter before its card, A4: on the first the address, where the window of the envelope shows
 * it, and the text. Text that does not fit continues on another page; nothing is cut off, and no single
 * sentence is alone on the last page.
 */
import type { Addressee, Letter } from '../../domain/letter.ts';
import { composePostalLines } from '../../domain/person/postalAddress.ts';
import type { Operator, ServiceContact } from '../../domain/serviceContact.ts';
import { writeLetterDay } from './dates.ts';
import { composePieces, type Piece } from './letterPieces.ts';
import { composePrintedText } from './letterText.ts';
import { COLOURS, drawWordmark, measureTextHeight, writeText, writeAt } from './paper.ts';
import type { PdfDocument, TextStyle } from './paper.ts';
import { LARGE_SCALE, NORMAL_SCALE, SHEET, type TypeScale } from './sheet.ts';
import { CONTACT } from '../words/contact.words.ts';
import type { LetterWords } from '../words/words.da.ts';

/** The window of a C5 or DL envelope shows 20-110 mm from the left and 45-90 mm from the top. */
const ADDRESS_WINDOW = {
  left: SHEET.side,
  seenFrom: 46 * SHEET.mm,
  top: 51 * SHEET.mm,
  width: 84 * SHEET.mm,
  bottom: 92 * SHEET.mm,
  seenTo: 90 * SHEET.mm,
};
const SMALLEST = 8;
/** The line for the post, above the address. Two lines of it fit at the smallest size. */
const RETURN_SIZES = { largest: 8, smallest: 6 };

export function drawAddressPage(
  pdf: PdfDocument,
  letter: Letter,
  words: LetterWords,
  contact: ServiceContact,
): void {
  const scale = letter.format === 'large_print' ? LARGE_SCALE : NORMAL_SCALE;
  const { title, blocks } = composePrintedText(letter, words, contact);
  addSheet(pdf);
  drawWordmark(pdf, words.sender, SHEET.side, SHEET.top, scale.wordmark);
  const date = writeLetterDay(letter.postOn, letter.language);
  writeAt(pdf, date, SHEET.right, SHEET.top, { size: scale.body, colour: COLOURS.quiet }, 'right');

  drawReturnAddress(pdf, contact.operator, CONTACT[letter.language].returnTo);
  const addressEnd = drawAddress(pdf, letter.content.to, scale);
  const senderEnd = drawSender(pdf, contact.operator, scale);
  const y = Math.max(ADDRESS_WINDOW.bottom, addressEnd, senderEnd) + 1 * SHEET.mm;
  const style: TextStyle = { size: scale.title, weight: 'bold', colour: COLOURS.blue, leading: 1.25 };
  const start = writeText(pdf, title, SHEET.side, y, SHEET.width, style) + scale.body * 0.4;

  const pages = breakPages(composePieces(pdf, blocks, scale), start);
  for (const [i, pieces] of pages.entries()) {
    if (i > 0) addSheet(pdf);
    drawPieces(pieces, i === 0 ? start : SHEET.top);
    if (pages.length > 1) drawPageNumber(pdf, words.page(i + 1, pages.length), scale);
  }
}

function addSheet(pdf: PdfDocument): void {
  pdf.addPage({ size: SHEET.size, margin: 0 });
}

function drawPageNumber(pdf: PdfDocument, text: string, { body: size }: TypeScale): void {
  writeAt(pdf, text, SHEET.right, SHEET.foot, { size, colour: COLOURS.quiet }, 'right');
}

function drawPieces(pieces: readonly Piece[], start: number): void {
  let y = start;
  for (const piece of pieces) {
    piece.draw(y);
    y += piece.height + piece.gap;
  }
}

/** What must stay on one page, such as a heading and what it is above of. */
type Chunk = readonly Piece[];

/** @param start where the text of the first page begins */
function breakPages(pieces: readonly Piece[], start: number): Piece[][] {
  const chunks = composeChunks(pieces);
  if (start + measureChunk(chunks.flat()) <= SHEET.bottomOfOne) return [[...pieces]];
  const pages: Chunk[][] = [[]];
  let y = start;
  for (const chunk of chunks) {
    const height = measureChunk(chunk);
    if (y + height > SHEET.bottom && y > SHEET.top) {
      pages.push([]);
      y = SHEET.top;
    }
    pages.at(-1)?.push(chunk);
    y += height + (chunk.at(-1)?.gap ?? 0);
  }
  keepCompany(pages);
  return pages.map((page) => page.flat());
}

function composeChunks(pieces: readonly Piece[]): Chunk[] {
  const chunks: Piece[][] = [];
  let isOpen = false;
  for (const piece of pieces) {
    if (isOpen) chunks.at(-1)?.push(piece);
    else chunks.push([piece]);
    isOpen = piece.keepWithNext;
  }
  return chunks;
}

/** Without the space below its last piece. */
function measureChunk(chunk: Chunk): number {
  const last = chunk.at(-1);
  return chunk.reduce((sum, { height, gap }) => sum + height + gap, 0) - (last?.gap ?? 0);
}

/** What is alone on the last page, such as the signature with the box, gets what is before it as company. */
function keepCompany(pages: Chunk[][]): void {
  const [last, before] = [pages.at(-1), pages.at(-2)];
  if (!last || !before) return;
  while (last.length < COMPANY && before.length > COMPANY) {
    const company = before.pop();
    if (company) last.unshift(company);
  }
}

const COMPANY = 3;

/** Beside the window, not in it. */
const SENDER = { left: 118 * SHEET.mm, top: 34 * SHEET.mm };

function drawSender(pdf: PdfDocument, { name, address }: Operator, { body: size }: TypeScale): number {
  const width = SHEET.right - SENDER.left;
  const style: TextStyle = { size, leading: 1.25, colour: COLOURS.quiet };
  const y = writeText(pdf, name, SENDER.left, SENDER.top, width, { ...style, weight: 'bold' });
  return address.reduce((at, line) => writeText(pdf, line, SENDER.left, at, width, style), y);
}

/** Where the post brings back what it cannot deliver. The post reads it: it is small in every format. */
function drawReturnAddress(pdf: PdfDocument, { name, address }: Operator, label: string): void {
  const text = `${label}: ${[name, ...address].join(', ')}`;
  const { largest, smallest } = RETURN_SIZES;
  let style: TextStyle = { size: largest, leading: 1.1, colour: COLOURS.quiet };
  const isOneLine = () =>
    measureTextHeight(pdf, text, ADDRESS_WINDOW.width, style) <= style.size * 1.1 + 0.01;
  while (!isOneLine() && style.size > smallest) style = { ...style, size: style.size - 0.5 };
  writeText(pdf, text, ADDRESS_WINDOW.left, ADDRESS_WINDOW.seenFrom, ADDRESS_WINDOW.width, style);
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
