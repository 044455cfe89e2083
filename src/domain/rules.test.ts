/** Rules that need no database: lockout, names, levels, claims and languages. */
import { describe, expect, test } from '@jest/globals';
import { listClaimsOfScopes } from './signIn/claims.ts';
import { LOW, isAcrSatisfied, SUBSTANTIAL } from './signIn/levels.ts';
import { readLockoutPolicies, readLockStatus, type Attempts } from './signIn/lockout.ts';
import { preparePassword } from './signIn/password.ts';
import { relyingPartySchema } from './relyingParty/relyingParty.ts';
import { DEFAULT_RULES, rulesSchema } from './rules.ts';
import { checkUserId, foldName } from './person/userId.ts';
import { writePastTime, writeOpeningTime } from '../delivery/letters/dates.ts';
import { chooseLanguage, writeDay, writePastMoment, writeTime } from '../ui/language.ts';

describe('a lockout policy', () => {
  const now = new Date('2026-11-24T12:00:00Z');
  const { password, key } = readLockoutPolicies(DEFAULT_RULES);
  const row = (tries: number, wrong: number, countedAgoMs = 0, inARow = wrong): Attempts => ({
    tries,
    wrong,
    inARow,
    countedAt: new Date(now.getTime() - countedAgoMs),
    expiresAt: new Date(now.getTime() + 3_600_000),
  });
  const kind = (attempts: Attempts | null, at = now) => readLockStatus(attempts, password, at).kind;

  test('is open below five, locked at the fifth wrong answer, busy while the last are in flight', () => {
    expect(kind(null)).toBe('open');
    expect(kind(row(4, 4))).toBe('open');
    expect(kind(row(5, 5))).toBe('locked');
    expect(kind(row(5, 2))).toBe('busy');
  });

  test('drops attempts that were never verified: their node died before it answered', () => {
    expect(readLockStatus(row(5, 2, 31_000), password, now)).toEqual({
      kind: 'open',
      left: 3,
      isLastRung: false,
    });
  });

  test('is open again when its time is over', () => {
    expect(kind(row(5, 5), new Date(now.getTime() + 3_600_000))).toBe('open');
  });

  test('reports how many attempts are left, and whether they are the last', () => {
    expect(readLockStatus(row(4, 4), key, now)).toEqual({ kind: 'open', left: 1, isLastRung: false });
    expect(readLockStatus(row(4, 4, 0, 9), key, now)).toEqual({ kind: 'open', left: 1, isLastRung: true });
    expect(readLockStatus(row(0, 0, 0, 5), key, now)).toEqual({ kind: 'open', left: 5, isLastRung: true });
    // Wrong answers of an earlier day leave fewer than five.
    expect(readLockStatus(row(1, 1, 0, 9), key, now)).toEqual({ kind: 'open', left: 1, isLastRung: true });
    expect(readLockStatus(row(0, 0, 0, 2), key, now)).toEqual({ kind: 'open', left: 5, isLastRung: false });
  });

  test('is exhausted at the tenth wrong key in a row and the hundredth wrong password, expired or not', () => {
    const later = new Date(now.getTime() + 3_600_000);
    expect(readLockStatus(row(5, 5, 0, 10), key, later).kind).toBe('worn_out');
    expect(kind(row(5, 5, 0, 99), later)).toBe('open');
    expect(kind(row(5, 5, 0, 100), later)).toBe('worn_out');
  });

  test('is busy while the last attempts in a row are in flight, and open when they were abandoned', () => {
    expect(readLockStatus(row(2, 0, 0, 8), key, now).kind).toBe('busy');
    expect(readLockStatus(row(2, 1, 0, 9), key, now).kind).toBe('busy');
    expect(readLockStatus(row(2, 0, 31_000, 8), key, now)).toEqual({
      kind: 'open',
      left: 2,
      isLastRung: true,
    });
    expect(readLockStatus(row(1, 0, 31_000, 9), key, now)).toEqual({
      kind: 'open',
      left: 1,
      isLastRung: true,
    });
  });
});

test('an unknown rule, or one out of range, is rejected', () => {
  expect(rulesSchema.parse({ password: { tries: 3 } }).password).toMatchObject({ tries: 3, lockHours: 8 });
  expect(() => rulesSchema.parse({ pasword: {} })).toThrow();
  expect(() => rulesSchema.parse({ key: { tries: 6 } })).toThrow();
  expect(() => rulesSchema.parse({ arrival: { from: 9, to: 8 } })).toThrow();
});

test('names are compared without case, width and space around', () => {
  expect(foldName('  Anna-ANDERSEN ')).toBe('anna-andersen');
  expect(foldName('ＡＮＮＡ')).toBe('anna');
  expect(foldName('ÅSE-sø')).toBe(foldName('A\u030ASE-SØ'));
  expect(foldName('123 456 789')).toBe('123456789');
  expect(foldName('123-456-789')).toBe('123456789');
});

test('a user ID is 5-48 characters and no number that could be a CPR or ID number', () => {
  expect(checkUserId('anna')).toBe('too_short');
  expect(checkUserId('a'.repeat(49))).toBe('too_long');
  for (const typed of ['123456789', '0107851234', '010785-1234', '123 456 789']) {
    expect(checkUserId(typed)).toBe('like_a_number');
  }
  for (const fine of ['anna1', 'æøåÆØÅ', '12345', 'a'.repeat(48)]) expect(checkUserId(fine)).toBeNull();
  for (const typed of ['l23456789', 'OIO7851234', '0107851l34']) {
    expect(checkUserId(typed)).toBe('like_a_number');
  }
});

