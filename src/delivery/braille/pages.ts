/**
 * Pages for an embosser: at most 40 cells a line and 28 lines a page, which an A4 sheet of Braille has room
 * for. A file is seven-bit text; lines end with CR LF, and a form feed is between two pages.
 */
import { FIXED_BLANK } from './translate.ts';

export const CELLS_PER_LINE = 40;
export const LINES_PER_PAGE = 28;

/** A page as its lines. */
export type BraillePage = readonly string[];

/**
 * Lines that belong together; with `keepWithNext` the next ones do too, as below a heading. `isWhole`: no
 * page begins within it, as within an address.
 */
export interface BrailleBlock {
  readonly lines: readonly string[];
  readonly keepWithNext?: boolean;
  readonly isWhole?: boolean;
}

/**
 * Breaks translated text into lines. A word that is longer than a line is broken.
 * @param first the indent of the first line, in cells; a paragraph is known by it
 */
export function breakLines(
  text: string,
  indent: { readonly first: number; readonly rest: number },
): string[] {
  const lines: string[] = [];
  let line = ' '.repeat(indent.first);
  let isEmpty = true;
  const close = () => {
    lines.push(line);
    line = ' '.repeat(indent.rest);
    isEmpty = true;
  };
  for (const word of text.split(' ').filter((one) => one !== '')) {
    if (!isEmpty && line.length + 1 + word.length > CELLS_PER_LINE) close();
    let rest = isEmpty ? word : ` ${word}`;
    while (line.length + rest.length > CELLS_PER_LINE) {
      const room = CELLS_PER_LINE - line.length;
      line += rest.slice(0, room);
      rest = rest.slice(room);
      close();
    }
    line += rest;
    isEmpty = false;
  }
  if (!isEmpty) close();
  return lines.map((one) => one.replaceAll(FIXED_BLANK, ' '));
}

/** Two texts at the ends of one line. The left one is shortened where both have no room. */
export function alignEnds(left: string, right: string): string {
  const room = CELLS_PER_LINE - right.length - 1;
  return `${left.slice(0, room).padEnd(room)} ${right}`.replaceAll(FIXED_BLANK, ' ');
}

/**
 * Distributes blocks over pages.
 * @param room lines of a page, without its head
 */
export function paginate(blocks: readonly BrailleBlock[], room: number): string[][] {
  const pages: string[][] = [];
  let page: string[] = [];
  const turn = () => {
    if (page.length > 0) pages.push(page);
    page = [];
  };
  for (const [i, { lines, keepWithNext, isWhole }] of blocks.entries()) {
    const needed = lines.length + (keepWithNext ? Math.min(blocks[i + 1]?.lines.length ?? 0, 2) : 0);
    if (page.length + needed > room && needed <= room && (keepWithNext || isWhole)) turn();
    for (const line of lines) {
      if (page.length === room) turn();
      // One blank line is enough, and no page begins with one.
      if (line !== '' || (page.at(-1) ?? '') !== '') page.push(line);
    }
  }
  turn();
  return pages;
}

export function writeBrf(pages: readonly BraillePage[]): Buffer {
  const text = pages.map((lines) => lines.map((line) => `${line.trimEnd()}\r\n`).join('')).join('\f');
  return Buffer.from(text, 'ascii');
}
