/**
 * The first page of every letter, A4: whom it is for, where the window of the envelope shows it, and what it says.
 * What does not fit goes on to a page more; nothing is cut.
 */
import type { Addressee, Letter } from '../core/letter.ts';
import { postalLines } from '../core/address/postalAddress.ts';
import { writeDay } from './dates.ts';
import { composeLetter, type Block } from './letterText.ts';
import { COLOURS, drawWordmark, heightOf, MM, pitch, wrap, write, writeAt, writeLines } from './paper.ts';
import type { Pdf, Style } from './paper.ts';
import type { LetterWords } from './words/da.ts';

const A4 = { width: 210 * MM, height: 297 * MM };
const SIDE = 22 * MM;
const WIDTH = A4.width - 2 * SIDE;
const TOP = 24 * MM;
const BOTTOM = A4.height - 16 * MM;

/** The window of a C5 or DL envelope shows 20-110 mm from the left and 45-90 mm from the top. */
const WINDOW = { left: SIDE, top: 48 * MM, width: 84 * MM, bottom: 92 * MM, seenTo: 90 * MM };
const SMALLEST = 8;

/** Of steps and points, in sizes of the type. */
const INDENT = 1.6;

/** Type sizes in points. Large print is 16 points and more throughout. */
interface Scale {
  readonly body: number;
  readonly title: number;
  readonly heading: number;
  readonly shown: number;
  readonly spelled: number;
  readonly wordmark: number;
}
const USUAL: Scale = { body: 11, title: 19, heading: 12.5, shown: 14, spelled: 26, wordmark: 22 };
const LARGE: Scale = { body: 16, title: 25, heading: 18.5, shown: 22, spelled: 32, wordmark: 28 };

export function drawAddressPage(pdf: Pdf, letter: Letter, words: LetterWords): void {
  const scale = letter.largePrint ? LARGE : USUAL;
  const { title, blocks } = composeLetter(letter, words);
  pdf.addPage({ size: [A4.width, A4.height], margin: 0 });
  drawWordmark(pdf, words.sender, SIDE, TOP, scale.wordmark);
  const date = writeDay(letter.postOn, letter.language);
  writeAt(pdf, date, A4.width - SIDE, TOP, { size: scale.body, colour: COLOURS.quiet }, 'right');

  const addressEnd = drawAddress(pdf, letter.content.to, scale);
  let y = Math.max(WINDOW.bottom, addressEnd) + 6 * MM;
  y = write(pdf, title, SIDE, y, WIDTH, {
    size: scale.title,
    weight: 'bold',
    colour: COLOURS.blue,
    leading: 1.25,
  });
  y += scale.body * 0.5;
  for (const [i, block] of blocks.entries()) y = drawBlock(pdf, block, blocks[i + 1], y, scale);
}

function drawAddress(pdf: Pdf, to: Addressee, scale: Scale): number {
  // A line break in a name would be a line of its own in the address.
  const lines = [to.name, ...postalLines(to)].map((line) => line.replace(/\s+/g, ' '));
  const style = fittingStyle(pdf, lines, scale);
  return lines.reduce((y, line) => write(pdf, line, WINDOW.left, y, WINDOW.width, style), WINDOW.top);
}

/**
 * The largest type in which the whole address stands in the window; closer lines where the usual size does not. Large
 * print goes below 12 points only where the country would be hidden: then the letter reaches nobody.
 */
function fittingStyle(pdf: Pdf, lines: readonly string[], scale: Scale): Style {
  let style: Style = { size: scale.body + 0.5 };
  const isInside = () =>
    lines.reduce((y, line) => y + heightOf(pdf, line, WINDOW.width, style), WINDOW.top) <= WINDOW.seenTo;
  while (!isInside() && style.size > SMALLEST) style = { size: style.size - 0.5, leading: 1.15 };
  return style;
}

