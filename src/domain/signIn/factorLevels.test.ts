/** The tables about factors in docs/reference/levels.md: every combination, as the rules decide it. */
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  acrOf,
  adaptToProofing,
  amrOf,
  BOTH_KINDS,
  composeRequirement,
  highestAcr,
  includesKinds,
  isAcrSatisfied,
  isProofingEnough,
  isResistant,
  isTwoFactor,
  kindsOf,
  kindsOfAmr,
  LOW,
  missingAuthentication,
  NO_KINDS,
  PASSWORD,
  resistanceOf,
  resistanceOfAmr,
  RESISTANCES,
  shownAcr,
  SUBSTANTIAL,
  withFactor,
  type Factor,
  type Factors,
  type RequiredAuthentication,
  type SessionLevel,
} from './levels.ts';
import { statedAcr } from './statedAcr.ts';
import type { ProofingLevel } from '../person/person.ts';
import type { PendingRequest } from './pendingRequest.ts';
import { nextSignInStep, type SignInState } from './signIn.ts';
import {
  FACTOR_CASES,
  factorsGiven,
  GIVEN,
  outcomeAgain,
  WORTH,
  type FactorCase,
  type FactorOutcome,
} from '../../../test/support/factorTable.ts';

const URIS: Readonly<Record<string, string>> = {
  Low: LOW,
  Substantial: SUBSTANTIAL,
  High: 'https://data.gov.dk/concept/core/nsis/loa/High',
};
const NAMES = new Map(Object.entries(URIS).map(([name, uri]) => [uri, name]));
const NOW = new Date('2026-11-30T12:00:00Z');
const WEBAUTHN: readonly Factor[] = ['passkey', 'security_key', 'attested_key'];

function toRequired({ minimum, minimumProofing, request }: FactorCase): RequiredAuthentication {
  const names = request === 'none' ? [] : request.replace('essential ', '').split(' ');
  return {
    minimumAcr: URIS[minimum] ?? '',
    minimumProofing: URIS[minimumProofing] ?? '',
    freshKey: false,
    acr: { values: names.map((name) => URIS[name] ?? name), essential: request.startsWith('essential') },
    again: false,
  };
}

function toSession({ session, proofing }: FactorCase): SessionLevel | null {
  if (session === 'none') return null;
  const factors = new Set(factorsGiven(session));
  return { acr: acrOf(factors, proofing), amr: amrOf(factors), proofing };
}

/** The part of a request that is about factors, as prompts.ts and interaction.ts make it. */
function toRequest(required: RequiredAuthentication, session: SessionLevel | null): PendingRequest {
  const missing = missingAuthentication(required, session);
  const again = missingAuthentication({ ...required, again: true }, session);
  const isStepUp = missing !== 'unattainable' && missing.has('possession') && !missing.has('knowledge');
  const requiredKinds =
    again === 'unattainable' || isTwoFactor(kindsOfAmr(session?.amr)) ? BOTH_KINDS : again;
  return {
    signIn: true,
    kind: 'bank',
    requiredKinds,
    ...composeRequirement(required),
    minimumProofing: required.minimumProofing,
    stepUp: isStepUp ? { sessionUid: 's', accountId: 'i', passwordAt: NOW } : null,
    consentPage: false,
  } as Partial<PendingRequest> as PendingRequest;
}

/** The person has a card, and the code token or the security key that is given. */
function toState({ proofing, given }: FactorCase, factors: Factors): SignInState {
  const [isSynced, isAttested] = [given.endsWith('passkey'), given.endsWith('attested key')];
  const key = { id: 'k', countsFrom: new Date(0), isSynced, isAttested };
  const isHeld = factorsGiven(given).some((factor) => WEBAUTHN.includes(factor));
  return {
    identity: factors.size === 0 ? null : { id: 'i', proofing, isBlocked: false, publicSites: true },
    card: { id: 'c', spent: '0'.repeat(148) },
    codeToken: given.endsWith('code') ? { id: 't', digits: 6 } : null,
    securityKeys: isHeld ? [key] : [],
    factors,
    signedInAt: null,
    outcome: null,
    typedName: '',
  } as unknown as SignInState;
}

