/** No path yields an ID without valid identification or accepted terms, and none yields public sites under 15. */
import { describe, expect, test } from '@jest/globals';
import {
  decideApplication,
  type Application,
  type ApplicationPath,
  type RefusalReason,
} from './application.ts';
import { parseCpr } from '../person/cpr.ts';
import { checkIdentification, DEFAULT_KINDS } from './identification.ts';
import { isSameName } from '../person/names.ts';
import { TERMS_VERSION } from './terms.ts';

const now = new Date('2026-11-24T10:00:00Z');
const ground = { kinds: DEFAULT_KINDS, now };
const PATHS: readonly ApplicationPath[] = ['desk', 'bank', 'online', 'command'];

const complete: Application = {
  path: 'desk',
  applicant: {
    cpr: '6107854386',
    givenName: 'Anna',
    familyName: 'Andersen',
    birthdate: '1985-07-01',
    language: 'da',
    largePrint: false,
    email: null,
    address: { street: 'Østergade 12', postcode: '8900', city: 'Randers C' },
  },
  identification: { kind: 'passport', number: '123456789', expiresOn: '2030-01-31' },
  identificationMatches: true,
  withoutInterpreter: true,
  operatesAlone: true,
  terms: { version: TERMS_VERSION, language: 'da' },
  publicSites: true,
  guardian: null,
  register: 'active',
  addressFrom: 'register',
};

/** What can be otherwise, and the reason that it has to be refused for. */
const FAULTS: readonly { name: string; change: (one: Application) => Application; reason: RefusalReason }[] =
  [
    {
      name: 'nothing shown',
      change: (one) => ({ ...one, identification: null }),
      reason: 'no_identification',
    },
    {
      name: 'of an unknown kind',
      change: (one) => ({ ...one, identification: { kind: 'library', number: '1234', expiresOn: null } }),
      reason: 'identification_invalid',
    },
    {
      name: 'run out yesterday',
      change: (one) => ({
        ...one,
        identification: { kind: 'passport', number: '123456789', expiresOn: '2026-11-23' },
      }),
      reason: 'identification_expired',
    },
    {
      name: "somebody else's",
      change: (one) => ({ ...one, identificationMatches: false }),
      reason: 'identification_not_theirs',
    },
    {
      name: 'with an interpreter',
      change: (one) => ({ ...one, withoutInterpreter: false }),
      reason: 'needs_interpreter',
    },
    {
      name: 'not alone',
      change: (one) => ({ ...one, operatesAlone: false }),
      reason: 'cannot_operate_alone',
    },
    { name: 'terms not accepted', change: (one) => ({ ...one, terms: null }), reason: 'terms_not_accepted' },
    {
      name: 'terms of before',
      change: (one) => ({ ...one, terms: { version: '2020-01-01', language: 'da' } }),
      reason: 'terms_not_accepted',
    },
    { name: 'dead', change: (one) => ({ ...one, register: 'dead' }), reason: 'dead' },
    { name: 'emigrated', change: (one) => ({ ...one, register: 'emigrated' }), reason: 'emigrated' },
    {
      name: 'nowhere to send it',
      change: (one) => ({ ...one, applicant: { ...one.applicant, address: null } }),
      reason: 'no_address',
    },
  ];