test('a password is the same however its letters were composed', () => {
  expect(preparePassword('bla\u030A')).toBe(preparePassword('blå'));
  expect(preparePassword('Blå')).not.toBe(preparePassword('blå'));
});

test('a higher level satisfies a lower request, in both spellings; High is above all', () => {
  expect(isAcrSatisfied(SUBSTANTIAL, LOW)).toBe(true);
  expect(isAcrSatisfied(SUBSTANTIAL, 'https://data.gov.dk/concept/core/nsis/Substantial')).toBe(true);
  expect(isAcrSatisfied(LOW, SUBSTANTIAL)).toBe(false);
  expect(isAcrSatisfied(SUBSTANTIAL, 'https://data.gov.dk/concept/core/nsis/loa/High')).toBe(false);
  expect(isAcrSatisfied(undefined, LOW)).toBe(false);
});

test('scopes open their claims and no others', () => {
  expect(listClaimsOfScopes(['openid', 'profile']).has('dk.cpr')).toBe(false);
  expect(listClaimsOfScopes(['openid', 'ssn']).has('dk.cpr')).toBe(true);
  expect(listClaimsOfScopes(['toString']).has('name')).toBe(false);
});

test('a bank requires a fresh key unless its registration states otherwise', () => {
  const rp = {
    client_id: 'bank',
    token_endpoint_auth_method: 'client_secret_basic',
    client_secret: 'hashed',
    redirect_uris: ['https://bank.example/cb'],
    scope: 'openid',
    sector_identifier_uri: 'https://bank.example/sector',
    name_da: 'Banken',
    name_en: 'The bank',
  } as const;
  expect(relyingPartySchema.parse({ ...rp, kind: 'bank' }).require_fresh_key).toBe(true);
  expect(relyingPartySchema.parse({ ...rp, kind: 'public' }).require_fresh_key).toBe(false);
  expect(relyingPartySchema.parse({ ...rp, kind: 'bank', require_fresh_key: false }).require_fresh_key).toBe(
    false,
  );
  expect(() => relyingPartySchema.parse({ ...rp, kind: 'bank', scope: 'profile' })).toThrow('openid');
  expect(() => relyingPartySchema.parse({ ...rp, kind: 'shop' })).toThrow();
});

describe('language', () => {
  const choose = (cookie: string | undefined, uiLocales: string, acceptLanguage: string) =>
    chooseLanguage({ cookie, uiLocales, acceptLanguage });

  test('is chosen by the person, then the relying party, then the browser; the default is Danish', () => {
    expect(choose('en', 'da', 'da')).toBe('en');
    expect(choose(undefined, 'fr en-GB', 'da')).toBe('en');
    expect(choose(undefined, '', 'de;q=0.9, en;q=0.8, da;q=0.7')).toBe('en');
    expect(choose(undefined, '', 'de')).toBe('da');
    expect(choose('sv', '', '')).toBe('da');
    expect(choose(undefined, '', 'en;q=0')).toBe('da');
  });

  test('formats days and times', () => {
    const at = new Date('2026-11-24T13:04:31Z');
    expect(writeDay(at, 'da')).toBe('tirsdag den 24. november 2026');
    expect(writeTime(at, 'da')).toBe('kl. 14.05');
    expect(writeDay(at, 'en')).toBe('on Tuesday 24 November 2026');
    expect(writeTime(at, 'en')).toBe('at 14:05');
  });

  test('marks summer or winter time only in the hour that occurs twice when clocks go back', () => {
    const times = (at: string) => [writeTime(new Date(at), 'da'), writeTime(new Date(at), 'en')];
    expect(times('2026-10-24T23:59:00Z')).toEqual(['kl. 01.59', 'at 01:59']);
    expect(times('2026-10-25T00:00:00Z')).toEqual(['kl. 02.00 (sommertid)', 'at 02:00 (summer time)']);
    expect(times('2026-10-25T00:30:00Z')).toEqual(['kl. 02.30 (sommertid)', 'at 02:30 (summer time)']);
    expect(times('2026-10-25T01:30:00Z')).toEqual(['kl. 02.30 (vintertid)', 'at 02:30 (winter time)']);
    expect(times('2026-10-25T01:59:01Z')).toEqual(['kl. 03.00', 'at 03:00']);
    expect(times('2026-10-26T01:30:00Z')).toEqual(['kl. 02.30', 'at 02:30']);
    const at = '2026-10-25T01:29:30.500Z';
    expect(writeOpeningTime(at, 'da')).toBe('søndag den 25. oktober 2026 kl. 02.30 (vintertid)');
    expect(writePastTime(at, 'en')).toBe('Sunday 25 October 2026 at 02:29 (winter time)');
    expect(writePastMoment(new Date(at), 'da').time).toBe('kl. 02.29 (vintertid)');
  });

  test('writes no time in the hour that is missing when clocks go forward, and marks none', () => {
    const start = Date.parse('2027-03-28T00:00:00Z');
    const times = Array.from({ length: 180 }, (_, i) => writeTime(new Date(start + i * 60_000), 'da'));
    expect(times.slice(59, 61)).toEqual(['kl. 01.59', 'kl. 03.00']);
    expect(times.filter((time) => /kl\. 02|tid/.test(time))).toEqual([]);
    expect(new Set(times).size).toBe(180);
  });
});
