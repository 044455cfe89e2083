/**
 * The content of the address page for each kind of letter, in order: what this is, what to do, what to watch
 * out for. The texts are in words/. A letter states no more than it needs: only the welcome letter contains
 * the ID number; the letter with a password reveals neither whose ID it opens nor how.
 */
import type { Letter, LetterContent, LetterKind } from '../../domain/letter.ts';
import { BRAILLE } from '../words/braille.words.ts';
import { writeLetterDay } from './dates.ts';
import type { LetterWords } from '../words/words.da.ts';

export type LetterBlock =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'heading'; readonly text: string }
  | { readonly kind: 'steps'; readonly items: readonly string[] }
  | { readonly kind: 'points'; readonly items: readonly string[] }
  /**
   * The value for which the letter is sent, in a frame. `spelled`: to be typed character by character, so
   * large and wide.
   */
  | { readonly kind: 'shown'; readonly label: string; readonly value: string; readonly spelled: boolean };

export interface LetterText {
  readonly title: string;
  readonly blocks: readonly LetterBlock[];
}

interface LetterAdvice {
  readonly heading: string;
  readonly steps: readonly string[];
  readonly note?: string;
}

type Compose<Kind extends LetterKind> = (
  content: Extract<LetterContent, { kind: Kind }>,
  words: LetterWords,
  letter: Letter,
) => LetterText;

const COMPOSE: { readonly [Kind in LetterKind]: Compose<Kind> } = {
  welcome: (content, words, letter) => ({
    title: words.welcome.title,
    blocks: [
      composeSalutation(content, words),
      { kind: 'text', text: words.welcome.intro[formatOf(letter)] },
      composeHighlighted(words.welcome.idNumber, groupInThrees(content.idNumber)),
      composeHighlighted(words.cardNumber, content.cardNumber),
      ...composeAdvice(words.welcome.use),
      ...composeCardBlocks(words),
    ],
  }),
  card: (content, words, letter) => ({
    title: words.card.title,
    blocks: [
      composeSalutation(content, words),
      { kind: 'text', text: words.card.intro[formatOf(letter)] },
      composeHighlighted(words.cardNumber, content.cardNumber),
      ...composeAdvice(words.card.use),
      ...composeCardBlocks(words),
    ],
  }),
  password: (content, words, { usableUntil, language }) => ({
    title: words.password.title,
    blocks: [
      composeSalutation(content, words),
      { kind: 'text', text: words.password.intro },
      { kind: 'shown', label: words.password.label, value: content.temporaryPassword, spelled: true },
      { kind: 'text', text: words.password.spelling },
      ...(usableUntil === null
        ? []
        : [{ kind: 'text', text: words.password.until(writeLetterDay(usableUntil, language)) } as const]),
      ...composeAdvice(words.password.use),
      { kind: 'heading', text: words.password.care.heading },
      { kind: 'points', items: words.password.care.points },
    ],
  }),
  notice: ({ subject, text }) => ({
    title: subject,
    blocks: text
      .split(/\n{2,}/)
      .filter((paragraph) => paragraph.trim() !== '')
      .map((paragraph) => ({ kind: 'text', text: paragraph })),
  }),
};

export function composeLetter(letter: Letter, words: LetterWords): LetterText {
  return composeKind(letter.content, letter, words);
}

/** What is printed: of a letter in Braille only what its envelope holds, for the post and for helpers. */
export function composePrintedText(letter: Letter, words: LetterWords): LetterText {
  const text = composeLetter(letter, words);
  if (letter.format !== 'braille') return text;
  const cover = BRAILLE[letter.language].cover.map((one) => ({ kind: 'text', text: one }) as const);
  return { ...text, blocks: cover };
}

function composeKind<Kind extends LetterKind>(
  content: Extract<LetterContent, { kind: Kind }>,
  letter: Letter,
  words: LetterWords,
): LetterText {
  const compose: Compose<Kind> = COMPOSE[content.kind];
  return compose(content, words, letter);
}

function composeSalutation({ to }: LetterContent, words: LetterWords): LetterBlock {
  return { kind: 'text', text: words.dear(to.name) };
}

function formatOf({ format }: Letter): 'large' | 'small' {
  return format === 'large_print' ? 'large' : 'small';
}

function composeHighlighted(label: string, value: string): LetterBlock {
  return { kind: 'shown', label, value, spelled: false };
}

function composeAdvice({ heading, steps, note }: LetterAdvice): LetterBlock[] {
  const last: LetterBlock[] = note === undefined ? [] : [{ kind: 'text', text: note }];
  return [{ kind: 'heading', text: heading }, { kind: 'steps', items: steps }, ...last];
}

function composeCardBlocks({ reading, care }: LetterWords): LetterBlock[] {
  return [
    { kind: 'heading', text: reading.heading },
    { kind: 'text', text: reading.text },
    { kind: 'heading', text: care.heading },
    { kind: 'points', items: care.points },
  ];
}

/** `123456789` as `123 456 789`: nine digits in a row are misread. Both forms may be typed. */
function groupInThrees(digits: string): string {
  return digits.replace(/(?<=.)(?=(?:.{3})+$)/g, ' ');
}
