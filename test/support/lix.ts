/**
 * How hard Danish text is to read: LIX (Carl-Hugo Björnsson, "Läsbarhet", 1968). It is the words of a
 * sentence plus the long words of a hundred. About 25 is a book for children, 35 a novel, 45 a newspaper,
 * 55 a law.
 */

/** A word has more letters than this to be long. */
const LONG = 6;
const WORD = /[\p{L}\p{N}]+(?:[-'’.,:/@][\p{L}\p{N}]+)*/gu;
/** Ends of sentences. A line ends one too: a heading, an item of a list and a label have no full stop. */
const END = /[.!?:]+(?=[\s»”")]|$)|\n/gu;
/** A full stop that ends no sentence: of a date, a time and a number. */
const INNER_STOP = /(\d)\.(?=\s+\p{Ll})|\b(kl|nr|tlf|ca|f\.eks)\.(?=\s)/giu;

/** @param text sentences; each line is at least one */
export function lix(text: string): number {
  const plain = text.replace(INNER_STOP, '$1$2');
  const sentences = plain.split(END).filter((one) => /[\p{L}\p{N}]/u.test(one)).length;
  const words = plain.match(WORD) ?? [];
  if (words.length === 0) return 0;
  const long = words.filter((word) => (word.match(/\p{L}/gu)?.length ?? 0) > LONG).length;
  return words.length / sentences + (100 * long) / words.length;
}

/** Elements that stand on a line with other words. All others end a sentence. */
const INLINE = /^(a|abbr|b|bdi|cite|code|em|i|kbd|q|small|span|strong|sub|sup|time|wbr)$/;
/** Elements without words that are read. */
const SILENT = /<(svg|script|style|template)\b[^>]*>[\s\S]*?<\/\1>/g;

const ENTITIES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', nbsp: ' ' };

/**
 * The words of a page between the header and the foot, a line for each heading, paragraph, item and label.
 */
export function mainTextOf(html: string): string {
  const main = /<main\b[^>]*>([\s\S]*)<\/main>/.exec(html)?.[1] ?? '';
  return (
    main
      .replace(SILENT, '\n')
      .replace(/\s+/g, ' ')
      // Such neighbours are blocks by their style: a link and what it is for, a label and its hint.
      .replace(/<\/(\w+)><(\w+)/g, '</$1>\n<$2')
      .replace(/<\/?(\w+)[^>]*>/g, (_tag, name: string) => (INLINE.test(name) ? '' : '\n'))
      .replace(/&(?:#(\d+)|#x([0-9a-f]+)|(\w+));/gi, (whole, decimal, hex, name) => {
        if (decimal ?? hex) return String.fromCodePoint(decimal ? Number(decimal) : Number.parseInt(hex, 16));
        return ENTITIES[name] ?? whole;
      })
      .split('\n')
      .map((line) => line.trim())
      .filter((line) => /[\p{L}\p{N}]/u.test(line))
      .join('\n')
  );
}
