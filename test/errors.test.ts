import { readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { ALL_CODES } from '../src/core/refusal.ts';

test('docs/errors.md has every code that the code has, and no other', () => {
  const doc = readFileSync('docs/errors.md', 'utf8');
  const documented = [...doc.matchAll(/^\| `([a-z_]+)` \|/gm)].map(([, code]) => code);
  expect(new Set(documented)).toEqual(new Set(ALL_CODES));
  expect(documented).toHaveLength(ALL_CODES.length);
});
