/**
 * The commands of operators: each is in the table that says whether it leaves an event, and no command is
 * missing there.
 */
import { readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { COMMANDS, findCommandName, readOperator } from '../src/cli/operator.ts';
import { HOW_TO_RUN } from './support/operatorCommands.ts';

const cli = readFileSync('src/cli.ts', 'utf8');

/** The commands of the usage text: a line each, alternatives separated by `|`. */
function commandsOfUsage(): string[] {
  const usage = /const USAGE = `([^`]*)`/.exec(cli)?.[1] ?? '';
  const lines = usage.split('\n').filter((line) => /^ {2}[a-z]/.test(line));
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
