/**
 * The print house: it stores one letter for each id. Letters are delivered at least once, so this makes it
 * exactly once. In the sandbox it is a folder (folderPrintHouse.ts), else a company that receives sealed
 * letters (sealedPrintHouse.ts).
 */
import type { Addressee, Letter, LetterContent } from '../../domain/letter.ts';

export interface PrintHouse {
  /**
   * Stores one letter for each id: delivering it again changes nothing.
   * @throws Error when it is not known to be stored
   */
  deliver(letter: Letter, pdf: Buffer): Promise<void>;
}

/** A letter's content as it is delivered: a notice is one text, with its subject as the first line. */
export type PrintedContent =
  | Exclude<LetterContent, { readonly kind: 'notice' }>
  | { readonly kind: 'notice'; readonly to: Addressee; readonly text: string };

export function composePrintedContent(content: LetterContent): PrintedContent {
  if (content.kind !== 'notice') return content;
  return { kind: content.kind, to: content.to, text: `${content.subject}\n\n${content.text}` };
}
