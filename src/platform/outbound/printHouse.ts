/**
 * The print house, as Nøgle sees it: it keeps one letter per id. Letters are handed over at least once, so this is
 * what makes each of them exactly one. In the sandbox it is a folder (createFolderPrintHouse.ts), else a company that is
 * given sealed letters (createSealedPrintHouse.ts).
 */
import type { Addressee, Letter, LetterContent } from '../../domain/letter.ts';

export interface PrintHouse {
  /** Keeps one letter per id: handing it over again changes nothing. @throws when it is not known to be kept. */
  deliver(letter: Letter, pdf: Buffer): Promise<void>;
}

/** A letter's content as it is handed out: a notice is one text, its subject the first line. */
export type PrintedContent =
  | Exclude<LetterContent, { readonly kind: 'notice' }>
  | { readonly kind: 'notice'; readonly to: Addressee; readonly text: string };

export function composePrintedContent(content: LetterContent): PrintedContent {
  if (content.kind !== 'notice') return content;
  return { kind: content.kind, to: content.to, text: `${content.subject}\n\n${content.text}` };
}
