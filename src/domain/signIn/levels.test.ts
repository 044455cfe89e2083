/** Missing authentication: every combination of the tables in docs/reference/levels.md, and invariants. */
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  acrOf,
  amrOf,
  FACTORS,
  highestAcr,
  isTwoFactor,
  kindsOf,
  kindsOfAmr,
  LOW,
  missingAuthentication,
  normalizeAcr,
  PASSWORD,
  requiredAcr,
  isAcrSatisfied,
  SUBSTANTIAL,
  withFactor,
  type Factors,
  type MissingAuthentication,
  type RequiredAuthentication,
  type SessionLevel,
} from './levels.ts';
import { CASES, oneOfEach, type LevelCase } from '../../../test/support/levelTable.ts';

const HIGH = 'https://data.gov.dk/concept/core/nsis/loa/High';
const URIS: Record<string, string> = { Low: LOW, Substantial: SUBSTANTIAL, High: HIGH };

const AMR_OF_PASSWORD = ['pwd'];
const AMR_OF_PASSWORD_AND_KEY = ['pwd', 'otp', 'mfa'];

function required({
  minimum,
  freshKey,
  request,
  maxAge,
  prompt,
  session,
}: LevelCase): RequiredAuthentication {
  const name = request.replace('essential ', '');
  return {
    minimumAcr: URIS[minimum] ?? '',
    freshKey,
    acr: { values: name === 'none' ? [] : [URIS[name] ?? ''], essential: name !== request },
    again: prompt === 'login' || maxAge === 0 || (maxAge === 60 && !session.includes('young')),
  };
}

function sessionLevelOf({ session }: LevelCase): SessionLevel | null {
  if (session === 'none') return null;
  return session.startsWith('Low')
    ? { acr: LOW, amr: AMR_OF_PASSWORD }
    : { acr: SUBSTANTIAL, amr: AMR_OF_PASSWORD_AND_KEY };
}

function pages(missing: Exclude<MissingAuthentication, 'unattainable'>, { session }: LevelCase): string[] {
  // A password is asked for again when it is old.
  const asksPassword = missing.has('knowledge') || (missing.size > 0 && session.includes('old'));
  return [...(asksPassword ? ['password'] : []), ...(missing.has('possession') ? ['key'] : [])];
}

test('every combination of the docs is what the code decides', () => {
  expect(CASES.length).toBe(4 * 7 * 3 * 4 * 5);
  const wrong = CASES.filter((one) => {
    const missing = missingAuthentication(required(one), sessionLevelOf(one));
    const decided = missing === 'unattainable' ? ['unmet_authentication_requirements'] : pages(missing, one);
    const documented = one.outcome.end.startsWith('unmet') ? [one.outcome.end] : one.outcome.asked;
    // No page is shown with `prompt=none`: the missing authentication is the same as without it.
    if (one.prompt === 'none' && one.outcome.end === 'login_required') return decided.length === 0;
    return decided.join() !== documented.filter((page) => page !== 'consent').join();
  });
  expect(wrong).toEqual([]);
  expect(oneOfEach().length).toBe(3 * 9 * 5);
});

