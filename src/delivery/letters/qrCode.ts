/** A QR code on paper: black squares on white, drawn as one path. The same text gives the same bytes. */
import qrcode from 'qrcode-generator';
import { COLOURS, type PdfDocument } from './paper.ts';

/** The white margin that a reader needs, in modules (ISO/IEC 18004). */
const QUIET_ZONE = 4;

/**
 * Draws the code in a square, its margin included.
 * @param text an address; level M survives a fold
 */
export function drawQrCode(
  pdf: PdfDocument,
  text: string,
  { x, y, size }: { readonly x: number; readonly y: number; readonly size: number },
): void {
  const code = qrcode(0, 'M');
  code.addData(text);
  code.make();
  const modules = code.getModuleCount();
  const module = size / (modules + 2 * QUIET_ZONE);
  pdf.rect(x, y, size, size).fill('#ffffff');
  for (let row = 0; row < modules; row += 1) {
    let from = 0;
    while (from < modules) {
      let to = from;
      while (to < modules && code.isDark(row, to)) to += 1;
      // Neighbours are one rectangle: between two a printer may leave a hairline.
      if (to > from) {
        const [left, top] = [x + (from + QUIET_ZONE) * module, y + (row + QUIET_ZONE) * module];
        pdf.rect(left, top, (to - from) * module, module);
      }
      from = to + 1;
    }
  }
  pdf.fill(COLOURS.text);
}
