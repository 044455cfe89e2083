import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { AuditActor } from '../auditEvent.ts';
import { toDanishDay } from '../calendar.ts';
import { isYoungerThan } from '../issuing/application.ts';
import { mayAddSecondWay, needsGuardian } from './guardian.ts';

const STAFF = { by: 'staff', staffId: 's', reason: 'Bad om det' } as const;
const guardian = { sealed: 'x', isNew: false, identification: { kind: 'passport', document: 'd' } };
const WITH_GUARDIAN: AuditActor = { ...STAFF, guardian };
const ALONE: readonly AuditActor[] = [{ by: 'person' }, { by: 'system' }, STAFF];

const DAY_MS = 24 * 3_600_000;
/** Midnight of a day in Denmark is 22 or 23 in UTC, so noon is always on the day. */
const noonOf = (day: string) => new Date(`${day}T12:00:00Z`);
const dayIn = (day: string, days: number) => toDanishDay(new Date(noonOf(day).getTime() + days * DAY_MS));
const turns15 = (birthdate: string) => `${Number(birthdate.slice(0, 4)) + 15}${birthdate.slice(4)}`;

const aBirthdate = fc
  .integer({ min: 0, max: 50 * 366 })
  .map((days) => dayIn('1975-01-01', days))
  .filter((day) => !day.endsWith('-02-29'));
const anyBirthdate = fc.oneof(aBirthdate, fc.constantFrom('2008-02-29', '2012-02-29', '2016-02-29'));

describe('a second way under 15', () => {
  test('the rule changes at midnight in Denmark before the 15th birthday, and never again', () => {
    fc.assert(
      fc.property(aBirthdate, fc.integer({ min: -400, max: 400 }), (birthdate, days) => {
        const now = noonOf(dayIn(turns15(birthdate), days));
        expect(needsGuardian(birthdate, now)).toBe(days < 0);
      }),
    );
    expect(needsGuardian('2011-11-24', new Date('2026-11-23T22:59:59Z'))).toBe(true);
    expect(needsGuardian('2011-11-24', new Date('2026-11-23T23:00:00Z'))).toBe(false);
    expect(needsGuardian('2011-07-01', new Date('2026-06-30T21:59:59Z'))).toBe(true);
    expect(needsGuardian('2011-07-01', new Date('2026-06-30T22:00:00Z'))).toBe(false);
  });

  test('who is born on 29 February turns 15 on 1 March of a year that has none', () => {
    expect(needsGuardian('2012-02-29', noonOf('2027-02-28'))).toBe(true);
    expect(needsGuardian('2012-02-29', new Date('2027-02-28T22:59:59Z'))).toBe(true);
    expect(needsGuardian('2012-02-29', new Date('2027-02-28T23:00:00Z'))).toBe(false);
  });

  test('the age is that of applications, on every day around the birthday', () => {
    fc.assert(
      fc.property(anyBirthdate, fc.integer({ min: -3, max: 3 }), (birthdate, days) => {
        const now = new Date(noonOf(dayIn('2027-03-01', days)).getTime());
        expect(needsGuardian(birthdate, now)).toBe(isYoungerThan(birthdate, 15, now));
      }),
    );
  });

  test('no one adds one but an officer with the guardian; from 15 on anyone does', () => {
    fc.assert(
      fc.property(anyBirthdate, fc.integer({ min: 0, max: 25 * 366 }), (birthdate, days) => {
        const now = noonOf(dayIn(birthdate, days));
        const isYoung = needsGuardian(birthdate, now);
        expect(mayAddSecondWay(birthdate, WITH_GUARDIAN, now)).toBe(true);
        for (const by of ALONE) expect(mayAddSecondWay(birthdate, by, now)).toBe(!isYoung);
      }),
    );
  });
});
