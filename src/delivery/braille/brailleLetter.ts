/**
 * A letter as a file for an embosser: its text, and after it, on sheets of its own, its card. The same letter
 * gives the same bytes, as its PDF does.
 *
 * The card has one key number a line, at the edge, with its key beside it: a finger runs down the edge, and
 * cannot slip into the key of a neighbour. Each page begins with its first and last number, so that the page
 * is found first.
 */
import type { Letter, PrintedKeys } from '../../domain/letter.ts';
import type { Language } from '../../domain/language/language.ts';
import type { ServiceContact } from '../../domain/serviceContact.ts';
import { writeLetterDay } from '../letters/dates.ts';
import { composeLetter, type LetterBlock } from '../letters/letterText.ts';
import { BRAILLE } from '../words/braille.words.ts';
import { LETTERS } from '../words/letters.words.ts';
import type { LetterWords } from '../words/words.da.ts';
import { alignEnds, breakLines, LINES_PER_PAGE, paginate, writeBrf, type BrailleBlock } from './pages.ts';
import { translateToBraille } from './translate.ts';

const HEAD_LINES = 3;
const KEYS_PER_PAGE = LINES_PER_PAGE - HEAD_LINES;
/** The heads of card pages are indented, so that the edge is the numbers' alone. */
const HEAD_INDENT = 4;
const BETWEEN_NUMBER_AND_KEY = '  ';

export function renderBrailleLetter(letter: Letter, contact: ServiceContact): Buffer {
  const { content } = letter;
  const text = composeTextPages(letter, contact);
  if (!('keys' in content)) return writeBrf(text);
  // Where both sides of a sheet are embossed, the card begins on a sheet of its own all the same.
  const toTheSheet = text.length % 2 === 1 ? [[]] : [];
  return writeBrf([...text, ...toTheSheet, ...composeCardPages(content, letter.language, contact)]);
}

function composeTextPages(letter: Letter, contact: ServiceContact): string[][] {
  const { language } = letter;
  const translate = (text: string) => translateToBraille(text, language);
  const { title, blocks } = composeLetter(letter, composeWords(language), contact);
  const pages = paginate(
    [
      { lines: breakLines(translate(letter.content.to.name), { first: 0, rest: 2 }) },
      { lines: breakLines(translate(writeLetterDay(letter.postOn, language)), { first: 0, rest: 2 }) },
      composeHeading(translate(title)),
      ...blocks.flatMap((block) => composeBlock(block, translate)),
    ],
    LINES_PER_PAGE - 1,
  );
  const { sender } = LETTERS[language];
  return pages.map((lines, i) => [
    alignEnds(translate(sender), translate(BRAILLE[language].page(i + 1, pages.length))),
    ...lines,
  ]);
}

/** What is said of the card and of the password is said of Braille. */
function composeWords(language: Language): LetterWords {
  const [words, braille] = [LETTERS[language], BRAILLE[language]];
  const { welcomeIntro, cardIntro, reading, spelling } = braille;
  return {
    ...words,
    welcome: { ...words.welcome, intro: { small: welcomeIntro, large: welcomeIntro } },
    card: { ...words.card, intro: { small: cardIntro, large: cardIntro } },
    reading: { ...words.reading, text: reading },
    password: { ...words.password, spelling },
  };
}

function composeHeading(text: string): BrailleBlock {
  return { lines: ['', ...breakLines(text, { first: 4, rest: 4 })], keepWithNext: true };
}

function composeBlock(block: LetterBlock, translate: (text: string) => string): BrailleBlock[] {
  switch (block.kind) {
    case 'text':
      return [{ lines: breakLines(translate(block.text), { first: 2, rest: 0 }) }];
    case 'heading':
      return [composeHeading(translate(block.text))];
    case 'steps':
      return block.items.map((item, i) => composeItem(translate(`${i + 1}. ${item}`)));
    case 'points':
      return block.items.map((item) => composeItem(translate(`- ${item}`)));
    case 'shown': {
      // Each character by itself: no number reaches into a letter, and each is found by itself.
      const value = block.spelled ? [...block.value].map(translate).join(' ') : translate(block.value);
      return [
        {
          lines: ['', ...breakLines(translate(`${block.label}:`), { first: 0, rest: 2 })],
          keepWithNext: true,
        },
        { lines: [...breakLines(value, { first: 2, rest: 2 }), ''] },
      ];
    }
    // The advice is about the picture of the address, which no finger reads.
    case 'contact':
      return [
        composeHeading(translate(block.heading)),
        ...[...block.lines, { label: block.addressLabel, value: block.address }].map(({ label, value }) => {
          return { ...composeItem(translate(`${label}: ${value}`)), isWhole: true };
        }),
      ];
  }
}

function composeItem(text: string): BrailleBlock {
  return { lines: breakLines(text, { first: 0, rest: 2 }) };
}

function composeCardPages(
  { cardNumber, keys }: { readonly cardNumber: string; readonly keys: PrintedKeys },
  language: Language,
  { hotline }: ServiceContact,
): string[][] {
  const words = BRAILLE[language];
  const translate = (text: string) => translateToBraille(text, language);
  const pairs = Object.entries(keys).sort(([a], [b]) => (a < b ? -1 : 1));
  const pageCount = Math.ceil(pairs.length / KEYS_PER_PAGE);
  return Array.from({ length: pageCount }, (_, page) => {
    const onPage = pairs.slice(page * KEYS_PER_PAGE, (page + 1) * KEYS_PER_PAGE);
    const indent = ' '.repeat(HEAD_INDENT);
    const [first = '', last = ''] = [onPage.at(0)?.[0], onPage.at(-1)?.[0]];
    const inHead = (text: string) =>
      breakLines(translate(text), { first: HEAD_INDENT, rest: HEAD_INDENT }).slice(0, 1);
    return [
      alignEnds(indent + translate(words.range(first, last)), translate(words.page(page + 1, pageCount))),
      ...inHead(`${words.card} ${cardNumber}`),
      ...inHead(words.hotline(hotline)),
      ...onPage.map(([number, key]) => translate(number) + BETWEEN_NUMBER_AND_KEY + translate(key)),
    ];
  });
}
