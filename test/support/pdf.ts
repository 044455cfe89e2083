/** Reads a letter back from its PDF, by positions on the page: what a citizen sees, not what was intended. */
import { getDocumentProxy } from 'unpdf';

/** In points; `x` from the left, `y` from the top down to the baseline, `size` as printed. */
export interface PdfItem {
  readonly text: string;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly size: number;
}

export interface PdfPage {
  readonly width: number;
  readonly height: number;
  /** All text in the order of the file, with one space for any space or end of a line. */
  readonly text: string;
  readonly items: PdfItem[];
}

export interface LetterPdf {
  readonly title: string;
  readonly language: string;
  readonly pages: PdfPage[];
  /**
   * Key number -> key next to it, in the order in which a reader meets them: by page, then column, then row.
   */
  readonly keys: Map<string, string>;
}

export async function readLetterPdf(bytes: Buffer): Promise<LetterPdf> {
  // A copy, because the reader takes ownership of its input.
  const pdf = await getDocumentProxy(new Uint8Array(bytes));
  const { info } = (await pdf.getMetadata()) as { info: { Title?: string; Language?: string } };
  const pages: PdfPage[] = [];
  for (let number = 1; number <= pdf.numPages; number += 1) {
    const page = await pdf.getPage(number);
    const [left = 0, bottom = 0, right = 0, top = 0] = page.view;
    const { items } = await page.getTextContent();
    const runs = items.filter((item) => 'str' in item);
    pages.push({
      width: right - left,
      height: top - bottom,
      text: runs
        .map(({ str, hasEOL }) => (hasEOL ? `${str} ` : str))
        .join('')
        .replace(/\s+/g, ' ')
        .trim(),
      items: runs
        .filter(({ str }) => str.trim() !== '')
        .map(({ str, transform, width }) => {
          const [, , c, d, x, y] = transform as [number, number, number, number, number, number];
          return { text: str, x: x - left, y: top - y, width, size: Math.hypot(c, d) };
        }),
    });
  }
  await pdf.cleanup();
  return { title: info.Title ?? '', language: info.Language ?? '', pages, keys: readKeys(pages) };
}

/** @throws when a key number occurs twice, or one key is next to two numbers */
function readKeys(pages: readonly PdfPage[]): Map<string, string> {
  const keys = new Map<string, string>();
  for (const { items } of pages) {
    const taken = new Set<PdfItem>();
    const numbers = items.filter(({ text }) => /^[0-9]{4}$/.test(text));
    for (const number of numbers.sort((a, b) => Math.round(a.x) - Math.round(b.x) || a.y - b.y)) {
      const key = readKeyAt(number, items);
      if (!key) continue;
      if (keys.has(number.text) || taken.has(key)) throw new Error(`${number.text} is not clear`);
      taken.add(key);
      keys.set(number.text, key.text);
    }
  }
  return keys;
}

/** The text next to it on the same line, if that is a key. */
function readKeyAt(number: PdfItem, items: readonly PdfItem[]): PdfItem | null {
  const next = items
    .filter(({ x, y }) => x > number.x && Math.abs(y - number.y) < number.size * 0.3)
    .sort((a, b) => a.x - b.x)[0];
  return next && /^[0-9]{6}$/.test(next.text) ? next : null;
}
