/**
 * Texts are in the files for words, and no other code depends on the language: a further language is one more
 * entry in `LANGUAGES`, and the compiler names the rest (test/proof/oneMoreKind.test.ts).
 */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { inAllLanguages } from '../src/domain/relyingParty/relyingParty.ts';

/** Words of pages, letters, rules and settings; samples; the sandbox, whose people and sites are Danish. */
const WORDS = /(^|\/)(words|sandbox|gallery)\/|(^|\/|\.)words(\.\w+)?\.ts$|(^|\/)samples\.tsx$/;

/** Letters and names as people write them: how they are read and compared, in any language of the page. */
const NAMES =
  /(^|\/)(commonPasswords|countries|names|nameSpelling|populationRegister|services|userIdSigns)\.ts$/;

/** The one module that lists the languages. */
const LIST = /(^|\/)language\/language\.ts$/;

/** English-only texts for developers; the docs are, too. */
const ENGLISH = /(^|\/)developers\/routes\.ts$/;

const DANISH = new RegExp(
  [
    'og|ikke|eller|fordi|hvis|fra|til|med|kan|skal|blev|bliver|dit|din|dine',
    'borger(en)?|adgangskode(n)?|legitimation|udstedelse|forslag|kontrol',
  ]
    .map((words) => `\\b(${words})\\b`)
    .join('|'),
  'i',
);

interface Rule {
  readonly what: string;
  readonly pattern: RegExp;
  readonly except: readonly RegExp[];
  readonly instead: string;
}

const RULES: readonly Rule[] = [
  {
    what: 'asks which language it is',
    pattern: /[!=]==? *['"](da|en)['"]|['"](da|en)['"] *[!=]==?|case ['"](da|en)['"]/,
    except: [],
    instead: 'a Localized that is looked up by language, and isLanguage for what comes from outside',
  },
  {
    what: 'names a language',
    pattern: /['"](da|en)(-[A-Z]{2})?['"]|\b(da|en) *:|\.(da|en)\b/,
    except: [WORDS, LIST, ENGLISH, /(^|\/)(countries|postalAddress)\.ts$/],
    instead: 'LANGUAGES, DEFAULT_LANGUAGE, localize, LOCALES',
  },
  {
    what: 'names a field of one language',
    pattern: /\b(name|purpose|without)_(da|en)\b|client_name#(da|en)/,
    except: [WORDS],
    instead: 'fieldIn, fieldsOf, localizedFields and localizedSql',
  },
  {
    what: 'has a letter that only words have',
    pattern: /[æøåÆØÅ]/,
    except: [WORDS, NAMES],
    instead: 'a code, and its words in each language where words stand',
  },
  {
    what: 'has a Danish word',
    pattern: DANISH,
    except: [WORDS, NAMES],
    instead: 'a code, and its words in each language where words stand',
  },
];

/**
 * The code without comments, which are for engineers, imports, which say where words are, and the brand, a
 * name.
 */
function codeOf(text: string): string {
  return text
    .replace(/\/\*[\s\S]*?\*\//g, (comment) => comment.replace(/[^\n]/g, ''))
    .replace(/(^|\s)\/\/.*$/gm, '')
    .replace(/^(import|export) [^;]*from '[^']*';$/gm, (line) => line.replace(/[^\n]/g, ''))
    .replace(/\bNøgle\b/g, 'Noegle');
}

function faultsOf(file: string, text: string): string[] {
  const lines = codeOf(text).split('\n');
  return RULES.filter(({ except }) => !except.some((where) => where.test(file))).flatMap(
    ({ what, pattern, instead }) =>
      lines.flatMap((line, i) =>
        pattern.test(line) ? [`${file}:${i + 1} ${what}: ${line.trim()} (instead: ${instead})`] : [],
      ),
  );
}

test('words are where words belong, and no code asks which language it is', () => {
  const files = readdirSync('src', { recursive: true, encoding: 'utf8' }).filter(
    (name) => /\.tsx?$/.test(name) && !name.endsWith('.test.ts'),
  );
  expect(files.length).toBeGreaterThan(300);
  const faults = files.flatMap((file) => faultsOf(file, readFileSync(path.join('src', file), 'utf8')));
  expect(faults).toEqual([]);
});

describe('control', () => {
  test.each([
    ['a ternary', `const t = language === 'da' ? noticesDa : noticesEn;`],
    ['its other way round', `if ("en" !== language) return;`],
    ['a case', `    case 'da':`],
    ['a pair', `  readonly names: { da: string; en: string };`],
    ['a column', `    name: row.names.da,`],
    ['a field', `    client_name: rp.name_da,`],
    ['a locale', `new Intl.DateTimeFormat('da-DK')`],
    ['a reason', `const BY_COMMAND = 'Udstedelse af ID fra kommandolinjen';`],
    ['a reason without such letters', `const AT_CONFIRMING = 'Forslag om en medarbejders ID';`],
    ['text on a page', `      <p>Du er logget på</p>`],
  ])('%s is seen', (_what, line) => {
    expect(faultsOf('features/desk/search/lookUps.ts', line)).not.toEqual([]);
  });

  test.each([
    ['a comment', `/** In Danish: "Kære" og "Venlig hilsen". */`],
    ['the brand', `throw new Error('Nøgle did not answer itself');`],
    ['a look-up', `return WORDS[language].day(part('day'));`],
  ])('%s is none', (_what, line) => {
    expect(faultsOf('features/desk/search/lookUps.ts', line)).toEqual([]);
  });

  test('words may be with words, and still not ask', () => {
    expect(faultsOf('features/info/start.words.da.ts', `  title: 'Kære borger',`)).toEqual([]);
    expect(
      faultsOf('features/info/start.words.da.ts', `  language === 'da' ? 'dansk' : 'engelsk',`),
    ).not.toEqual([]);
  });
});

test('a registration from before a language was added says it in the default one', () => {
  const stored = { name_da: 'Banken', name_en: 'The bank', purpose_da: 'Netbank', kind: 'bank' };
  expect(inAllLanguages(stored, ['da', 'en', 'de'])).toEqual({
    ...stored,
    name_de: 'Banken',
    purpose_en: 'Netbank',
    purpose_de: 'Netbank',
  });
});
