/** One parser of e-mail addresses, for all forms and for the population register. */
import { expect, test } from '@jest/globals';
import { parseEmail, spellEmail } from './email.ts';
import { readRegisterHeader, readRegisterRow, REGISTER_COLUMNS } from '../issuing/populationRegister.ts';

test.each([
  ['anna@smørrebrød.dk', 'anna@smørrebrød.dk'],
  ['søren@example.dk', 'søren@example.dk'],
  ['anna@xn--smrrebrd-64af.dk', 'anna@smørrebrød.dk'],
  ['Anna.Andersen@SMØRREBRØD.DK', 'Anna.Andersen@smørrebrød.dk'],
  [' \tanna@example.dk\r\n', 'anna@example.dk'],
  ['\u200Banna@example.dk\uFEFF', 'anna@example.dk'],
  ['anna＠example。dk', 'anna@example.dk'],
  ["o'brien+nem.id@sub.example.co.uk", "o'brien+nem.id@sub.example.co.uk"],
  ['a\u030Ase@example.dk', 'åse@example.dk'],
  ['用户@例子.广告', '用户@例子.广告'],
  [`${'a'.repeat(64)}@example.dk`, `${'a'.repeat(64)}@example.dk`],
])('%j is read as %j', (typed, email) => expect(parseEmail(typed)).toBe(email));

test.each([
  '',
  'anna',
  '@example.dk',
  'anna@',
  'anna@localhost',
  'anna@example..dk',
  '.anna@example.dk',
  'an..na@example.dk',
  'anna@-example.dk',
  'anna@192.168.0.1',
  'anna@[192.168.0.1]',
  'anna@example.dk.',
  'anna@exam_ple.dk',
  'anna@ex%61mple.dk',
  'mailto:anna@example.dk',
  'anna@example.dk?bcc=eve@example.dk',
  'anna@example.dk,eve@example.dk',
  'anna@example.dk eve@example.dk',
  'anna@example.dk\nbcc: eve@example.dk',
  'Anna <anna@example.dk>',
  '"anna andersen"@example.dk',
  'anna(comment)@example.dk',
  'an\u200Bna@example.dk',
  'an\u202Ena@example.dk',
  'an\u034Fna@example.dk',
  'an\u3164na@example.dk',
  'an\uFE0Fna@example.dk',
  'an\uFFFDna@example.dk',
  'anna@exa\0mple.dk',
  `${'a'.repeat(65)}@example.dk`,
  `${'æ'.repeat(33)}@example.dk`,
  `a@${'æ'.repeat(60)}.${'b'.repeat(62)}.${'c'.repeat(62)}.${'d'.repeat(62)}.dk`,
])('%j is not an address', (typed) => expect(parseEmail(typed)).toBeNull());

test('the population register uses the same parser', () => {
  const header = readRegisterHeader([...REGISTER_COLUMNS]);
  if (!('columns' in header)) throw new Error('no header');
  const row: Readonly<Record<string, string>> = {
    cpr: '010785-1234',
    name: 'Anna Andersen',
    status: 'active',
  };
  const read = (email: string) =>
    readRegisterRow(
      header.columns,
      header.columns.map((column) => (column === 'email' ? email : (row[column] ?? ''))),
    );
  expect(read(' anna@SMØRREBRØD.dk')).toMatchObject({ email: 'anna@smørrebrød.dk' });
  expect(read('ingen')).toMatchObject({ email: null });
});

test.each([
  ['anna@example.dk', 'anna@example.dk'],
  ['søren@smørrebrød.dk', 'søren@smørrebrød.dk'],
  // A Cyrillic letter that looks like a Latin a.
  ['\u0430nna@example.dk', '[U+0430]nna@example.dk'],
  ['anna@\u0435xample.dk', 'anna@xn--xample-2of.dk'],
  ['\u5B89@example.dk', '[U+5B89]@example.dk'],
])('a letter prints %j as %j, which no reader takes for their own address', (email, spelled) => {
  expect(spellEmail(email)).toBe(spelled);
});