/** Shows one page after another, and gives each what the person has for it. */
function walk(one: FactorCase, more: Partial<RequiredAuthentication> = {}): FactorOutcome {
  const required = { ...toRequired(one), ...more };
  const session = toSession(one);
  const missing = missingAuthentication(required, session);
  if (missing === 'unattainable') return { asked: [], end: 'acr_unattainable', amr: '' };
  if (session && missing.size === 0) {
    if (!isProofingEnough(session.proofing, required.minimumProofing))
      return { asked: [], end: 'proofing_too_low', amr: '' };
    const acr = statedAcr(required.acr, session.acr, resistanceOfAmr(session.amr)) ?? '';
    return { asked: [], end: NAMES.get(acr) ?? acr, amr: session.amr.join(', ') };
  }
  const request = toRequest(required, session);
  const asked: string[] = [];
  const given = new Set(factorsGiven(one.given));
  const key = WEBAUTHN.find((factor) => given.has(factor));
  let state = toState(one, request.stepUp ? PASSWORD : new Set());
  for (;;) {
    const step = nextSignInStep(state, request, [], NOW);
    if (step.page === 'refused') return { asked, end: step.refusal, amr: '' };
    if (step.page === 'password-enough') {
      state = { ...state, signedInAt: NOW };
      continue;
    }
    if (step.page === 'done') {
      const acr =
        statedAcr(required.acr, acrOf(step.factors, one.proofing), resistanceOf(step.factors)) ?? '';
      return { asked, end: NAMES.get(acr) ?? acr, amr: amrOf(step.factors).join(', ') };
    }
    asked.push(step.page);
    if (asked.length > 3) throw new Error(`a loop: ${asked.join(', ')}`);
    if (step.page === 'password' && given.has('password')) {
      state = toState(one, PASSWORD);
      continue;
    }
    const other = step.page === 'key' ? factorsGiven(one.given)[1] : undefined;
    const isAsked = step.page === 'key' && (other === 'code_token' ? step.codeToken : step.card) !== null;
    const second = key ?? (isAsked ? other : undefined);
    if (second === undefined) return { asked, end: 'waits', amr: '' };
    // As the form of a security key is answered.
    if (key && !isResistant(resistanceOf(new Set([key])), request.resistance))
      return { asked, end: 'not accepted', amr: '' };
    state = { ...toState(one, withFactor(state.factors, second)), signedInAt: NOW };
  }
}

test('every combination of factors, proofing, registration, request and session is what the rules decide', () => {
  expect(FACTOR_CASES.length).toBe(9 * 2 * 2 * 2 * 16 * 5);
  const wrong = FACTOR_CASES.flatMap((one) => {
    const decided = walk(one);
    return JSON.stringify(decided) === JSON.stringify(one.outcome) ? [] : [{ ...one, decided }];
  });
  expect(wrong.slice(0, 3)).toEqual([]);
  expect(wrong.length).toBe(0);
});

test('a fresh key, or another sign-in, takes what is asked for within the request', () => {
  const wrong = FACTOR_CASES.filter((one) => {
    const decided = [walk(one, { freshKey: true }), walk(one, { again: true })];
    return (
      JSON.stringify(decided) !== JSON.stringify([outcomeAgain(one, 'fresh key'), outcomeAgain(one, 'login')])
    );
  });
  expect(wrong.slice(0, 3)).toEqual([]);
});

test('the values and the resistance of each factor are those of the docs', () => {
  expect([...WORTH.keys()]).toEqual([...GIVEN]);
  for (const [given, { amr, shown, resists }] of WORTH) {
    const factors = new Set(factorsGiven(given as FactorCase['given']));
    const resisted = RESISTANCES.filter((one) => isResistant(resistanceOf(factors), one));
    const named = [amrOf(factors).join(', '), NAMES.get(shownAcr(kindsOf(factors))), resisted.join(', ')];
    expect([given, ...named]).toEqual([given, amr, shown, resists]);
  }
});