describe.each(PATHS)('by %s', (path) => {
  test('a complete application is granted', () => {
    expect(decideApplication({ ...complete, path }, ground)).toEqual({
      kind: 'granted',
      publicSites: true,
      proofing: 'Substantial',
      needsSecondOfficer: false,
    });
  });

  test('every set of faults is refused, with all its reasons', () => {
    for (let set = 1; set < 2 ** FAULTS.length; set += 1) {
      const chosen = FAULTS.filter((_, bit) => set & (1 << bit));
      const application = chosen.reduce((one, { change }) => change(one), { ...complete, path });
      const judged = decideApplication(application, ground);
      if (judged.kind !== 'refused') throw new Error(`granted: ${chosen.map(({ name }) => name).join(', ')}`);
      // Where two faults concern the same thing, one of them is told.
      const reasons = new Set<RefusalReason>(judged.reasons);
      expect(chosen.some(({ reason }) => reasons.has(reason))).toBe(true);
      expect(judged.reasons.length).toBe(reasons.size);
    }
  });

  test('under 15 has no public sites, and a guardian is there; online not at all', () => {
    const young = { ...complete.applicant, birthdate: '2011-11-25' };
    const alone = decideApplication({ ...complete, path, applicant: young }, ground);
    expect(alone.kind).toBe('refused');
    const guarded = decideApplication({ ...complete, path, applicant: young, guardian: 'Bo' }, ground);
    if (path === 'online') expect(guarded).toEqual({ kind: 'refused', reasons: ['under_15_online'] });
    else expect(guarded).toMatchObject({ kind: 'granted', publicSites: false });
    const fifteen = { ...young, birthdate: '2011-11-24' };
    expect(decideApplication({ ...complete, path, applicant: fifteen }, ground)).toMatchObject({
      kind: 'granted',
      publicSites: true,
    });
  });

  test('without a CPR number there are no public sites', () => {
    const without = { ...complete, path, applicant: { ...complete.applicant, cpr: null } };
    expect(decideApplication(without, ground)).toMatchObject({ publicSites: false });
  });

  test('an address that is not from the register needs a second officer; online it will not do', () => {
    const own = decideApplication({ ...complete, path, register: null, addressFrom: 'applicant' }, ground);
    if (path === 'online') expect(own.kind).toBe('refused');
    else expect(own).toMatchObject({ needsSecondOfficer: path !== 'command' });
  });
});

test.each([
  ['010785-4386', '1985-07-01'],
  ['0107854386', '1985-07-01'],
  ['610785 4386', '1985-07-01'],
  ['010107-5678', '2007-01-01'],
  // Fails modulus 11, as numbers since 2007 may.
  ['0101077999', '2007-01-01'],
  ['2902004123', '2000-02-29'],
  ['0101589999', '1958-01-01'],
  ['0101587999', '1858-01-01'],
])('%s is a CPR number, of %s', (typed, birthdate) => {
  expect(parseCpr(typed)).toMatchObject({ birthdate });
});

test.each([
  ['3002851234', 'impossible_date'],
  ['2902014123', 'impossible_date'],
  ['0013851234', 'impossible_date'],
  ['0100851234', 'impossible_date'],
  ['9902851234', 'impossible_date'],
  ['123', 'malformed'],
  ['', 'malformed'],
  ['01078543866', 'malformed'],
  ['010785-438x', 'malformed'],
])('%s is none: %s', (typed, fault) => {
  expect(parseCpr(typed)).toBe(fault);
});

test.each([
  ['2030-01-31', null],
  ['2026-11-24', null],
  ['2026-11-23', 'expired'],
  ['2126-01-01', 'expiry_too_far'],
  ['2030-02-30', 'expiry_impossible'],
  ['in spring', 'expiry_impossible'],
  [null, 'expiry_missing'],
] as const)('a passport until %s: %s', (expiresOn, fault) => {
  const passport = { kind: 'passport', number: '12345 6789', expiresOn };
  expect(checkIdentification(passport, DEFAULT_KINDS, '2026-11-24')).toBe(fault);
});

test.each([
  ['Anna Andersen', 'Anna Marie Sofie Andersen', true],
  ['anna sofie andersen', 'Anna Marie Sofie Andersen', true],
  ['Anna Sofie Marie Andersen', 'Anna Marie Sofie Andersen', false],
  ['Marie Andersen', 'Anna Marie Sofie Andersen', false],
  ['Anna Marie', 'Anna Marie Sofie Andersen', false],
  ['Anna Karen Andersen', 'Anna Marie Andersen', false],
  ['Anna', 'Anna Andersen', false],
  ['Anna', 'Anna', true],
  ['Anna', 'Anna Marie', false],
  ['Anna Marie', 'Anna', false],
  ['', '', false],
])('"%s" for "%s": %s', (typed, registered, same) => {
  expect(isSameName(typed, registered)).toBe(same);
});
