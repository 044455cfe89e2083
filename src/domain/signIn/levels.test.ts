/** Missing authentication: every combination of the tables in docs/reference/levels.md, and invariants. */
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  acrOf,
  amrOf,
  BOTH_KINDS,
  FACTORS,
  highestAcr,
  isProofingEnough,
  isTwoFactor,
  KNOWLEDGE,
  kindsOf,
  kindsOfAmr,
  LOW,
  missingAuthentication,
  NO_KINDS,
  normalizeAcr,
  PASSWORD,
  POSSESSION,
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
  minimumProofing,
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
    minimumProofing: URIS[minimumProofing] ?? '',
    freshKey,
    acr: { values: name === 'none' ? [] : [URIS[name] ?? ''], essential: name !== request },
    again: prompt === 'login' || maxAge === 0 || (maxAge === 60 && !session.includes('young')),
  };
}

/** What was shown in the session; the lower of that and the proofing is its level. */
function sessionLevelOf({ session, proofing }: LevelCase): SessionLevel | null {
  if (session === 'none') return null;
  return session.startsWith('password,')
    ? { acr: LOW, amr: AMR_OF_PASSWORD, proofing }
    : { acr: URIS[proofing], amr: AMR_OF_PASSWORD_AND_KEY, proofing };
}

function pages(missing: Exclude<MissingAuthentication, 'unattainable'>, { session }: LevelCase): string[] {
  // A password is asked for again when it is old.
  const asksPassword = missing.has('knowledge') || (missing.size > 0 && session.includes('old'));
  return [...(asksPassword ? ['password'] : []), ...(missing.has('possession') ? ['key'] : [])];
}

/** What is decided before a page is shown, and what the sign-in decides once the person is known. */
function decide(one: LevelCase): string[] {
  const missing = missingAuthentication(required(one), sessionLevelOf(one));
  if (missing === 'unattainable') return ['unmet_authentication_requirements'];
  const asked = pages(missing, one);
  const { proofing } = one;
  const { minimumProofing, ...levels } = required(one);
  const beforeKey = asked.filter((page) => page !== 'key');
  if (!isProofingEnough(proofing, minimumProofing)) return [...beforeKey, 'access_denied'];
  // Only where a second factor is asked for: a password alone never reaches more than Low.
  if (
    asked.includes('key') &&
    !isAcrSatisfied(highestAcr(proofing), requiredAcr({ ...levels, minimumProofing }))
  )
    return [...beforeKey, 'unmet_authentication_requirements'];
  return asked;
}

test('every combination of the docs is what the code decides', () => {
  expect(CASES.length).toBe(2 * 2 * 4 * 7 * 3 * 4 * 5);
  const wrong = CASES.filter((one) => {
    const decided = decide(one);
    const { asked, end } = one.outcome;
    const documented = [...asked, ...(/^(unmet|access)_/.test(end) ? [end] : [])];
    // No page is shown with `prompt=none`: the missing authentication is the same as without it.
    if (one.prompt === 'none' && end === 'login_required') return decided.length === 0;
    return decided.join() !== documented.filter((page) => page !== 'consent').join();
  });
  expect(wrong).toEqual([]);
  expect(oneOfEach().length).toBe(128);
});