describe('for any request, registration and session', () => {
  const value = fc.constantFrom(
    LOW,
    SUBSTANTIAL,
    String(URIS['High']),
    ...RESISTANCES,
    'https://elsewhere.example/acr',
  );
  const level = fc.constantFrom(LOW, SUBSTANTIAL);
  const anyRequired = fc.record({
    minimumAcr: level,
    minimumProofing: level,
    freshKey: fc.boolean(),
    acr: fc.record({ values: fc.array(value, { maxLength: 4 }), essential: fc.boolean() }),
    again: fc.boolean(),
  });
  const anyFactors = fc.constantFrom(...GIVEN).map((given): Factors => new Set(factorsGiven(given)));
  const proofing = fc.constantFrom('Low' as const, 'Substantial' as const);
  const toLevel = (factors: Factors, before: ProofingLevel, now = before): SessionLevel => ({
    acr: acrOf(factors, before),
    amr: amrOf(factors),
    proofing: now,
  });
  // Its person may have been proofed since.
  const anySession = fc.oneof(
    fc.constant(null),
    fc.tuple(anyFactors, proofing).map(([factors, now]) => toLevel(factors, now)),
    anyFactors.map((factors) => toLevel(factors, 'Low', 'Substantial')),
  );
  const runs = { numRuns: 5_000 };

  test('nothing below what is required is issued on a session', () => {
    fc.assert(
      fc.property(anyRequired, anySession, (required, session) => {
        const missing = missingAuthentication(required, session);
        if (missing === 'unattainable' || missing.size > 0) return;
        if (session === null) throw new Error('nothing was given');
        expect([required.freshKey, required.again]).toEqual([false, false]);
        if (!isProofingEnough(session.proofing, required.minimumProofing)) return;
        const needed = adaptToProofing(composeRequirement(required), session.proofing);
        expect(isResistant(resistanceOfAmr(session.amr), needed.resistance)).toBe(true);
        expect(isAcrSatisfied(session.acr, needed.minimumAcr)).toBe(true);
        expect(required.minimumAcr === LOW || isTwoFactor(kindsOfAmr(session.amr))).toBe(true);
      }),
      runs,
    );
  });

  test('what was asked for and then given is enough, or nothing would be: nothing loops', () => {
    fc.assert(
      fc.property(anyRequired, anySession, anyFactors, proofing, (required, session, given, now) => {
        const missing = missingAuthentication(required, session);
        if (missing === 'unattainable' || missing.size === 0) return;
        // In a step-up the password of the session counts.
        const isStepUp = !missing.has('knowledge');
        const factors = isStepUp ? withFactor(given, 'password') : given;
        const resistance = resistanceOf(factors);
        if (!includesKinds(kindsOf(factors), missing)) return;
        const proofed = isStepUp ? (session?.proofing ?? now) : now;
        const needed = adaptToProofing(composeRequirement(required), proofed);
        if (!isResistant(resistance, needed.resistance)) return;
        const after = { ...toLevel(factors, proofed), resistance };
        const then = missingAuthentication({ ...required, again: false, freshKey: false }, after);
        if (then === 'unattainable') expect(highestAcr(proofed)).not.toBe(SUBSTANTIAL);
        else expect(then).toEqual(NO_KINDS);
      }),
      runs,
    );
  });

  test('what was shown in a session never falls', () => {
    fc.assert(
      fc.property(anyRequired, anySession, (required, session) => {
        const missing = missingAuthentication(required, session);
        if (missing === 'unattainable' || missing.size === 0 || !isTwoFactor(kindsOfAmr(session?.amr)))
          return;
        expect(missing).toEqual(BOTH_KINDS);
      }),
      runs,
    );
  });

  test('the `acr` of a response is the level, or a resistance that was asked for and met', () => {
    fc.assert(
      fc.property(anyRequired, anyFactors, proofing, (required, factors, now) => {
        const { values, essential } = required.acr;
        const resistance = resistanceOf(factors);
        const session = { ...toLevel(factors, now), resistance };
        const stated = statedAcr(required.acr, session.acr, resistance);
        const isResistanceStated = stated !== session.acr;
        if (isResistanceStated) {
          const met = RESISTANCES.filter((one) => isResistant(resistance, one));
          expect(met.filter((one) => values.includes(one))).toContain(stated);
        }
        const missing = missingAuthentication({ ...required, again: false, freshKey: false }, session);
        if (missing === 'unattainable' || missing.size > 0) return;
        if (!essential || values.length === 0 || !isProofingEnough(now, required.minimumProofing)) return;
        expect(values.some((one) => one === stated || isAcrSatisfied(stated, one))).toBe(true);
      }),
      runs,
    );
  });
});
