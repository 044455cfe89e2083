/** The sandbox's print house: every letter as a PDF, and as JSON for tests. */
import type { Letter } from '../../domain/letter.ts';
import { writeOnce } from '../writeOnce.ts';
import { assertEmbossed, composePrintedContent, type PrintHouse } from './printHouse.ts';

/**
 * Writes `<folder>/<postOn>-<kind>-<letterId>.json` and `.pdf`, and `.brf` for a letter in Braille. They
 * contain secrets in clear text, readable only by their owner.
 */
export function createFolderPrintHouse(folder: string): PrintHouse {
  return {
    async deliver(letter: Letter, pdf: Buffer, brf?: Buffer): Promise<void> {
      assertEmbossed(letter, brf);
      const name = `${letter.postOn}-${letter.content.kind}-${letter.id}`;
      await writeOnce(folder, letter.id, {
        [`${name}.json`]: `${JSON.stringify(composePrintedContent(letter.content), null, 2)}\n`,
        [`${name}.pdf`]: pdf,
        ...(brf ? { [`${name}.brf`]: brf } : {}),
      });
    },
  };
}