/** `next` so that a heading does not stand alone at the foot of a page. */
function drawBlock(pdf: Pdf, block: Block, next: Block | undefined, y: number, scale: Scale): number {
  const body: Style = { size: scale.body };
  const gap = scale.body * 0.55;
  switch (block.kind) {
    case 'text':
      return paragraph(pdf, block.text, y, body) + gap;
    case 'heading': {
      const style: Style = { size: scale.heading, weight: 'bold', colour: COLOURS.blue };
      const start = room(
        pdf,
        y + gap * 0.6,
        heightOf(pdf, block.text, WIDTH, style) + gap + firstOf(pdf, next, body),
      );
      return write(pdf, block.text, SIDE, start, WIDTH, style) + gap * 0.3;
    }
    case 'steps':
      return list(pdf, block.items, (i) => `${i + 1}.`, y, scale) + gap * 0.6;
    case 'points':
      return list(pdf, block.items, () => '•', y, scale) + gap * 0.6;
    case 'shown':
      return block.spelled ? spelled(pdf, block, y, scale) : shown(pdf, block, y, scale);
  }
}

/** The height of what has to stand on the page of the heading above it. */
function firstOf(pdf: Pdf, block: Block | undefined, body: Style): number {
  switch (block?.kind) {
    case 'text':
      return heightOf(pdf, block.text, WIDTH, body);
    case 'steps':
    case 'points':
      return heightOf(pdf, block.items[0] ?? '', WIDTH - INDENT * body.size, body);
    case 'heading':
    case 'shown':
    case undefined:
      return 0;
  }
}

function list(
  pdf: Pdf,
  items: readonly string[],
  mark: (i: number) => string,
  y: number,
  scale: Scale,
): number {
  const indent = scale.body * INDENT;
  let at = y;
  for (const [i, item] of items.entries()) {
    const start = room(pdf, at, heightOf(pdf, item, WIDTH - indent, { size: scale.body }));
    write(pdf, mark(i), SIDE, start, indent, { size: scale.body, weight: 'bold', colour: COLOURS.blue });
    at = write(pdf, item, SIDE + indent, start, WIDTH - indent, { size: scale.body }) + scale.body * 0.22;
  }
  return at;
}

/** A label and what it names on one line, on a pale band. */
function shown(pdf: Pdf, block: { label: string; value: string }, y: number, scale: Scale): number {
  const height = scale.shown * 1.9;
  const start = room(pdf, y, height);
  const baseline = start + height / 2 + scale.shown * 0.35;
  pdf.roundedRect(SIDE, start, WIDTH, height, 4).fill(COLOURS.pale);
  writeAt(pdf, block.label, SIDE + 10, baseline, { size: scale.body });
  writeAt(pdf, block.value, SIDE + WIDTH * 0.4, baseline, { size: scale.shown, weight: 'bold' });
  return start + height + scale.body * 0.5;
}

/** What has to be typed as it stands: alone on its line, its signs apart. */
function spelled(pdf: Pdf, block: { label: string; value: string }, y: number, scale: Scale): number {
  const width = WIDTH - 32;
  const label: Style = { size: scale.body };
  // Apart for the eye, but not so far that a program that reads the page aloud takes them for words.
  const spacing = scale.spelled * 0.08;
  const value: Style = { size: scale.spelled, weight: 'bold', spacing, leading: 1.3 };
  const labelHeight = heightOf(pdf, block.label, width, label);
  const height = labelHeight + heightOf(pdf, block.value, width, value) + 20;
  const start = room(pdf, y, height);
  pdf.roundedRect(SIDE, start, WIDTH, height, 4).fill(COLOURS.pale);
  write(pdf, block.label, SIDE + 16, start + 10, width, label);
  write(pdf, block.value, SIDE + 16, start + 10 + labelHeight, width, value);
  return start + height + scale.body;
}

/** A text of any length: in one piece where that can be, else line by line, and a page more where one is full. */
function paragraph(pdf: Pdf, text: string, y: number, style: Style): number {
  const lines = wrap(pdf, text, WIDTH, style);
  const whole = lines.length * pitch(style);
  if (whole <= BOTTOM - TOP) return writeLines(pdf, lines, SIDE, room(pdf, y, whole), style);
  return lines.reduce((at, line) => writeLines(pdf, [line], SIDE, room(pdf, at, pitch(style)), style), y);
}

/** Where something of this height can stand: here, or at the top of a new page. */
function room(pdf: Pdf, y: number, height: number): number {
  if (y + height <= BOTTOM) return y;
  pdf.addPage({ size: [A4.width, A4.height], margin: 0 });
  return TOP;
}
