import { expect, test } from '@jest/globals';
import { parseTilePath } from './tilePath.rules.ts';

test('paths of tiles, in the one spelling that each has', () => {
  expect(parseTilePath('0/000')).toEqual({ level: 0, number: 0, width: 256 });
  expect(parseTilePath('1/x001/x234/067')).toEqual({ level: 1, number: 1_234_067, width: 256 });
  expect(parseTilePath('0/x273/112.p/255')).toEqual({ level: 0, number: 273_112, width: 255 });
  for (const path of [
    '',
    '0',
    '0/0',
    '0/0000',
    '00/000',
    '64/000',
    '0/x000/001',
    '0/001/002',
    '0/000.p/0',
    '0/000.p/01',
    '0/000.p/256',
    '0/000.p/',
    '0/000/',
    'entries/000',
    '-1/000',
    '0/x1/001',
  ])
    expect([path, parseTilePath(path)]).toEqual([path, null]);
});
