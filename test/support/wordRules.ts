/**
 * One word for one thing, in what people read: the words that were once used next to another, and the one
 * that stays. Danish is for a grandmother; English is by a person who thinks in it.
 */
import { readFileSync } from 'node:fs';

export interface WordRule {
  readonly dropped: RegExp;
  readonly instead: string;
  /** It is a word of the other language too: not looked for in a table of both. */
  readonly isAmbiguous?: true;
}

export const DANISH_RULES: readonly WordRule[] = [
  { dropped: /(?<![\w-])mail(s|en|ene|adresse\w*)?\b/i, instead: 'e-mail, e-mailen' },
  {
    dropped: /\b(glemt|lang|hverken|kort og|kort eller|kort fra|bruger-ID og|bruger-ID eller) koden?\b/i,
    instead: 'adgangskode: a key and what comes by e-mail are codes too',
  },
  { dropped: /folkeregist|CPR-registeret|\b(i|fra|med|efter) CPR\b(?!-)/i, instead: 'CPR-registret' },
  { dropped: /genåbn/i, instead: 'åbne igen' },
  { dropped: /\bsupport(en|er)?\b/i, instead: 'Nøgles hotline' },
  { dropped: /\bopgiv\b/i, instead: 'oplys: opgive is to give up' },
  {
    dropped: /henvend (dig|jer)|\bgå (ind |ned )?i borgerservice|mød(e|er)? op i borgerservice/i,
    instead: 'gå til Borgerservice',
  },
  { dropped: /\bstart(e|er)? forfra/i, instead: 'begynd forfra' },
  { dropped: /\blog(ge|ger|get)? (ind|ud)\b/i, instead: 'log på, log af' },
  { dropped: /\bbloker/i, instead: 'spær' },
  { dropped: /\bpassword/i, instead: 'adgangskode', isAmbiguous: true },
  { dropped: /\b(på|hos) din bank\b/i, instead: 'i din bank' },
  { dropped: /blev ikke set på/i, instead: 'vi så ikke på det' },
  { dropped: /\bet brev mere\b/i, instead: 'endnu et brev' },
  { dropped: /kaldte (igen )?en browser/i, instead: 'sagde, at det er din egen' },
  { dropped: /\bEn ringer\b/, instead: 'Nogen ringer' },
  { dropped: /\bRet tallet\b|\bTallet er rettet\b/, instead: 'Gem' },
  { dropped: /og det gør du uden\b/i, instead: 'og hvad du gør uden' },
  { dropped: /Hvorfor er der lukket/i, instead: 'Kan du ikke logge på?' },
];

export const ENGLISH_RULES: readonly WordRule[] = [
  { dropped: /\binto use\b/i, instead: 'activate' },
  { dropped: /\bbeg[aiu]n(ning)? again\b/i, instead: 'start again' },
  { dropped: /\bgood day\b/i, instead: 'Dear …' },
  { dropped: /\bwhen you have got both\b/i, instead: 'when you have both' },
  { dropped: /\bis it not (with )?you\b/i, instead: 'Not yours? Not you?' },
  { dropped: /\bclosed for now\b|\bwhy is it closed\b/i, instead: 'Sign-in is locked' },
  { dropped: /\bmust be shown\b/i, instead: 'What do you need?' },
  { dropped: /\blog(ged|ging)?[ -](in|out|on|off)\b/i, instead: 'sign in, sign out' },
  { dropped: /\bfor support\b|\bto support\b/i, instead: 'Nøgle’s hotline' },
];

/** A string as the source has it, and the words of a template between its values. */
const LITERAL = /'(?:[^'\\\n]|\\.)*'|"(?:[^"\\\n]|\\.)*"|`(?:[^`\\]|\\.)*`/g;

/** A key or a code, which no one reads. */
const CODE = /^.[a-z][\w-]*.$/;

function readLiterals(source: string): string[] {
  const code = source
    // Rows of earlier versions have these sentences, and are compared with them.
    .replace(/^export const REASONS_OF_BEFORE = [\s\S]*?^\]/m, '')
    .replace(/\/\*[\s\S]*?\*\//g, '')
    .replace(/(^|\s)\/\/.*$/gm, '')
    .replace(/^(import|export) [^;]*from '[^']*';$/gm, '');
  return [...code.matchAll(LITERAL)]
    .map(([literal]) => literal.replace(/\$\{[^}]*\}/g, '…'))
    .filter((literal) => !CODE.test(literal));
}

/** @param file a table of words; its name says the language, or it has every language */
export function findWordFaults(file: string, source: string): string[] {
  const [isDanish, isEnglish] = [file.endsWith('.da.ts'), file.endsWith('.en.ts')];
  const rules = [...(isEnglish ? [] : DANISH_RULES), ...(isDanish ? [] : ENGLISH_RULES)].filter(
    ({ isAmbiguous }) => isDanish || isEnglish || !isAmbiguous,
  );
  return readLiterals(source).flatMap((literal) =>
    rules
      .filter(({ dropped }) => dropped.test(literal))
      .map(({ instead }) => `${file}: ${literal} (${instead})`),
  );
}

export const readWordFaults = (file: string): string[] => findWordFaults(file, readFileSync(file, 'utf8'));
