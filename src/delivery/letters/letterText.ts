/**
 * The content of the address page for each kind of letter, in order: what this is, what to do, what to watch
 * out for. The texts are in words/. A letter states no more than it needs: only the welcome letter contains
 * the ID number; the letter with a password reveals neither whose ID it opens nor how.
 */
import type { Letter, LetterContent, LetterKind } from '../../domain/letter.ts';
import { BRAILLE } from '../words/braille.words.ts';
import type { ServiceContact } from '../../domain/serviceContact.ts';
import { writeLetterDay } from './dates.ts';
import { CONTACT } from '../words/contact.words.ts';
import type { LetterWords, PageAddresses } from '../words/words.da.ts';

export type LetterBlock =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'heading'; readonly text: string }
  | { readonly kind: 'steps'; readonly items: readonly string[] }
  | { readonly kind: 'points'; readonly items: readonly string[] }
  /**
   * The value for which the letter is sent, in a frame. `spelled`: to be typed character by character, so
   * large and wide.
   */
  | { readonly kind: 'shown'; readonly label: string; readonly value: string; readonly spelled: boolean }
  | ContactBlock;

/** Whom to phone, write to and block at, in a box with a QR code of an address. */
export interface ContactBlock {
  readonly kind: 'contact';
  readonly heading: string;
  readonly lines: readonly { readonly label: string; readonly value: string }[];
  /** The address where the reader has to go; nothing else is in the code. */
  readonly addressLabel: string;
  readonly address: string;
  readonly advice: string;
}

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
  at: PageAddresses,
) => LetterText;

const COMPOSE: { readonly [Kind in LetterKind]: Compose<Kind> } = {
  welcome: (content, words, letter, at) => ({
    title: words.welcome.title,
    blocks: [
      composeSalutation(content, words),
      { kind: 'text', text: words.welcome.intro[formatOf(letter)] },
      composeHighlighted(words.welcome.idNumber, groupInThrees(content.idNumber)),
      composeHighlighted(words.cardNumber, content.cardNumber),
      ...composeAdvice({ ...words.welcome.use, steps: words.welcome.use.steps(at) }),
      ...composeCardBlocks(words, at),
    ],
  }),
  card: (content, words, letter, at) => ({
    title: words.card.title,
    blocks: [
      composeSalutation(content, words),
      { kind: 'text', text: words.card.intro[formatOf(letter)] },
      composeHighlighted(words.cardNumber, content.cardNumber),
      ...composeAdvice(words.card.use),
      ...composeCardBlocks(words, at),
    ],
  }),
  token: (content, words) => ({
    title: words.token.title,
    blocks: [
      composeSalutation(content, words),
      { kind: 'text', text: words.token.intro },
      composeHighlighted(words.token.serialNumber, content.serialNumber),
      ...composeAdvice(words.token.use),
    ],
  }),
  password: (content, words, { usableUntil, language }, at) => ({
    title: words.password.title,
    blocks: [
      composeSalutation(content, words),
      { kind: 'text', text: words.password.intro },
      { kind: 'shown', label: words.password.label, value: content.temporaryPassword, spelled: true },
      { kind: 'text', text: words.password.spelling },
      ...(usableUntil === null
        ? []
        : [{ kind: 'text', text: words.password.until(writeLetterDay(usableUntil, language)) } as const]),
      ...composeAdvice({ ...words.password.use, steps: words.password.use.steps(at) }),
      { kind: 'heading', text: words.password.care.heading },
      { kind: 'points', items: words.password.care.points(at) },
    ],
  }),
  notice: (content, words) => ({
    title: content.subject,
    blocks: [
      composeSalutation(content, words),
      ...content.text
        .split(/\n{2,}/)
        .filter((paragraph) => paragraph.trim() !== '')
        .map((paragraph) => ({ kind: 'text', text: paragraph }) as const),
    ],
  }),
};

export function composeLetter(letter: Letter, words: LetterWords, contact: ServiceContact): LetterText {
  const at = composePageAddresses(contact);
  const { title, blocks } = composeKind(letter.content, letter, words, at);
  return { title, blocks: [...blocks, composeContactBlock(letter, contact, at)] };
}

function composePageAddresses({ issuer }: ServiceContact): PageAddresses {
  return { start: issuer, activate: `${issuer}/activate`, block: `${issuer}/block` };
}

/** These say where to block, where they say when. */
const BLOCK_IN_TEXT: readonly LetterKind[] = ['welcome', 'card', 'password'];

/** The letters of a new ID lead to its activation; a letter names no page that its reader has no use for. */
function composeContactBlock(
  { content, language }: Letter,
  { hotline, email }: ServiceContact,
  at: PageAddresses,
): ContactBlock {
  const words = CONTACT[language];
  const isToActivate = content.kind === 'welcome' || content.kind === 'password';
  return {
    kind: 'contact',
    heading: words.heading,
    lines: [
      { label: words.hotline, value: hotline },
      { label: words.write, value: email },
      ...(BLOCK_IN_TEXT.includes(content.kind) ? [] : [{ label: words.block, value: at.block }]),
    ],
    addressLabel: words.address,
    address: isToActivate ? at.activate : at.start,
    advice: words.typeItLetter,
  };
}

/** What is printed: of a letter in Braille only what its envelope holds, for the post and for helpers. */
export function composePrintedText(letter: Letter, words: LetterWords, contact: ServiceContact): LetterText {
  const text = composeLetter(letter, words, contact);
  if (letter.format !== 'braille') return text;
  const cover = BRAILLE[letter.language].cover.map((one) => ({ kind: 'text', text: one }) as const);
  const contactBlocks = text.blocks.filter(({ kind }) => kind === 'contact');
  return { ...text, blocks: [...cover, ...contactBlocks] };
}

function composeKind<Kind extends LetterKind>(
  content: Extract<LetterContent, { kind: Kind }>,
  letter: Letter,
  words: LetterWords,
  at: PageAddresses,
): LetterText {
  const compose: Compose<Kind> = COMPOSE[content.kind];
  return compose(content, words, letter, at);
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

function composeCardBlocks({ reading, care }: LetterWords, at: PageAddresses): LetterBlock[] {
  return [
    { kind: 'heading', text: reading.heading },
    { kind: 'text', text: reading.text },
    { kind: 'heading', text: care.heading },
    { kind: 'points', items: care.points(at) },
  ];
}

/** `123456789` as `123 456 789`: nine digits in a row are misread. Both forms may be typed. */
function groupInThrees(digits: string): string {
  return digits.replace(/(?<=.)(?=(?:.{3})+$)/g, ' ');
}
