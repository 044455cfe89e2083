/** Text as Braille cells: letters, numbers after a number sign, punctuation. */
import type { Language } from '../../domain/language/language.ts';
import { BRAILLE_CODES, digitCell, NUMBER_SIGN, type BrailleCode } from '../words/brailleCodes.words.ts';

/** A blank at which no line ends. It is a blank once the lines are made. */
export const FIXED_BLANK = '\u00a0';

/** @returns a character of Braille ASCII for each cell; blanks stay blanks */
export function translateToBraille(text: string, language: Language): string {
  const code = BRAILLE_CODES[language];
  // Without `ä` and its like in one piece no letter of the alphabet would be found.
  const characters = [...text.normalize('NFC').replace(/(?<=\d) (?=\d)/g, FIXED_BLANK)];
  let isInNumber = false;
  return characters
    .map((character, i) => {
      const [before, next] = [characters[i - 1] ?? '', characters[i + 1] ?? ''];
      if (/[0-9]/.test(character)) {
        const sign = isInNumber ? '' : NUMBER_SIGN;
        isInNumber = true;
        return sign + digitCell(character);
      }
      const wasInNumber = isInNumber;
      isInNumber = wasInNumber && code.withinNumber.includes(character) && /[0-9]/.test(next);
      if (/\s/.test(character)) return character === FIXED_BLANK ? FIXED_BLANK : ' ';
      if (/\p{L}/u.test(character)) return translateLetter(code, character, { before, next, wasInNumber });
      return code.signs[character] ?? code.unknown;
    })
    .join('');
}

interface Neighbours {
  readonly before: string;
  readonly next: string;
  readonly wasInNumber: boolean;
}

function translateLetter(code: BrailleCode, letter: string, around: Neighbours): string {
  const small = letter.toLowerCase();
  const capital = findCapitalSign(code, letter, around);
  const { sign, before } = code.letterSign;
  const letterSign = around.wasInNumber && capital === '' && before.test(small) ? sign : '';
  return letterSign + capital + translateSmallLetter(code, small);
}

function findCapitalSign({ capitals }: BrailleCode, letter: string, { before, next }: Neighbours): string {
  if (!capitals || !isCapital(letter)) return '';
  if (isCapital(before)) return '';
  return isCapital(next) ? capitals.several : capitals.one;
}

function isCapital(character: string): boolean {
  return /\p{Lu}/u.test(character);
}

/** A letter that the code does not have is its base letter, with the sign of its accent. */
function translateSmallLetter(code: BrailleCode, letter: string): string {
  const whole = code.letters[letter];
  if (whole !== undefined) return whole;
  const [base = '', ...marks] = [...letter.normalize('NFD')];
  const plain = code.letters[base];
  if (plain === undefined) return code.unknown;
  return (code.accent(marks[0] ?? '') ?? '') + plain;
}
