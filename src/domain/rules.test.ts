/** The rules that need no database: ladder, names, levels, claims, languages. */
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

describe('the ladder', () => {
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

  test('is open below five, locked at the fifth judged wrong, busy while the last are in flight', () => {
    expect(kind(null)).toBe('open');
    expect(kind(row(4, 4))).toBe('open');
    expect(kind(row(5, 5))).toBe('locked');
    expect(kind(row(5, 2))).toBe('busy');
  });

  test('takes tries that nobody judged for nothing: their node died, and told nobody', () => {
    expect(readLockStatus(row(5, 2, 31_000), password, now)).toEqual({
      kind: 'open',
      left: 3,
      isLastRung: false,
    });
  });

  test('forgets when its time is over', () => {
    expect(kind(row(5, 5), new Date(now.getTime() + 3_600_000))).toBe('open');
  });

  test('says how many are left, and whether it is the last rung', () => {
    expect(readLockStatus(row(4, 4), key, now)).toEqual({ kind: 'open', left: 1, isLastRung: false });
    expect(readLockStatus(row(4, 4, 0, 9), key, now)).toEqual({ kind: 'open', left: 1, isLastRung: true });
    expect(readLockStatus(row(0, 0, 0, 5), key, now)).toEqual({ kind: 'open', left: 5, isLastRung: true });
    // Wrong ones of an earlier day leave fewer than five.
    expect(readLockStatus(row(1, 1, 0, 9), key, now)).toEqual({ kind: 'open', left: 1, isLastRung: true });
    expect(readLockStatus(row(0, 0, 0, 2), key, now)).toEqual({ kind: 'open', left: 5, isLastRung: false });
  });

  test('wears out at the tenth wrong key in a row and the hundredth wrong password, also when its time is over', () => {
    const later = new Date(now.getTime() + 3_600_000);
    expect(readLockStatus(row(5, 5, 0, 10), key, later).kind).toBe('worn_out');
    expect(kind(row(5, 5, 0, 99), later)).toBe('open');
    expect(kind(row(5, 5, 0, 100), later)).toBe('worn_out');
  });

  test('is busy while those that are left in a row are in flight, and open when nobody judged them', () => {
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

test('a rule that is none, or out of range, is refused', () => {
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
  for (const like of ['123456789', '0107851234', '010785-1234', '123 456 789']) {
    expect(checkUserId(like)).toBe('like_a_number');
  }
  for (const fine of ['anna1', 'æøåÆØÅ', '12345', 'a'.repeat(48)]) expect(checkUserId(fine)).toBeNull();
  for (const like of ['l23456789', 'OIO7851234', '0107851l34']) {
    expect(checkUserId(like)).toBe('like_a_number');
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

test('a bank wants a fresh key unless it says otherwise', () => {
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

  test('the own choice, then the relying party, then the browser, else Danish', () => {
    expect(choose('en', 'da', 'da')).toBe('en');
    expect(choose(undefined, 'fr en-GB', 'da')).toBe('en');
    expect(choose(undefined, '', 'de;q=0.9, en;q=0.8, da;q=0.7')).toBe('en');
    expect(choose(undefined, '', 'de')).toBe('da');
    expect(choose('sv', '', '')).toBe('da');
    expect(choose(undefined, '', 'en;q=0')).toBe('da');
  });

  test('days and times as they are written in each', () => {
    const at = new Date('2026-11-24T13:04:31Z');
    expect(writeDay(at, 'da')).toBe('tirsdag den 24. november 2026');
    expect(writeTime(at, 'da')).toBe('kl. 14.05');
    expect(writeDay(at, 'en')).toBe('on Tuesday 24 November 2026');
    expect(writeTime(at, 'en')).toBe('at 14:05');
  });

  test('in the night in which clocks go back, the hour that comes twice says which it is, and no other', () => {
    const said = (at: string) => [writeTime(new Date(at), 'da'), writeTime(new Date(at), 'en')];
    expect(said('2026-10-24T23:59:00Z')).toEqual(['kl. 01.59', 'at 01:59']);
    expect(said('2026-10-25T00:00:00Z')).toEqual(['kl. 02.00 (sommertid)', 'at 02:00 (summer time)']);
    expect(said('2026-10-25T00:30:00Z')).toEqual(['kl. 02.30 (sommertid)', 'at 02:30 (summer time)']);
    expect(said('2026-10-25T01:30:00Z')).toEqual(['kl. 02.30 (vintertid)', 'at 02:30 (winter time)']);
    expect(said('2026-10-25T01:59:01Z')).toEqual(['kl. 03.00', 'at 03:00']);
    expect(said('2026-10-26T01:30:00Z')).toEqual(['kl. 02.30', 'at 02:30']);
    const at = '2026-10-25T01:29:30.500Z';
    expect(writeOpeningTime(at, 'da')).toBe('søndag den 25. oktober 2026 kl. 02.30 (vintertid)');
    expect(writePastTime(at, 'en')).toBe('Sunday 25 October 2026 at 02:29 (winter time)');
    expect(writePastMoment(new Date(at), 'da').time).toBe('kl. 02.29 (vintertid)');
  });

  test('in the night in which clocks go forward, no time is said that does not exist, and none is marked', () => {
    const start = Date.parse('2027-03-28T00:00:00Z');
    const said = Array.from({ length: 180 }, (_, i) => writeTime(new Date(start + i * 60_000), 'da'));
    expect(said.slice(59, 61)).toEqual(['kl. 01.59', 'kl. 03.00']);
    expect(said.filter((time) => /kl\. 02|tid/.test(time))).toEqual([]);
    expect(new Set(said).size).toBe(180);
  });
});
