import { expect, test } from '@jest/globals';
import { isStatusShown, readStatusLine } from './statusLine.ts';

const NOW = new Date('2026-11-24T12:00:00Z');
const BOTH = { da: 'Breve er forsinkede.', en: 'Letters are late.' };

test('a line in every language, until it is cleared or for a time', () => {
  expect(readStatusLine({ da: ' Breve er\nforsinkede. ', en: BOTH.en }, undefined, NOW)).toEqual({
    texts: BOTH,
    until: null,
  });
  // What is not seen, and could turn the order of the letters, is left out.
  const turned = { da: 'Breve er \u202Eforsinkede\u2066.', en: `${BOTH.en}\u200B` };
  expect(readStatusLine(turned, undefined, NOW)).toMatchObject({ texts: BOTH });
  const line = readStatusLine(BOTH, '2026-11-24T14:00+01:00', NOW);
  expect(line).toEqual({ texts: BOTH, until: new Date('2026-11-24T13:00:00Z') });
  if ('fault' in line) throw new Error(line.fault);
  expect(isStatusShown(line, NOW)).toBe(true);
  expect(isStatusShown(line, new Date('2026-11-24T13:00:00Z'))).toBe(false);
  expect(isStatusShown({ ...line, until: null }, new Date('2099-01-01T00:00:00Z'))).toBe(true);
});

test.each([
  [{ da: BOTH.da }, 'missing'],
  [{ ...BOTH, en: '  ' }, 'missing'],
  [{ ...BOTH, en: '\u202E \u2066' }, 'missing'],
  [{ ...BOTH, en: 'x'.repeat(201) }, 'too_long'],
  [{ ...BOTH, en: '<b>Late</b>' }, 'markup'],
  [{ ...BOTH, en: 'Late &amp; lost' }, 'markup'],
  [{ ...BOTH, en: 'See [here](https://x.example)' }, 'markup'],
  [{ ...BOTH, en: 'Late\u0000' }, 'unreadable'],
])('%j is refused: %s', (typed, fault) => {
  expect(readStatusLine(typed, undefined, NOW)).toMatchObject({ fault });
});

test.each(['2026-11-24T12:00:00Z', '2026-12-01', '2026-12-01T10:00', 'soon', '2026-13-01T10:00Z'])(
  'until %s is refused',
  (until) => {
    expect(readStatusLine(BOTH, until, NOW)).toEqual({ fault: 'until' });
  },
);
