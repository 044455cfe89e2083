/**
 * A further language, letter or notice does not compile until all its texts exist: the change is made in a
 * copy of the source, and the compiler has to name each place.
 */
import { execFileSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, expect, test } from '@jest/globals';
import { CHECKERS } from '../../dev/build.ts';

const copies: string[] = [];
afterAll(() => {
  for (const copy of copies) rmSync(copy, { recursive: true, force: true });
});

/** @returns each error of the compiler after the change, `domain/person/person.ts: ...`. */
function errorsAfter(file: string, before: string, after: string): string[] {
  const copy = mkdtempSync(path.join(tmpdir(), 'one-more-'));
  copies.push(copy);
  for (const name of ['src', 'package.json', 'tsconfig.json', 'tsconfig.build.json']) {
    cpSync(name, path.join(copy, name), { recursive: true });
  }
  symlinkSync(path.resolve('node_modules'), path.join(copy, 'node_modules'));
  const changed = path.join(copy, 'src', file);
  const text = readFileSync(changed, 'utf8');
  expect(text.split(before)).toHaveLength(2);
  writeFileSync(changed, text.replace(before, after));
  try {
    execFileSync(
      process.execPath,
      ['node_modules/typescript/bin/tsc', '--noEmit', '-p', 'tsconfig.build.json', ...CHECKERS],
      {
        cwd: copy,
        encoding: 'utf8',
      },
    );
    return [];
  } catch (error) {
    const { stdout } = error as { stdout: string };
    const found = stdout.matchAll(/^src\/(\S+?)\(\d+,\d+\): error \S+ (.*)$/gm);
    return [...found].map(([, where = '', what = '']) => `${where}: ${what}`);
  }
}

function filesOf(errors: readonly string[]): string[] {
  return [...new Set(errors.map((error) => error.split(':')[0] ?? ''))];
}

test('control: without a change it compiles', () => {
  expect(errorsAfter('domain/language/language.ts', "['da', 'en']", "['da', 'en' ]")).toEqual([]);
}, 60_000);

test('a third language: every place with separate words', () => {
  const errors = errorsAfter('domain/language/language.ts', "['da', 'en']", "['da', 'en', 'de']");
  expect(filesOf(errors)).toEqual(
    expect.arrayContaining([
      'domain/language/language.ts',
      'domain/language/words.ts',
      'delivery/words/letters.words.ts',
      'delivery/words/dates.words.ts',
      'delivery/words/emailCode.words.ts',
      'delivery/words/emailNotices.words.ts',
      'delivery/words/notices.words.ts',
      'delivery/words/severalNotices.words.ts',
      'delivery/words/signInCode.words.ts',
      'delivery/words/removedBrowsers.words.ts',
      'ui/language.ts',
      'features/desk/issue/issue.page.tsx',
      'features/selfService/contact/contact.page.tsx',
      'features/selfService/activity/words.da.ts',
      'features/selfService/activity/words.en.ts',
      'ui/words/languages.ts',
    ]),
  );
}, 60_000);

test('a letter: its row, its secret, its key at the print house, its content, its page, its words', () => {
  const before = '  notice: { readonly subject: string; readonly text: string };';
  const after = `${before}\n  farewell: { readonly idNumber: string };`;
  const errors = errorsAfter('domain/letter.ts', before, after);
  expect(filesOf(errors)).toEqual(
    expect.arrayContaining([
      'domain/letter.ts',
      'platform/outbound/sealedPrintHouse.ts',
      'delivery/letters/letterText.ts',
      'delivery/words/words.da.ts',
      'jobs/composeLetter.ts',
      'features/selfService/activity/words.da.ts',
      'features/selfService/activity/words.en.ts',
    ]),
  );
}, 60_000);

test('a notice: which details it may hold, its words, and how it goes by letter', () => {
  const before = `  | { readonly kind: 'keys_locked';`;
  const after = `  | { readonly kind: 'key_found'; readonly details: { readonly at: string } }\n${before}`;
  const errors = errorsAfter('domain/notice.ts', before, after);
  expect(filesOf(errors)).toEqual(
    expect.arrayContaining([
      'domain/notice.ts',
      'delivery/mail/noticeDetails.ts',
      'delivery/mail/notices.ts',
    ]),
  );
}, 60_000);
