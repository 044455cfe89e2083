/** The sandbox's print house: every letter as a PDF, and as JSON for whoever tests with it. */
import type { Letter } from '../core/letter.ts';
import { keepOnce } from './keptOnce.ts';
import { printedContent, type PrintHouse } from './printHouse.ts';

/** `<folder>/<postOn>-<kind>-<letterId>.json` and `.pdf`; they are secrets in clear, for their owner's eyes only. */
export function folderPrintHouse(folder: string): PrintHouse {
  return {
    async deliver(letter: Letter, pdf: Buffer): Promise<void> {
      const name = `${letter.postOn}-${letter.content.kind}-${letter.id}`;
      await keepOnce(folder, letter.id, {
        [`${name}.json`]: `${JSON.stringify(printedContent(letter.content), null, 2)}\n`,
        [`${name}.pdf`]: pdf,
      });
    },
  };
}
