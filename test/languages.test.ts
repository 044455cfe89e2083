/**
 * Texts are in the files for words, and no other code depends on the language: a further language is one more
 * entry in `LANGUAGES`, and the compiler names the rest (test/proof/oneMoreKind.test.ts).
 */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { inAllLanguages } from '../src/domain/relyingParty/relyingParty.ts';
import { GALLERY } from '../src/gallery/gallery.tsx';
import { SAMPLE_CONTACT } from '../src/gallery/sampleContact.ts';
import { TEXTS_BY_LANGUAGE } from '../src/ui/language.ts';
import { renderPage, type PageFrame } from '../src/ui/layout.tsx';
import { lix, mainTextOf } from './support/lix.ts';
import { findWordFaults, readWordFaults } from './support/wordRules.ts';

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

describe('one word for one thing', () => {
  test('in pages, letters and mails of both languages', () => {
    const files = readdirSync('src', { recursive: true, encoding: 'utf8' })
      .filter((file) => /(^|[./])words(\.\w+)?\.ts$/.test(file))
      .map((file) => path.join('src', file));
    expect(files.length).toBeGreaterThan(40);
    expect(files.flatMap(readWordFaults)).toEqual([]);
  });

  test.each([
    ['da', `x: 'Skriv koden fra mailen.'`],
    ['da', `x: 'Kort og kode kommer hver for sig.'`],
    ['da', `x: (day: string) => \`Henvend dig i Borgerservice \${day}.\``],
    ['da', `x: 'Adressen i CPR'`],
    ['en', `x: 'Take your ID into use'`],
    ['en', `x: "Begin again"`],
  ])('control: a dropped word of %s is seen', (language, source) => {
    expect(findWordFaults(`x/words.${language}.ts`, source)).toHaveLength(1);
  });

  test.each([
    ['da', `x: 'Vi sender en e-mail. Dit CPR-nummer står i CPR-registret.'`],
    ['da', `// support\nx: passwordOf('y')`],
    ['en', `x: 'Sign in, and enter the code from the e-mail.'`],
  ])('control: others of %s are not', (language, source) => {
    expect(findWordFaults(`x/words.${language}.ts`, source)).toEqual([]);
  });
});

describe('Danish is easy to read', () => {
  const frame: PageFrame = {
    t: TEXTS_BY_LANGUAGE.da,
    language: 'da',
    languageSwitch: '/x',
    stylesheet: '',
    contact: SAMPLE_CONTACT,
  };

  /** Help is for a person in trouble; a law decides some of the words of the statement. */
  const limitOf = (name: string) => (name.startsWith('help') ? 28 : name === 'accessibility' ? 44.9 : 30);

  test('LIX: pages at most 30, help at most 28, the accessibility statement below 45', () => {
    const measured = Object.entries(GALLERY).flatMap(([name, samples]) => {
      const states = samples.map(({ state, render }) => {
        return { name, state, lix: lix(mainTextOf(renderPage(render(frame)))) };
      });
      return states.sort((a, b) => b.lix - a.lix);
    });
    const hardest = measured.filter(({ name }, i) => measured[i - 1]?.name !== name);
    console.info(hardest.map(({ name, lix: value }) => `${name} ${value.toFixed(1)}`).join(', '));
    const tooHard = measured.filter(({ name, lix: value }) => value > limitOf(name));
    expect(tooHard).toEqual([]);
  });

  test('control: the figure is that of the formula, and a text of an authority is far above it', () => {
    // 10 words in 2 sentences, 1 of them long: 5 + 10.
    expect(lix('Du får et nøglekort med posten.\nDet kommer på fredag.')).toBeCloseTo(15);
    expect(
      lix('Foranstaltningerne vedrørende identifikationsmidlernes udstedelsesprocedure iværksættes.'),
    ).toBeGreaterThan(60);
    expect(lix('Kom den 24. november kl. 14.05.')).toBeCloseTo(6 + 100 / 6);
    expect(mainTextOf('<main id="x"><h1>Et</h1><p>To <b>tre</b></p><svg><text>x</text></svg></main>y')).toBe(
      'Et\nTo tre',
    );
  });
});