test('every level that a table promises is the lower of what was shown and the proofing', () => {
  const levels = CASES.filter(({ outcome }) => outcome.end === 'Low' || outcome.end === 'Substantial');
  const wrong = levels.filter(({ proofing, session, minimum, outcome: { asked, end } }) => {
    const isShownBoth = asked.includes('key') || session.startsWith('password and key');
    if (minimum === 'Substantial' && !isShownBoth) return true;
    return end !== (isShownBoth ? proofing : 'Low');
  });
  expect(wrong).toEqual([]);
  expect(levels.some(({ proofing, minimumProofing }) => proofing < minimumProofing)).toBe(false);
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
    minimumProofing: fc.constantFrom(LOW, SUBSTANTIAL),
    freshKey: fc.boolean(),
    acr: fc.record({ values: fc.array(level, { maxLength: 3 }), essential: fc.boolean() }),
    again: fc.boolean(),
  });
  const anySession = fc.constantFrom<SessionLevel | null>(
    null,
    { acr: LOW, amr: AMR_OF_PASSWORD, proofing: 'Low' },
    { acr: LOW, amr: AMR_OF_PASSWORD, proofing: 'Substantial' },
    { acr: LOW, amr: AMR_OF_PASSWORD_AND_KEY, proofing: 'Low' },
    // Proofed since.
    { acr: LOW, amr: AMR_OF_PASSWORD_AND_KEY, proofing: 'Substantial' },
    { acr: SUBSTANTIAL, amr: AMR_OF_PASSWORD_AND_KEY, proofing: 'Substantial' },
  );

  test('authentication that was missing and then given is no longer missing: nothing loops', () => {
    fc.assert(
      fc.property(anyRequired, anySession, fc.boolean(), (request, before, isWellProofed) => {
        const missing = missingAuthentication(request, before);
        if (missing === 'unattainable' || missing.size === 0) return;
        const proofing = isWellProofed ? 'Substantial' : 'Low';
        const after: SessionLevel = missing.has('possession')
          ? { acr: isWellProofed ? SUBSTANTIAL : LOW, amr: AMR_OF_PASSWORD_AND_KEY, proofing }
          : { acr: LOW, amr: AMR_OF_PASSWORD, proofing };
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
        if (before === null) throw new Error('nothing was shown');
        expect([request.freshKey, request.again]).toEqual([false, false]);
        // The next prompt refuses: nothing that the person shows would help.
        if (!isProofingEnough(before.proofing, request.minimumProofing)) return;
        expect(isAcrSatisfied(before.acr, requiredAcr(request))).toBe(true);
        expect(isTwoFactor(kindsOfAmr(before.amr)) || request.minimumAcr === LOW).toBe(true);
        const { values, essential } = request.acr;
        if (essential && values.length > 0) {
          expect(values.some((value) => isAcrSatisfied(before.acr, value))).toBe(true);
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

test('a person who was proofed since signs in again, where the session has less than is required', () => {
  const request = { freshKey: false, acr: { values: [], essential: false }, again: false };
  const both = { minimumAcr: SUBSTANTIAL, minimumProofing: SUBSTANTIAL };
  const before: SessionLevel = { acr: LOW, amr: AMR_OF_PASSWORD_AND_KEY, proofing: 'Substantial' };
  expect(missingAuthentication({ ...request, ...both }, before)).toEqual(BOTH_KINDS);
  // Where the session suffices it goes on, with the level that it has.
  expect(missingAuthentication({ ...request, ...both, minimumProofing: LOW }, before)).toEqual(NO_KINDS);
});

test('Low is never enough for both factors, also where an ID with proofing Low is', () => {
  const acr = { values: [LOW], essential: true };
  const request = { minimumAcr: SUBSTANTIAL, minimumProofing: LOW, freshKey: false, acr, again: false };
  const low: SessionLevel = { acr: LOW, amr: AMR_OF_PASSWORD, proofing: 'Low' };
  expect(missingAuthentication(request, null)).toEqual(BOTH_KINDS);
  expect(missingAuthentication(request, low)).toEqual(POSSESSION);
  expect(missingAuthentication(request, { ...low, amr: AMR_OF_PASSWORD_AND_KEY })).toEqual(NO_KINDS);
});

const AMR_OF_SECURITY_KEY = ['hwk', 'user', 'mfa'];

test('a required resistance takes the place of a level that no one reaches, also for an ID with proofing Low', () => {
  const acr = { values: ['phr', HIGH], essential: true };
  const registered = { minimumAcr: SUBSTANTIAL, minimumProofing: LOW };
  expect(requiredAcr({ ...registered, acr })).toBe(LOW);
  const request = { ...registered, freshKey: false, acr, again: false };
  const low: SessionLevel = { acr: LOW, amr: AMR_OF_SECURITY_KEY, proofing: 'Low' };
  expect(missingAuthentication(request, low)).toEqual(NO_KINDS);
  // Beside a level it is a preference.
  const lowRegistered = { minimumAcr: LOW, minimumProofing: LOW, freshKey: false, again: false };
  const anyLow = { values: ['phr', LOW], essential: false };
  expect(missingAuthentication({ ...lowRegistered, acr: anyLow }, null)).toEqual(KNOWLEDGE);
  expect(requiredAcr({ ...registered, acr: { ...acr, values: ['phr', SUBSTANTIAL] } })).toBe(SUBSTANTIAL);
});

test('a session whose person has too little proofing is not asked for a security key that would not help', () => {
  const acr = { values: ['phr'], essential: false };
  const registered = { minimumAcr: SUBSTANTIAL, minimumProofing: SUBSTANTIAL };
  const request = { ...registered, freshKey: false, acr, again: false };
  const low: SessionLevel = { acr: LOW, amr: AMR_OF_PASSWORD_AND_KEY, proofing: 'Low' };
  expect(missingAuthentication(request, low)).toEqual(NO_KINDS);
  expect(missingAuthentication(request, { ...low, proofing: 'Substantial' })).toEqual(BOTH_KINDS);
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
