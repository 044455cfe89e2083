/**
 * The commands of operators: each is in the table that says whether it leaves an event, and no command is
 * missing there.
 */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from '@jest/globals';
import { COMMANDS, findCommandName, readOperator } from '../src/cli/operator.ts';
import { describeOverrated } from '../src/cli/proofing.ts';
import { isTokensCommand } from '../src/cli/imports/tokens.ts';
import { explainUnknownCommand, findHelp, USAGE } from '../src/cli/usage.ts';
import { HOW_TO_RUN } from './support/operatorCommands.ts';

const cli = readFileSync('src/cli.ts', 'utf8');

/** The commands of the usage text: a line each, alternatives separated by `|`. */
function commandsOfUsage(): string[] {
  const lines = USAGE.split('\n').filter((line) => /^ {2}[a-z]/.test(line) && !line.startsWith('  help'));
  return lines.flatMap((line) => {
    const [command = ''] = line.trim().split(/ {2,}|\[/);
    const [group = ''] = command.split(' ');
    const parts = command.split(' | ').filter((part) => !part.startsWith('--'));
    return parts.map((part, i) => (i === 0 || part === 'all' ? part : `${group} ${part}`));
  });
}

test('what the usage names is what the table has', () => {
  const named = commandsOfUsage().flatMap((one) => findCommandName(one.split(' ')) ?? `none: ${one}`);
  expect([...new Set(named)].filter((one) => one !== 'none: all').sort()).toEqual(
    Object.keys(COMMANDS).sort(),
  );
});

test('every word that the code branches on begins a command of the table', () => {
  const words = [...cli.matchAll(/^ {4}case '([a-z-]+)':/gm)].map(([, word = '']) => word);
  expect(words.length).toBeGreaterThan(5);
  const first = new Set(Object.keys(COMMANDS).map((name) => name.split(' ')[0]));
  expect(words.filter((word) => !first.has(word))).toEqual([]);
});

test('a command that is not in the table does not run', () => {
  for (const words of [
    [],
    ['keys'],
    ['keys', 'destroy'],
    ['relying-party', 'rename'],
    ['toString'],
    ['sweep'],
  ])
    expect(findCommandName(words)).toBeNull();
  expect(findCommandName(['letters', 'retry', 'all'])).toBe('letters retry');
  expect(findCommandName(['letters'])).toBe('letters');
});

test('the proof knows how to run each that leaves an event', () => {
  const recorded = Object.keys(COMMANDS).filter((name) => COMMANDS[name] === 'recorded');
  expect(Object.keys(HOW_TO_RUN).sort()).toEqual(recorded.sort());
});

test('who: the account, and a name that is one', () => {
  expect(readOperator('Erik Eskildsen')).toMatchObject({ account: expect.any(String), by: 'Erik Eskildsen' });
  expect(readOperator('æø-1.2@drift')?.by).toBe('æø-1.2@drift');
  for (const odd of ['', ' x', 'a\nb', '\u202ex', 'x'.repeat(101), '<b>'])
    expect(readOperator(odd)).toBeNull();
});

test('one ID is told of as one', () => {
  expect(describeOverrated(1)).toMatch(/^1 ID was ordered online, and has the proofing/);
  expect(describeOverrated(2)).toMatch(/^2 IDs were ordered online, and have the proofing/);
});

test('help on one command, and the nearest of what was mistyped', () => {
  expect(findHelp(['keys', 'rotate'])).toMatch(/keys rotate \[--now\]/);
  expect(findHelp(['keys', 'rotate'])).not.toContain('keys list');
  expect(findHelp(['keys'])).toContain('keys withdraw KID');
  expect(isTokensCommand(['import'])).toBe(false);
  expect(findHelp(['tokens', 'import'])).toContain('tokens import FILE');
  expect(findHelp(['tokens', 'import'])).not.toContain('tokens list');
  expect(findHelp(['sweep'])).toBeNull();
  expect(explainUnknownCommand(['doktor'])).toContain('did you mean "doctor"?');
  expect(explainUnknownCommand(['statsu'])).toContain('did you mean "status"?');
  expect(explainUnknownCommand(['leters'])).toContain('did you mean "letters"?');
  expect(explainUnknownCommand(['keys', 'destroy'])).toContain('keys rotate');
  expect(explainUnknownCommand(['quetzalcoatl'])).not.toContain('did you mean');
});

/** Every file that an operator reads, or whose messages one reads. */
function listTexts(): { readonly file: string; readonly text: string }[] {
  const below = ['docs', 'src'].flatMap((top) =>
    readdirSync(top, { recursive: true, encoding: 'utf8' }).map((name) => path.join(top, name)),
  );
  const top = readdirSync('.').filter((name) => /\.(md|yml)$|^Dockerfile/.test(name));
  return [...below, ...top]
    .filter((file) => /\.(md|tsx?|yml)$|Dockerfile/.test(file))
    .map((file) => ({ file, text: readFileSync(file, 'utf8') }));
}

test('no text tells npx outside the checkout: the registry would be asked for a name that is not ours', () => {
  const texts = listTexts();
  expect(texts.length).toBeGreaterThan(500);
  expect(texts.filter(({ text }) => /npx (-y )?noegle/.test(text)).map(({ file }) => file)).toEqual([]);
});

const SQL = /```sql|`(SELECT|UPDATE|DELETE|INSERT|ALTER|GRANT|REVOKE|TRUNCATE)\s[^`]*`|pg_terminate_backend/;
/** Where PostgreSQL itself is set up: its roles, and its settings for a pooler. */
const SETS_UP_POSTGRESQL = /ALTER ROLE|CREATE ROLE|CREATE DATABASE|ALTER DATABASE/;

test('operators paste no SQL: a command does it', () => {
  const pages = listTexts().filter(({ file }) => /^docs\/how-to\/[^/]+\.md$/.test(file));
  expect(pages.length).toBeGreaterThan(3);
  const found = pages.flatMap(({ file, text }) =>
    [...text.matchAll(new RegExp(SQL, 'g'))]
      .filter(([one]) => !SETS_UP_POSTGRESQL.test(one))
      .map(([one]) => `${file}: ${one}`),
  );
  expect(found).toEqual([]);
  expect(
    ['`UPDATE logouts SET state = 1`', '```sql', 'SELECT pg_terminate_backend(1)'].every((one) =>
      SQL.test(one),
    ),
  ).toBe(true);
});
