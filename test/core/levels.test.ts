/** What a request lacks, against the tables of docs/reference/levels.md: all of them, and what must never be. */
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  AMR_OF_PASSWORD,
  AMR_OF_PASSWORD_AND_KEY,
  leastAsked,
  LOW,
  normalizeAcr,
  satisfies,
  SUBSTANTIAL,
  whatIsLacking,
  type AskedLevel,
  type Lack,
  type ShownLevel,
} from '../../src/core/levels.ts';
import { CASES, oneOfEach, type Case } from '../support/levelTable.ts';

const HIGH = 'https://data.gov.dk/concept/core/nsis/loa/High';
const URIS: Record<string, string> = { Low: LOW, Substantial: SUBSTANTIAL, High: HIGH };

function asked({ minimum, freshKey, request, maxAge, prompt, session }: Case): AskedLevel {
  const name = request.replace('essential ', '');
  return {
    least: URIS[minimum] ?? '',
    freshKey,
    acr: { values: name === 'none' ? [] : [URIS[name] ?? ''], essential: name !== request },
    anew: prompt === 'login' || maxAge === 0 || (maxAge === 60 && !session.includes('young')),
  };
}

function shown({ session }: Case): ShownLevel | null {
  if (session === 'none') return null;
  return session.startsWith('Low')
    ? { acr: LOW, amr: AMR_OF_PASSWORD }
    : { acr: SUBSTANTIAL, amr: AMR_OF_PASSWORD_AND_KEY };
}

function pages(lack: Lack, { session }: Case): string[] {
  if (lack === 'key') return session.includes('old') ? ['password', 'key'] : ['key'];
  if (lack === 'both') return ['password', 'key'];
  return lack === 'password' ? ['password'] : [];
}

test('every combination of the docs is what the core says', () => {
  expect(CASES.length).toBe(4 * 7 * 3 * 4 * 5);
  const wrong = CASES.filter((one) => {
    const lack = whatIsLacking(asked(one), shown(one));
    const said = lack === 'unattainable' ? ['unmet_authentication_requirements'] : pages(lack, one);
    const written = one.outcome.end.startsWith('unmet') ? [one.outcome.end] : one.outcome.asked;
    // No page is shown with `prompt=none`: what would be asked is the same as without.
    if (one.prompt === 'none' && one.outcome.end === 'login_required') return said.length === 0;
    return said.join() !== written.filter((page) => page !== 'consent').join();
  });
  expect(wrong).toEqual([]);
  expect(oneOfEach().length).toBe(3 * 9 * 5 * 3);
});

describe('whatever is asked and shown', () => {
  const level = fc.constantFrom(
    LOW,
    SUBSTANTIAL,
    HIGH,
    'https://elsewhere.example/acr',
    normalizeBack(SUBSTANTIAL),
  );
  const anyAsked = fc.record({
    least: fc.constantFrom(LOW, SUBSTANTIAL),
    freshKey: fc.boolean(),
    acr: fc.record({ values: fc.array(level, { maxLength: 3 }), essential: fc.boolean() }),
    anew: fc.boolean(),
  });
  const anyShown = fc.constantFrom<ShownLevel | null>(
    null,
    { acr: LOW, amr: AMR_OF_PASSWORD },
    { acr: LOW, amr: AMR_OF_PASSWORD_AND_KEY },
    { acr: SUBSTANTIAL, amr: AMR_OF_PASSWORD_AND_KEY },
  );

  test('what is lacking, once shown, is lacking no more: nothing loops', () => {
    fc.assert(
      fc.property(anyAsked, anyShown, fc.boolean(), (request, before, isWellProofed) => {
        const lack = whatIsLacking(request, before);
        if (lack === 'nothing' || lack === 'unattainable') return;
        const after: ShownLevel =
          lack === 'password'
            ? { acr: LOW, amr: AMR_OF_PASSWORD }
            : { acr: isWellProofed ? SUBSTANTIAL : LOW, amr: AMR_OF_PASSWORD_AND_KEY };
        const then = whatIsLacking({ ...request, anew: false, freshKey: false }, after);
        expect(['nothing', 'unattainable']).toContain(then);
        if (isWellProofed) expect(then).toBe('nothing');
      }),
      { numRuns: 5_000 },
    );
  });

  test('nothing below the minimum or an essential level is ever enough, and no session lends a fresh key', () => {
    fc.assert(
      fc.property(anyAsked, anyShown, (request, before) => {
        if (whatIsLacking(request, before) !== 'nothing') return;
        expect(before).not.toBeNull();
        expect(satisfies(before?.acr, leastAsked(request))).toBe(true);
        expect(satisfies(before?.acr, request.least)).toBe(true);
        expect([request.freshKey, request.anew]).toEqual([false, false]);
        const { values, essential } = request.acr;
        if (essential && values.length > 0) {
          expect(values.some((value) => satisfies(before?.acr, value))).toBe(true);
        }
      }),
      { numRuns: 5_000 },
    );
  });

  test('both spellings are one level', () => {
    for (const uri of [LOW, SUBSTANTIAL, HIGH]) expect(normalizeAcr(normalizeBack(uri))).toBe(uri);
    expect(satisfies(SUBSTANTIAL, normalizeBack(LOW))).toBe(true);
    expect(satisfies(SUBSTANTIAL, HIGH)).toBe(false);
  });
});

/** As some brokers write it. */
function normalizeBack(uri: string): string {
  return uri.replace('/loa/', '/');
}