describe('for any request and any session', () => {
  const level = fc.constantFrom(
    LOW,
    SUBSTANTIAL,
    HIGH,
    'https://elsewhere.example/acr',
    normalizeBack(SUBSTANTIAL),
  );
  const anyRequired = fc.record({
    minimumAcr: fc.constantFrom(LOW, SUBSTANTIAL),
    freshKey: fc.boolean(),
    acr: fc.record({ values: fc.array(level, { maxLength: 3 }), essential: fc.boolean() }),
    again: fc.boolean(),
  });
  const anySession = fc.constantFrom<SessionLevel | null>(
    null,
    { acr: LOW, amr: AMR_OF_PASSWORD },
    { acr: LOW, amr: AMR_OF_PASSWORD_AND_KEY },
    { acr: SUBSTANTIAL, amr: AMR_OF_PASSWORD_AND_KEY },
  );

  test('authentication that was missing and then given is no longer missing: nothing loops', () => {
    fc.assert(
      fc.property(anyRequired, anySession, fc.boolean(), (request, before, isWellProofed) => {
        const missing = missingAuthentication(request, before);
        if (missing === 'unattainable' || missing.size === 0) return;
        const after: SessionLevel = missing.has('possession')
          ? { acr: isWellProofed ? SUBSTANTIAL : LOW, amr: AMR_OF_PASSWORD_AND_KEY }
          : { acr: LOW, amr: AMR_OF_PASSWORD };
        const then = missingAuthentication({ ...request, again: false, freshKey: false }, after);
        if (then !== 'unattainable' || isWellProofed) expect(then).toEqual(new Set());
      }),
      { numRuns: 5_000 },
    );
  });

  test('nothing below the minimum or an essential level suffices, and no session replaces a fresh key', () => {
    fc.assert(
      fc.property(anyRequired, anySession, (request, before) => {
        const missing = missingAuthentication(request, before);
        if (missing === 'unattainable' || missing.size > 0) return;
        expect(before).not.toBeNull();
        expect(isAcrSatisfied(before?.acr, requiredAcr(request))).toBe(true);
        expect(isAcrSatisfied(before?.acr, request.minimumAcr)).toBe(true);
        expect([request.freshKey, request.again]).toEqual([false, false]);
        const { values, essential } = request.acr;
        if (essential && values.length > 0) {
          expect(values.some((value) => isAcrSatisfied(before?.acr, value))).toBe(true);
        }
      }),
      { numRuns: 5_000 },
    );
  });

  test('both spellings are one level', () => {
    for (const uri of [LOW, SUBSTANTIAL, HIGH]) expect(normalizeAcr(normalizeBack(uri))).toBe(uri);
    expect(isAcrSatisfied(SUBSTANTIAL, normalizeBack(LOW))).toBe(true);
    expect(isAcrSatisfied(SUBSTANTIAL, HIGH)).toBe(false);
  });
});

describe('the factors given', () => {
  const BOTH = withFactor(PASSWORD, 'card_key');

  test('have the lower level of factors and proofing, and the `amr` of RFC 8176', () => {
    expect([amrOf(PASSWORD), amrOf(BOTH)]).toEqual([AMR_OF_PASSWORD, AMR_OF_PASSWORD_AND_KEY]);
    expect((['Low', 'Substantial'] as const).map((proofing) => acrOf(PASSWORD, proofing))).toEqual([
      LOW,
      LOW,
    ]);
    expect((['Low', 'Substantial'] as const).map((proofing) => acrOf(BOTH, proofing))).toEqual([
      LOW,
      SUBSTANTIAL,
    ]);
    expect([highestAcr('Low'), highestAcr('Substantial')]).toEqual([LOW, SUBSTANTIAL]);
  });

  test('give an `amr` with their kinds in a fixed order, and `mfa` only for two kinds', () => {
    const anyFactors = fc.subarray([...FACTORS]).map((some): Factors => new Set(some));
    fc.assert(
      fc.property(anyFactors, fc.boolean(), (factors, isWellProofed) => {
        const amr = amrOf(factors);
        expect(kindsOfAmr(amr)).toEqual(kindsOf(factors));
        expect(amr).toEqual(amrOf(new Set([...factors].toReversed())));
        expect(amr.includes('mfa')).toBe(isTwoFactor(kindsOf(factors)));
        const acr = acrOf(factors, isWellProofed ? 'Substantial' : 'Low');
        expect(acr === SUBSTANTIAL).toBe(isWellProofed && amr.includes('mfa'));
      }),
    );
    // A value that is not one of Nøgle's factors proves nothing, even `mfa`.
    expect([kindsOfAmr(), kindsOfAmr(['mfa', 'hwk'])]).toEqual([new Set(), new Set()]);
  });
});

/** The spelling of some brokers. */
function normalizeBack(uri: string): string {
  return uri.replace('/loa/', '/');
}
