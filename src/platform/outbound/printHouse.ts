/**
 * The print house: it stores one letter for each id. Letters are delivered at least once, so this makes it
 * exactly once. In the sandbox it is a folder (folderPrintHouse.ts), else a company that receives sealed
 * letters (sealedPrintHouse.ts).
 */
import type { Addressee, Letter, LetterContent } from '../../domain/letter.ts';

export interface PrintHouse {
  /**
   * Stores one letter for each id: delivering it again changes nothing.
   * @param brf the file for an embosser, of a letter in Braille; its PDF is then the page with the address
   * @throws Error when it is not known to be stored
   * @throws PrintHouseRefusal when the print house does not accept the sender
   */
  deliver(letter: Letter, pdf: Buffer, brf?: Buffer): Promise<void>;
}

/**
 * The print house does not accept the credentials of this Nøgle, or they cannot be read. No letter is at
 * fault: each waits until an operator has mended it.
 */
export class PrintHouseRefusal extends Error {}

/** @throws Error for a letter in Braille that would leave without what it says */
export function assertEmbossed({ id, format }: Letter, brf: Buffer | undefined): void {
  if (format === 'braille' && !brf)
    throw new Error(`letter ${id}: it is in Braille, and there is no file for an embosser`);
}

/** A letter's content as it is delivered: a notice is one text, with its subject as the first line. */
export type PrintedContent =
  | Exclude<LetterContent, { readonly kind: 'notice' }>
  | { readonly kind: 'notice'; readonly to: Addressee; readonly text: string };

export function composePrintedContent(content: LetterContent): PrintedContent {
  if (content.kind !== 'notice') return content;
  return { kind: content.kind, to: content.to, text: `${content.subject}\n\n${content.text}` };
}
