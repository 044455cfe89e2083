/** Which characters a new user ID may have, and which user IDs look alike. */
import { expect, test } from '@jest/globals';
import { foldUserIdForm } from './userIdSigns.ts';
import { checkLegacyUserId, checkUserId, foldName } from './userId.ts';

const form = (typed: string) => foldUserIdForm(foldName(typed));

test.each([
  ['a Cyrillic letter', 'аnna-andersen'],
  ['only Cyrillic', 'аннааа'],
  ['Greek', 'αnna-andersen'],
  ['Armenian', 'annaօ-andersen'],
  ['Cherokee', 'Ꭺnna-andersen'],
  ['Arabic', 'منصور-أحمد'],
  ['Chinese', '王小明王小明'],
  ['phonetic characters', 'ɑnna-ɡnu'],
  ['another dash', 'anna\u2011andersen'],
  ['a minus sign', 'anna\u2212andersen'],
  ['an em dash', 'anna\u2014andersen'],
  ['a lone mark', 'anna\u0331-andersen'],
  ['an emoji', 'anna-🔑-andersen'],
  ['a click letter', 'annaǃandersen'],
  ['a quote', 'anna"andersen'],
])('%s is rejected in a new user ID, and accepted in an existing one', (_what, typed) => {
  expect(checkUserId(typed)).toBe('other_signs');
  expect(checkLegacyUserId(typed)).toBeNull();
});

test.each([
  'anna-andersen',
  'Søren Ågård',
  'bjørn_æble.2',
  'ingibjörg.þórðardóttir',
  'mikkel+bank@mail.example',
  "o'brien&søn",
  'İbrahim',
  'Ærø Øst',
  'Łukasz',
  'nguyễn.thị',
  'ａｎｎａ１',
])('%s can be chosen', (typed) => {
  expect(checkUserId(typed)).toBeNull();
});

test.each([
  ['anna-andersen', 'аnna-andersen'],
  ['anna-andersen', 'αnnα-andersen'],
  ['anna-andersen', 'anna\u2011andersen'],
  ['anna-andersen', 'anna\u2014andersen'],
  ['anna-andersen', 'ånna-ändersen'],
  ['anna-andersen', 'an\u0331na-andersen'],
  ['Lillian1', 'IiIIianl'],
  ['otto100', 'ottol0O'],
  ['arne.bernt', 'ame.bemt'],
  ['ebbe.vvv', 'ebbe.wv'],
  ['søren', 'soren'],
  ["o'brien", 'o’brien'],
  ['anna  andersen', 'anna\u00A0andersen'],
])('%s and %s look alike', (one, other) => {
  expect(form(one)).toBe(form(other));
});

test.each([
  ['anna-andersen', 'anna.andersen'],
  ['anna-andersen', 'annaandersen'],
  ['anna-andersen', 'anne-andersen'],
  ['anna2', 'anna3'],
])('%s and %s do not', (one, other) => {
  expect(form(one)).not.toBe(form(other));
});

test('no form contains a bar: it separates the identity of an earlier user ID', () => {
  expect(form('a|b|anna')).not.toContain('|');
});
