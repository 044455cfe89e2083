/** Drawing on the sheet: sizes, colours, the wordmark, and text that never leaves the page. */
import { FONTS, replaceMissingGlyphs, type FontWeight } from './fonts.ts';

export type PdfDocument = PDFKit.PDFDocument;

/** Points in a millimetre. */
export const POINTS_PER_MM = 72 / 25.4;

/** The colours of the pages; all of them print well in grey. */
export const COLOURS = {
  blue: '#0b4a6f',
  text: '#1a1a1a',
  quiet: '#4a5560',
  pale: '#e6eef3',
  line: '#c9d6df',
} as const;

export interface TextStyle {
  readonly size: number;
  readonly weight?: FontWeight;
  readonly colour?: string;
  /** The distance of baselines, in type sizes; 1.4 by default. */
  readonly leading?: number;
  /** Points between characters, for what is typed character by character. */
  readonly spacing?: number;
}

export function registerFonts(pdf: PdfDocument): void {
  // pdfkit accepts parsed fonts too; its types declare only files and bytes.
  for (const weight of ['regular', 'bold'] as const) {
    // A glyph stores the first character that it was drawn for, and text copied from a PDF uses that: for two
    // characters with one glyph, the one of another letter would be copied. So the glyphs are reset, not the
    // tables.
    Reflect.set(FONTS[weight], '_glyphs', {});
    pdf.registerFont(weight, FONTS[weight] as unknown as PDFKit.Mixins.PDFFontSource);
  }
}

function applyStyle(pdf: PdfDocument, style: TextStyle): void {
  pdf
    .font(style.weight ?? 'regular')
    .fontSize(style.size)
    .fillColor(style.colour ?? COLOURS.text);
}

/** Spelled-out text uses a slashed zero, which cannot be mistaken for an O. */
function composeTextOptions(style: TextStyle): PDFKit.Mixins.TextOptions {
  return style.spacing === undefined ? {} : { characterSpacing: style.spacing, features: ['zero'] };
}

/** The distance from one baseline to the next. */
export function lineHeight(style: TextStyle): number {
  return style.size * (style.leading ?? 1.4);
}

/**
 * Splits the text into lines that are no wider than `width`. Lines break only at spaces: pdfkit would also
 * break after a hyphen or a slash, and `/block` must stay in one piece. Only a word that is wider than a line
 * is broken, after a hyphen if it has one, else anywhere. Line breaks in the text stay.
 */
export function wrapLines(pdf: PdfDocument, text: string, width: number, style: TextStyle): string[] {
  applyStyle(pdf, style);
  const fits = (line: string) => pdf.widthOfString(line, composeTextOptions(style)) <= width;
  return replaceMissingGlyphs(text)
    .split('\n')
    .flatMap((paragraph) => {
      const lines: string[] = [];
      let line = '';
      for (const word of paragraph.split(' ')) {
        const longer = line === '' ? word : `${line} ${word}`;
        if (fits(longer)) {
          line = longer;
          continue;
        }
        if (line !== '') lines.push(line);
        const pieces = fits(word) ? [word] : breakWord(word, fits);
        lines.push(...pieces.slice(0, -1));
        line = pieces.at(-1) ?? '';
      }
      return [...lines, line];
    });
}

function breakWord(word: string, fits: (text: string) => boolean): string[] {
  const pieces: string[] = [];
  let rest = word;
  while (rest !== '' && !fits(rest)) {
    const characters = [...rest];
    const most = Math.max(
      1,
      characters.findIndex((_, i) => !fits(characters.slice(0, i + 1).join(''))),
    );
    const line = characters.slice(0, most).join('');
    const piece = line.slice(0, line.lastIndexOf('-') + 1) || line;
    pieces.push(piece);
    rest = rest.slice(piece.length);
  }
  return [...pieces, rest];
}

/** Writes lines below each other, from the top edge `y`. @returns the bottom edge */
export function writeLines(
  pdf: PdfDocument,
  lines: readonly string[],
  x: number,
  y: number,
  style: TextStyle,
): number {
  const step = lineHeight(style);
  for (const [i, line] of lines.entries()) {
    // The baseline at which type of this face is centred in its line.
    writeAt(pdf, line, x, y + i * step + step / 2 + style.size * 0.35, style);
  }
  return y + lines.length * step;
}

/** Writes text that wraps within `width`. @returns the bottom edge */
export function writeText(
  pdf: PdfDocument,
  text: string,
  x: number,
  y: number,
  width: number,
  style: TextStyle,
): number {
  return writeLines(pdf, wrapLines(pdf, text, width, style), x, y, style);
}

/** The height that `writeText` would take. */
export function measureTextHeight(pdf: PdfDocument, text: string, width: number, style: TextStyle): number {
  return wrapLines(pdf, text, width, style).length * lineHeight(style);
}

/** Writes one line with its baseline at `y`; with `align` right it ends at `x`. */
export function writeAt(
  pdf: PdfDocument,
  text: string,
  x: number,
  y: number,
  style: TextStyle,
  align: 'left' | 'right' = 'left',
): void {
  applyStyle(pdf, style);
  const start = align === 'left' ? x : x - pdf.widthOfString(text);
  pdf.text(text, start, y, { ...composeTextOptions(style), lineBreak: false, baseline: 'alphabetic' });
}

/** The ring and the name, as on Nøgle's pages. */
export function drawWordmark(
  pdf: PdfDocument,
  name: string,
  x: number,
  baseline: number,
  size: number,
): void {
  const radius = size * 0.24;
  pdf
    .circle(x + size * 0.32, baseline - size * 0.31, radius)
    .lineWidth(size * 0.16)
    .strokeColor(COLOURS.blue)
    .stroke();
  writeAt(pdf, name, x + size * 0.86, baseline, { size, weight: 'bold', colour: COLOURS.blue });
}
